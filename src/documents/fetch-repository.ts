import { PostgresAdapter, sql, type Kysely, type Selectable } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { chunksOf } from "../store/chunks.ts";
import type { DocumentFetchTable, Schema } from "../store/schema.ts";

/** A document that is to be brought from its sender's node. */
export interface WantedDocument {
  /** The message that names it, or the batch whose body it is. */
  readonly messageId: string;
  readonly digest: Digest;
  /** Its sender. */
  readonly source: Domain;
  readonly channelId: string;
  /** Bytes at most; left out for this node's limit. */
  readonly maxBytes?: number;
  /** When it is due, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Puts documents in line to be brought from their senders' nodes, in the transaction that records what came with them.
 * Queued again, they change nothing.
 */
export async function queueFetches(db: Kysely<Schema>, wanted: readonly WantedDocument[]): Promise<void> {
  for (const chunk of chunksOf(wanted)) {
    const rows = chunk.map((document) => ({
      message_id: document.messageId,
      digest: document.digest,
      source: document.source,
      channel_id: document.channelId,
      max_bytes: document.maxBytes ?? null,
      state: "queued" as const,
      tries: 0,
      due_at: document.at,
      first_tried_at: null,
      last_error: null,
      lease_owner: null,
      lease_epoch: 0,
      lease_until: 0,
    }));
    await db
      .insertInto("document_fetch")
      .values(rows)
      .onConflict((conflict) => conflict.columns(["message_id", "channel_id"]).doNothing())
      .execute();
  }
}

/** A fetch that this process alone works on, as long as its lease lasts. Moments are milliseconds since 1970. */
export interface ClaimedFetch {
  /** The message, or the batch whose body it is. */
  readonly messageId: string;
  readonly digest: Digest;
  readonly source: Domain;
  readonly channelId: string;
  /** Bytes of the largest body that the batch can have; null for the document of a message. */
  readonly maxBytes: number | null;
  /** This one counted. */
  readonly tries: number;
  readonly firstTriedAt: number;
  /** By the clock that told that it was due. */
  readonly claimedAt: number;
  /** The code of the last failure; null when there was none. */
  readonly lastError: string | null;
  readonly epoch: number;
}

/** Fetches from one source by one channel; at least one. */
export interface ClaimedGroup {
  readonly source: Domain;
  readonly channelId: string;
  readonly fetches: readonly ClaimedFetch[];
}

function toClaimed(row: Selectable<DocumentFetchTable>, claimedAt: number): ClaimedFetch {
  return {
    messageId: row.message_id,
    digest: row.digest as Digest,
    source: row.source as Domain,
    channelId: row.channel_id,
    maxBytes: row.max_bytes,
    tries: row.tries,
    firstTriedAt: row.first_tried_at ?? row.due_at,
    claimedAt,
    lastError: row.last_error,
    epoch: row.lease_epoch,
  };
}

interface Claim {
  readonly owner: string;
  readonly now: number;
  readonly until: number;
  /** Lateness that does not count as tried, from this many milliseconds on. */
  readonly stoodStillMs: number;
}

/**
 * Leases fetches that are due and nobody's: of each source one group at most, so that a source with many does not go before
 * the others. Two claimants never get the same one.
 *
 * @param claim `busy`: sources to leave out; `groups`: at most; `size`: fetches a group at most
 */
export async function claimDueFetches(
  db: Kysely<Schema>,
  claim: Claim & { readonly busy: readonly Domain[]; readonly groups: number; readonly size: number },
): Promise<readonly ClaimedGroup[]> {
  const { now, busy } = claim;
  const lines = await db
    .selectFrom("document_fetch")
    .select((select) => ["source", "channel_id", select.fn.min("due_at").as("due_at")])
    .where("state", "=", "queued")
    .where("due_at", "<=", now)
    .where("lease_until", "<=", now)
    .$if(busy.length > 0, (query) => query.where("source", "not in", [...busy]))
    .groupBy(["source", "channel_id"])
    .orderBy("due_at")
    .orderBy("source")
    .orderBy("channel_id")
    .execute();
  const claimed: ClaimedGroup[] = [];
  const sources = new Set<string>();
  for (const { source, channel_id: channelId } of lines) {
    if (sources.size >= claim.groups) break;
    if (sources.has(source)) continue;
    const fetches = await claimGroup(db, claim, { source, channelId }, claim.size);
    if (fetches.length === 0) continue;
    sources.add(source);
    claimed.push({ source: source as Domain, channelId, fetches });
  }
  return claimed;
}

async function claimGroup(
  db: Kysely<Schema>,
  { owner, now, until, stoodStillMs }: Claim,
  { source, channelId }: { readonly source: string; readonly channelId: string },
  size: number,
): Promise<readonly ClaimedFetch[]> {
  const locksRows = db.getExecutor().adapter instanceof PostgresAdapter;
  const rows = await db
    .updateTable("document_fetch")
    .set((update) => ({
      lease_owner: owner,
      lease_epoch: update("lease_epoch", "+", 1),
      lease_until: until,
      tries: update("tries", "+", 1),
      first_tried_at: sql<number>`case when first_tried_at is null then cast(${now} as bigint)
        when due_at < ${now - stoodStillMs} then first_tried_at + ${now} - due_at else first_tried_at end`,
    }))
    // Judged again on the row as it is when it is written: another replica may have been quicker.
    .where("state", "=", "queued")
    .where("lease_until", "<=", now)
    .where("channel_id", "=", channelId)
    .where("message_id", "in", (due) =>
      due
        .selectFrom("document_fetch")
        .select("message_id")
        .where("state", "=", "queued")
        .where("source", "=", source)
        .where("channel_id", "=", channelId)
        .where("due_at", "<=", now)
        .where("lease_until", "<=", now)
        .orderBy("due_at")
        .orderBy("message_id")
        .limit(size)
        .$if(locksRows, (query) => query.forUpdate().skipLocked()),
    )
    .returningAll()
    .execute();
  return rows.map((row) => toClaimed(row, now));
}

type Change = Partial<
  Pick<
    Selectable<DocumentFetchTable>,
    "state" | "due_at" | "last_error" | "lease_owner" | "lease_until" | "tries" | "first_tried_at"
  >
>;

/** Changes those of some fetches that are still this holder's. @returns them */
async function changeHeld(
  db: Kysely<Schema>,
  fetches: readonly ClaimedFetch[],
  change: Change,
): Promise<readonly ClaimedFetch[]> {
  const held: ClaimedFetch[] = [];
  for (const [, alike] of Map.groupBy(fetches, ({ channelId, epoch }) => `${epoch} ${channelId}`)) {
    for (const chunk of chunksOf(alike)) {
      const [{ channelId, epoch } = { channelId: "", epoch: 0 }] = chunk;
      const rows = await db
        .updateTable("document_fetch")
        .set(change)
        .where("channel_id", "=", channelId)
        .where("lease_epoch", "=", epoch)
        .where("state", "=", "queued")
        .where(
          "message_id",
          "in",
          chunk.map(({ messageId }) => messageId),
        )
        .returning("message_id")
        .execute();
      const changed = new Set(rows.map((row) => row.message_id));
      held.push(...chunk.filter(({ messageId }) => changed.has(messageId)));
    }
  }
  return held;
}

/**
 * Holds on to some fetches.
 *
 * @returns those that are not another's by now
 */
export async function renewFetches(
  db: Kysely<Schema>,
  fetches: readonly ClaimedFetch[],
  until: number,
): Promise<readonly ClaimedFetch[]> {
  return changeHeld(db, fetches, { lease_until: until });
}

/**
 * Puts some fetches back in line.
 *
 * @param next `dueAt`: when they may be tried again; `lastError`: the code of what went wrong, left out where nothing did;
 *   `afresh`: whether they then count as never tried
 * @returns those that were not another's by now; the others are unchanged
 */
export async function postponeFetches(
  db: Kysely<Schema>,
  fetches: readonly ClaimedFetch[],
  next: { readonly dueAt: number; readonly lastError?: string | null; readonly afresh?: boolean },
): Promise<readonly ClaimedFetch[]> {
  const { dueAt, lastError, afresh = false } = next;
  return changeHeld(db, fetches, {
    ...{ due_at: dueAt, lease_owner: null, lease_until: 0 },
    ...(lastError === undefined ? {} : { last_error: lastError }),
    ...(afresh ? { tries: 0, first_tried_at: null } : {}),
  });
}

/**
 * Has what was withheld of a sender on a channel be looked at again now: something new is known of the sender.
 *
 * @returns how many documents
 */
export async function releaseWithheld(
  db: Kysely<Schema>,
  channelId: string,
  source: Domain,
  now: number,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("document_fetch")
    .set({ due_at: now })
    .where("channel_id", "=", channelId)
    .where("source", "=", source)
    .where("state", "=", "queued")
    .where("last_error", "in", ["sender-unbound", "sender-unchecked"])
    .where("due_at", ">", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/**
 * Ends some fetches for good.
 *
 * @returns those that were not another's by now; the others are unchanged
 */
export async function endFetches(
  db: Kysely<Schema>,
  fetches: readonly ClaimedFetch[],
  state: "done" | "failed",
  lastError: string | null,
): Promise<readonly ClaimedFetch[]> {
  return changeHeld(db, fetches, { state, last_error: lastError, lease_owner: null, lease_until: 0 });
}

/** Takes out of the line what is looked for on other channels though the message's document is here by now. */
export async function dropNeedless(db: Kysely<Schema>, brought: readonly ClaimedFetch[]): Promise<void> {
  const messages = brought.filter(({ maxBytes }) => maxBytes === null);
  for (const [channelId, alike] of Map.groupBy(messages, (fetch) => fetch.channelId)) {
    for (const chunk of chunksOf(alike)) {
      await db
        .deleteFrom("document_fetch")
        .where(
          "message_id",
          "in",
          chunk.map(({ messageId }) => messageId),
        )
        .where("channel_id", "!=", channelId)
        .where("max_bytes", "is", null)
        .where("state", "=", "queued")
        .execute();
    }
  }
}

/**
 * Those of some documents that need not be brought from a source: our own users' bytes, and those that this very source has
 * shown before, as the one that speaks for it on this channel.
 */
export async function needless(
  db: Kysely<Schema>,
  { source, channelId, fetches }: ClaimedGroup,
): Promise<ReadonlySet<Digest>> {
  const found = new Set<Digest>();
  for (const chunk of chunksOf(fetches)) {
    const rows = await db
      .selectFrom("document")
      .select("digest")
      .where(
        "digest",
        "in",
        chunk.map(({ digest }) => digest),
      )
      .where((where) =>
        where.or([
          where("origin", "=", "user"),
          where.exists(
            where
              .selectFrom("document_fetch as before")
              .select("before.message_id")
              .whereRef("before.digest", "=", "document.digest")
              .where("before.source", "=", source)
              .where("before.channel_id", "=", channelId)
              .where("before.state", "=", "done"),
          ),
        ]),
      )
      .execute();
    for (const row of rows) found.add(row.digest as Digest);
  }
  return found;
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
