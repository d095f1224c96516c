import { sql, type Kysely } from "kysely";
import { Migrator } from "kysely/migration";

import type { Domain } from "../domain/participant.ts";
import { migrationNames, migrations } from "./migrations.ts";
import type { Schema } from "./schema.ts";
import { StoreFailure, type Store } from "./store.ts";

const MIGRATION_TABLE = "icl_migration";

async function refuseNewer(db: Kysely<Schema>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) return;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !migrationNames.has(name));
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
 * @throws StoreFailure `database-newer` or `migration-failed`
 */
export async function migrate(db: Kysely<Schema>, dialect: Store["dialect"]): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations(dialect)) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
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
