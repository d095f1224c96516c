import { createHash } from "node:crypto";

import type {
  AnchorSubmission,
  BatchBits,
  MessageSubmission,
  SettlementSubmission,
} from "../../src/channels/channel.ts";
import { batchId, bodyLine, type BatchHeader } from "../../src/domain/batch.ts";
import { toHex, toWord } from "../../src/domain/hex.ts";
import { MerkleTree } from "../../src/domain/merkle-tree.ts";
import { messageId, type Message, type MessageId } from "../../src/domain/message.ts";
import { multihashOf, type Multihash } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { parsePredicate, type Effect, type MessageType, type Predicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";

export const au = parseDomain("homeaffairs.gov.au");
export const cn = parseDomain("customs.gov.cn");
export const sg = parseDomain("customs.gov.sg");
/** Invited to the channel, and never seated. */
export const nz = parseDomain("customs.govt.nz");

const prefix = "UN.CEFACT.Regulatory.CertificateOfOrigin";
export const created = parsePredicate(`${prefix}.created`);
export const acquitted = parsePredicate(`${prefix}.acquitted`);
export const revoked = parsePredicate(`${prefix}.revoked`);
export const attached = parsePredicate(`${prefix}.attached`);
/** Another issuing type, not batchable, on which none of the above acts. */
export const phytosanitary = parsePredicate("UN.CEFACT.Regulatory.Phytosanitary.created");

/** The message types of the channels that tests run on, in the order in which they are registered. */
export const messageTypes: readonly Omit<MessageType, "closed">[] = [
  { predicate: created, effect: "issue", batchable: true, target: null },
  { predicate: acquitted, effect: "acquit", batchable: false, target: created },
  { predicate: revoked, effect: "revoke", batchable: false, target: created },
  { predicate: attached, effect: "inform", batchable: true, target: null },
  { predicate: phytosanitary, effect: "issue", batchable: false, target: null },
];

/** What a participant's node says of itself. */
export function endpointOf(domain: string): string {
  return `https://icl.${domain}`;
}

const digest = "9b2c5c1a4d5a3b0f6f1a4c9e8d7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b";

/** A message from Australia to China about certificate WBC208897, but for what `changes` says. */
export function message(changes: Partial<Message> = {}): Message {
  return {
    sender: au,
    receiver: cn,
    subject: parseSubject("chamber.com.au:chafta-coo:WBC208897"),
    predicate: created,
    obj: multihashOf(digest),
    validUntil: null,
    ...changes,
  };
}

/** The acquittal of a certificate by its receiver. */
export function acquittalOf(issuance: Message, changes: Partial<Message> = {}): Message {
  const { receiver, sender } = issuance;
  return {
    ...issuance,
    sender: receiver,
    receiver: sender,
    predicate: acquitted,
    validUntil: null,
    ...changes,
  };
}

/** The revocation of a certificate by its issuer. */
export function revocationOf(issuance: Message, changes: Partial<Message> = {}): Message {
  return { ...issuance, predicate: revoked, validUntil: null, ...changes };
}

/** A submission; `effect` follows from the predicate, and `attempt` tells two tries of one message apart. */
export function submission(
  about: Message,
  options: { readonly issuance?: Message; readonly attempt?: number } = {},
): MessageSubmission {
  const effect: Effect = messageTypes.find((type) => type.predicate === about.predicate)?.effect ?? "inform";
  return {
    kind: "message",
    key: `${messageId(about)}:${options.attempt ?? 1}:1`,
    message: about,
    effect,
    issuance: options.issuance ?? null,
  };
}

/** A batch as its sender forms it. */
export interface TestBatch {
  readonly header: BatchHeader;
  readonly messages: readonly Message[];
  readonly ids: readonly MessageId[];
  readonly tree: MerkleTree;
  /** The body's text, whose hash the header names. */
  readonly body: string;
}

/**
 * A batch of so many messages: certificates from Australia to China unless `changes` says otherwise.
 *
 * @param changes what all messages of it have in common; `series` (0 to 255) tells the subjects of two batches apart
 */
export function batch(
  count: number,
  changes: Partial<Pick<Message, "sender" | "receiver" | "predicate" | "validUntil">> & {
    readonly series?: number;
  } = {},
): TestBatch {
  const { series = 0, ...common } = changes;
  const messages = Array.from({ length: count }, (_, index) => {
    const number = toHex(toWord(series * 0x1_0000_0000 + index)).slice(-12);
    const obj = multihashOf(createHash("sha256").update(`${series} ${index}`).digest("hex"));
    return message({ ...common, subject: parseSubject(`urn:uuid:7c0ffee0-0000-4000-8000-${number}`), obj });
  });
  const ids = messages.map(messageId);
  const tree = new MerkleTree(ids);
  const body = messages.map(bodyLine).join("");
  const { sender, receiver, predicate, validUntil } = messages[0] ?? message(common);
  const hash = multihashOf(createHash("sha256").update(body).digest("hex"));
  const header: BatchHeader = { sender, receiver, predicate, validUntil, root: tree.root, count, body: hash };
  return { header, messages, ids, tree, body };
}

/** The anchor of a batch; `attempt` tells two tries apart. */
export function anchorOf({ header }: { readonly header: BatchHeader }, attempt = 1): AnchorSubmission {
  return { kind: "anchor", key: `${batchId(header)}:${attempt}:1`, header };
}

/** The bits of a batch's certificates at these indexes. */
export function bitsOf(indexes: Iterable<number>): readonly BatchBits[] {
  const masks = new Map<number, bigint>();
  for (const index of indexes) {
    const word = Math.floor(index / 256);
    masks.set(word, (masks.get(word) ?? 0n) | (1n << BigInt(index % 256)));
  }
  return [...masks].map(([word, mask]) => ({ word, mask: toHex(toWord(mask)) }));
}

/** The acquittal or revocation, as `predicate` says, of a batch's certificates at these indexes. */
export function settlementOf(
  { header }: { readonly header: BatchHeader },
  predicate: Predicate,
  indexes: Iterable<number>,
  options: { readonly obj?: Multihash; readonly attempt?: number } = {},
): SettlementSubmission {
  const { obj = multihashOf(digest), attempt = 1 } = options;
  const bits = bitsOf(indexes);
  const named = bits.map(({ word, mask }) => `${word} ${mask}`).join(" ");
  const about = createHash("sha256").update(`${predicate} ${obj} ${named}`).digest("hex");
  return { kind: "settlement", key: `${batchId(header)}:${about}:${attempt}`, header, predicate, obj, bits };
}
