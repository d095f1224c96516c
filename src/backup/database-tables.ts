import { sql, type Kysely } from "kysely";

import { migrationTables } from "../store/migrate.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { DumpValue } from "./dump-form.ts";

/** A database whose tables are known by what it says of itself, so that a table that is added later is not forgotten. */
export type AnyDatabase = Kysely<Record<string, Record<string, DumpValue>>>;

/** A table as the database has it. */
export interface DatabaseTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The column that numbers the rows; null where none does. */
  readonly numbered: string | null;
}

/** Tables that rows of others refer to come first. */
const REFERRED_TO: readonly string[] = ["evm_transaction"];

/** Forgets the types of the tables. */
export function anyDatabase(db: Kysely<Schema>): AnyDatabase {
  return db as unknown as AnyDatabase;
}

/** The node's tables, in an order in which they can be filled. */
export async function databaseTables(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
): Promise<readonly DatabaseTable[]> {
  const schema = dialect === "sqlite" ? null : await currentSchema(db);
  const found = await db.introspection.getTables({ withInternalKyselyTables: true });
  const rank = (name: string) => (REFERRED_TO.includes(name) ? 0 : 1);
  return found
    .filter(({ name, isView, schema: its }) => {
      return !isView && !migrationTables.has(name) && (schema === null || its === schema);
    })
    .map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => column.name),
      numbered: columns.find(({ isAutoIncrementing }) => isAutoIncrementing)?.name ?? null,
    }))
    .sort((one, other) => rank(one.name) - rank(other.name) || (one.name < other.name ? -1 : 1));
}

async function currentSchema(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
  return rows[0]?.name ?? "public";
}

/** The last number that a table has given to a row; 0 before the first. */
export async function lastNumber(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
  { name, numbered }: DatabaseTable,
): Promise<number> {
  const asked =
    dialect === "sqlite"
      ? sql<{ last: number | null }>`select seq as last from sqlite_sequence where name = ${name}`
      : sql<{ last: number | null }>`
          select pg_sequence_last_value(pg_get_serial_sequence(${name}, ${numbered})::regclass) as last`;
  const { rows } = await asked.execute(db);
  return rows[0]?.last ?? 0;
}

/** Has a table number its rows from after `last` on. */
export async function numberAfter(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
  { name, numbered }: Pick<DatabaseTable, "name" | "numbered">,
  last: number,
): Promise<void> {
  if (dialect === "postgres") {
    await sql`select setval(pg_get_serial_sequence(${name}, ${numbered}), ${last})`.execute(db);
    return;
  }
  const { numAffectedRows } =
    await sql`update sqlite_sequence set seq = ${last} where name = ${name}`.execute(db);
  if (numAffectedRows === 1n) return;
  await sql`insert into sqlite_sequence (name, seq) values (${name}, ${last})`.execute(db);
}
