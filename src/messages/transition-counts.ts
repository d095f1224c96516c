import type { Kysely } from "kysely";

import type { MessageStatus } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";

/** By database, since one process may run several nodes; the adapter is what a database's transactions share with it. */
const counts = new WeakMap<object, Map<MessageStatus, number>>();

function countsOf(db: Kysely<Schema>): Map<MessageStatus, number> {
  const { adapter } = db.getExecutor();
  const known = counts.get(adapter) ?? new Map<MessageStatus, number>();
  counts.set(adapter, known);
  return known;
}

/**
 * Counts messages that came to a status, for metrics. Of a transaction that is repeated or given up each try counts: a
 * measure of traffic, not of messages.
 */
export function countTransitions(db: Kysely<Schema>, status: MessageStatus, messages: number): void {
  const known = countsOf(db);
  known.set(status, (known.get(status) ?? 0) + messages);
}

/** What this process has counted since it started. */
export function transitionCounts(db: Kysely<Schema>): ReadonlyMap<MessageStatus, number> {
  return countsOf(db);
}
