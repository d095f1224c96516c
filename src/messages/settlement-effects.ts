import type { Kysely } from "kysely";

import type { BatchInvalidationEvent, SettlementEvent } from "../channels/channel.ts";
import { refusal, type RefusalCode } from "../channels/refusals.ts";
import { messageId, type Message } from "../domain/message.ts";
import type { Predicate } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { recordNotifications } from "../subscriptions/notification-repository.ts";
import { nothing, type Brought } from "./batch-effects.ts";
import { bundlesOf, removeEmptyBundles } from "./bundled-repository.ts";
import { removeDelivered } from "./delivered-repository.ts";
import { certificatesAt, findBatch } from "./final-batch-repository.ts";
import {
  concludeOutgoing,
  noteInclusion,
  receive,
  type PageContext,
  type SaidMessage,
  type SaidMessages,
} from "./final-messages.ts";
import type { FinalTypes } from "./final-types.ts";
import { appendJournals } from "./journal-repository.ts";
import {
  leftOver,
  recordInvalidated,
  recordSettled,
  type LeftOver,
  type Settled,
} from "./settled-repository.ts";

/** A message that a settlement stands for, and the certificate that it is about. */
interface Told extends Settled {
  readonly said: SaidMessage;
}

/** A settlement of ours is in a block, and with it every message that it applied and that this node has in line. */
export async function noteSettlementIncluded(
  db: Kysely<Schema>,
  context: PageContext,
  event: SettlementEvent,
): Promise<void> {
  const ids = (await toldBy(db, context.channelId, event)).map(({ by }) => by);
  await noteInclusion(db, context, { ids, txn: event.txn, height: event.position.height });
}

/**
 * A settlement is final: every bit that it applied acquits, or revokes, a certificate and is a message (PROTOCOL §4). Those
 * of ours that it carried in vain fail, each for its own reason. Of a batch that is not open yet nothing is known; its
 * settlements take effect when it opens.
 */
export async function applySettlement(
  db: Kysely<Schema>,
  context: PageContext,
  types: FinalTypes,
  event: SettlementEvent,
): Promise<Brought> {
  const { channelId, participant, now } = context;
  if (event.sender !== participant && event.receiver !== participant) return nothing;
  const batch = await findBatch(db, channelId, event.id);
  if (batch?.state !== "open") return nothing;
  const { effect } = await types.get(event.predicate, `a settlement of ${event.id}`);
  if (effect !== "acquit" && effect !== "revoke") return nothing;

  const told = await toldBy(db, channelId, event);
  const settled = await recordSettled(db, channelId, effect, event.time, told);
  const messages = told.map(({ said }) => said);
  const said = { effect, txn: event.txn, height: event.position.height, messages };
  let brought = nothing;
  if (event.sender === participant) {
    const about = { channelId, batchId: event.id, target: batch.predicate as Predicate };
    brought = {
      delivered: await concludeSettled(db, context, about, { ...said, time: event.time }),
      received: 0,
    };
  } else {
    brought = { delivered: 0, received: await receive(db, context, said) };
  }
  // Only now: before, the messages that did it may not have been on record.
  const type = effect === "acquit" ? "certificate.acquitted" : "certificate.revoked";
  await recordNotifications(
    db,
    settled.map(({ by }) => ({ type, messageId: by, at: now })),
  );
  return brought;
}

/** Our own settlement: what it applied is delivered, what else it carried failed. */
async function concludeSettled(
  db: Kysely<Schema>,
  context: PageContext,
  about: Parameters<typeof leftOver>[1],
  said: SaidMessages & { readonly effect: "acquit" | "revoke"; readonly time: number },
): Promise<number> {
  const { channelId } = context;
  const ids = said.messages.map(({ id }) => id);
  const bundles = await bundlesOf(db, channelId, ids);
  const delivered = await concludeOutgoing(db, context, said);
  await failInVain(db, context, await leftOver(db, about, bundles), said);
  await removeEmptyBundles(db, channelId, bundles);
  return delivered;
}

/** The consortium's invalidation of a suspended issuer's batch, or of a part of it, is final. */
export async function applyBatchInvalidation(
  db: Kysely<Schema>,
  { channelId, now }: PageContext,
  event: BatchInvalidationEvent,
): Promise<void> {
  const certificates = await certificatesAt(db, channelId, event.id, event.applied);
  const invalidated = await recordInvalidated(
    db,
    channelId,
    event.time,
    certificates.map(({ id }) => id),
  );
  await recordNotifications(
    db,
    invalidated.map((messageId) => ({ type: "certificate.revoked", messageId, at: now })),
  );
}

async function toldBy(
  db: Kysely<Schema>,
  channelId: string,
  event: SettlementEvent,
): Promise<readonly Told[]> {
  const { sender, receiver, predicate, obj } = event;
  const certificates = await certificatesAt(db, channelId, event.id, event.applied);
  return certificates.map((certificate) => {
    const { subject } = certificate.message;
    const message: Message = { sender, receiver, subject, predicate, obj, validUntil: null };
    const id = messageId(message);
    return { certificate: certificate.id, by: id, said: { id, message } };
  });
}

/** What a settlement carried and did not apply, the ledger refused: it was settled before, or too late. */
async function failInVain(
  db: Kysely<Schema>,
  { channelId, now }: PageContext,
  left: readonly LeftOver[],
  settlement: { readonly effect: "acquit" | "revoke"; readonly time: number },
): Promise<void> {
  for (const [code, messages] of Map.groupBy(left, (each) => reasonFor(each, settlement))) {
    if (code === null) continue; // carried by another settlement, which is still on its way
    const { detail } = refusal(code);
    const messageIds = messages.map((each) => each.messageId);
    const failed = await appendJournals(db, {
      messageIds,
      status: "failed",
      at: now,
      reason: { code, detail },
    });
    await removeDelivered(db, failed, channelId);
  }
}

function reasonFor(
  { acquitted, revoked, validUntil }: LeftOver,
  { effect, time }: { readonly effect: "acquit" | "revoke"; readonly time: number },
): RefusalCode | null {
  if (effect === "acquit" && acquitted) return "CertificateAlreadyAcquitted";
  if (revoked) return "CertificateAlreadyRevoked";
  return effect === "acquit" && validUntil !== null && time > validUntil ? "CertificateExpired" : null;
}
