import { PostgresAdapter, sql, type Kysely } from "kysely";

import type { BatchHeader, BatchId } from "../domain/batch.ts";
import type { Reason } from "../domain/journal.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Effect } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import type { MessageRow } from "./message-repository.ts";

// SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 5_000;

/** Messages in line that one bundle may carry. */
export interface DueGroup {
  readonly groupKey: string;
  readonly count: number;
}

/**
 * Groups of waiting messages that are due to go in a bundle: because some of them are to, however few, or because there
 * are `threshold` of them of which the ledger has not been asked yet.
 *
 * @param due `now`: milliseconds since 1970
 */
export async function dueGroups(
  db: Kysely<Schema>,
  due: { readonly channelId: string; readonly now: number; readonly threshold: number },
): Promise<readonly DueGroup[]> {
  const rows = await db
    .selectFrom("outbox")
    .select((eb) => ["group_key", eb.fn.countAll().as("count"), eb.fn.max("bulk").as("bulk")])
    .where("channel_id", "=", due.channelId)
    .where("state", "=", "waiting")
    .where("group_key", "is not", null)
    .where("due_at", "<=", due.now)
    .where("lease_until", "<=", due.now)
    .where(mayBeBundled)
    .groupBy("group_key")
    .orderBy("group_key")
    .execute();
  return rows
    .map(({ group_key, count, bulk }) => ({ groupKey: group_key ?? "", count: Number(count), bulk }))
    .filter(({ count, bulk }) => bulk === 1 || count >= due.threshold);
}

/** What has been handed over, or asked about, alone stays alone. */
const mayBeBundled = sql<boolean>`kind = 'message' and submission = 0 and (bulk = 1 or tries = 0)`;

/**
 * Leases messages of a group, the longest due first, as `claimDue` does for those that go alone.
 *
 * @param claim `holder`: a name for this one time; `now` and `until`: milliseconds since 1970
 * @returns their ids
 */
export async function claimGroup(
  db: Kysely<Schema>,
  claim: {
    readonly channelId: string;
    readonly groupKey: string;
    readonly holder: string;
    readonly now: number;
    readonly until: number;
    readonly limit: number;
  },
): Promise<readonly string[]> {
  const locksRows = db.getExecutor().adapter instanceof PostgresAdapter;
  const rows = await db
    .updateTable("outbox")
    .set((eb) => ({
      lease_owner: claim.holder,
      lease_epoch: eb("lease_epoch", "+", 1),
      lease_until: claim.until,
    }))
    .where("lease_until", "<=", claim.now)
    .where("message_id", "in", (eb) =>
      eb
        .selectFrom("outbox")
        .select("message_id")
        .where("channel_id", "=", claim.channelId)
        .where("state", "=", "waiting")
        .where("group_key", "=", claim.groupKey)
        .where("due_at", "<=", claim.now)
        .where("lease_until", "<=", claim.now)
        .where(mayBeBundled)
        .orderBy("due_at")
        .limit(claim.limit)
        .$if(locksRows, (each) => each.forUpdate().skipLocked()),
    )
    .returning("message_id")
    .execute();
  return rows.map(({ message_id }) => message_id);
}

/** Holds on to leased messages. One that another transaction is just changing is passed by. `until`: milliseconds since 1970. */
export async function holdGroup(
  db: Kysely<Schema>,
  claim: {
    readonly channelId: string;
    readonly groupKey: string;
    readonly holder: string;
    readonly until: number;
  },
): Promise<void> {
  const locksRows = db.getExecutor().adapter instanceof PostgresAdapter;
  await db
    .updateTable("outbox")
    .set({ lease_until: claim.until })
    .where("lease_owner", "=", claim.holder)
    .where("message_id", "in", (eb) =>
      eb
        .selectFrom("outbox")
        .select("message_id")
        .where("channel_id", "=", claim.channelId)
        .where("group_key", "=", claim.groupKey)
        .where("lease_owner", "=", claim.holder)
        .$if(locksRows, (each) => each.forUpdate().skipLocked()),
    )
    .execute();
}

/**
 * Gives leased messages back.
 *
 * @param next `alone`: they go on singly; else they wait for the next bundle, from `dueAt` (milliseconds since 1970) on
 */
export async function giveBack(
  db: Kysely<Schema>,
  holder: string,
  ids: readonly string[],
  next: { readonly alone: boolean; readonly dueAt: number },
): Promise<void> {
  for (const some of chunksOf(ids)) {
    await db
      .updateTable("outbox")
      .set({
        lease_owner: null,
        lease_until: 0,
        due_at: next.dueAt,
        ...(next.alone ? { group_key: null, bulk: 0 } : {}),
      })
      .where("message_id", "in", some)
      .where("lease_owner", "=", holder)
      .execute();
  }
}

/**
 * Marks leased messages as carried by a bundle. Their messages' rows have been changed before, in the same transaction.
 *
 * @throws Error when one was withdrawn or taken over meanwhile, which undoes the transaction
 */
export async function bundle(
  db: Kysely<Schema>,
  holder: string,
  ids: readonly string[],
  bundleId: string,
): Promise<void> {
  let bundled = 0;
  for (const some of chunksOf(ids)) {
    const rows = await db
      .updateTable("outbox")
      .set({ state: "bundled", bundle_id: bundleId, lease_owner: null, lease_until: 0, tries: 0 })
      .where("message_id", "in", some)
      .where("lease_owner", "=", holder)
      .where("state", "=", "waiting")
      .returning("message_id")
      .execute();
    bundled += rows.length;
  }
  if (bundled !== ids.length) throw new Error("Messages that were being bundled were taken away.");
}

/** Puts a bundle in line. `dueAt` is milliseconds since 1970. */
export async function enqueueBundle(
  db: Kysely<Schema>,
  entry: {
    readonly id: string;
    readonly kind: "anchor" | "settlement";
    readonly channelId: string;
    readonly attempt: number;
    readonly groupKey: string;
    readonly dueAt: number;
  },
): Promise<void> {
  await db
    .insertInto("outbox")
    .values({
      message_id: entry.id,
      kind: entry.kind,
      channel_id: entry.channelId,
      attempt: entry.attempt,
      state: "waiting",
      group_key: entry.groupKey,
      bulk: 0,
      bundle_id: null,
      submission: 0,
      tries: 0,
      refused_at: null,
      due_at: entry.dueAt,
      lease_owner: null,
      lease_epoch: 0,
      lease_until: 0,
    })
    .execute();
}

/** A message in line together with what is known of it. */
export interface Member {
  readonly message: MessageRow;
  readonly attempt: number;
  /** Since when what it depends on is refused; milliseconds since 1970, null for not at all. */
  readonly refusedAt: number | null;
}

/** Some messages in line, in the order in which they were posted. */
export async function membersNamed(db: Kysely<Schema>, ids: readonly string[]): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (const some of chunksOf(ids)) {
    const rows = await lined(db).where("outbox.message_id", "in", some).execute();
    members.push(...rows.map(memberOf));
  }
  return members.sort((one, other) => one.message.seq - other.message.seq);
}

/** The messages that a bundle carries, in the order in which they were posted. */
export async function membersOf(db: Kysely<Schema>, bundleId: string): Promise<readonly Member[]> {
  const rows = await lined(db).where("outbox.bundle_id", "=", bundleId).orderBy("message.seq").execute();
  return rows.map(memberOf);
}

function lined(db: Kysely<Schema>) {
  return db
    .selectFrom("outbox")
    .innerJoin("message", "message.id", "outbox.message_id")
    .selectAll("message")
    .select(["outbox.attempt as outbox_attempt", "outbox.refused_at"]);
}

function memberOf(
  row: Omit<MessageRow, "effect"> & {
    readonly effect: string;
    readonly outbox_attempt: number;
    readonly refused_at: number | null;
  },
): Member {
  const { outbox_attempt: attempt, refused_at: refusedAt, ...message } = row;
  return { message: { ...message, effect: message.effect as Effect }, attempt, refusedAt };
}

/** Takes messages out of line that have come to an end with their bundle. */
export async function removeMembers(
  db: Kysely<Schema>,
  bundleId: string,
  ids: readonly string[],
): Promise<void> {
  for (const some of chunksOf(ids)) {
    await db.deleteFrom("outbox").where("bundle_id", "=", bundleId).where("message_id", "in", some).execute();
  }
}

/**
 * Has messages wait again after their bundle has ended.
 *
 * @param next `alone`: they go on singly; `refusedAt` and `dueAt`: milliseconds since 1970
 */
export async function unbundle(
  db: Kysely<Schema>,
  bundleId: string,
  ids: readonly string[],
  next: { readonly alone: boolean; readonly refusedAt: number | null; readonly dueAt: number },
): Promise<void> {
  for (const some of chunksOf(ids)) {
    await db
      .updateTable("outbox")
      .set((eb) => ({
        state: "waiting",
        bundle_id: null,
        refused_at: eb.fn.coalesce("refused_at", sql<number | null>`cast(${next.refusedAt} as bigint)`),
        due_at: next.dueAt,
        ...(next.alone ? { group_key: null, bulk: 0 } : {}),
      }))
      .where("bundle_id", "=", bundleId)
      .where("message_id", "in", some)
      .execute();
  }
}

/** Notes which batch carries messages, in the order of the batch. */
export async function placeInBatch(
  db: Kysely<Schema>,
  batchId: BatchId,
  ids: readonly string[],
): Promise<void> {
  const rows = 1_000;
  for (let start = 0; start < ids.length; start += rows) {
    const places = ids
      .slice(start, start + rows)
      .map((id, rank) => sql`(cast(${id} as text), cast(${start + rank} as bigint))`);
    await sql`
      with place as (select column1 as id, column2 as rank from (values ${sql.join(places)}) as listed)
      update message set batch_id = ${batchId}, batch_index = place.rank
      from place where message.id = place.id`.execute(db);
  }
}

/** Forgets the batch of messages that it does not carry after all. */
export async function leaveBatch(
  db: Kysely<Schema>,
  batchId: BatchId,
  ids: readonly string[],
): Promise<void> {
  for (const some of chunksOf(ids)) {
    await db
      .updateTable("message")
      .set({ batch_id: null, batch_index: null })
      .where("batch_id", "=", batchId)
      .where("id", "in", some)
      .execute();
  }
}

/** Records a batch that is about to be anchored; one that failed before is formed again. */
export async function recordFormed(
  db: Kysely<Schema>,
  batch: {
    readonly id: BatchId;
    readonly channelId: string;
    readonly effect: Effect;
    readonly header: BatchHeader;
    /** Milliseconds since 1970. */
    readonly at: number;
  },
): Promise<void> {
  const { header } = batch;
  const formed = { state: "formed", fault_code: null, fault_detail: null, created_at: batch.at } as const;
  await db
    .insertInto("batch")
    .values({
      channel_id: batch.channelId,
      id: batch.id,
      direction: "outgoing",
      sender: header.sender,
      receiver: header.receiver,
      predicate: header.predicate,
      effect: batch.effect,
      valid_until: header.validUntil,
      root: header.root,
      count: header.count,
      body: digestOf(header.body),
      ...formed,
      txn: null,
      height: null,
      index: null,
      time_seconds: null,
    })
    .onConflict((conflict) =>
      conflict.columns(["channel_id", "id"]).doUpdateSet(formed).where("batch.state", "=", "failed"),
    )
    .execute();
}

/** Records that a batch of ours ended without being on the ledger. */
export async function recordFailed(
  db: Kysely<Schema>,
  channelId: string,
  id: string,
  reason: Reason,
): Promise<void> {
  await db
    .updateTable("batch")
    .set({ state: "failed", fault_code: reason.code, fault_detail: reason.detail })
    .where("channel_id", "=", channelId)
    .where("id", "=", id)
    .where("state", "=", "formed")
    .execute();
}

function* chunksOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    yield ids.slice(start, start + ROWS_A_STATEMENT);
  }
}
