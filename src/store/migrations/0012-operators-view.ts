import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

const text = { sqlite: sql`text`, postgres: sql`text collate "C"` } as const;
const number = { sqlite: sql`integer`, postgres: sql`bigint` } as const;

/** What an operator's view tells beside what was there: fees paid, the last fork of each channel, and traffic by time. */
export async function addOperatorsView(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  await db.schema.alterTable("evm_transaction").addColumn("fee", text[dialect]).execute();
  await db.schema.alterTable("channel").addColumn("forked_at", number[dialect]).execute();
  await db.schema.alterTable("channel").addColumn("fork_depth", number[dialect]).execute();
  await db.schema.createIndex("message_created_at").on("message").columns(["created_at", "seq"]).execute();
}
