import type { Kysely } from "kysely";

import {
  ChannelFailure,
  type Channel,
  type EvidencePlace,
  type SettlementEvent,
} from "../channels/channel.ts";
import { batchId, type BatchHeader, type BatchId } from "../domain/batch.ts";
import { MerkleTree } from "../domain/merkle-tree.ts";
import { toWire, type Message, type MessageId } from "../domain/message.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import { certificatesOf } from "../messages/certificate-repository.ts";
import type { MessageRow } from "../messages/message-repository.ts";
import { messageOf } from "../messages/message-row.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { batchHeaderToWire } from "./batch-header.ts";
import {
  attestedBytes,
  EVIDENCE_FORMAT,
  type EvidenceBundle,
  type EvidenceContent,
  type StatedCertificate,
  type WireInclusion,
} from "./evidence-bundle.ts";
import { anchorings, effectOn, isApplied } from "./issuance-repository.ts";

/** What evidence is exported from. */
export interface EvidenceOptions {
  readonly store: Store;
  readonly participant: Domain;
  /** The open channels whose ledgers are believed. */
  readonly channels: () => readonly Channel[];
  /** Base URL under which others reach this node, without trailing slash. */
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where a ledger recorded a message, and in what. */
interface Recorded {
  readonly place: EvidencePlace;
  /** Seconds since 1970, by the ledger's clock. */
  readonly time: number;
  readonly inclusion: WireInclusion | null;
}

/** Statuses from which a message is never taken back. */
const FINAL: ReadonlySet<string> = new Set([
  "delivered",
  "received",
  "fetching",
  "available",
  "fetch-failed",
]);

/**
 * Makes a self-contained bundle of evidence for a message that is final on its ledger.
 *
 * @param row the message, which its reader may see
 * @throws Problem `message-not-final`; `unavailable` when the ledger cannot prove it now
 */
export async function exportEvidence(options: EvidenceOptions, row: MessageRow): Promise<EvidenceBundle> {
  const { store, participant, now } = options;
  if (!FINAL.has(row.status)) throw notFinal(row.status);
  const channel = options.channels().find(({ description }) => description.id === row.channel_id);
  if (channel === undefined) throw unavailable();
  const message = messageOf(row);
  const recorded = await findRecord(store.db, row, message);
  if (recorded === null) throw notFinal(row.status);
  const { description } = channel;
  try {
    const content: EvidenceContent = {
      format: EVIDENCE_FORMAT,
      id: row.id as MessageId,
      message: toWire(message),
      effect: (await effectOn(store.db, row.channel_id, row.predicate)) ?? row.effect,
      channel: {
        id: description.id,
        name: description.name,
        technology: description.technology,
        network: description.network,
        type: description.type,
      },
      place: {
        txn: recorded.place.txn,
        ...recorded.place.position,
        time: new Date(recorded.time * 1000).toISOString(),
      },
      inclusion: recorded.inclusion,
      ledger: await channel.evidence(recorded.place),
      certificate: await stateCertificate(options, channel, row, recorded.inclusion),
      exportedAt: new Date(now()).toISOString(),
      exportedBy: participant,
      node: options.publicUrl,
    };
    const { account, signature } = await channel.signAsNode(attestedBytes(content));
    return {
      ...content,
      attestation: { account, signature: `0x${Buffer.from(signature).toString("hex")}` },
    };
  } catch (error) {
    if (error instanceof ChannelFailure) throw unavailable(error);
    throw error;
  }
}

/** A message's own event, or that of the batch it is in, or of the settlement that it is a bit of. */
async function findRecord(db: Kysely<Schema>, row: MessageRow, message: Message): Promise<Recorded | null> {
  const own = await finalEvent(db, row.channel_id, "message", row.id);
  if (own !== null) return { ...own, inclusion: null };
  if (row.effect === "acquit" || row.effect === "revoke") return findSettlement(db, row, message);
  if (row.batch_id === null || row.batch_index === null) return null;
  const place = { channelId: row.channel_id, batchId: row.batch_id as BatchId, index: row.batch_index };
  const anchored = await finalEvent(db, row.channel_id, "batch", row.batch_id);
  const shown = await placeInBatch(db, place);
  return anchored === null || shown === null ? null : { ...anchored, inclusion: { kind: "batch", ...shown } };
}

async function findSettlement(
  db: Kysely<Schema>,
  row: MessageRow,
  message: Message,
): Promise<Recorded | null> {
  const certificates = await db
    .selectFrom("certificate")
    .selectAll()
    .where("channel_id", "=", row.channel_id)
    .where("sender", "in", [message.sender, message.receiver])
    .where("subject", "=", message.subject)
    .where("batch_id", "is not", null)
    .execute();
  for (const certificate of certificates) {
    const { batch_id: id, batch_index: index } = certificate;
    if (id === null || index === null) continue;
    const events = await db
      .selectFrom("ledger_event")
      .selectAll()
      .where("channel_id", "=", row.channel_id)
      .where("message_id", "=", id)
      .where("kind", "=", "settlement")
      .where("final", "=", 1)
      .orderBy("height")
      .orderBy("index")
      .execute();
    for (const found of events) {
      const event = JSON.parse(found.event) as SettlementEvent;
      const { sender, predicate, obj } = message;
      const same = event.sender === sender && event.predicate === predicate && event.obj === obj;
      if (!same || !isApplied(event, index)) continue;
      const shown = await placeInBatch(db, { channelId: row.channel_id, batchId: id as BatchId, index });
      if (shown === null) continue;
      const issuance = toWire(messageOf(certificate));
      return { ...placeOf(found), inclusion: { kind: "settlement", issuance, ...shown } };
    }
  }
  return null;
}

/** A message's place in its batch, with its proof; null where this node has not every message of the batch. */
async function placeInBatch(
  db: Kysely<Schema>,
  {
    channelId,
    batchId: id,
    index,
  }: { readonly channelId: string; readonly batchId: BatchId; readonly index: number },
): Promise<Pick<WireInclusion, "header" | "index" | "proof"> | null> {
  const anchored = await anchorings(db, id);
  const header = anchored.find((each) => each.channelId === channelId)?.header;
  if (header === undefined) return null;
  const ids = await memberIds(db, channelId, id, header);
  if (ids === null) return null;
  return { header: batchHeaderToWire(header), index, proof: new MerkleTree(ids).proof(index) };
}

async function memberIds(
  db: Kysely<Schema>,
  channelId: string,
  id: BatchId,
  header: BatchHeader,
): Promise<readonly MessageId[] | null> {
  const members = await db
    .selectFrom("batch_member")
    .select("message_id as id")
    .where("batch_id", "=", id)
    .where("channel_id", "=", channelId)
    .orderBy("batch_index")
    .execute();
  // Our own batch has its members on record by themselves until it is open.
  const rows =
    members.length > 0
      ? members
      : await db
          .selectFrom("message")
          .select("id")
          .where("batch_id", "=", id)
          .where("channel_id", "=", channelId)
          .where("predicate", "=", header.predicate)
          .orderBy("batch_index")
          .execute();
  const ids = rows.map((row) => row.id as MessageId);
  if (ids.length !== header.count || new MerkleTree(ids).root !== header.root) return null;
  return batchId(header) === id ? ids : null;
}

async function finalEvent(
  db: Kysely<Schema>,
  channelId: string,
  kind: "message" | "batch",
  id: string,
): Promise<Omit<Recorded, "inclusion"> | null> {
  const row = await db
    .selectFrom("ledger_event")
    .selectAll()
    .where("channel_id", "=", channelId)
    .where("message_id", "=", id)
    .where("kind", "=", kind)
    .where("final", "=", 1)
    .orderBy("height")
    .orderBy("index")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : placeOf(row);
}

function placeOf(row: Schema["ledger_event"]): Omit<Recorded, "inclusion"> {
  const { txn, height, index } = row;
  return { place: { txn, position: { height, index } }, time: row.time_seconds };
}

async function stateCertificate(
  { store, publicUrl }: EvidenceOptions,
  channel: Channel,
  row: MessageRow,
  inclusion: WireInclusion | null,
): Promise<StatedCertificate | null> {
  const certificate = (await certificatesOf(store.db, [row.id])).get(row.id);
  if (certificate?.channel_id !== row.channel_id) return null;
  const message = messageOf(row);
  const header =
    inclusion?.kind === "batch" && row.batch_id !== null
      ? (await anchorings(store.db, row.batch_id as BatchId))[0]?.header
      : undefined;
  const state =
    header === undefined || inclusion === null
      ? await channel.certificateState(message)
      : await channel.batchedCertificateState(header, inclusion.index);
  const evidenceOf = (id: string) => `${publicUrl}/messages/${id}/evidence`;
  const moment = (seconds: number | null) =>
    seconds === null ? null : new Date(seconds * 1000).toISOString();
  const { acquitted_by: acquittedBy, revoked_by: revokedBy } = certificate;
  const { issued, acquitted, revoked, expired } = state;
  return {
    ...{ issued, acquitted, revoked, expired },
    duplicate: certificate.duplicate === 1,
    acquittedBy,
    acquittedAt: moment(certificate.acquitted_at_seconds),
    revokedBy,
    revokedAt: moment(certificate.revoked_at_seconds ?? certificate.invalidated_at_seconds),
    links: {
      document: `${publicUrl}/documents/${message.obj}`,
      ...(acquittedBy === null ? {} : { acquittal: evidenceOf(acquittedBy) }),
      ...(revokedBy === null ? {} : { revocation: evidenceOf(revokedBy) }),
    },
  };
}

function notFinal(status: string): Problem {
  const never = status === "failed" || status === "withdrawn";
  return new Problem(
    "message-not-final",
    never
      ? `The message is ${status}: no ledger recorded it, and there is nothing to prove.`
      : `The message is ${status}: ask again once it is final on its ledger.`,
  );
}

function unavailable(cause?: unknown): Problem {
  return new Problem("unavailable", "The ledger cannot prove this message now: try again in a while.", {
    retryAfterSeconds: 30,
    ...(cause === undefined ? {} : { cause }),
  });
}
