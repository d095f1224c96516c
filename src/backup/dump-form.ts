/** What a column of the node's database holds; the same on both databases. */
export type DumpValue = string | number | null;

/** First line of a dump. */
export interface DumpHeader {
  readonly icl: "database";
  /** Of the form of the dump, which grows when older programs can no longer read it. */
  readonly version: 1;
  readonly participant: string;
  /** The changes of the tables that the database had had. */
  readonly migrations: readonly string[];
  /** Milliseconds since 1970; what the dump holds is as it was in this moment or shortly after. */
  readonly startedAt: number;
  /** Of Node.js, for whoever looks into a dump that cannot be read. */
  readonly node: string;
}

/** The line before a table's rows. Each row follows as a line of its own: its values, in this order. */
export interface DumpTable {
  readonly table: string;
  readonly columns: readonly string[];
}

export type DumpRow = readonly DumpValue[];

/** Last line of a dump: without it, the dump was cut off. */
export interface DumpTrailer {
  readonly end: true;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** The last number that was given in each table that numbers its rows, whether or not that row is still there. */
  readonly numbers: Readonly<Record<string, number>>;
  /** SHA-256 over all lines before this one. */
  readonly sha256: string;
}

export const DUMP_VERSION = 1;

const NAME = /^database-\d{8}T\d{6}\d{3}Z\.ndjson\.gz$/;

/**
 * The name of a dump in a backup's directory; names sort by time.
 *
 * @param startedAt milliseconds since 1970
 */
export function dumpName(startedAt: number): string {
  return `database-${new Date(startedAt).toISOString().replaceAll(/[-:.]/g, "")}.ndjson.gz`;
}

export function isDumpName(name: string): boolean {
  return NAME.test(name);
}
