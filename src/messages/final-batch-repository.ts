import type { Kysely, Selectable } from "kysely";

import type { BatchBits, BatchEvent, LedgerEvent } from "../channels/channel.ts";
import type { BatchHeader, BatchId } from "../domain/batch.ts";
import type { Hex32 } from "../domain/hex.ts";
import type { Message, MessageId } from "../domain/message.ts";
import { digestOf, multihashOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Effect, Predicate } from "../domain/predicate.ts";
import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";
import { messageOf } from "./message-row.ts";

export type BatchRow = Selectable<Schema["batch"]>;

/** A certificate of a batch at its place. */
export interface BatchedCertificate {
  readonly index: number;
  readonly id: MessageId;
  /** The message that issued it. */
  readonly message: Message;
}

const WORD = 256;

/** What was anchored of a batch on record. */
export function headerOf(row: BatchRow): BatchHeader {
  return {
    sender: row.sender as Domain,
    receiver: row.receiver as Domain,
    predicate: row.predicate as Predicate,
    validUntil: row.valid_until,
    root: row.root as Hex32,
    count: row.count,
    body: multihashOf(row.body),
  };
}

/** A batch on record; null when neither its sender nor its receiver is this node's participant. */
export async function findBatch(
  db: Kysely<Schema>,
  channelId: string,
  id: BatchId,
): Promise<BatchRow | null> {
  const row = await db
    .selectFrom("batch")
    .selectAll()
    .where("channel_id", "=", channelId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Puts on record that a batch is anchored finally: one of ours that was formed here, or one not known before.
 *
 * @param anchored `now`: milliseconds since 1970
 * @returns false, having changed nothing, when that is on record
 */
export async function recordAnchored(
  db: Kysely<Schema>,
  anchored: {
    readonly channelId: string;
    readonly direction: "incoming" | "outgoing";
    readonly effect: Effect;
    readonly event: BatchEvent;
    readonly now: number;
  },
): Promise<boolean> {
  const { header, id, position, time, txn } = anchored.event;
  const place = {
    state: "anchored" as const,
    fault_code: null,
    fault_detail: null,
    txn,
    height: position.height,
    index: position.index,
    time_seconds: time,
  };
  const row = await db
    .insertInto("batch")
    .values({
      channel_id: anchored.channelId,
      id,
      direction: anchored.direction,
      sender: header.sender,
      receiver: header.receiver,
      predicate: header.predicate,
      effect: anchored.effect,
      valid_until: header.validUntil,
      root: header.root,
      count: header.count,
      body: digestOf(header.body),
      created_at: anchored.now,
      ...place,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["channel_id", "id"])
        .doUpdateSet(place)
        .where("batch.state", "in", ["formed", "failed"]),
    )
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Moves a batch on from `anchored`.
 *
 * @returns false, having changed nothing, when another replica was quicker
 */
export async function moveAnchored(
  db: Kysely<Schema>,
  batch: Pick<BatchRow, "channel_id" | "id">,
  to:
    | { readonly state: "open" }
    | { readonly state: "quarantined"; readonly code: string; readonly detail: string },
): Promise<boolean> {
  const fault =
    to.state === "quarantined" ? { fault_code: to.code, fault_detail: to.detail } : { fault_code: null };
  const { numUpdatedRows } = await db
    .updateTable("batch")
    .set({ state: to.state, ...fault })
    .where("channel_id", "=", batch.channel_id)
    .where("id", "=", batch.id)
    .where("state", "=", "anchored")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * The final batches whose bodies are here to be opened, in the order of ledger time: to us, where the sender's node has shown
 * the body on the batch's channel; of ours, where another node formed them and our user brought the body.
 */
export async function batchesToOpen(db: Kysely<Schema>): Promise<readonly BatchRow[]> {
  return db
    .selectFrom("batch")
    .innerJoin("document", "document.digest", "batch.body")
    .selectAll("batch")
    .where("batch.state", "=", "anchored")
    .where((where) =>
      where.or([
        where("document.origin", "=", "user").and("batch.direction", "=", "outgoing"),
        where.exists(
          where
            .selectFrom("document_fetch as fetch")
            .select("fetch.state")
            .whereRef("fetch.message_id", "=", "batch.id")
            .whereRef("fetch.channel_id", "=", "batch.channel_id")
            .where("fetch.state", "=", "done"),
        ),
      ]),
    )
    .orderBy("batch.time_seconds")
    .orderBy("batch.channel_id")
    .orderBy("batch.height")
    .orderBy("batch.index")
    .execute();
}

/** What a ledger has finally said about a batch since it was anchored, in ledger order. */
export async function laterEvents(
  db: Kysely<Schema>,
  channelId: string,
  id: BatchId,
): Promise<readonly LedgerEvent[]> {
  const rows = await db
    .selectFrom("ledger_event")
    .select("event")
    .where("channel_id", "=", channelId)
    .where("message_id", "=", id)
    .where("kind", "in", ["settlement", "batch-invalidation"])
    .where("final", "=", 1)
    .orderBy("height")
    .orderBy("index")
    .execute();
  return rows.map((row) => JSON.parse(row.event) as LedgerEvent);
}

/** The messages of a batch that was formed here, in their order; as many as are still on record as its members. */
export async function formedMembers(
  db: Kysely<Schema>,
  channelId: string,
  id: BatchId,
): Promise<readonly BatchedCertificate[]> {
  const rows = await db
    .selectFrom("message")
    .selectAll()
    .where("batch_id", "=", id)
    .where("channel_id", "=", channelId)
    .where("direction", "=", "outgoing")
    .orderBy("batch_index")
    .execute();
  return rows.map((row) => ({
    index: row.batch_index ?? -1,
    id: row.id as MessageId,
    message: messageOf(row),
  }));
}

/** Puts on record which message is at which place of a batch. */
export async function recordMembers(
  db: Kysely<Schema>,
  batch: { readonly channelId: string; readonly id: BatchId },
  members: readonly { readonly index: number; readonly id: MessageId }[],
): Promise<void> {
  for (const chunk of chunksOf(members)) {
    const rows = chunk.map(({ index, id }) => ({
      channel_id: batch.channelId,
      batch_id: batch.id,
      batch_index: index,
      message_id: id,
    }));
    await db.insertInto("batch_member").values(rows).execute();
  }
}

/** Names the batch in those of its delivered messages that are on record as going alone: another node of ours anchored it. */
export async function placeInBatch(
  db: Kysely<Schema>,
  { channelId, id }: { readonly channelId: string; readonly id: BatchId },
): Promise<void> {
  await db
    .updateTable("message")
    .from("batch_member as member")
    .set((from) => ({ batch_id: id, batch_index: from.ref("member.batch_index") }))
    .where("member.channel_id", "=", channelId)
    .where("member.batch_id", "=", id)
    .whereRef("message.id", "=", "member.message_id")
    .where("message.channel_id", "=", channelId)
    .where("message.direction", "=", "outgoing")
    .where("message.batch_id", "is", null)
    .execute();
}

/** The certificates of an open batch that some bits stand for, in their order. */
export async function certificatesAt(
  db: Kysely<Schema>,
  channelId: string,
  id: BatchId,
  bits: readonly BatchBits[],
): Promise<readonly BatchedCertificate[]> {
  const found: BatchedCertificate[] = [];
  for (const { word, mask } of bits) {
    const set = BigInt(mask);
    const rows = await db
      .selectFrom("batch_member as member")
      .innerJoin("certificate", (join) =>
        join
          .onRef("certificate.channel_id", "=", "member.channel_id")
          .onRef("certificate.message_id", "=", "member.message_id"),
      )
      .selectAll("certificate")
      .select("member.batch_index as place")
      .where("member.channel_id", "=", channelId)
      .where("member.batch_id", "=", id)
      .where("member.batch_index", ">=", WORD * word)
      .where("member.batch_index", "<", WORD * (word + 1))
      .orderBy("member.batch_index")
      .execute();
    for (const row of rows) {
      if (((set >> BigInt(row.place - WORD * word)) & 1n) === 0n) continue;
      found.push({ index: row.place, id: row.message_id as MessageId, message: messageOf(row) });
    }
  }
  return found;
}
