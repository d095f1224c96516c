import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

/** Who of a node's users made a step of a message, and the subjects that a subscription's owner is limited to. */
export async function addUsers(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const text = dialect === "sqlite" ? sql`text` : sql`text collate "C"`;
  await db.schema.alterTable("journal").addColumn("caller", text).execute();
  await db.schema.alterTable("subscription").addColumn("subjects", text).execute();
}
