import type { ExpressionBuilder, Kysely } from "kysely";

import type { InvalidationEvent, MessageEvent } from "../channels/channel.ts";
import type { BatchId } from "../domain/batch.ts";
import type { Message } from "../domain/message.ts";
import type { Domain } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";
import type { Subject } from "../domain/subject.ts";
import type { Schema } from "../store/schema.ts";
import { messageOf } from "./message-row.ts";

// SQLite takes 32,766 parameters in a statement.
const SUBJECTS_A_STATEMENT = 5_000;

/** The number of a certificate: at most one counts over all channels (PROTOCOL §4). */
export interface CertificateNumber {
  readonly issuer: Domain;
  readonly predicate: Predicate;
  readonly subject: Subject;
}

/** The message that issued a certificate, and how far it is known. */
export interface Issuance {
  readonly message: Message;
  readonly channelId: string;
  /** False while this node's own issuing message is still on its way. */
  readonly final: boolean;
  /** True when the same number was issued before, on another channel of the same type: never acquitted by this node. */
  readonly duplicate: boolean;
  /** The batch that issues it; null for one that goes alone. */
  readonly batchId: BatchId | null;
  /** By the final state of its ledger. */
  readonly acquitted: boolean;
  /** By the final state of its ledger; also where the consortium invalidated it. */
  readonly revoked: boolean;
}

/**
 * Finds what issued a certificate: by the final state of the ledgers, or else this node's own message on its way.
 *
 * @param channelId looks on this channel alone; left out, on all of them
 * @returns the certificate that counts, before any duplicate of it, and one on a production channel before one on a test
 *   channel; null when this node knows none
 */
export async function findIssuance(
  db: Kysely<Schema>,
  number: CertificateNumber,
  channelId?: string,
): Promise<Issuance | null> {
  const certificate = await db
    .selectFrom("certificate")
    .innerJoin("channel", "channel.id", "certificate.channel_id")
    .selectAll("certificate")
    .where("sender", "=", number.issuer)
    .where("predicate", "=", number.predicate)
    .where("subject", "=", number.subject)
    .$if(channelId !== undefined, (query) => query.where("channel_id", "=", channelId ?? ""))
    .orderBy("duplicate")
    .orderBy((expression) => expression.case().when("channel.type", "=", "production").then(0).else(1).end())
    .orderBy("issued_at_seconds")
    .orderBy("channel_id")
    .limit(1)
    .executeTakeFirst();
  if (certificate !== undefined) {
    return {
      message: messageOf(certificate),
      channelId: certificate.channel_id,
      final: true,
      duplicate: certificate.duplicate === 1,
      batchId: certificate.batch_id as BatchId | null,
      acquitted: certificate.acquitted_by !== null,
      revoked: certificate.revoked_by !== null || certificate.invalidated_at_seconds !== null,
    };
  }
  const underWay = await db
    .selectFrom("message")
    .selectAll()
    .where("direction", "=", "outgoing")
    .where("effect", "=", "issue")
    .where("status", "not in", ["failed", "withdrawn"])
    .where("sender", "=", number.issuer)
    .where("predicate", "=", number.predicate)
    .where("subject", "=", number.subject)
    .$if(channelId !== undefined, (query) => query.where("channel_id", "=", channelId ?? ""))
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  if (underWay === undefined) return null;
  return {
    message: messageOf(underWay),
    channelId: underWay.channel_id,
    final: false,
    duplicate: false,
    batchId: underWay.batch_id as BatchId | null,
    acquitted: false,
    revoked: false,
  };
}

/** A certificate of a batch, by the final state of its ledger. */
export interface BatchedIssuance extends Pick<
  Issuance,
  "duplicate" | "batchId" | "acquitted" | "revoked" | "final"
> {
  /** Its place in the batch. */
  readonly index: number;
}

/** The certificates of a batch with these subjects, by subject; those not on record as final are left out. */
export async function issuancesInBatch(
  db: Kysely<Schema>,
  channelId: string,
  batchId: BatchId,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, BatchedIssuance>> {
  const found = new Map<string, BatchedIssuance>();
  for (let start = 0; start < subjects.length; start += SUBJECTS_A_STATEMENT) {
    const rows = await db
      .selectFrom("certificate")
      .selectAll()
      .where("channel_id", "=", channelId)
      .where("batch_id", "=", batchId)
      .where("subject", "in", subjects.slice(start, start + SUBJECTS_A_STATEMENT))
      .execute();
    for (const row of rows) {
      found.set(row.subject, {
        index: row.batch_index ?? 0,
        batchId,
        final: true,
        duplicate: row.duplicate === 1,
        acquitted: row.acquitted_by !== null,
        revoked: row.revoked_by !== null || row.invalidated_at_seconds !== null,
      });
    }
  }
  return found;
}

/**
 * Records a final acquittal of a certificate that was issued alone; the first one counts.
 *
 * @returns whether it is the one that counts
 */
export async function recordAcquittal(
  db: Kysely<Schema>,
  channelId: string,
  target: Predicate,
  event: MessageEvent,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("certificate")
    .set({ acquitted_by: event.id, acquitted_at_seconds: event.time })
    .where("channel_id", "=", channelId)
    .where("sender", "=", event.message.receiver)
    .where("predicate", "=", target)
    .where("subject", "=", event.message.subject)
    .where("acquitted_by", "is", null)
    .where(wasIssuedAlone)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Records a final revocation, by the issuer, of a certificate that was issued alone; the first one counts.
 *
 * @returns whether it is the one that counts
 */
export async function recordRevocation(
  db: Kysely<Schema>,
  channelId: string,
  target: Predicate,
  event: MessageEvent,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("certificate")
    .set({ revoked_by: event.id, revoked_at_seconds: event.time })
    .where("channel_id", "=", channelId)
    .where("sender", "=", event.message.sender)
    .where("predicate", "=", target)
    .where("subject", "=", event.message.subject)
    .where("revoked_by", "is", null)
    .where(wasIssuedAlone)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Records that the consortium invalidated a suspended issuer's certificate.
 *
 * @returns false when that was known, or this node knows no such certificate
 */
export async function recordInvalidation(
  db: Kysely<Schema>,
  channelId: string,
  event: InvalidationEvent,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("certificate")
    .set({ invalidated_at_seconds: event.time })
    .where("channel_id", "=", channelId)
    .where("message_id", "=", event.id)
    .where("invalidated_at_seconds", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A batch may have issued the same number: its certificates are acquitted and revoked by settlements alone. */
function wasIssuedAlone(where: ExpressionBuilder<Schema, "certificate">) {
  return where.or([
    where("batch_id", "is", null),
    where.exists(
      where
        .selectFrom("ledger_event")
        .select("ledger_event.height")
        .whereRef("ledger_event.message_id", "=", "certificate.message_id")
        .whereRef("ledger_event.channel_id", "=", "certificate.channel_id")
        .where("ledger_event.kind", "=", "message")
        .where("ledger_event.final", "=", 1),
    ),
  ]);
}

/** The certificates that some messages created, by message id. */
export async function certificatesOf(
  db: Kysely<Schema>,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, Schema["certificate"]>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("certificate")
    .selectAll()
    .where("message_id", "in", [...messageIds])
    .orderBy("duplicate", "desc")
    .execute();
  return new Map(rows.map((row) => [row.message_id, row]));
}
