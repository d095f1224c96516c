/** A document laid out by its form, in one language: plain texts only, ready to be drawn anywhere. */
export interface Sheet {
  readonly title: string;
  readonly boxes: readonly SheetBox[];
  readonly tables: readonly SheetTable[];
}

/** A box; one without lines is empty on the paper too. */
export interface SheetBox {
  readonly number: string;
  readonly label: string;
  readonly wide: boolean;
  readonly lines: readonly string[];
}

/** A table; a cell has lines. */
export interface SheetTable {
  readonly number: string;
  readonly label: string;
  readonly columns: readonly string[];
  /** The width of each column, in parts of their sum. */
  readonly shares: readonly number[];
  readonly rows: readonly (readonly (readonly string[])[])[];
}

/** A box or a table, in the place that its number gives it. */
export type SheetPart =
  { readonly box: SheetBox; readonly table: null } | { readonly box: null; readonly table: SheetTable };

/** Boxes and tables in the order of their numbers, as they stand on paper. */
export function inOrder({ boxes, tables }: Sheet): readonly SheetPart[] {
  const parts: SheetPart[] = [
    ...boxes.map((box) => ({ box, table: null })),
    ...tables.map((table) => ({ box: null, table })),
  ];
  const numberOf = ({ box, table }: SheetPart) => box?.number ?? table?.number ?? "";
  return parts.sort((one, other) => Number(numberOf(one)) - Number(numberOf(other)));
}
