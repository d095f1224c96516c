import type { Kysely } from "kysely";

import type { BatchEvent } from "../channels/channel.ts";
import { openToReceivers } from "../documents/document-repository.ts";
import { queueFetches } from "../documents/fetch-repository.ts";
import { LONGEST_BODY_LINE, type BatchId, type BatchMember } from "../domain/batch.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Effect, Predicate } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { bundledIn } from "./bundled-repository.ts";
import { removeDelivered } from "./delivered-repository.ts";
import {
  findBatch,
  formedMembers,
  moveAnchored,
  placeInBatch,
  recordAnchored,
  recordMembers,
  type BatchRow,
} from "./final-batch-repository.ts";
import { concludeOutgoing, noteInclusion, receive, type PageContext } from "./final-messages.ts";
import type { FinalTypes } from "./final-types.ts";
import { recordIssues } from "./issue-repository.ts";

/** What something final brought: messages delivered, and documents put in line to be fetched. */
export interface Brought {
  readonly delivered: number;
  readonly received: number;
}

export const nothing: Brought = { delivered: 0, received: 0 };

/** A batch of ours is in a block, and with it every message that it carries for this node. */
export async function noteBatchIncluded(
  db: Kysely<Schema>,
  context: PageContext,
  { id, txn, position }: BatchEvent,
): Promise<void> {
  const ids = await bundledIn(db, context.channelId, [id]);
  await noteInclusion(db, context, { ids, txn, height: position.height });
}

/**
 * A batch is final. One of ours takes effect at once: its messages are on record here. Of one to us only the body is put in
 * line to be fetched; what it says is believed, and shown, once it has been checked (`BatchOpener`).
 */
export async function applyBatch(
  db: Kysely<Schema>,
  context: PageContext,
  types: FinalTypes,
  event: BatchEvent,
): Promise<Brought> {
  const { channelId, participant, now } = context;
  const { id, header } = event;
  const outgoing = header.sender === participant;
  if (!outgoing && header.receiver !== participant) return nothing;
  const { effect } = await types.get(header.predicate, `the batch ${id}`);
  const direction = outgoing ? "outgoing" : "incoming";
  if (!(await recordAnchored(db, { channelId, direction, effect, event, now }))) return nothing;
  if (!outgoing) {
    const body = {
      messageId: id,
      digest: digestOf(header.body),
      source: header.sender,
      maxBytes: header.count * (LONGEST_BODY_LINE + 1),
    };
    await queueFetches(db, [{ ...body, channelId, at: now }]);
    return { delivered: 0, received: 1 };
  }
  const members = await formedMembers(db, channelId, id);
  const batch = await findBatch(db, channelId, id);
  // One that another node of our participant formed waits for its body.
  if (batch === null || !isWhole(members, header.count)) return nothing;
  return (await openBatch(db, context, batch, members)) ?? nothing;
}

function isWhole(members: readonly BatchMember[], count: number): boolean {
  return members.length === count && members.every(({ index }, place) => index === place);
}

/**
 * Has a final batch take effect: its certificates are issued, and each of its messages is delivered, or received.
 *
 * @param db a transaction that has taken its turn
 * @param members all of them, checked against the anchored root
 * @returns null, having changed nothing, when it was opened or quarantined before
 */
export async function openBatch(
  db: Kysely<Schema>,
  context: PageContext,
  batch: BatchRow,
  members: readonly BatchMember[],
): Promise<Brought | null> {
  const { channelId, now } = context;
  const { txn, height, index, time_seconds: time } = batch;
  if (txn === null || height === null || index === null || time === null)
    throw new Error(`The batch ${batch.id} is not final.`);
  if (!(await moveAnchored(db, batch, { state: "open" }))) return null;
  const id = batch.id as BatchId;
  await recordMembers(db, { channelId, id }, members);
  const messages = members.map((member) => ({
    id: member.id,
    message: member.message,
    batch: { id, index: member.index },
  }));
  if (batch.effect === "issue") {
    const names = { sender: batch.sender as Domain, predicate: batch.predicate as Predicate };
    await recordIssues(db, channelId, { ...names, height, index, time, issues: messages });
  }
  const said = { effect: batch.effect as Effect, txn, height, messages };
  if (batch.direction === "incoming") return { delivered: 0, received: await receive(db, context, said) };
  const delivered = await concludeOutgoing(db, context, said);
  await placeInBatch(db, { channelId, id });
  const bundle = await removeDelivered(db, [id], channelId);
  await openToReceivers(db, { messageIds: bundle, at: now });
  return { delivered, received: 0 };
}
