import type { Kysely } from "kysely";

import { ChannelFailure, type LedgerEvent, type LedgerPage, type MessageEvent } from "../channels/channel.ts";
import { openToReceiver, queueFetch } from "../documents/document-repository.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import {
  recordChannelStatus,
  recordMessageType,
  recordParticipant,
  typeOn,
  type TypeOnChannel,
} from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import type { NotificationType } from "../subscriptions/notification.ts";
import { recordNotifications } from "../subscriptions/notification-repository.ts";
import {
  recordAcquittal,
  recordInvalidation,
  recordIssue,
  recordRevocation,
} from "./certificate-repository.ts";
import { appendJournal, openJournal } from "./journal-repository.ts";
import { advanceChannel, channelRow, forgetAbove, keepEvents, ripen } from "./ledger-repository.ts";
import { findMessage, insertMessage, locateMessage, sentAbove, takeTurn } from "./message-repository.ts";
import { outboxChannelOf, removeDelivered } from "./outbox-repository.ts";

/** Where a page is applied. */
export interface PageContext {
  readonly channelId: string;
  /** The participant this node runs for. */
  readonly participant: Domain;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a page brought, for those who are to be woken once it is committed. */
export interface PageOutcome {
  /** Messages that arrived for this node's participant, whose documents are to be fetched. */
  readonly received: number;
  /** Messages of this node's participant that became final. */
  readonly delivered: number;
}

/**
 * Applies a stretch of a channel's ledger (DESIGN, "Follower" and "Inbox"): forgets what a fork took, keeps what is new,
 * lets take effect what has become final, and moves the cursor. Before finality only the journal moves.
 *
 * @param db a transaction, so that cursor and effects are stored together or not at all
 * @throws ChannelFailure `stop` when the page contradicts what is already final
 */
export async function applyPage(
  db: Kysely<Schema>,
  context: PageContext,
  page: LedgerPage,
): Promise<PageOutcome> {
  const { channelId } = context;
  await takeTurn(db);
  if (page.retractAbove !== null) await retract(db, context, page.retractAbove);

  const ripened = await ripen(db, channelId, page.final);
  await keepEvents(db, channelId, page.events, page.final);
  for (const event of page.events) {
    if (event.kind === "message" && event.message.sender === context.participant) {
      await noteInclusion(db, context, event);
    }
  }
  const outcome = { received: 0, delivered: 0 };
  const types = new Map<string, TypeOnChannel>();
  for (const event of [...ripened, ...page.events.filter((each) => each.position.height <= page.final)]) {
    const effect = await takeEffect(db, context, types, event);
    if (effect !== null) outcome[effect] += 1;
  }
  await advanceChannel(db, channelId, page, context.now);
  return outcome;
}

async function retract(db: Kysely<Schema>, context: PageContext, height: number): Promise<void> {
  const { channelId, now } = context;
  const { final } = await channelRow(db, channelId);
  if (height < final) {
    throw new ChannelFailure(
      "stop",
      "fork-below-final",
      `The ledger took back what it had declared final: it forked above ${height}, but ${final} was final.`,
    );
  }
  for (const messageId of await sentAbove(db, channelId, height)) {
    const reason = {
      code: "fork",
      detail: "The ledger forked and took this message's block away. The message is carried again.",
    };
    if (await appendJournal(db, { messageId, status: "pending", at: now, reason })) {
      await locateMessage(db, messageId, { channelId, txn: null, height: null });
    }
  }
  await forgetAbove(db, channelId, height);
}

/** A message of ours is in a block. Its first occurrence counts; one that this node did not post waits for finality. */
async function noteInclusion(db: Kysely<Schema>, context: PageContext, event: MessageEvent): Promise<void> {
  const { channelId } = context;
  if ((await outboxChannelOf(db, event.id)) !== channelId) return;
  if (await appendJournal(db, { messageId: event.id, status: "sent", at: context.now })) {
    await locateMessage(db, event.id, { channelId, txn: event.txn, height: event.position.height });
  }
}

async function takeEffect(
  db: Kysely<Schema>,
  context: PageContext,
  types: Map<string, TypeOnChannel>,
  event: LedgerEvent,
): Promise<"received" | "delivered" | null> {
  const { channelId } = context;
  switch (event.kind) {
    case "participant":
      await recordParticipant(db, channelId, event);
      return null;
    case "message-type":
      types.delete(event.type.predicate);
      await recordMessageType(db, channelId, event);
      return null;
    case "channel-status":
      await recordChannelStatus(db, channelId, event);
      return null;
    case "invalidation":
      if (await recordInvalidation(db, channelId, event)) {
        await recordNotifications(db, [
          { type: "certificate.revoked", messageId: event.id, at: context.now },
        ]);
      }
      return null;
    case "message":
      return deliver(db, context, await registeredType(db, channelId, types, event), event);
    case "batch":
    case "settlement":
    case "batch-invalidation":
    case "other":
      return null;
  }
}

async function registeredType(
  db: Kysely<Schema>,
  channelId: string,
  types: Map<string, TypeOnChannel>,
  event: MessageEvent,
): Promise<TypeOnChannel> {
  const { predicate } = event.message;
  const type = types.get(predicate) ?? (await typeOn(db, channelId, predicate));
  if (type === null) {
    throw new ChannelFailure(
      "stop",
      "type-unregistered",
      `The ledger carries ${event.id} of an unregistered type.`,
    );
  }
  types.set(predicate, type);
  return type;
}

/** A message is final: its certificate changes, and whoever it concerns at this node learns of it. */
async function deliver(
  db: Kysely<Schema>,
  context: PageContext,
  type: TypeOnChannel,
  event: MessageEvent,
): Promise<"received" | "delivered" | null> {
  const { participant, now } = context;
  const changed = await changeCertificate(db, context, type, event);
  let outcome: "received" | "delivered" | null = null;
  if (event.message.sender === participant) outcome = await concludeOutgoing(db, context, type, event);
  else if (event.message.receiver === participant) outcome = await receive(db, context, type, event);
  // Only now: before, the message that did it may not have been on record.
  if (changed !== null) await recordNotifications(db, [{ type: changed, messageId: event.id, at: now }]);
  return outcome;
}

/** @returns what subscribers are to be told of the certificate; null for nothing */
async function changeCertificate(
  db: Kysely<Schema>,
  { channelId }: PageContext,
  { effect, target }: TypeOnChannel,
  event: MessageEvent,
): Promise<NotificationType | null> {
  if (effect === "issue") await recordIssue(db, channelId, event);
  if (target === null) return null;
  if (effect === "acquit" && (await recordAcquittal(db, channelId, target, event)))
    return "certificate.acquitted";
  if (effect === "revoke" && (await recordRevocation(db, channelId, target, event)))
    return "certificate.revoked";
  return null;
}

async function concludeOutgoing(
  db: Kysely<Schema>,
  context: PageContext,
  type: TypeOnChannel,
  event: MessageEvent,
): Promise<"delivered" | null> {
  const { channelId, now } = context;
  const { id: messageId, message, txn } = event;
  const { height } = event.position;
  if ((await findMessage(db, messageId)) === null) {
    // Another node of our participant sent it: it is on record here, and opens nothing.
    const stored = await insertMessage(db, {
      id: messageId,
      message,
      direction: "outgoing",
      channelId,
      effect: type.effect,
      status: "delivered",
      createdAt: now,
      acceptedBy: null,
      txn,
      height,
    });
    if (stored) {
      await openJournal(db, { messageId, status: "delivered", at: now });
      return "delivered";
    }
  }
  const inLineFor = await outboxChannelOf(db, messageId);
  // A message's channel is fixed when it is accepted; an echo on another one does not end its own way.
  if (inLineFor !== null && inLineFor !== channelId) return null;
  await appendJournal(db, { messageId, status: "sent", at: now });
  if (!(await appendJournal(db, { messageId, status: "delivered", at: now }))) return null;
  await locateMessage(db, messageId, { channelId, txn, height });
  // Only what this node's own user sent opens a document, and only to whom it was sent.
  if (await removeDelivered(db, messageId, channelId)) await openToReceiver(db, { messageId, at: now });
  return "delivered";
}

async function receive(
  db: Kysely<Schema>,
  context: PageContext,
  type: TypeOnChannel,
  event: MessageEvent,
): Promise<"received" | null> {
  const { channelId, now } = context;
  const { id: messageId, message } = event;
  const stored = await insertMessage(db, {
    id: messageId,
    message,
    direction: "incoming",
    channelId,
    effect: type.effect,
    status: "received",
    createdAt: now,
    acceptedBy: null,
    txn: event.txn,
    height: event.position.height,
  });
  if (!stored) return null;
  await openJournal(db, { messageId, status: "received", at: now });
  await queueFetch(db, {
    messageId,
    digest: digestOf(message.obj),
    source: message.sender,
    channelId,
    at: now,
  });
  return "received";
}
