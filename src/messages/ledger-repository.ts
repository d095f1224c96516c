import type { Kysely, Selectable } from "kysely";

import type { ChannelDescription, ChannelFailure, LedgerEvent, LedgerPage } from "../channels/channel.ts";
import type { Schema } from "../store/schema.ts";

export type ChannelRow = Selectable<Schema["channel"]>;

// A row has nine columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

/**
 * Makes room for a channel that is followed for the first time, and lifts an earlier stop: whoever starts the node again
 * has looked, and the plug-in stops again at once if the cause is still there.
 *
 * @param precedence of two channels on which one number was issued, the one with the lower precedence counts
 * @returns whether the channel was known with another precedence
 */
export async function openChannelRow(
  db: Kysely<Schema>,
  description: ChannelDescription,
  now: number,
  precedence = 0,
): Promise<boolean> {
  const before = await db
    .selectFrom("channel")
    .select("precedence")
    .where("id", "=", description.id)
    .executeTakeFirst();
  await db
    .insertInto("channel")
    .values({
      id: description.id,
      name: description.name,
      type: description.type,
      status: "active",
      successor: null,
      cursor: null,
      followed: -1,
      final: -1,
      head: -1,
      updated_at: now,
      stopped: null,
      precedence,
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({ name: description.name, stopped: null, precedence }),
    )
    .execute();
  return before !== undefined && before.precedence !== precedence;
}

/** A channel as followed so far; `followed`, `final` and `head` are -1 before the first page. */
export async function channelRow(db: Kysely<Schema>, channelId: string): Promise<ChannelRow> {
  return db.selectFrom("channel").selectAll().where("id", "=", channelId).executeTakeFirstOrThrow();
}

/** Every channel this node has ever followed. */
export async function channelRows(db: Kysely<Schema>): Promise<readonly ChannelRow[]> {
  return db.selectFrom("channel").selectAll().orderBy("id").execute();
}

/** Stores how far a page has brought the follower; in the same transaction as the page's effects. */
export async function advanceChannel(
  db: Kysely<Schema>,
  channelId: string,
  page: LedgerPage,
  now: number,
): Promise<void> {
  await db
    .updateTable("channel")
    .set({
      cursor: page.cursor,
      followed: page.followed,
      final: page.final,
      head: page.head,
      updated_at: now,
    })
    .where("id", "=", channelId)
    .execute();
}

/** Writes down that a channel's ledger forked, and how many heights that took back. */
export async function noteFork(
  db: Kysely<Schema>,
  channelId: string,
  depth: number,
  at: number,
): Promise<void> {
  await db
    .updateTable("channel")
    .set({ forked_at: at, fork_depth: depth })
    .where("id", "=", channelId)
    .execute();
}

/** Writes down, for the other replicas, that at a moment the channel was followed to its ledger's newest height. */
export async function noteCaughtUp(db: Kysely<Schema>, channelId: string, at: number): Promise<void> {
  await db
    .updateTable("channel")
    .set({ caught_up_at: at })
    .where("id", "=", channelId)
    .where("caught_up_at", "<", at)
    .execute();
}

/** Notes that the channel's ledger has answered. Any replica may: it is no more than a moment, and the latest is as good. */
export async function noteRead(db: Kysely<Schema>, channelId: string, now: number): Promise<void> {
  await db.updateTable("channel").set({ read_at: now }).where("id", "=", channelId).execute();
}

/** Writes down why nothing may be done on a channel until an operator has looked. */
export async function recordStop(
  db: Kysely<Schema>,
  channelId: string,
  failure: ChannelFailure,
  now: number,
): Promise<void> {
  await db
    .updateTable("channel")
    .set({ stopped: failure.code, updated_at: now })
    .where("id", "=", channelId)
    .execute();
}

/** Forgets what was seen above `height`: the ledger forked, and none of it was final. */
export async function forgetAbove(db: Kysely<Schema>, channelId: string, height: number): Promise<void> {
  await db
    .deleteFrom("ledger_event")
    .where("channel_id", "=", channelId)
    .where("height", ">", height)
    .where("final", "=", 0)
    .execute();
}

/** Keeps what was seen on a ledger; those up to `final` are kept as having taken effect. */
export async function keepEvents(
  db: Kysely<Schema>,
  channelId: string,
  events: readonly LedgerEvent[],
  final: number,
): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_A_STATEMENT) {
    const rows = events.slice(start, start + ROWS_A_STATEMENT).map((event) => ({
      channel_id: channelId,
      height: event.position.height,
      index: event.position.index,
      kind: event.kind,
      message_id: "id" in event ? event.id : null,
      txn: event.txn,
      time_seconds: event.time,
      event: JSON.stringify(event),
      final: event.position.height <= final ? 1 : 0,
    }));
    await db.insertInto("ledger_event").values(rows).execute();
  }
}

/**
 * Marks the events that have become final since the last page.
 *
 * @param final last final height
 * @returns those events, in ledger order
 */
export async function ripen(
  db: Kysely<Schema>,
  channelId: string,
  final: number,
): Promise<readonly LedgerEvent[]> {
  const rows = await db
    .selectFrom("ledger_event")
    .select("event")
    .where("channel_id", "=", channelId)
    .where("final", "=", 0)
    .where("height", "<=", final)
    .orderBy("height")
    .orderBy("index")
    .execute();
  if (rows.length === 0) return [];
  await db
    .updateTable("ledger_event")
    .set({ final: 1 })
    .where("channel_id", "=", channelId)
    .where("final", "=", 0)
    .where("height", "<=", final)
    .execute();
  return rows.map((row) => JSON.parse(row.event) as LedgerEvent);
}

/** Whether a channel's ledger, as followed so far, carries a message. */
export function carries(db: Kysely<Schema>, channelId: string, messageId: string): Promise<boolean> {
  return isKept(db, channelId, "message", messageId);
}

/** Whether a channel's ledger, as followed so far, has an event of this kind about a message or batch. */
export async function isKept(
  db: Kysely<Schema>,
  channelId: string,
  kind: LedgerEvent["kind"],
  id: string,
): Promise<boolean> {
  const row = await db
    .selectFrom("ledger_event")
    .select("height")
    .where("channel_id", "=", channelId)
    .where("kind", "=", kind)
    .where("message_id", "=", id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Where on a ledger a message is. */
export interface Occurrence {
  readonly channelId: string;
  readonly txn: string;
  readonly height: number;
}

/**
 * The channels that carry a message finally, as followed so far.
 *
 * @returns its first place on each, the earliest by ledger time first
 */
export async function finalOccurrences(
  db: Kysely<Schema>,
  messageId: string,
): Promise<readonly Occurrence[]> {
  const rows = await db
    .selectFrom("ledger_event")
    .select(["channel_id", "txn", "height"])
    .where("message_id", "=", messageId)
    .where("kind", "=", "message")
    .where("final", "=", 1)
    .orderBy("time_seconds")
    .orderBy("channel_id")
    .orderBy("height")
    .orderBy("index")
    .execute();
  const places = new Map<string, Occurrence>();
  for (const { channel_id: channelId, txn, height } of rows) {
    if (!places.has(channelId)) places.set(channelId, { channelId, txn, height });
  }
  return [...places.values()];
}
