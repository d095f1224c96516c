import { inOrder, type Sheet, type SheetLine } from "../../src/paper/sheet.ts";

/** One thing that an officer holds against the paper: a box, or a line of a table. */
export interface Compared {
  readonly key: string;
  readonly number: string;
  readonly label: string;
  /** Which line of the table, from 1; null for a box. */
  readonly row: number | null;
  /** Texts, in a table's line each by its column. */
  readonly lines: readonly { readonly label: string | null; readonly line: SheetLine }[];
}

/** Everything of a sheet that is compared with the paper, in the paper's order. Boxes that are empty count: the paper's must be. */
export function comparedIn(sheet: Sheet): readonly Compared[] {
  return inOrder(sheet).flatMap(({ box, table }): readonly Compared[] => {
    if (box !== null) {
      const { number, label, lines } = box;
      const texts = lines.map((line) => ({ label: null, line }));
      return [{ key: `box-${number}`, ...{ number, label, row: null }, lines: texts }];
    }
    const { number, label, columns, rows } = table;
    if (rows.length === 0) return [{ key: `table-${number}`, ...{ number, label, row: null }, lines: [] }];
    return rows.map((cells, place) => ({
      key: `table-${number}-${place}`,
      ...{ number, label, row: place + 1 },
      lines: cells.flatMap((cell, column) =>
        cell.length === 0 ? [] : [{ label: columns[column] ?? null, line: together(cell) }],
      ),
    }));
  });
}

/** Several lines in one. */
function together(lines: readonly SheetLine[]): SheetLine {
  const between = { text: " · ", isEnglish: false, isSmall: false };
  return lines.flatMap((line, place) => (place === 0 ? line : [between, ...line]));
}
