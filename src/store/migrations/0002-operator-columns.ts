import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

const types = {
  sqlite: { text: sql`text`, number: sql`integer` },
  postgres: { text: sql`text collate "C"`, number: sql`bigint` },
} as const;

/** What an operator is told of what is stuck: why a message waits, and when a ledger last answered. */
export async function addOperatorColumns(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const { text, number } = types[dialect];
  await db.schema.alterTable("outbox").addColumn("last_error_code", text).execute();
  await db.schema.alterTable("outbox").addColumn("last_error_at", number).execute();
  await db.schema.alterTable("channel").addColumn("read_at", number).execute();
}
