import { readdir } from "node:fs/promises";
import { join } from "node:path";

import type { DocumentStore } from "../documents/document-store.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { appliedMigrations, migrate, refuseNewer } from "../store/migrate.ts";
import { migrationNames } from "../store/migrations.ts";
import type { Store } from "../store/store.ts";
import { backedUpDocuments } from "./backup.ts";
import { BackupFailure } from "./backup-failure.ts";
import { DocumentCopier, type CopiedDocuments } from "./copy-documents.ts";
import { isDumpName, type DumpHeader } from "./dump-form.ts";
import { demandEmpty } from "./empty-database.ts";
import { DumpFiller } from "./fill-database.ts";
import { readDump } from "./read-dump.ts";

/** What is restored, and where to. */
export interface RestoreOptions {
  /** A database that is empty, or has nothing but a node's empty tables: see `connect`. */
  readonly database: Pick<Store, "db" | "dialect">;
  /** May hold documents already. */
  readonly files: DocumentStore;
  readonly participant: Domain;
  readonly directory: string;
  /** Name of one of the directory's dumps; null for the newest. */
  readonly dump: string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What was restored. */
export interface RestoreReport {
  readonly dump: string;
  /** When the backup began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly documents: CopiedDocuments;
}

/**
 * Restores a backup. The dump is read to its end and compared with its hash before anything is written; then come the
 * documents, and last the database, in one transaction: whatever breaks it off leaves an empty database, and the same
 * command begins again. Leases of the dead node are given up. Numbers of messages and events go on above all that can have
 * been given since the backup, so that no reader's position stands before something new.
 *
 * @throws BackupFailure when the backup cannot be used, or the database is not empty; StoreFailure
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { database, files, participant, directory, now } = options;
  const dump = await chosenDump(directory, options.dump);
  const file = join(directory, dump);
  const { header, trailer } = await readDump(file);
  refuseUnfit(header, participant);
  await prepare(database, header);

  const copier = new DocumentCopier(await backedUpDocuments(directory), files);
  await readDump(file, {
    row: ([digest], { table }) => (table === "document" ? copier.copy(digest as Digest) : undefined),
  });
  await database.db.transaction().execute(async (db) => {
    const filler = new DumpFiller(db, database.dialect, now());
    await readDump(file, {
      table: (table) => filler.begin(table),
      row: (row) => filler.add(row),
      end: () => filler.end(trailer),
    });
  });
  await migrate(database.db, database.dialect);
  const { startedAt } = header;
  return { dump, startedAt, rows: trailer.rows, documents: copier.result() };
}

async function chosenDump(directory: string, named: string | null): Promise<string> {
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    throw new BackupFailure("backup-absent", `The directory ${directory} cannot be read.`, { cause });
  }
  const dumps = names.filter(isDumpName).sort();
  const dump = named === null ? dumps.at(-1) : dumps.find((name) => name === named);
  if (dump !== undefined) return dump;
  throw new BackupFailure(
    "backup-absent",
    `There is no ${named ?? "dump of a database"} in ${directory}: name the directory that icl backup wrote to.`,
  );
}

function refuseUnfit({ participant, migrations }: DumpHeader, own: Domain): void {
  if (participant !== own) {
    throw new BackupFailure(
      "backup-foreign",
      `The backup is of the node of ${participant}, this node is ${own}: check the configuration.`,
    );
  }
  if (migrations.some((name) => !migrationNames.has(name))) {
    throw new BackupFailure(
      "backup-newer",
      "The backup was made by a newer version of this software: restore it with that version.",
    );
  }
}

/** Sees that the database is empty, and makes the tables as they were when the backup was made. */
async function prepare({ db, dialect }: RestoreOptions["database"], header: DumpHeader): Promise<void> {
  await refuseNewer(db);
  await demandEmpty(db, dialect, header.participant as Domain);
  const applied = await appliedMigrations(db);
  if (applied.length > header.migrations.length) {
    throw new BackupFailure(
      "database-not-empty",
      "The database has tables of a newer version than the backup: name a new one.",
    );
  }
  await migrate(db, dialect, header.migrations.at(-1) ?? null);
}
