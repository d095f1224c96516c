import { fromHex, toHex, toWord } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import type { MessageId } from "./message-id.ts";
import { digestOf, parseMultihash, type Multihash } from "./multihash.ts";
import { parseDomain, type Domain } from "./participant.ts";
import { parsePredicate, type Predicate } from "./predicate.ts";
import { Problem } from "./problems.ts";
import { parseSubject, type Subject } from "./subject.ts";

// Apart, because pages in a browser know ids and compute none.
export { isMessageId, type MessageId } from "./message-id.ts";

/** A subject–predicate–object triple with sender and receiver (PROTOCOL §3). */
export interface Message {
  readonly sender: Domain;
  readonly receiver: Domain;
  readonly subject: Subject;
  readonly predicate: Predicate;
  readonly obj: Multihash;
  /** End of a certificate's validity, in whole seconds since 1970; null for none. */
  readonly validUntil: number | null;
}

/** A message as written in JSON: `validUntil` is an RFC 3339 date-time, left out where there is none. */
export interface WireMessage {
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly validUntil?: string;
}

const RFC3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** The last moment that RFC 3339 can write, 9999-12-31T23:59:59Z, in seconds since 1970. */
const LAST_MOMENT = 253_402_300_799;

const TYPE_HASH = keccak256(
  Buffer.from(
    "Message(string sender,string receiver,string subject,string predicate,bytes32 obj,uint64 validUntil)",
  ),
);

/** Whether a number can be an expiry: whole seconds since 1970 that RFC 3339 can write. */
export function isValidUntil(seconds: number): boolean {
  return Number.isSafeInteger(seconds) && seconds > 0 && seconds <= LAST_MOMENT;
}

// Date.parse moves 30 February to March.
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/**
 * Reads an expiry.
 *
 * @param text RFC 3339 date-time; fractions of a second are cut off
 * @returns whole seconds since 1970
 * @throws Problem `malformed-message`
 */
export function parseValidUntil(text: string): number {
  const day = RFC3339.exec(text)?.[1];
  const seconds =
    day === undefined || !isDay(day) ? Number.NaN : Math.floor(Date.parse(text.toUpperCase()) / 1000);
  if (!isValidUntil(seconds)) {
    throw new Problem(
      "malformed-message",
      "validUntil is an RFC 3339 date-time after 1970, such as 2027-06-03T00:00:00Z; leave it out for no expiry.",
    );
  }
  return seconds;
}

/**
 * Checks the form of a message whose sender and receiver are already resolved to participants.
 *
 * @throws Problem `malformed-message` or `malformed-multihash`
 */
export function parseMessage(wire: WireMessage): Message {
  return {
    sender: parseDomain(wire.sender),
    receiver: parseDomain(wire.receiver),
    subject: parseSubject(wire.subject),
    predicate: parsePredicate(wire.predicate),
    obj: parseMultihash(wire.obj),
    validUntil: wire.validUntil === undefined ? null : parseValidUntil(wire.validUntil),
  };
}

/** The JSON form of a message. */
export function toWire(message: Message): WireMessage {
  const { validUntil, ...rest } = message;
  if (validUntil === null) return rest;
  return { ...rest, validUntil: new Date(validUntil * 1000).toISOString().replace(".000Z", "Z") };
}

/**
 * The message's id: its EIP-712 struct hash, the same on every ledger. An absent expiry counts as 0; `obj` is the
 * sha2-256 digest inside the multihash.
 */
export function messageId(message: Message): MessageId {
  const text = (value: string) => keccak256(Buffer.from(value));
  return toHex(
    keccak256(
      TYPE_HASH,
      text(message.sender),
      text(message.receiver),
      text(message.subject),
      text(message.predicate),
      fromHex(digestOf(message.obj)),
      toWord(message.validUntil ?? 0),
    ),
  );
}
