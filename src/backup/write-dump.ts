import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import { sql, type Transaction } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { anyDatabase, databaseTables, lastNumber, type DatabaseTable } from "./database-tables.ts";
import type { DumpHeader, DumpTrailer, DumpValue } from "./dump-form.ts";

const ROWS_A_FETCH = 1_000;
/** Characters that are handed to the compressor at a time. */
const PIECE = 64 * 1024;

/**
 * Writes every table of a database, as it is in one moment, to a file: one transaction that reads and holds up nobody, row
 * by row, so that memory does not grow with the database. The file has its name when it is whole and synced, not before.
 *
 * @param file must not be there yet; only its owner may read it, since it holds the secrets of subscriptions
 * @returns the dump's last line
 */
export async function writeDump(
  { db, dialect }: Pick<Store, "db" | "dialect">,
  file: string,
  header: DumpHeader,
): Promise<DumpTrailer> {
  const unfinished = `${file}.part`;
  const rows: Record<string, number> = {};
  const numbers: Record<string, number> = {};
  const hash = createHash("sha256");

  async function* lines(snapshot: Transaction<Schema>): AsyncGenerator<string> {
    yield JSON.stringify(header);
    for (const table of await databaseTables(snapshot, dialect)) {
      const { name, columns, numbered } = table;
      yield JSON.stringify({ table: name, columns });
      rows[name] = 0;
      for await (const values of rowsOf(snapshot, dialect, table)) {
        rows[name] += 1;
        yield JSON.stringify(values);
      }
      if (numbered !== null) numbers[name] = await lastNumber(snapshot, dialect, table);
    }
  }

  async function* pieces(snapshot: Transaction<Schema>): AsyncGenerator<Buffer> {
    let piece = "";
    for await (const line of lines(snapshot)) {
      piece += `${line}\n`;
      if (piece.length < PIECE) continue;
      yield hashed(piece);
      piece = "";
    }
    yield hashed(piece);
    yield Buffer.from(`${JSON.stringify(trailer())}\n`);
  }

  function trailer(): DumpTrailer {
    return { end: true, rows, numbers, sha256: hash.copy().digest("hex") };
  }

  function hashed(piece: string): Buffer {
    const bytes = Buffer.from(piece);
    hash.update(bytes);
    return bytes;
  }

  try {
    await db
      .transaction()
      .setIsolationLevel(dialect === "sqlite" ? "serializable" : "repeatable read")
      .setAccessMode("read only")
      .execute(async (snapshot) => {
        const target = createWriteStream(unfinished, { flags: "wx", mode: 0o600, flush: true });
        await pipeline(Readable.from(pieces(snapshot), { objectMode: false }), createGzip(), target);
      });
    await rename(unfinished, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return trailer();
}

async function* rowsOf(
  snapshot: Transaction<Schema>,
  dialect: Store["dialect"],
  { name, columns }: DatabaseTable,
): AsyncGenerator<readonly DumpValue[]> {
  // Documents lie in the store by their digests, and are looked for there in this order.
  const ordered = anyDatabase(snapshot)
    .selectFrom(name)
    .select([...columns])
    .$if(name === "document", (query) => query.orderBy("digest"));
  const valuesOf = (row: Readonly<Record<string, DumpValue>>) => columns.map((column) => row[column] ?? null);
  if (dialect === "sqlite") {
    for await (const row of ordered.stream()) yield valuesOf(row);
    return;
  }
  await sql`declare icl_backup no scroll cursor for ${ordered}`.execute(snapshot);
  for (;;) {
    const page = await sql<Record<string, DumpValue>>`
      fetch forward ${sql.lit(ROWS_A_FETCH)} from icl_backup`.execute(snapshot);
    for (const row of page.rows) yield valuesOf(row);
    if (page.rows.length < ROWS_A_FETCH) break;
  }
  await sql`close icl_backup`.execute(snapshot);
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // directories cannot be opened there
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
