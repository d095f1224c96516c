import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { Kysely, sql, type Dialect } from "kysely";

import type { Domain } from "../domain/participant.ts";
import { claim, migrate } from "./migrate.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import type { Schema } from "./schema.ts";
import { openSqliteDialect } from "./sqlite-dialect.ts";
import { StoreFailure, type DatabaseLocation, type Store } from "./store.ts";
import { transactOn } from "./transact.ts";

/** What `openStore` needs to know. */
export interface StoreOptions {
  readonly database: DatabaseLocation;
  /** Whose node this is; a database is one participant's for good. */
  readonly participant: Domain;
  /** Told of connections that the server ended while unused; by default a process warning. */
  readonly onIdleError?: (error: Error) => void;
}

async function dialectOf(database: DatabaseLocation, onIdleError: (error: Error) => void): Promise<Dialect> {
  if (database.technology === "postgres") {
    const { url, poolSize } = database;
    return postgresDialect({ url, poolSize, onIdleError });
  }
  await mkdir(dirname(database.file), { recursive: true, mode: 0o700 });
  return openSqliteDialect(database.file);
}

function warn(error: Error): void {
  process.emitWarning(`A database connection ended: ${error.message}`);
}

function describe(database: DatabaseLocation): string {
  return database.technology === "sqlite" ? `The SQLite file ${database.file}` : "The PostgreSQL database";
}

/** On PostgreSQL by a connection of its own, whose statements may take their time: the tables may be large. */
async function migrateAt(database: DatabaseLocation, db: Kysely<Schema>): Promise<void> {
  if (database.technology === "sqlite") return migrate(db, "sqlite");
  const dialect = postgresDialect({ url: database.url, poolSize: 2, patient: true, onIdleError: warn });
  const patient = new Kysely<Schema>({ dialect });
  try {
    await migrate(patient, "postgres");
  } finally {
    await patient.destroy();
  }
}

/**
 * Reaches a database as it is: nothing in it is made, migrated or claimed. An SQLite file that is not there is made, empty.
 *
 * @throws StoreFailure `database-unreachable`
 */
export async function connect(
  database: DatabaseLocation,
  onIdleError: (error: Error) => void = warn,
): Promise<Kysely<Schema>> {
  let db: Kysely<Schema> | undefined;
  try {
    db = new Kysely<Schema>({ dialect: await dialectOf(database, onIdleError) });
    await sql`select 1`.execute(db);
    return db;
  } catch (error) {
    await db?.destroy();
    throw new StoreFailure(
      "database-unreachable",
      `${describe(database)} cannot be opened: see that it exists, that this node may use it, and that nothing else is there.`,
      { cause: error },
    );
  }
}

/**
 * Opens the node's database, creating and migrating it where needed.
 *
 * @throws StoreFailure when it is out of reach, made by a newer version, another participant's, or cannot be migrated
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { database, participant } = options;
  const dialect = database.technology;
  const db = await connect(database, options.onIdleError);
  try {
    await migrateAt(database, db);
    await claim(db, participant);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, dialect, transact: transactOn(db, dialect), close: () => db.destroy() };
}
