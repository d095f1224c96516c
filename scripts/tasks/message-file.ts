import { readFileSync, statSync } from "node:fs";

import type { Authorisation } from "../../src/channels/evm/authorisation.ts";
import { parseMessage, toWire, type Message, type WireMessage } from "../../src/domain/message.ts";
import { address, refuse } from "./words.ts";

/** A message that its operator has signed, on its way to whoever brings it to the ledger. */
export interface SignedMessage {
  readonly chainId: bigint;
  readonly channel: string;
  readonly message: Message;
  /** The message that issued, where this one acquits or revokes; else null. */
  readonly about: Message | null;
  readonly authorisation: Authorisation;
}

const MOST_BYTES = 65_536;
const UINT256 = /^\d{1,78}$/;
const members = ["sender", "receiver", "subject", "predicate", "obj"] as const;

/**
 * Reads a message from a JSON file, in the form it has on the wire.
 *
 * @throws HardhatPluginError with a sentence that says what is wrong with the file
 */
export function readMessage(file: string): Message {
  return message(readJson(file), file);
}

/**
 * Reads what `channel:sign-message` printed.
 *
 * @throws HardhatPluginError with a sentence that says what is wrong with the file
 */
export function readSignedMessage(file: string): SignedMessage {
  const wrong = (member: string) => refuse(`${file}: ${member} is not as channel:sign-message writes it.`);
  const {
    chainId,
    channel,
    message: signed,
    about,
    signer,
    nonce,
    deadline,
    signature,
  } = record(readJson(file), file);
  if (typeof chainId !== "string" || !UINT256.test(chainId)) throw wrong("chainId");
  if (typeof channel !== "string") throw wrong("channel");
  if (typeof signer !== "string") throw wrong("signer");
  if (typeof nonce !== "string" || !UINT256.test(nonce)) throw wrong("nonce");
  if (typeof deadline !== "number" || !Number.isSafeInteger(deadline)) throw wrong("deadline");
  if (typeof signature !== "string" || !/^0x(?:[0-9a-f]{2})+$/i.test(signature)) throw wrong("signature");
  return {
    chainId: BigInt(chainId),
    channel: address(channel),
    message: message(signed, file),
    about: about === undefined ? null : message(about, file),
    authorisation: { signer: address(signer), nonce: BigInt(nonce), deadline, signature },
  };
}

/** A signed message as {@link readSignedMessage} reads it: big numbers are written as strings. */
export function writeSignedMessage({
  chainId,
  channel,
  message,
  about,
  authorisation,
}: SignedMessage): string {
  const { signer, nonce, deadline, signature } = authorisation;
  const signed = {
    chainId: String(chainId),
    channel,
    message: toWire(message),
    ...(about === null ? {} : { about: toWire(about) }),
    signer,
    nonce: String(nonce),
    deadline,
    signature,
  };
  return JSON.stringify(signed, null, 2);
}

function message(value: unknown, file: string): Message {
  const wire = record(value, file);
  for (const member of members) {
    if (typeof wire[member] !== "string") throw refuse(`${file}: the message's ${member} is no text.`);
  }
  const { validUntil } = wire;
  if (validUntil !== undefined && typeof validUntil !== "string") {
    throw refuse(`${file}: validUntil is a date and time, such as 2027-06-03T00:00:00Z.`);
  }
  try {
    return parseMessage(wire as unknown as WireMessage);
  } catch (error) {
    throw error instanceof Error ? refuse(`${file}: ${error.message}`, error) : error;
  }
}

function record(value: unknown, file: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw refuse(`${file}: this is no message.`);
  return value as Record<string, unknown>;
}

function readJson(file: string): unknown {
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error("it is too large.");
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw error instanceof Error ? refuse(`${file} cannot be read: ${error.message}`, error) : error;
  }
}
