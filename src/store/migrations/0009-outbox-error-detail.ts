import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

const text = { sqlite: sql`text`, postgres: sql`text collate "C"` } as const;

/** Why a message waits, in a sentence beside its code: which account a ledger refuses, which signer is away. */
export async function addOutboxErrorDetail(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  await db.schema.alterTable("outbox").addColumn("last_error_detail", text[dialect]).execute();
}
