import { sql, type Kysely } from "kysely";
import { Migrator } from "kysely/migration";

import type { Domain } from "../domain/participant.ts";
import { migrationNames, migrations } from "./migrations.ts";
import type { Schema } from "./schema.ts";
import { StoreFailure, type Store } from "./store.ts";

const MIGRATION_TABLE = "icl_migration";

/** Tables that say which migrations a database has had; they are not the node's own. */
export const migrationTables: ReadonlySet<string> = new Set([MIGRATION_TABLE, `${MIGRATION_TABLE}_lock`]);

/** The migrations a database has had, in their order; none where it has no tables of a node yet. */
export async function appliedMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) return [];
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Refuses a database that a newer version has changed: nobody here knows what is in it.
 *
 * @throws StoreFailure `database-newer`
 */
export async function refuseNewer(db: Kysely<Schema>): Promise<void> {
  const unknown = (await appliedMigrations(db)).filter((name) => !migrationNames.has(name));
  if (unknown.length === 0) return;
  throw new StoreFailure(
    "database-newer",
    `The database was made by a newer version of this software (it has ${unknown.join(", ")}): start that version, or name another database.`,
  );
}

/**
 * Brings the database to the tables this version works with. Several replicas may do so at once: one does the work, the
 * others wait and find it done. Each migration happens whole or not at all.
 *
 * @param last the last migration to go to; the newest of this version where left out
 * @throws StoreFailure `database-newer` or `migration-failed`
 */
export async function migrate(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
  last: string | null = null,
): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations(dialect)) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error } = await (last === null ? migrator.migrateToLatest() : migrator.migrateTo(last));
  if (error === undefined) return;
  await refuseNewer(db);
  throw new StoreFailure("migration-failed", "The database could not be brought up to date.", {
    cause: error,
  });
}

/**
 * Marks a fresh database as this participant's, and refuses one that is another's: two participants' messages must never
 * mix.
 *
 * @throws StoreFailure `database-foreign`
 */
export async function claim(db: Kysely<Schema>, participant: Domain): Promise<void> {
  await db
    .insertInto("node")
    .values({ id: 1, participant, created_at: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { participant: owner } = await db.selectFrom("node").select("participant").executeTakeFirstOrThrow();
  if (owner === participant) return;
  throw new StoreFailure(
    "database-foreign",
    `The database belongs to the node of ${owner}, this node is ${participant}: name another database.`,
  );
}
