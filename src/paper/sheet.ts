/** A part of a line. */
export interface SheetText {
  readonly text: string;
  /** Whether it is a code list's word in English, where the sheet's language is another. */
  readonly isEnglish: boolean;
  /** Whether it only explains, and is not read first: an identifier under a name, or what somebody calls himself. */
  readonly isSmall: boolean;
}

/** A line: its parts, one after the other. */
export type SheetLine = readonly SheetText[];

/** A line as one text. */
export function plainLine(line: SheetLine): string {
  return line.map(({ text }) => text).join("");
}

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
  readonly lines: readonly SheetLine[];
}

/** A table; a cell has lines. */
export interface SheetTable {
  readonly number: string;
  readonly label: string;
  readonly columns: readonly string[];
  /** The width of each column, in parts of their sum. */
  readonly shares: readonly number[];
  readonly rows: readonly (readonly (readonly SheetLine[])[])[];
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
