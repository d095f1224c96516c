import type { Kysely, Selectable } from "kysely";

import type { MessageId } from "../domain/message.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { DocumentFetchTable, Schema } from "../store/schema.ts";

/** A fetch that this process alone works on, as long as its lease lasts. Moments are milliseconds since 1970. */
export interface ClaimedFetch {
  readonly messageId: MessageId;
  readonly digest: Digest;
  readonly source: Domain;
  readonly channelId: string;
  /** This one counted. */
  readonly tries: number;
  readonly firstTriedAt: number;
  /** The code of the last failure; null when there was none. */
  readonly lastError: string | null;
  readonly epoch: number;
}

function toClaimed(row: Selectable<DocumentFetchTable>): ClaimedFetch {
  return {
    messageId: row.message_id as MessageId,
    digest: row.digest as Digest,
    source: row.source as Domain,
    channelId: row.channel_id,
    tries: row.tries,
    firstTriedAt: row.first_tried_at ?? row.due_at,
    lastError: row.last_error,
    epoch: row.lease_epoch,
  };
}

/**
 * Leases fetches that are due and nobody's: of each source at most one, so that a source with many does not go before the
 * others. Two claimants never get the same one.
 *
 * @param claim `busy`: sources to leave out; `limit`: fetches at most
 */
export async function claimDueFetches(
  db: Kysely<Schema>,
  claim: {
    readonly owner: string;
    readonly now: number;
    readonly until: number;
    readonly busy: readonly Domain[];
    readonly limit: number;
  },
): Promise<readonly ClaimedFetch[]> {
  const { owner, now, until, busy, limit } = claim;
  const rows = await db
    .updateTable("document_fetch")
    .set((update) => ({
      lease_owner: owner,
      lease_epoch: update("lease_epoch", "+", 1),
      lease_until: until,
      tries: update("tries", "+", 1),
      first_tried_at: update.fn.coalesce("first_tried_at", update.val(now)),
    }))
    // Judged again on the row as it is when it is written: another replica may have been quicker.
    .where("state", "=", "queued")
    .where("lease_until", "<=", now)
    .where("message_id", "in", (outer) =>
      outer
        .selectFrom((inner) =>
          inner
            .selectFrom("document_fetch")
            .select((select) => [
              "message_id",
              "due_at",
              select.fn
                .agg<number>("row_number")
                .over((over) => over.partitionBy("source").orderBy("due_at").orderBy("message_id"))
                .as("place"),
            ])
            .where("state", "=", "queued")
            .where("due_at", "<=", now)
            .where("lease_until", "<=", now)
            .$if(busy.length > 0, (query) => query.where("source", "not in", [...busy]))
            .as("due"),
        )
        .select("due.message_id")
        .where("due.place", "=", 1)
        .orderBy("due.due_at")
        .limit(limit),
    )
    .returningAll()
    .execute();
  return rows.map(toClaimed);
}

function held(db: Kysely<Schema>, fetch: ClaimedFetch) {
  return db
    .updateTable("document_fetch")
    .where("message_id", "=", fetch.messageId)
    .where("lease_epoch", "=", fetch.epoch)
    .where("state", "=", "queued");
}

/**
 * Holds on to a fetch.
 *
 * @returns false when it is another's by now
 */
export async function renewFetch(db: Kysely<Schema>, fetch: ClaimedFetch, until: number): Promise<boolean> {
  const { numUpdatedRows } = await held(db, fetch).set({ lease_until: until }).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Puts a fetch back in line.
 *
 * @param next `dueAt`: when it may be tried again; `lastError`: the code of what went wrong
 * @returns false, having changed nothing, when it is another's by now
 */
export async function postponeFetch(
  db: Kysely<Schema>,
  fetch: ClaimedFetch,
  next: { readonly dueAt: number; readonly lastError: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, fetch)
    .set({ due_at: next.dueAt, last_error: next.lastError, lease_owner: null, lease_until: 0 })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Ends a fetch for good.
 *
 * @returns false, having changed nothing, when it is another's by now
 */
export async function endFetch(
  db: Kysely<Schema>,
  fetch: ClaimedFetch,
  state: "done" | "failed",
  lastError: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, fetch)
    .set({ state, last_error: lastError, lease_owner: null, lease_until: 0 })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** When the next of the fetches that nobody works on falls due, in milliseconds since 1970; null when none is in line. */
export async function nextFetchAt(db: Kysely<Schema>, now: number): Promise<number | null> {
  const row = await db
    .selectFrom("document_fetch")
    .select((select) => select.fn.min("due_at").as("at"))
    .where("state", "=", "queued")
    .where("lease_until", "<=", now)
    .executeTakeFirst();
  return row?.at ?? null;
}
