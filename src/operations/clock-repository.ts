import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** What has not failed yet waits for nothing but its turn. */
const TURN_MS = 60_000;
/** Longer than work is ever leased for without a sign of life. */
const LEASE_MS = 5 * 60 * 1000;
/** Longer than messages wait for the end of their request, or for another look at the ledger. */
const LEDGER_MS = 5 * 60 * 1000;
/** Longer than another side is left alone, even when it asks for it. */
const OTHERS_MS = 65 * 60 * 1000;

/**
 * Pulls back to now what lies further ahead than anything is ever put off: a clock was ahead when it was written, of this
 * node or of a replica. Without this, it would lie there until that moment comes.
 *
 * @param now milliseconds since 1970
 * @param all whatever is put off: this node's clock was set back just now, and nobody knows which of it was written before
 * @returns how many rows
 */
export async function pullBack(db: Kysely<Schema>, now: number, all: boolean): Promise<number> {
  const late = (wait: number) => sql<boolean>`due_at > ${all ? now : now + wait}`;
  const lateUntried = sql<boolean>`tries = 0 and due_at > ${now + TURN_MS}`;
  // Documents that were brought stay on record, however many they are.
  const isInLine = sql<boolean>`state = 'queued'`;
  let pulled = 0;
  for (const [table, wait] of [
    ["outbox", LEDGER_MS],
    ["document_fetch", OTHERS_MS],
    ["subscription", OTHERS_MS],
    ["subscription_request", OTHERS_MS],
  ] as const) {
    const changes = [
      db
        .updateTable(table)
        .set({ due_at: now })
        .where((each) => (table === "outbox" ? late(wait) : each.or([late(wait), lateUntried])))
        .$if(table === "document_fetch", (update) => update.where(isInLine)),
      // The next holder's epoch makes void what a holder that is still there would write.
      db
        .updateTable(table)
        .set({ lease_until: 0 })
        .where("lease_until", ">", now + LEASE_MS)
        .$if(table === "document_fetch", (update) => update.where(isInLine)),
    ];
    for (const change of changes) pulled += Number((await change.executeTakeFirst()).numUpdatedRows);
  }
  return pulled;
}
