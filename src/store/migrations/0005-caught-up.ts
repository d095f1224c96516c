import type { Kysely } from "kysely";

import type { Store } from "../store.ts";

/** When each channel was last found to be followed to its ledger's newest height: replicas learn it from one another. */
export async function addCaughtUp(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const moment = dialect === "sqlite" ? "integer" : "bigint";
  await db.schema
    .alterTable("channel")
    .addColumn("caught_up_at", moment, (column) => column.notNull().defaultTo(0))
    .execute();
}
