// A row has up to twenty-five columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

/**
 * Cuts a list into pieces that one statement takes.
 *
 * @param size items a piece
 */
export function* chunksOf<T>(items: readonly T[], size = ROWS_A_STATEMENT): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
