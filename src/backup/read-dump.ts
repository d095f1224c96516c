import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";

import { BackupFailure } from "./backup-failure.ts";
import {
  DUMP_VERSION,
  type DumpHeader,
  type DumpRow,
  type DumpTable,
  type DumpTrailer,
} from "./dump-form.ts";

/** What is done with a dump while it is read; each is waited for before the next line. */
export interface DumpReader {
  readonly header?: (header: DumpHeader) => Promise<void>;
  readonly table?: (table: DumpTable) => Promise<void>;
  readonly row?: (row: DumpRow, table: DumpTable) => Promise<void> | undefined;
  /** The dump is whole: every line was read, and is as it was written. */
  readonly end?: (trailer: DumpTrailer) => Promise<void>;
}

/** No row is longer; a dump with a longer line was not written here. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** What a dump was found to be. */
export interface Dump {
  readonly header: DumpHeader;
  readonly trailer: DumpTrailer;
}

/**
 * Reads a dump from its first line to its last, one after the other, and makes sure that it is as it was written.
 *
 * @throws BackupFailure `backup-damaged` when it was cut off or changed (whatever `reader` did must not last then),
 *   `backup-newer` for a form that this version does not know
 */
export async function readDump(file: string, reader: DumpReader = {}): Promise<Dump> {
  const reading = new Reading(file, reader);
  const gunzip = createGunzip();
  try {
    await pipeline(createReadStream(file), gunzip, (source: AsyncIterable<Buffer>) => reading.all(source));
  } catch (error) {
    if (isDamage(error)) throw damaged(file, error);
    throw error;
  }
  return reading.result();
}

class Reading {
  readonly #file: string;
  readonly #reader: DumpReader;
  readonly #hash = createHash("sha256");
  readonly #rows: Record<string, number> = {};
  #header: DumpHeader | null = null;
  #table: DumpTable | null = null;
  #trailer: DumpTrailer | null = null;

  constructor(file: string, reader: DumpReader) {
    this.#file = file;
    this.#reader = reader;
  }

  async all(source: AsyncIterable<Buffer>): Promise<void> {
    let rest: Buffer[] = [];
    let length = 0;
    for await (const piece of source) {
      let start = 0;
      for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
        rest.push(piece.subarray(start, end));
        await this.#line(rest.length === 1 ? piece.subarray(start, end) : Buffer.concat(rest));
        rest = [];
        length = 0;
        start = end + 1;
      }
      if (start === piece.length) continue;
      rest.push(piece.subarray(start));
      length += piece.length - start;
      if (length > LONGEST_LINE) throw damaged(this.#file);
    }
    if (rest.length > 0 || this.#trailer === null) throw damaged(this.#file);
    await this.#reader.end?.(this.#trailer);
  }

  result(): Dump {
    if (this.#header === null || this.#trailer === null) throw damaged(this.#file);
    return { header: this.#header, trailer: this.#trailer };
  }

  async #line(bytes: Buffer): Promise<void> {
    if (this.#trailer !== null) throw damaged(this.#file);
    const value = JSON.parse(bytes.toString("utf8")) as unknown;
    if (Array.isArray(value)) await this.#row(value as DumpRow);
    else if (typeof value !== "object" || value === null) throw damaged(this.#file);
    else if ("end" in value) {
      this.#end(value as DumpTrailer);
      return;
    } else if ("table" in value) await this.#begin(value as DumpTable);
    else if ("icl" in value) await this.#open(value as DumpHeader);
    else throw damaged(this.#file);
    this.#hash.update(bytes).update("\n");
  }

  async #open(header: DumpHeader): Promise<void> {
    if (this.#header !== null) throw damaged(this.#file);
    if ((header.version as number) > DUMP_VERSION) {
      throw new BackupFailure(
        "backup-newer",
        `${this.#file} was made by a newer version of this software: restore it with that version.`,
      );
    }
    this.#header = header;
    await this.#reader.header?.(header);
  }

  async #begin(table: DumpTable): Promise<void> {
    if (this.#header === null || this.#rows[table.table] !== undefined) throw damaged(this.#file);
    this.#table = table;
    this.#rows[table.table] = 0;
    await this.#reader.table?.(table);
  }

  async #row(row: DumpRow): Promise<void> {
    const table = this.#table;
    if (table?.columns.length !== row.length) throw damaged(this.#file);
    this.#rows[table.table] = (this.#rows[table.table] ?? 0) + 1;
    const work = this.#reader.row?.(row, table);
    if (work !== undefined) await work;
  }

  #end(trailer: DumpTrailer): void {
    const counted = Object.entries(this.#rows);
    const same =
      this.#header !== null &&
      trailer.sha256 === this.#hash.digest("hex") &&
      counted.length === Object.keys(trailer.rows).length &&
      counted.every(([table, rows]) => trailer.rows[table] === rows);
    if (!same) throw damaged(this.#file);
    this.#trailer = trailer;
  }
}

function damaged(file: string, cause?: unknown): BackupFailure {
  return new BackupFailure(
    "backup-damaged",
    `${file} was cut off or changed since it was written: nothing of it is restored. Take another copy of it, or an earlier backup.`,
    { cause },
  );
}

/** What a broken file looks like to those who unpack and parse it. */
function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("Z_");
}
