import type { BatchHeader } from "../domain/batch.ts";
import { isHex32, type Hex32 } from "../domain/hex.ts";
import { parseValidUntil } from "../domain/message.ts";
import { parseMultihash } from "../domain/multihash.ts";
import { parseDomain } from "../domain/participant.ts";
import { parsePredicate } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";

/** A batch's header in JSON: `validUntil` is an RFC 3339 date-time, left out where there is none. */
export interface WireBatchHeader {
  readonly sender: string;
  readonly receiver: string;
  readonly predicate: string;
  readonly validUntil?: string;
  readonly root: Hex32;
  readonly count: number;
  readonly body: string;
}

export function batchHeaderToWire({ validUntil, ...rest }: BatchHeader): WireBatchHeader {
  if (validUntil === null) return rest;
  return { ...rest, validUntil: new Date(validUntil * 1000).toISOString().replace(".000Z", "Z") };
}

/** @throws Problem `malformed-request`, `malformed-message` or `malformed-multihash` */
export function readBatchHeader(header: Readonly<Record<string, unknown>>): BatchHeader {
  const { root, count, validUntil } = header;
  if (!isHex32(root)) throw malformed("root is a hash: 0x and 64 lower-case hexadecimal digits");
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) {
    throw malformed("count is a whole number from 1 on");
  }
  const text = (name: string): string => {
    const value = header[name];
    if (typeof value !== "string") throw malformed(`${name} is a text`);
    return value;
  };
  return {
    sender: parseDomain(text("sender")),
    receiver: parseDomain(text("receiver")),
    predicate: parsePredicate(text("predicate")),
    validUntil: validUntil === undefined || validUntil === null ? null : parseValidUntil(text("validUntil")),
    root,
    count,
    body: parseMultihash(text("body")),
  };
}

function malformed(what: string): Problem {
  return new Problem("malformed-request", `In a batch's header, ${what}.`);
}
