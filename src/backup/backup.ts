import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { Kysely } from "kysely";

import type { DocumentStore } from "../documents/document-store.ts";
import { FileStore } from "../documents/file-store.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { appliedMigrations, refuseNewer } from "../store/migrate.ts";
import type { Schema } from "../store/schema.ts";
import { StoreFailure, type Store } from "../store/store.ts";
import { BackupFailure } from "./backup-failure.ts";
import { DocumentCopier, type CopiedDocuments } from "./copy-documents.ts";
import { DUMP_VERSION, dumpName } from "./dump-form.ts";
import { writeDump } from "./write-dump.ts";

/** What is backed up, and where to. */
export interface BackupOptions {
  /** The node's database, as it is: see `connect`. */
  readonly database: Pick<Store, "db" | "dialect">;
  readonly files: DocumentStore;
  readonly participant: Domain;
  /** Made where it is missing; an earlier backup in it stays. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a backup holds. */
export interface BackupReport {
  /** Name of the file that holds the database, in the backup's directory. */
  readonly dump: string;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly documents: CopiedDocuments;
}

const PAGE = 1_000;

/** Where the documents of a backup lie. */
export function backedUpDocuments(directory: string): Promise<FileStore> {
  return FileStore.open(join(directory, "documents"));
}

/**
 * Backs up a node while it runs: first every table of its database as in one moment, then the documents. A document that
 * was stored meanwhile is in the copy too; one that is damaged is reported, and the rest goes on.
 *
 * @throws BackupFailure `database-absent` for a database that no node has used yet; StoreFailure `database-newer` or
 *   `database-foreign`
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const { database, files, participant, directory, now } = options;
  const migrations = await appliedMigrations(database.db);
  if (migrations.length === 0) {
    throw new BackupFailure(
      "database-absent",
      "The database holds nothing of a node: check the configuration.",
    );
  }
  await refuseNewer(database.db);
  await refuseForeign(database.db, participant);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const startedAt = now();
  const dump = dumpName(startedAt);
  const { rows } = await writeDump(database, join(directory, dump), {
    ...{ icl: "database", version: DUMP_VERSION, participant, migrations, startedAt },
    node: process.version,
  });
  const copier = new DocumentCopier(files, await backedUpDocuments(directory));
  for await (const digest of documentsOf(database.db)) await copier.copy(digest);
  return { dump, rows, documents: copier.result() };
}

async function refuseForeign(db: Kysely<Schema>, participant: Domain): Promise<void> {
  const row = await db.selectFrom("node").select("participant").executeTakeFirst();
  if (row === undefined || row.participant === participant) return;
  throw new StoreFailure(
    "database-foreign",
    `The database belongs to the node of ${row.participant}, this node is ${participant}: name another database.`,
  );
}

/** In the order of their digests. One that was erased since the database was read is not missed. */
async function* documentsOf(db: Kysely<Schema>): AsyncGenerator<Digest> {
  let after = "";
  for (;;) {
    const page = await db
      .selectFrom("document")
      .select("digest")
      .where("digest", ">", after)
      .orderBy("digest")
      .limit(PAGE)
      .execute();
    for (const { digest } of page) yield digest as Digest;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.digest;
  }
}
