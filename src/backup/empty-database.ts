import { sql, type Kysely } from "kysely";

import type { Domain } from "../domain/participant.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { BackupFailure } from "./backup-failure.ts";
import { anyDatabase, databaseTables } from "./database-tables.ts";

/**
 * Refuses a database in which there is anything: what is there would mix with what is brought back.
 *
 * @throws BackupFailure `database-not-empty`
 */
export async function demandEmpty(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
  participant: Domain,
): Promise<void> {
  for (const { name } of await databaseTables(db, dialect)) {
    if (await isEmpty(db, name, participant)) continue;
    throw new BackupFailure(
      "database-not-empty",
      `The database is not empty (it has rows in ${name}): name a new one, and keep this one until the node runs again.`,
    );
  }
}

/** A node's name and leases alone are nothing. */
async function isEmpty(db: Kysely<Schema>, table: string, participant: Domain): Promise<boolean> {
  if (table === "lease") return true;
  const query = anyDatabase(db)
    .selectFrom(table)
    .select(sql<number>`1`.as("one"))
    .$if(table === "node", (node) => node.where("participant", "!=", participant));
  return (await query.limit(1).executeTakeFirst()) === undefined;
}
