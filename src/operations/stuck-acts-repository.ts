import type { Kysely, Transaction } from "kysely";

import type { ActingUser } from "../domain/journal.ts";
import { appendJournal, appendJournals } from "../messages/journal-repository.ts";
import { carries, finalOccurrences } from "../messages/ledger-repository.ts";
import { takeTurn } from "../messages/message-repository.ts";
import type { Schema } from "../store/schema.ts";

/** Makes a row of the outbox due at once. @returns false when it is in no line of its own */
export async function makeRowDue(db: Kysely<Schema>, messageId: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("outbox")
    .set({ due_at: now, tries: 0 })
    .where("message_id", "=", messageId)
    .where("state", "!=", "bundled")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Where a message stands; null for none. */
export async function statusOf(db: Kysely<Schema>, messageId: string): Promise<string | null> {
  const row = await db.selectFrom("message").select("status").where("id", "=", messageId).executeTakeFirst();
  return row?.status ?? null;
}

/** A document's fetch: the message or batch, and the channel by which it came; null for each channel. */
export interface FetchKey {
  readonly messageId: string;
  readonly channelId: string | null;
}

/** Why something is given up, when, and by whom. */
export interface GivenUp {
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: ActingUser;
}

/**
 * Puts fetches back in line, due at once and as if never tried, also those that were given up.
 *
 * @param db a transaction
 * @returns how many
 */
export async function makeFetchesDue(db: Kysely<Schema>, key: FetchKey, now: number): Promise<number> {
  const rows = await db
    .updateTable("document_fetch")
    .set((eb) => ({
      ...{ state: "queued" as const, due_at: now, tries: 0, first_tried_at: null },
      ...{ lease_owner: null, lease_until: 0, lease_epoch: eb("lease_epoch", "+", 1) },
    }))
    .where("message_id", "=", key.messageId)
    .$if(key.channelId !== null, (query) => query.where("channel_id", "=", key.channelId ?? ""))
    .where("state", "!=", "done")
    .returning("channel_id")
    .execute();
  await appendJournals(db, { messageIds: [key.messageId], status: "fetching", at: now });
  return rows.length;
}

/**
 * Ends a fetch as failed, with the operator's words in the message's journal.
 *
 * @param db a transaction
 * @returns false when it is not in line
 */
export async function giveUpFetch(
  db: Transaction<Schema>,
  key: FetchKey,
  { reason, at, by }: GivenUp,
): Promise<boolean> {
  await takeTurn(db);
  const rows = await db
    .updateTable("document_fetch")
    .set((eb) => ({
      ...{ state: "failed" as const, last_error: "given-up" },
      ...{ lease_owner: null, lease_until: 0, lease_epoch: eb("lease_epoch", "+", 1) },
    }))
    .where("message_id", "=", key.messageId)
    .$if(key.channelId !== null, (query) => query.where("channel_id", "=", key.channelId ?? ""))
    .where("state", "=", "queued")
    .returning("message_id")
    .execute();
  if (rows.length === 0) return false;
  const messageId = key.messageId;
  // It may have failed before: that it was in line again belongs into the journal, too.
  await appendJournal(db, { messageId, status: "fetching", at, by });
  await appendJournal(db, {
    ...{ messageId, status: "fetch-failed", at, by },
    reason: { code: "given-up", detail: reason },
  });
  return true;
}

/** Why a message is not given up. */
export type NotGivenUp = "over" | "signed" | "bundled" | "carried";

/**
 * Ends a message as failed, with the operator's words in its journal: only while nothing that was signed for it is under way,
 * and the ledger, as followed so far, does not carry it. The same guard as that by which the outbox ends a message.
 *
 * @param db a transaction
 * @returns why not, having changed nothing; null where it is done
 */
export async function giveUpMessage(
  db: Transaction<Schema>,
  messageId: string,
  { reason, at, by }: GivenUp,
): Promise<NotGivenUp | null> {
  await takeTurn(db);
  const row = await db
    .selectFrom("outbox")
    .select(["state", "channel_id", "attempt"])
    .where("message_id", "=", messageId)
    .where("kind", "=", "message")
    .executeTakeFirst();
  if (row === undefined) return "over";
  if (row.state === "bundled") return "bundled";
  if (row.state !== "waiting" || (await isSigned(db, messageId))) return "signed";
  if ((await finalOccurrences(db, messageId)).length > 0) return "carried";
  if (await carries(db, row.channel_id, messageId)) return "carried";
  const removed = await db
    .deleteFrom("outbox")
    .where("message_id", "=", messageId)
    .where("attempt", "=", row.attempt)
    // As it was judged above.
    .where("state", "=", row.state)
    .returning("message_id")
    .executeTakeFirst();
  // Whoever holds its lease was quicker.
  if (removed === undefined) return "signed";
  const moved = await appendJournal(db, {
    ...{ messageId, status: "failed", at, by },
    reason: { code: "given-up", detail: reason },
  });
  if (!moved) throw new Error(`${messageId} was in line, and does not stand as if it were.`);
  return null;
}

/** Whether a transaction is under way for any submission of it. */
async function isSigned(db: Kysely<Schema>, messageId: string): Promise<boolean> {
  const open = await db
    .selectFrom("evm_transaction")
    .select("nonce")
    .where("submission_key", ">=", `${messageId}:`)
    .where("submission_key", "<", `${messageId};`)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}
