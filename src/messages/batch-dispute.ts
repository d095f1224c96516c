import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";

import type { Kysely } from "kysely";

import { ChannelFailure, type Channel } from "../channels/channel.ts";
import { recordDocument, recordIntent } from "../documents/document-repository.ts";
import type { DocumentStore, StoredContent } from "../documents/document-store.ts";
import type { BatchFault, BatchId } from "../domain/batch.ts";
import { fromHex } from "../domain/hex.ts";
import { messageId, type Message } from "../domain/message.ts";
import { multihashOf } from "../domain/multihash.ts";
import type { Predicate } from "../domain/predicate.ts";
import { parseSubject, type Subject } from "../domain/subject.ts";
import type { Logger } from "../log.ts";
import { typeOn } from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import { headerOf, type BatchRow } from "./final-batch-repository.ts";
import { openJournals } from "./journal-repository.ts";
import { insertMessages } from "./message-repository.ts";
import { enqueue } from "./outbox-repository.ts";

/** What disputing works with. */
export interface DisputeOptions {
  readonly db: Kysely<Schema>;
  readonly files: DocumentStore;
  readonly log: Logger;
  /** @throws ChannelFailure `retry` when the channel is not open */
  readonly channel: (channelId: string) => Channel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The message that answers a batch whose body lies, and its stored report. */
export interface Dispute {
  readonly channelId: string;
  readonly message: Message;
  readonly report: StoredContent;
}

const LAST_SEGMENT = /[^.:]+$/;
const REPORT_BYTES = 64 * 1024;
/** Who is on record as having brought the report: the node itself. */
const REPORTER = "node batches";

/**
 * Writes the report on a batch whose body lies, and the message that answers it: of the batch's type, with `disputed` in
 * place of its last segment.
 *
 * @returns null, and says so in the log, where the channel has no such informing type, or this node may not send it
 */
export async function prepareDispute(
  options: DisputeOptions,
  batch: BatchRow,
  fault: BatchFault,
): Promise<Dispute | null> {
  const { db, files, log } = options;
  const { sender, receiver, root, body, predicate } = headerOf(batch);
  const channelId = batch.channel_id;
  const disputed = predicate.replace(LAST_SEGMENT, "disputed") as Predicate;
  const type = await typeOn(db, channelId, disputed);
  if (type?.effect !== "inform" || type.closed) {
    log.warn("a lying batch is not answered: its channel has no type for disputes", {
      ...{ channelId, batchId: batch.id, type: disputed },
    });
    return null;
  }
  const report = {
    ...{ batch: batch.id, channel: channelId, sender, predicate, root, body },
    fault: { code: fault.code, detail: fault.message },
    at: new Date(options.now()).toISOString(),
    salt: randomBytes(16).toString("base64url"),
  };
  const bytes = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
  const stored = await files.put(Readable.from([bytes], { objectMode: false }), { maxBytes: REPORT_BYTES });
  const message: Message = {
    sender: receiver,
    receiver: sender,
    subject: subjectOf(batch.id as BatchId),
    predicate: disputed,
    obj: multihashOf(stored.digest),
    validUntil: null,
  };
  const refused = await refusalOf(options, channelId, message);
  if (refused !== null) {
    log.warn("a lying batch is not answered: the ledger would refuse the dispute", {
      ...{ channelId, batchId: batch.id, type: disputed, reason: refused },
    });
    return null;
  }
  return { channelId, message, report: stored };
}

/**
 * Puts a dispute in line for its channel, with the intent to open the report to the batch's sender.
 *
 * @param db the transaction that quarantines the batch
 */
export async function sayDispute(db: Kysely<Schema>, dispute: Dispute, at: number): Promise<void> {
  const { channelId, message, report } = dispute;
  const id = messageId(message);
  const stored = { mediaType: "application/json", origin: "user", storedBy: REPORTER } as const;
  await recordDocument(db, { ...report, ...stored, at });
  await insertMessages(db, [
    {
      ...{ id, message, channelId, txn: null, height: null },
      direction: "outgoing",
      effect: "inform",
      status: "pending",
      createdAt: at,
      acceptedBy: REPORTER,
    },
  ]);
  await openJournals(db, { messageIds: [id], status: "pending", at });
  await enqueue(db, [{ messageId: id, channelId, attempt: 1, groupKey: null, bulk: false, dueAt: at }]);
  await recordIntent(db, { messageId: id, digest: report.digest, participant: message.receiver });
}

/** Says nothing of goods: a UUID (version 8, RFC 9562) out of the batch's id, the same at every node. */
function subjectOf(id: BatchId): Subject {
  const bytes = Buffer.from(fromHex(id).subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return parseSubject(`urn:uuid:${parts.join("-")}`);
}

/** The code for which the ledger would refuse; null where it would not, or where it cannot be asked now. */
async function refusalOf(
  options: DisputeOptions,
  channelId: string,
  message: Message,
): Promise<string | null> {
  const key = `${messageId(message)}:1:1`;
  try {
    const judgement = await options.channel(channelId).judge({
      ...{ kind: "message", key, message },
      ...{ effect: "inform", issuance: null },
    });
    return judgement.accepted ? null : judgement.refusal.code;
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return error.code === "no-operator-key" ? error.code : null;
  }
}
