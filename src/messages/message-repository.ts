import { PostgresAdapter, sql, type Insertable, type Kysely, type Selectable } from "kysely";

import type { BatchId } from "../domain/batch.ts";
import type { MessageStatus } from "../domain/journal.ts";
import type { Message, MessageId } from "../domain/message.ts";
import { digestOf, type Digest } from "../domain/multihash.ts";
import type { Effect } from "../domain/predicate.ts";
import type { SubjectPattern } from "../domain/subject-pattern.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";

/** A message as stored; only effects of the protocol are ever written. */
export type MessageRow = Omit<Selectable<Schema["message"]>, "effect"> & { readonly effect: Effect };

/** What is stored when a message first appears at this node. Moments are milliseconds since 1970. */
export interface NewMessage {
  readonly id: MessageId;
  readonly message: Message;
  readonly direction: "outgoing" | "incoming";
  readonly channelId: string;
  readonly effect: Effect;
  readonly status: MessageStatus;
  readonly createdAt: number;
  /** Issuer and subject of the caller's token; null for a message first seen on a ledger. */
  readonly acceptedBy: string | null;
  readonly txn: string | null;
  readonly height: number | null;
  /** The batch that carries it, and its place there; left out for a message that goes alone. */
  readonly batch?: { readonly id: BatchId; readonly index: number };
}

// A row has eighteen columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

/** Which messages a list shows. All that are given must hold. */
export interface MessageFilter {
  readonly subject?: string;
  readonly predicate?: string;
  readonly sender?: string;
  readonly receiver?: string;
  readonly status?: MessageStatus;
  readonly direction?: "outgoing" | "incoming";
  /** Shows only messages that this participant sent or received. */
  readonly party?: string;
  /** Shows only messages that this other participant sent or received. */
  readonly partner?: string;
  /** Shows only messages of this channel. */
  readonly channelId?: string;
  /** Shows only messages of one of these subjects. */
  readonly oneOfSubjects?: readonly string[];
  /** Shows only messages about these; all where left out. */
  readonly subjects?: readonly SubjectPattern[];
}

// Any constant will do, as long as nothing else in this database takes the same one.
const TURN_LOCK = 0x1c1_0001;

/**
 * Has transactions that add messages follow one another from here to their end, on PostgreSQL, where they overlap
 * otherwise (on SQLite they never do). So `seq` grows in the order of commits, and a list read up to some `seq` has missed
 * nothing before it. Taking the turn again changes nothing.
 *
 * @param db a transaction
 */
export async function takeTurn(db: Kysely<Schema>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return;
  await sql`select pg_advisory_xact_lock(${TURN_LOCK})`.execute(db);
}

/**
 * Stores a new message, if its id is new, in its turn.
 *
 * @param db a transaction
 * @returns false, having stored nothing, when the id is known
 */
export async function insertMessage(db: Kysely<Schema>, fresh: NewMessage): Promise<boolean> {
  const stored = await insertMessages(db, [fresh]);
  return stored.has(fresh.id);
}

/**
 * Stores those of some messages whose ids are new, in their turn and in the order given. Each id is named once.
 *
 * @param db a transaction
 * @returns the ids that were stored; the others were known
 */
export async function insertMessages(
  db: Kysely<Schema>,
  fresh: readonly NewMessage[],
): Promise<ReadonlySet<MessageId>> {
  await takeTurn(db);
  const stored = new Set<MessageId>();
  for (let start = 0; start < fresh.length; start += ROWS_A_STATEMENT) {
    const inserted = await db
      .insertInto("message")
      .values(fresh.slice(start, start + ROWS_A_STATEMENT).map(rowOf))
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id")
      .execute();
    for (const { id } of inserted) stored.add(id as MessageId);
  }
  return stored;
}

function rowOf(fresh: NewMessage): Insertable<Schema["message"]> {
  const { message } = fresh;
  return {
    id: fresh.id,
    sender: message.sender,
    receiver: message.receiver,
    subject: message.subject,
    predicate: message.predicate,
    digest: digestOf(message.obj),
    valid_until: message.validUntil,
    direction: fresh.direction,
    channel_id: fresh.channelId,
    effect: fresh.effect,
    status: fresh.status,
    attempt: 1,
    created_at: fresh.createdAt,
    accepted_by: fresh.acceptedBy,
    txn: fresh.txn,
    height: fresh.height,
    batch_id: fresh.batch?.id ?? null,
    batch_index: fresh.batch?.index ?? null,
  };
}

/** A message by its id; null when this node's participant neither sent nor received it. */
export async function findMessage(db: Kysely<Schema>, id: string): Promise<MessageRow | null> {
  const row = await db.selectFrom("message").selectAll().where("id", "=", id).executeTakeFirst();
  return (row as MessageRow | undefined) ?? null;
}

/** Those of some messages that are on record, by id. */
export async function messagesNamed(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageRow>> {
  const found = new Map<string, MessageRow>();
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    const some = ids.slice(start, start + ROWS_A_STATEMENT);
    const rows = await db.selectFrom("message").selectAll().where("id", "in", some).execute();
    for (const row of rows as MessageRow[]) found.set(row.id, row);
  }
  return found;
}

/** Notes the channel and caller of a new attempt at messages that had been given up. */
export async function renewMessages(
  db: Kysely<Schema>,
  ids: readonly string[],
  renewal: { readonly channelId: string; readonly effect: Effect; readonly acceptedBy: string },
): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    await db
      .updateTable("message")
      .set({
        channel_id: renewal.channelId,
        effect: renewal.effect,
        accepted_by: renewal.acceptedBy,
        txn: null,
        height: null,
        batch_id: null,
        batch_index: null,
      })
      .where("id", "in", ids.slice(start, start + ROWS_A_STATEMENT))
      .execute();
  }
}

/** Notes the channel that messages of this node go on by; none of them is on a ledger. */
export async function redirectMessages(
  db: Kysely<Schema>,
  ids: readonly string[],
  channelId: string,
): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    const some = ids.slice(start, start + ROWS_A_STATEMENT);
    await db
      .updateTable("message")
      .set({ channel_id: channelId, txn: null, height: null, batch_id: null, batch_index: null })
      .where("id", "in", some)
      .execute();
  }
}

/** Notes where on a ledger a message is; nulls when a fork took its block away. */
export async function locateMessage(
  db: Kysely<Schema>,
  id: string,
  place: { readonly channelId: string; readonly txn: string | null; readonly height: number | null },
): Promise<void> {
  await db
    .updateTable("message")
    .set({ channel_id: place.channelId, txn: place.txn, height: place.height })
    .where("id", "=", id)
    .execute();
}

/** This node's messages that a channel had in blocks above `height`, but not yet finally. */
export async function sentAbove(
  db: Kysely<Schema>,
  channelId: string,
  height: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("message")
    .select("id")
    .where("channel_id", "=", channelId)
    .where("status", "=", "sent")
    .where("height", ">", height)
    .orderBy("seq")
    .execute();
  return rows.map((row) => row.id);
}

/** Subjects of the messages that name some documents. @param digests some hundreds at most */
export async function subjectsNaming(
  db: Kysely<Schema>,
  digests: readonly Digest[],
  most: number,
): Promise<readonly string[]> {
  if (digests.length === 0) return [];
  const rows = await db
    .selectFrom("message")
    .select("subject")
    .distinct()
    .where("digest", "in", digests)
    .limit(most)
    .execute();
  return rows.map(({ subject }) => subject);
}

/** Whether a list begins with what this node knew first, or with what it has just learnt. */
export type MessageOrder = "oldest" | "newest";

/**
 * Lists messages in the order they appeared at this node, or the other way round.
 *
 * @param after `seq` of the last message already shown; null for none
 * @param limit how many at most
 */
export async function listMessages(
  db: Kysely<Schema>,
  filter: MessageFilter,
  order: MessageOrder,
  after: number | null,
  limit: number,
): Promise<readonly MessageRow[]> {
  let query = db.selectFrom("message").selectAll();
  if (after !== null) query = query.where("seq", order === "newest" ? "<" : ">", after);
  if (filter.subject !== undefined) query = query.where("subject", "=", filter.subject);
  if (filter.oneOfSubjects !== undefined) {
    if (filter.oneOfSubjects.length === 0) return [];
    query = query.where("subject", "in", filter.oneOfSubjects);
  }
  if (filter.predicate !== undefined) query = query.where("predicate", "=", filter.predicate);
  if (filter.sender !== undefined) query = query.where("sender", "=", filter.sender);
  if (filter.receiver !== undefined) query = query.where("receiver", "=", filter.receiver);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.direction !== undefined) query = query.where("direction", "=", filter.direction);
  if (filter.channelId !== undefined) query = query.where("channel_id", "=", filter.channelId);
  if (filter.subjects !== undefined) query = query.where(withinSubjects("subject", filter.subjects));
  for (const side of [filter.party, filter.partner]) {
    if (side === undefined) continue;
    query = query.where((eb) => eb.or([eb("sender", "=", side), eb("receiver", "=", side)]));
  }
  const direction = order === "newest" ? "desc" : "asc";
  return (await query.orderBy("seq", direction).limit(limit).execute()) as MessageRow[];
}
