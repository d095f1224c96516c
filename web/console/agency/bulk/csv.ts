const SEPARATORS = [",", ";", "\t"] as const;

/**
 * Reads comma-separated values (RFC 4180): quoted cells may hold separators, quotes and line ends. The separator is the one
 * that the first line has most of, since spreadsheets of some countries write semicolons.
 *
 * @returns the rows, without those that are empty
 */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const whole = text.replace(/^\uFEFF/, "");
  const head = whole.slice(0, whole.search(/[\r\n]|$/));
  const counted = SEPARATORS.map((each) => ({ each, count: head.split(each).length }));
  const separator = counted.reduce((best, next) => (next.count > best.count ? next : best)).each;
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = "";
  };
  const endRow = () => {
    endCell();
    if (row.some((each) => each !== "")) rows.push(row);
    row = [];
  };
  for (let at = 0; at < whole.length; at += 1) {
    const character = whole.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (whole[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) endCell();
    else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
  }
  endRow();
  return rows;
}

/**
 * Writes comma-separated values. What a spreadsheet would take for a formula is written as text: a cell may hold what
 * somebody else chose.
 */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  const written = (cell: string) => {
    const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",;\r\n\t']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}
