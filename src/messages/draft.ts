import { parseMessage, type Message } from "../domain/message.ts";
import { isJurisdiction, type Domain } from "../domain/participant.ts";
import type { Effect } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";

/** A posted message of the right form. */
export interface Draft {
  /** As posted: a participant's domain or a jurisdiction. */
  readonly receiver: string;
  /** The message; where the receiver is a jurisdiction, its receiver is yet to be found and means nothing. */
  readonly message: Message;
}

const members = ["sender", "receiver", "subject", "predicate", "obj", "validUntil"] as const;

type PostedMessage = Partial<Record<(typeof members)[number], string>>;

/**
 * Reads a posted message and checks its form whole, before anything is looked up.
 *
 * @param participant the one this node runs for
 * @param body the parsed JSON
 * @throws Problem `malformed-message`, `malformed-multihash` or `foreign-sender`
 */
export function draftOf(participant: Domain, caller: UserCaller, body: unknown): Draft {
  const posted = readPosted(body);
  const sender = posted.sender ?? participant;
  if (sender !== participant || caller.participant !== participant) {
    throw new Problem(
      "foreign-sender",
      `This node speaks for ${participant} alone: leave sender out, or name that participant.`,
    );
  }
  const receiver = posted.receiver ?? "";
  const message = parseMessage({
    sender,
    receiver: isJurisdiction(receiver) ? sender : receiver,
    subject: posted.subject ?? "",
    predicate: posted.predicate ?? "",
    obj: posted.obj ?? "",
    ...(posted.validUntil === undefined ? {} : { validUntil: posted.validUntil }),
  });
  return { receiver, message };
}

/**
 * Checks that a message may carry the expiry it has.
 *
 * @param now milliseconds since 1970
 * @throws Problem `expiry-not-allowed` or `expiry-passed`
 */
export function checkExpiry({ validUntil }: Message, effect: Effect, now: number): void {
  if (validUntil === null) return;
  if (effect !== "issue") {
    throw new Problem(
      "expiry-not-allowed",
      "Only a message that issues a certificate expires: leave validUntil out.",
    );
  }
  if (Math.floor(now / 1000) > validUntil) {
    throw new Problem(
      "expiry-passed",
      "validUntil lies in the past: a certificate must be valid when it is issued.",
    );
  }
}

function readPosted(body: unknown): PostedMessage {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Problem("malformed-message", "Send the message as one JSON object.");
  }
  const posted: PostedMessage = {};
  for (const [name, value] of Object.entries(body)) {
    const member = members.find((each) => each === name);
    if (member === undefined) {
      throw new Problem("malformed-message", `A message has no member ${name.slice(0, 100)}: leave it out.`);
    }
    if (typeof value !== "string") {
      throw new Problem("malformed-message", `${member} must be a string.`);
    }
    posted[member] = value;
  }
  for (const member of ["receiver", "subject", "predicate", "obj"] as const) {
    if (posted[member] === undefined) {
      throw new Problem(
        "malformed-message",
        `${member} is missing: a message says receiver, subject, predicate and obj.`,
      );
    }
  }
  return posted;
}
