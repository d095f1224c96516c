import { readFileSync } from "node:fs";

import { toHex } from "../../src/domain/hex.ts";
import { keccak256 } from "../../src/domain/keccak.ts";

/** A message type as a consortium agrees on it. */
export interface MessageTypeTerms {
  readonly name: string;
  readonly effect: keyof typeof effectNumbers;
  readonly batchable: boolean;
  /** Name of the issuing type that an acquitting or revoking type acts on. */
  readonly target?: string;
  /** Address of the contract that is asked about each message. */
  readonly hook?: string;
}

/** The contract's numbers for what a type does (`IChannel.Effect`). */
export const effectNumbers = { inform: 1, issue: 2, acquit: 3, revoke: 4 } as const;

/** The hash by which the ledger knows a domain or a message type. */
export function idOf(name: string): `0x${string}` {
  return toHex(keccak256(Buffer.from(name)));
}

/** The hash of a type's target; zero for none. */
export function targetOf(type: MessageTypeTerms): `0x${string}` {
  return type.target === undefined ? `0x${"0".repeat(64)}` : idOf(type.target);
}

export function isEffect(value: unknown): value is MessageTypeTerms["effect"] {
  return typeof value === "string" && Object.hasOwn(effectNumbers, value);
}

function parseMessageType(value: unknown, place: number): MessageTypeTerms {
  const wrong = (what: string) => new Error(`Message type ${place}: ${what}`);
  if (typeof value !== "object" || value === null) throw wrong("is not an object.");
  const { name, effect, batchable = false, target, hook, ...rest } = value as Record<string, unknown>;
  const [unknownMember] = Object.keys(rest);
  if (unknownMember !== undefined) throw wrong(`nobody knows the member "${unknownMember}".`);
  if (typeof name !== "string" || name === "") throw wrong("has no name.");
  if (!isEffect(effect)) throw wrong(`effect is one of ${Object.keys(effectNumbers).join(", ")}.`);
  if (typeof batchable !== "boolean") throw wrong("batchable is true or false.");
  if (target !== undefined && typeof target !== "string")
    throw wrong("target is the name of an issuing type.");
  if (hook !== undefined && typeof hook !== "string") throw wrong("hook is an address.");
  return {
    name,
    effect,
    batchable,
    ...(target === undefined ? {} : { target }),
    ...(hook === undefined ? {} : { hook }),
  };
}

/**
 * Reads message types out of a JSON file: a list of `{name, effect, batchable?, target?, hook?}`, an issuing type before
 * those that act on it.
 *
 * @throws Error with a sentence that says what is wrong with the file
 */
export function readMessageTypes(file: string | URL): MessageTypeTerms[] {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(value)) throw new Error("Message types are a list.");
  return value.map((each: unknown, index) => parseMessageType(each, index + 1));
}
