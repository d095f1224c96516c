import type { Kysely } from "kysely";

import { openToReceivers } from "../documents/document-repository.ts";
import { queueFetches } from "../documents/fetch-repository.ts";
import type { BatchId } from "../domain/batch.ts";
import type { Message, MessageId } from "../domain/message.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Effect } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { linesOf, locateMessages, onRecord, removeDelivered } from "./delivered-repository.ts";
import { appendJournals, openJournals } from "./journal-repository.ts";
import { insertMessages, type NewMessage } from "./message-repository.ts";

/** Where what the ledger brings is applied. */
export interface PageContext {
  readonly channelId: string;
  /** The participant this node runs for. */
  readonly participant: Domain;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A message that the ledger carries. */
export interface SaidMessage {
  readonly id: MessageId;
  readonly message: Message;
  /** The batch that carries it, and its place there; left out for a message that goes alone, or in a settlement. */
  readonly batch?: { readonly id: BatchId; readonly index: number };
}

/** Messages of one type between the same two that one transaction of the ledger carries; no id is named twice. */
export interface SaidMessages {
  readonly effect: Effect;
  readonly txn: string;
  readonly height: number;
  readonly messages: readonly SaidMessage[];
}

/**
 * Messages of ours are in a block. Only those that this node has in line for the channel move on; one that it did not post
 * waits for finality.
 *
 * @param db a transaction that has taken its turn
 */
export async function noteInclusion(
  db: Kysely<Schema>,
  { channelId, now }: PageContext,
  said: { readonly ids: readonly string[]; readonly txn: string; readonly height: number },
): Promise<void> {
  const lines = await linesOf(db, said.ids);
  const own = said.ids.filter((id) => lines.get(id) === channelId);
  const sent = await appendJournals(db, { messageIds: own, status: "sent", at: now });
  await locateMessages(db, sent, { channelId, txn: said.txn, height: said.height });
}

/**
 * Messages of this node's participant are final: they are delivered, and their documents open to the receiver where this
 * node's own user sent them. What another node of the participant sent is put on record, and opens nothing.
 *
 * @param db a transaction that has taken its turn
 * @returns how many of them became delivered by this
 */
export async function concludeOutgoing(
  db: Kysely<Schema>,
  context: PageContext,
  said: SaidMessages,
): Promise<number> {
  const { channelId, now } = context;
  const ids = said.messages.map(({ id }) => id);
  const known = await onRecord(db, ids);
  const strange = said.messages.filter(({ id }) => !known.has(id));
  const stored = await insertMessages(db, rowsOf(context, said, strange, "outgoing"));
  await openJournals(db, { messageIds: [...stored], status: "delivered", at: now });

  // A message's channel is fixed when it is accepted; an echo on another one does not end its own way.
  const lines = await linesOf(db, [...known.keys()]);
  const ending = ids.filter((id) => known.has(id) && (lines.get(id) ?? channelId) === channelId);
  await appendJournals(db, { messageIds: ending, status: "sent", at: now });
  const delivered = await appendJournals(db, { messageIds: ending, status: "delivered", at: now });
  await locateMessages(db, delivered, { channelId, txn: said.txn, height: said.height });
  // Only what this node's own user sent opens a document, and only to whom it was sent.
  const removed = await removeDelivered(db, delivered, channelId);
  await openToReceivers(db, { messageIds: removed, at: now });
  return stored.size + delivered.size;
}

/**
 * Messages to this node's participant are final: they are put on record, and their documents in line to be fetched. One
 * that has come on another channel before stays as it is; yet while its document is not here it is looked for on this
 * channel too, since on the other one somebody else may hold the sender's name.
 *
 * @param db a transaction that has taken its turn
 * @returns how many documents were put in line
 */
export async function receive(db: Kysely<Schema>, context: PageContext, said: SaidMessages): Promise<number> {
  const { channelId, now } = context;
  const stored = await insertMessages(db, rowsOf(context, said, said.messages, "incoming"));
  await openJournals(db, { messageIds: [...stored], status: "received", at: now });
  const known = await onRecord(
    db,
    said.messages.filter(({ id }) => !stored.has(id)).map(({ id }) => id),
  );
  const wanted = said.messages.filter(({ id }) => {
    const row = known.get(id);
    return row === undefined || (row.direction === "incoming" && row.status !== "available");
  });
  await queueFetches(
    db,
    wanted.map(({ id, message }) => ({
      messageId: id,
      digest: digestOf(message.obj),
      source: message.sender,
      channelId,
      at: now,
    })),
  );
  return wanted.length;
}

function rowsOf(
  { channelId, now }: PageContext,
  { effect, txn, height }: SaidMessages,
  messages: readonly SaidMessage[],
  direction: "incoming" | "outgoing",
): readonly NewMessage[] {
  return messages.map((said) => ({
    ...said,
    direction,
    channelId,
    effect,
    status: direction === "outgoing" ? "delivered" : "received",
    createdAt: now,
    acceptedBy: null,
    txn,
    height,
  }));
}
