import type { Kysely } from "kysely";

import { ChannelFailure, type LedgerEvent, type LedgerPage, type MessageEvent } from "../channels/channel.ts";
import { noteActing, type ActingAccount } from "../identity/binding-repository.ts";
import {
  recordChannelStatus,
  recordMessageType,
  recordParticipant,
  type TypeOnChannel,
} from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import type { NotificationType } from "../subscriptions/notification.ts";
import { recordNotifications } from "../subscriptions/notification-repository.ts";
import { applyBatch, noteBatchIncluded, nothing, type Brought } from "./batch-effects.ts";
import { recordAcquittal, recordInvalidation, recordRevocation } from "./certificate-repository.ts";
import { locateMessages } from "./delivered-repository.ts";
import { concludeOutgoing, noteInclusion, receive, type PageContext } from "./final-messages.ts";
import { FinalTypes } from "./final-types.ts";
import { recordIssues } from "./issue-repository.ts";
import { appendJournals } from "./journal-repository.ts";
import { advanceChannel, channelRow, forgetAbove, keepEvents, noteFork, ripen } from "./ledger-repository.ts";
import { sentAbove, takeTurn } from "./message-repository.ts";
import { applyBatchInvalidation, applySettlement, noteSettlementIncluded } from "./settlement-effects.ts";

/** What a page brought, for those who are to be woken once it is committed. */
export interface PageOutcome {
  /** Documents that are to be fetched: of messages to this node's participant, and bodies of batches to it. */
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
    await noteIncluded(db, context, event);
  }
  const outcome = { received: 0, delivered: 0 };
  const types = new FinalTypes(db, channelId);
  const final = [...ripened, ...page.events.filter((each) => each.position.height <= page.final)];
  await noteActing(db, channelId, actingIn(final), context.now);
  for (const event of final) {
    const { received, delivered } = await takeEffect(db, context, types, event);
    outcome.received += received;
    outcome.delivered += delivered;
  }
  await advanceChannel(db, channelId, page, context.now);
  return outcome;
}

async function retract(db: Kysely<Schema>, context: PageContext, height: number): Promise<void> {
  const { channelId, now } = context;
  const { final, followed } = await channelRow(db, channelId);
  if (height < final) {
    throw new ChannelFailure(
      "stop",
      "fork-below-final",
      `The ledger took back what it had declared final: it forked above ${height}, but ${final} was final.`,
    );
  }
  const pending = await appendJournals(db, {
    messageIds: await sentAbove(db, channelId, height),
    status: "pending",
    at: now,
    reason: {
      code: "fork",
      detail: "The ledger forked and took this message's block away. The message is carried again.",
    },
  });
  await locateMessages(db, pending, { channelId, txn: null, height: null });
  await forgetAbove(db, channelId, height);
  await noteFork(db, channelId, Math.max(0, followed - height), now);
}

/** What is in a block, and not final yet, moves the journals of what this node has in line, and nothing else. */
async function noteIncluded(db: Kysely<Schema>, context: PageContext, event: LedgerEvent): Promise<void> {
  switch (event.kind) {
    case "message":
      if (event.message.sender !== context.participant) return;
      return noteInclusion(db, context, { ids: [event.id], txn: event.txn, height: event.position.height });
    case "batch":
      if (event.header.sender !== context.participant) return;
      return noteBatchIncluded(db, context, event);
    case "settlement":
      if (event.sender !== context.participant) return;
      return noteSettlementIncluded(db, context, event);
    default:
  }
}

async function takeEffect(
  db: Kysely<Schema>,
  context: PageContext,
  types: FinalTypes,
  event: LedgerEvent,
): Promise<Brought> {
  const { channelId } = context;
  switch (event.kind) {
    case "participant":
      await recordParticipant(db, channelId, event);
      return nothing;
    case "message-type":
      types.forget(event.type.predicate);
      await recordMessageType(db, channelId, event);
      return nothing;
    case "channel-status":
      await recordChannelStatus(db, channelId, event);
      return nothing;
    case "invalidation":
      if (await recordInvalidation(db, channelId, event)) {
        await recordNotifications(db, [
          { type: "certificate.revoked", messageId: event.id, at: context.now },
        ]);
      }
      return nothing;
    case "message":
      return deliver(db, context, types, event);
    case "batch":
      return applyBatch(db, context, types, event);
    case "settlement":
      return applySettlement(db, context, types, event);
    case "batch-invalidation":
      await applyBatchInvalidation(db, context, event);
      return nothing;
    case "other":
      return nothing;
  }
}

/** A message is final: its certificate changes, and whoever it concerns at this node learns of it. */
async function deliver(
  db: Kysely<Schema>,
  context: PageContext,
  types: FinalTypes,
  event: MessageEvent,
): Promise<Brought> {
  const { participant, now } = context;
  const { id, message, position, txn } = event;
  const type = await types.get(message.predicate, id);
  const changed = await changeCertificate(db, context, type, event);
  const said = { effect: type.effect, txn, height: position.height, messages: [{ id, message }] };
  let brought = nothing;
  if (message.sender === participant) {
    brought = { delivered: await concludeOutgoing(db, context, said), received: 0 };
  } else if (message.receiver === participant) {
    brought = { delivered: 0, received: await receive(db, context, said) };
  }
  // Only now: before, the message that did it may not have been on record.
  if (changed !== null) await recordNotifications(db, [{ type: changed, messageId: id, at: now }]);
  return brought;
}

/** @returns what subscribers are to be told of the certificate; null for nothing */
async function changeCertificate(
  db: Kysely<Schema>,
  { channelId }: PageContext,
  { effect, target }: TypeOnChannel,
  event: MessageEvent,
): Promise<NotificationType | null> {
  const { id, message, position, time } = event;
  const { sender, predicate } = message;
  if (effect === "issue") {
    await recordIssues(db, channelId, { sender, predicate, ...position, time, issues: [{ id, message }] });
  }
  if (target === null) return null;
  if (effect === "acquit" && (await recordAcquittal(db, channelId, target, event)))
    return "certificate.acquitted";
  if (effect === "revoke" && (await recordRevocation(db, channelId, target, event)))
    return "certificate.revoked";
  return null;
}

/** Who has acted for whom. */
function actingIn(events: readonly LedgerEvent[]): readonly ActingAccount[] {
  return events.flatMap((event): readonly ActingAccount[] => {
    switch (event.kind) {
      case "message":
        return [{ participant: event.message.sender, account: event.operator }];
      case "batch":
        return [{ participant: event.header.sender, account: event.operator }];
      case "settlement":
        return [{ participant: event.sender, account: event.operator }];
      default:
        return [];
    }
  });
}
