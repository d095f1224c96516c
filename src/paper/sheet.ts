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
  readonly lines: readonly string[];
}

/** A table; a cell has lines. */
export interface SheetTable {
  readonly number: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (readonly string[])[])[];
}
