import { messageId, type Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { parsePredicate, type Effect, type MessageType } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { MessageSubmission } from "../../src/channels/channel.ts";

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
/** Another issuing type, on which none of the above acts. */
export const phytosanitary = parsePredicate("UN.CEFACT.Regulatory.Phytosanitary.created");

/** The message types of the channels that tests run on, in the order in which they are registered. */
export const messageTypes: readonly Omit<MessageType, "closed">[] = [
  { predicate: created, effect: "issue", batchable: false, target: null },
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
