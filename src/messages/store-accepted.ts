import type { Kysely } from "kysely";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import type { ChannelDescription } from "../channels/channel.ts";
import { recordIntents } from "../documents/document-repository.ts";
import { unshareable, type Sharing } from "../documents/shareable.ts";
import type { ActingUser } from "../domain/journal.ts";
import type { Message, MessageId } from "../domain/message.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Effect } from "../domain/predicate.ts";
import type { Problem } from "../domain/problems.ts";
import { actingUser, subjectsOf, type UserCaller } from "../identity/caller.ts";
import { typeOn } from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Acceptance } from "./accept.ts";
import type { BulkRequest } from "./bulk-request.ts";
import type { Issuance } from "./certificate-repository.ts";
import { conflictOf } from "./conflict.ts";
import { anchorGroup, settleGroup } from "./group-key.ts";
import { appendJournals, openJournals } from "./journal-repository.ts";
import {
  insertMessages,
  messagesNamed,
  renewMessages,
  takeTurn,
  type MessageRow,
} from "./message-repository.ts";
import { enqueue, type Entry } from "./outbox-repository.ts";
import { roleFor } from "./sending-rights.ts";

/** A message that may be accepted, if its document may be shared. */
export interface Acceptable {
  readonly id: MessageId;
  readonly message: Message;
  readonly channelId: string;
  readonly effect: Effect;
  /** The certificate that it is about; null for a message that is about none. */
  readonly issuance: Issuance | null;
  /** Stores what else belongs to the message, in its transaction; null for nothing. */
  readonly alsoStore: ((db: Kysely<Schema>) => Promise<void>) | null;
}

/** What storing accepted messages works with. */
export interface StoreAcceptedOptions {
  readonly store: Store;
  readonly channels: () => readonly ChannelDescription[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each message that is in line for a channel to go at once. */
  readonly onAccepted: (channelId: string, messageId?: MessageId) => void;
}

/** Whether a message that was posted before needs no new attempt. */
export function isGoingOn(row: MessageRow): boolean {
  return row.status !== "failed" && row.status !== "withdrawn";
}

/**
 * Stores accepted messages with all that belongs to them, in one transaction.
 *
 * @param list a message that is named twice is stored once
 * @returns what became of each, by id
 * @throws Problem `unavailable`
 */
export async function storeAccepted(
  options: StoreAcceptedOptions,
  caller: UserCaller,
  list: readonly Acceptable[],
  bulk: BulkRequest | null,
): Promise<Map<MessageId, Acceptance | Problem>> {
  const messages = [...new Map(list.map((each) => [each.id, each])).values()];
  const at = options.now();
  const { outcomes, entries } = await options.store.transact(async (db) => {
    const known = await messagesNamed(
      db,
      messages.map(({ id }) => id),
    );
    const outcomes = new Map<MessageId, Acceptance | Problem>(
      messages.map(({ id }) => [id, { id, fresh: false }]),
    );
    const wanted = messages.filter(({ id }) => {
      const row = known.get(id);
      return row === undefined || !isGoingOn(row);
    });
    const problems = await unshareable(
      db,
      wanted.map((each) => sharingOf(each, caller)),
    );
    const shareable = wanted.filter(({ id }, place) => {
      const problem = problems[place] ?? null;
      if (problem !== null) outcomes.set(id, problem);
      return problem === null;
    });
    const acceptedBy = `${caller.issuer} ${caller.subject}`;
    const storing = { messages: shareable, known, acceptedBy, by: actingUser(caller), at };
    const fresh = await insertFresh(db, storing);
    const renewed = await renew(db, storing);
    const stored = shareable.filter(({ id }) => fresh.has(id) || renewed.has(id));
    const entries: Entry[] = [];
    const batchable = batchability(db, options.channels());
    for (const each of stored) {
      const attempt = (known.get(each.id)?.attempt ?? 0) + 1;
      entries.push(await entryOf(each, attempt, { batchable, bulk, at }));
      outcomes.set(each.id, { id: each.id, fresh: true });
    }
    await enqueue(db, entries);
    await recordIntents(db, stored.map(intentOf));
    for (const { alsoStore } of stored) await alsoStore?.(db);
    const actor = actorOf(caller);
    const effects = new Map(stored.map(({ id, effect }) => [id, effect]));
    await recordActs(
      db,
      entries.map(({ messageId: object, channelId, attempt }) => ({
        ...{ act: "message.accepted" as const, actor, object, at },
        detail: { channelId, attempt, effect: effects.get(object as MessageId) ?? "" },
      })),
    );
    return { outcomes, entries };
  });
  for (const { messageId, channelId, dueAt } of entries) {
    if (bulk !== null && dueAt === bulk.dueAt) bulk.waitsFor(channelId);
    else options.onAccepted(channelId, messageId as MessageId);
  }
  return outcomes;
}

interface Storing {
  readonly messages: readonly Acceptable[];
  readonly known: ReadonlyMap<string, MessageRow>;
  readonly acceptedBy: string;
  readonly by: ActingUser;
  readonly at: number;
}

async function insertFresh(
  db: Kysely<Schema>,
  { messages, known, acceptedBy, by, at }: Storing,
): Promise<ReadonlySet<MessageId>> {
  const rows = messages
    .filter(({ id }) => !known.has(id))
    .map(({ id, message, channelId, effect }) => ({
      ...{ id, message, channelId, effect, acceptedBy },
      direction: "outgoing" as const,
      status: "pending" as const,
      createdAt: at,
      txn: null,
      height: null,
    }));
  if (rows.length === 0) return new Set();
  const stored = await insertMessages(db, rows);
  await openJournals(db, { messageIds: [...stored], status: "pending", at, by });
  return stored;
}

async function renew(
  db: Kysely<Schema>,
  { messages, known, acceptedBy, by, at }: Storing,
): Promise<ReadonlySet<string>> {
  const old = messages.filter(({ id }) => known.has(id));
  if (old.length === 0) return new Set();
  // A page under way may be bringing these very messages: it finds all of the new attempt, or comes before it.
  await takeTurn(db);
  const messageIds = old.map(({ id }) => id);
  const moved = await appendJournals(db, { messageIds, status: "pending", at, by, newAttempt: true });
  const renewed = old.filter(({ id }) => moved.has(id));
  for (const some of Map.groupBy(renewed, (each) => `${each.channelId} ${each.effect}`).values()) {
    const [first] = some;
    if (first === undefined) continue;
    const { channelId, effect } = first;
    const ids = some.map(({ id }) => id);
    await renewMessages(db, ids, { channelId, effect, acceptedBy });
  }
  return moved;
}

interface Lining {
  readonly batchable: (channelId: string, message: Message) => Promise<boolean>;
  readonly bulk: BulkRequest | null;
  readonly at: number;
}

/** Where a message stands in line: what may be bundled waits for others of its request. */
async function entryOf(
  { id, message, channelId, effect, issuance }: Acceptable,
  attempt: number,
  { batchable, bulk, at }: Lining,
): Promise<Entry> {
  const alone = { messageId: id, channelId, attempt, groupKey: null, bulk: false, dueAt: at };
  if (issuance !== null) {
    const { batchId, final } = issuance;
    if (batchId === null || !final || conflictOf(effect, issuance) !== null) return alone;
    return { ...alone, groupKey: settleGroup(batchId, message), bulk: true, dueAt: bulk?.dueAt ?? at };
  }
  if (!(await batchable(channelId, message))) return alone;
  const groupKey = anchorGroup(message);
  return bulk === null ? { ...alone, groupKey } : { ...alone, groupKey, bulk: true, dueAt: bulk.dueAt };
}

/** Whether a message may go in a batch by its channel; each type is looked up once. */
function batchability(
  db: Kysely<Schema>,
  channels: readonly ChannelDescription[],
): (channelId: string, message: Message) => Promise<boolean> {
  const found = new Map<string, boolean>();
  return async (channelId, { predicate }) => {
    const key = `${channelId} ${predicate}`;
    const before = found.get(key);
    if (before !== undefined) return before;
    const limits = channels.find(({ id }) => id === channelId)?.limits;
    const type = await typeOn(db, channelId, predicate);
    const may = (limits?.batchSize ?? 0) > 0 && type?.batchable === true;
    found.set(key, may);
    return may;
  };
}

/** Who is limited to subjects names only documents that they could read: their message would open the document to them. */
function sharingOf({ message, channelId, effect }: Acceptable, caller: UserCaller): Sharing {
  const subjects = subjectsOf(caller, roleFor[effect]);
  return {
    ...{ digest: digestOf(message.obj), receiver: message.receiver, channelId },
    ...(subjects === null ? {} : { by: { name: `${caller.issuer} ${caller.subject}`, subjects } }),
  };
}

function intentOf({ id, message }: Acceptable) {
  return { messageId: id, digest: digestOf(message.obj), participant: message.receiver };
}
