import { batchId, type BatchHeader, type BatchId } from "../domain/batch.ts";
import { isHex32, type Hex32 } from "../domain/hex.ts";
import { isIncluded } from "../domain/merkle-tree.ts";
import { isMessageId, messageId, parseMessage, type Message, type MessageId } from "../domain/message.ts";
import { parseMultihash, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { readBatchHeader } from "./batch-header.ts";
import { parseQrPayload } from "./qr-payload.ts";

/** What somebody presents to be verified. */
export interface Presented {
  /** Hash of the document itself, where the document or its hash was presented. */
  readonly document: Multihash | null;
  readonly pin: Pin | null;
}

/** The one issuing message that a message, receipt or QR code says is meant. */
export interface Pin {
  readonly by: "message" | "receipt" | "QR code";
  readonly id: MessageId | null;
  /** The channel that the receipt names. */
  readonly channelId: string | null;
  /** The document that it says the message names. */
  readonly multihash: Multihash | null;
  /** The message in full, where it was presented. */
  readonly message: Message | null;
  readonly inclusion: Inclusion | null;
  /** Why what was presented contradicts itself; null when it does not. */
  readonly contradiction: string | null;
  /** The offline seal that was presented, whose signature is yet to be checked; left out where none was. */
  readonly seal?: string;
}

/** The claim that a message is in a batch. */
export interface Inclusion {
  readonly batchId: BatchId;
  /** Null where only the batch's id was presented: its header is looked up. */
  readonly header: BatchHeader | null;
  readonly index: number;
  readonly proof: readonly Hex32[];
}

type Members = Readonly<Record<string, unknown>>;

const LONGEST_PROOF = 32;
const LONGEST_CHANNEL_ID = 200;

/**
 * Reads what was presented as JSON: any of `hash`, and one of `message` (with `batch`), `receipt` and `qr`.
 *
 * @throws Problem `malformed-request`, `malformed-message` or `malformed-multihash`
 */
export function readPresented(body: unknown): Presented {
  const { hash, message, batch, receipt, qr } = membersOf(body, "body");
  const pins = [message, receipt, qr].filter((each) => each !== undefined);
  if (pins.length > 1) {
    throw malformed(
      "Present one of message, receipt and qr: each of them names the one message that is meant.",
    );
  }
  if (pins.length === 0 && hash === undefined) {
    throw malformed(
      "Present a hash, a message, a receipt or a qr; a file is sent as it is, or as multipart/form-data.",
    );
  }
  if (batch !== undefined && message === undefined)
    throw malformed("A batch goes with the message that is in it.");
  return {
    document: hash === undefined ? null : parseMultihash(textOf(hash, "hash")),
    pin:
      message !== undefined
        ? pinOfMessage(message, batch)
        : receipt !== undefined
          ? pinOfReceipt(receipt)
          : qr !== undefined
            ? pinOfQr(textOf(qr, "qr"))
            : null,
  };
}

/** A pin by a message's id alone, as in the address of a QR code. @throws Problem `malformed-request` */
export function pinOfId(id: string): Pin {
  if (!isMessageId(id))
    throw malformed("message is a message's id: 0x and 64 lower-case hexadecimal digits.");
  return { ...nothing, by: "QR code", id };
}

/** What a QR code pins: the message, and the document it is on. The key that a paper's code carries goes no further. */
export function pinOfQr(payload: string): Pin {
  const { multihash, messageId: id, seal } = parseQrPayload(payload);
  return { ...nothing, by: "QR code", id, multihash, ...(seal === null ? {} : { seal }) };
}

/**
 * What a message pins: the message as on the wire, or its id.
 *
 * @param batch its place in a batch, for one that is anchored with others
 */
export function pinOfMessage(message: unknown, batch?: unknown): Pin {
  if (typeof message === "string") return { ...pinOfId(message), by: "message" };
  const content = contentOf(membersOf(message, "message"));
  const id = messageId(content);
  const inclusion = batch === undefined ? null : inclusionOf(membersOf(batch, "batch"));
  return {
    ...nothing,
    by: "message",
    id,
    multihash: content.obj,
    message: content,
    inclusion,
    contradiction: inclusion === null ? null : contradictionOf(content, inclusion),
  };
}

/**
 * What a receipt pins: a message's record, as `POST /messages` and `GET /messages/{id}` answer, or a bundle of evidence.
 * Of these, `id` is enough.
 */
export function pinOfReceipt(value: unknown): Pin {
  const receipt = membersOf(value, "receipt");
  const id = textOf(receipt.id, "receipt.id");
  if (!isMessageId(id))
    throw malformed("receipt.id is a message's id: 0x and 64 lower-case hexadecimal digits.");
  const channelId = channelOf(receipt);
  const written = receipt.message === undefined ? receipt : membersOf(receipt.message, "receipt.message");
  if (written.sender === undefined) return { ...nothing, by: "receipt", id, channelId };
  const content = contentOf(written);
  const batch = receipt.batch ?? ownInclusionOf(receipt.inclusion);
  const inclusion =
    batch === undefined || batch === null ? null : inclusionOf(membersOf(batch, "receipt.batch"));
  const own =
    messageId(content) === id
      ? null
      : "The receipt's content is not that of the message whose id it bears: one of them was changed.";
  return {
    by: "receipt",
    id,
    channelId,
    multihash: content.obj,
    message: own === null ? content : null,
    inclusion,
    contradiction: own ?? (inclusion === null ? null : contradictionOf(content, inclusion)),
  };
}

/** Of evidence, the place in a batch of the message itself, not of the certificate that it settled. */
function ownInclusionOf(inclusion: unknown): unknown {
  const settles =
    typeof inclusion === "object" &&
    inclusion !== null &&
    "kind" in inclusion &&
    inclusion.kind === "settlement";
  return settles ? undefined : inclusion;
}

const nothing = {
  id: null,
  channelId: null,
  multihash: null,
  message: null,
  inclusion: null,
  contradiction: null,
} as const;

function channelOf({ channelId, channel }: Members): string | null {
  const named =
    channelId ??
    (typeof channel === "object" && channel !== null && "id" in channel ? channel.id : undefined);
  if (named === undefined) return null;
  const text = textOf(named, "receipt.channelId");
  if (text.length > LONGEST_CHANNEL_ID) throw malformed("receipt.channelId is longer than any channel's id.");
  return text;
}

function contentOf(members: Members): Message {
  return parseMessage({
    sender: textOf(members.sender, "message.sender"),
    receiver: textOf(members.receiver, "message.receiver"),
    subject: textOf(members.subject, "message.subject"),
    predicate: textOf(members.predicate, "message.predicate"),
    obj: textOf(members.obj, "message.obj"),
    ...(members.validUntil === undefined
      ? {}
      : { validUntil: textOf(members.validUntil, "message.validUntil") }),
  });
}

function inclusionOf(batch: Members): Inclusion {
  const { index, proof } = batch;
  if (typeof index !== "number" || !Number.isSafeInteger(index) || index < 0) {
    throw malformed("batch.index is a whole number from 0 on.");
  }
  if (!Array.isArray(proof) || proof.length > LONGEST_PROOF || !proof.every(isHex32)) {
    throw malformed("batch.proof is a list of hashes: 0x and 64 lower-case hexadecimal digits each.");
  }
  if (batch.header === undefined) {
    if (!isHex32(batch.id)) throw malformed("batch has the header that was anchored, or the batch's id.");
    return { batchId: batch.id, header: null, index, proof };
  }
  const header = readBatchHeader(membersOf(batch.header, "batch.header"));
  return { batchId: batchId(header), header, index, proof };
}

/** Why a message cannot be in a batch; null where it is, or the header has to be looked up first. */
export function contradictionOf(message: Message, { header, index, proof }: Inclusion): string | null {
  if (header === null) return null;
  const same =
    message.sender === header.sender &&
    message.receiver === header.receiver &&
    message.predicate === header.predicate &&
    message.validUntil === header.validUntil;
  return same && index < header.count && isIncluded(header.root, index, messageId(message), proof)
    ? null
    : "The message is not the one at that place of the batch: the message, the batch or the proof was changed.";
}

function membersOf(value: unknown, what: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`${what} is a JSON object.`);
  }
  return value as Members;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw malformed(`${what} is a text.`);
  return value;
}

function malformed(detail: string): Problem {
  return new Problem("malformed-request", detail);
}
