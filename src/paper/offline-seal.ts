import { decode, encode } from "cborg";
import { calculateJwkThumbprint, type CryptoKey } from "jose";
import { base16 } from "multiformats/bases/base16";

import type { MessageId } from "../domain/message-id.ts";
import { digestOf, multihashOf, type Multihash } from "../domain/multihash.ts";
import { isDomain, type Domain } from "../domain/participant.ts";
import { fromBase45, toBase45 } from "./base45.ts";
import { sealedStatuses, type SealedStatus } from "./document-seal.ts";
import { fitLines, type SealedLine } from "./fit-lines.ts";

/** What an offline seal says. */
export interface SealedFacts {
  /** The participant that issued the certificate, and signed. */
  readonly issuer: Domain;
  readonly status: SealedStatus;
  /** When it stood so, in milliseconds since 1970: what became of it since, only the ledger knows. */
  readonly statusAsOf: number;
  /** Milliseconds since 1970; null where nothing is said. */
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  readonly multihash: Multihash;
  readonly messageId: MessageId;
  /** The message type; null where it is too long to be said. */
  readonly type: string | null;
  /** Key facts to hold against the paper, most important first: what each is called, and the fact, cut with `…` where it is long. */
  readonly lines: readonly SealedLine[];
}

/** A P-256 key that makes seals. */
export interface SealKey {
  /** Made for ECDSA with P-256, to sign. */
  readonly key: CryptoKey;
  /** Its public part, as the participant's DID document has it. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** A seal that was read: its form was looked at, its signature was not. */
export interface ReadSeal {
  readonly facts: SealedFacts;
  /** The beginning of the key's thumbprint, in hexadecimal. */
  readonly kid: string;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What was signed. */
  readonly signed: Uint8Array<ArrayBuffer>;
}

/** A text that is no offline seal. Nothing of the text is in it. */
export class SealFault extends Error {
  constructor() {
    super(
      "This is no offline seal of a certificate: scan the code again, with the whole square in the picture.",
    );
    this.name = "SealFault";
  }
}

/** How a text begins that is an offline seal of the first kind. */
export const SEAL_PREFIX = "ICL1:";

/** Characters of the longest seal that is made, and that is read. */
export const LONGEST_MADE = 699;
const LONGEST_READ = 1_000;
/** Three characters stand for two bytes. */
const MOST_BYTES = Math.floor((LONGEST_MADE - SEAL_PREFIX.length) / 3) * 2;
/** Issuer and type together, in characters, where the type is said. */
const LONGEST_NAMES = 200;

const SIGN1 = 0xd2; // tag 18
const ALG = 1;
const KID = 4;
const ES256 = -7;
const KID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const LAST_SECOND = 253_402_300_799; // of the year 9999
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Members of the payload, a CBOR map. */
const ISSUER = 1;
const STATUS = 2;
const STATUS_AS_OF = 3;
const VALID_FROM = 4;
const VALID_UNTIL = 5;
const DIGEST = 6;
const MESSAGE = 7;
const TYPE = 8;
const LINES = 9;

/**
 * Makes an offline seal: `ICL1:` and, in base45 (RFC 9285), a COSE_Sign1 (RFC 9052) by ES256 over a CBOR map in
 * deterministic encoding (RFC 8949 §4.2). Lines are cut, and at last left out, so that it always has fewer than 700 characters;
 * nothing else is.
 */
export async function signOfflineSeal(facts: SealedFacts, { key, publicJwk }: SealKey): Promise<string> {
  const kid = base16.baseDecode(await keyIdOf(publicJwk));
  const header = bytesOf(new Map<number, unknown>([[ALG, ES256], [KID, kid]])); // prettier-ignore
  const blank = new Uint8Array(SIGNATURE_BYTES);
  const sizeWith = (lines: readonly SealedLine[]) =>
    envelope(header, payloadOf({ ...facts, lines }), blank).length;
  const lines = fitLines(facts.lines, (some) => sizeWith(some) <= MOST_BYTES);
  const payload = payloadOf({ ...facts, lines });
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    key,
    toBeSigned(header, payload),
  );
  return SEAL_PREFIX + toBase45(envelope(header, payload, new Uint8Array(signature)));
}

/**
 * Reads an offline seal that anybody may have made. Its encoding must be the one there is: what decodes to the same from other
 * bytes is refused.
 *
 * @throws SealFault
 */
export function readOfflineSeal(text: string): ReadSeal {
  if (text.length > LONGEST_READ || !text.startsWith(SEAL_PREFIX)) throw new SealFault();
  try {
    return readEnvelope(fromBase45(text.slice(SEAL_PREFIX.length)));
  } catch {
    throw new SealFault(); // the decoders would quote the text
  }
}

/** Whether a key made a seal's signature. @param jwk a public JWK that somebody else wrote; any but P-256 made none */
export async function isSignedBy(seal: ReadSeal, jwk: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { kty, crv, x, y } = jwk;
  if (kty !== "EC" || crv !== "P-256" || typeof x !== "string" || typeof y !== "string") return false;
  try {
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ALGORITHM, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, seal.signature, seal.signed);
  } catch {
    return false; // no point of the curve
  }
}

/** How seals name a key: the first bytes of its thumbprint (RFC 7638), in hexadecimal. */
export async function keyIdOf(jwk: Readonly<Record<string, unknown>>): Promise<string> {
  const thumbprint = await calculateJwkThumbprint({
    kty: "EC",
    crv: "P-256",
    x: String(jwk.x),
    y: String(jwk.y),
  });
  const bytes = Uint8Array.from(atob(thumbprint.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  return base16.baseEncode(bytes.subarray(0, KID_BYTES));
}

function payloadOf(facts: SealedFacts): Uint8Array<ArrayBuffer> {
  const { issuer, type, lines } = facts;
  const members = new Map<number, unknown>([
    [ISSUER, issuer],
    [STATUS, sealedStatuses.indexOf(facts.status)],
    [STATUS_AS_OF, secondsOf(facts.statusAsOf)],
    ...(facts.validFrom === null ? [] : [[VALID_FROM, secondsOf(facts.validFrom)] as const]),
    ...(facts.validUntil === null ? [] : [[VALID_UNTIL, secondsOf(facts.validUntil)] as const]),
    [DIGEST, base16.baseDecode(digestOf(facts.multihash))],
    [MESSAGE, base16.baseDecode(facts.messageId.slice(2))],
    ...(type === null || issuer.length + type.length > LONGEST_NAMES ? [] : [[TYPE, type] as const]),
    ...(lines.length === 0 ? [] : [[LINES, lines.flat()] as const]),
  ]);
  return bytesOf(members);
}

function secondsOf(milliseconds: number): number {
  return Math.min(LAST_SECOND, Math.max(0, Math.floor(milliseconds / 1000)));
}

/** A copy of its own: what the encoder hands out may be a view of something larger. */
function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(encode(value));
}

function envelope(header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([SIGN1, ...bytesOf([header, new Map(), payload, signature])]);
}

/** Sig_structure of RFC 9052 §4.4. */
function toBeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytesOf(["Signature1", header, new Uint8Array(0), payload]);
}

/** @throws any Error for what is no seal */
function readEnvelope(bytes: Uint8Array<ArrayBuffer>): ReadSeal {
  if (bytes[0] !== SIGN1) throw new SealFault();
  const parts = canonical(bytes.subarray(1));
  if (!Array.isArray(parts) || parts.length !== 4) throw new SealFault();
  const [header, unprotected, payload, signature] = parts as readonly unknown[];
  if (!isBytes(header) || !isBytes(payload) || !isBytes(signature)) throw new SealFault();
  if (!(unprotected instanceof Map) || unprotected.size !== 0) throw new SealFault();
  if (signature.length !== SIGNATURE_BYTES) throw new SealFault();
  return {
    facts: readFacts(canonical(payload)),
    kid: readKeyId(canonical(header)),
    signature: Uint8Array.from(signature),
    signed: toBeSigned(header, payload),
  };
}

/** Decodes bytes that must be the one encoding of what they say. */
function canonical(bytes: Uint8Array): unknown {
  const value: unknown = decode(bytes, {
    ...{ strict: true, useMaps: true, rejectDuplicateMapKeys: true },
    ...{ allowIndefinite: false, allowUndefined: false, allowBigInt: false },
  });
  const again = encode(value);
  if (again.length !== bytes.length || again.some((byte, place) => byte !== bytes[place])) {
    throw new SealFault();
  }
  return value;
}

/** ES256 and a key's name, and nothing else: no other algorithm, no key that a seal brings along. */
function readKeyId(header: unknown): string {
  if (!(header instanceof Map) || header.size !== 2 || header.get(ALG) !== ES256) throw new SealFault();
  const kid: unknown = header.get(KID);
  if (!isBytes(kid) || kid.length !== KID_BYTES) throw new SealFault();
  return base16.baseEncode(kid);
}

function readFacts(payload: unknown): SealedFacts {
  if (!(payload instanceof Map)) throw new SealFault();
  const members: ReadonlyMap<unknown, unknown> = payload;
  for (const name of members.keys()) {
    if (typeof name !== "number" || name < ISSUER || name > LINES) throw new SealFault();
  }
  const issuer = members.get(ISSUER);
  const status = sealedStatuses[readNumber(members.get(STATUS))];
  const type = members.get(TYPE) ?? null;
  if (typeof issuer !== "string" || !isDomain(issuer) || status === undefined) throw new SealFault();
  if (type !== null && typeof type !== "string") throw new SealFault();
  return {
    ...{ issuer, status, type },
    statusAsOf: readNumber(members.get(STATUS_AS_OF)) * 1000,
    validFrom: readMoment(members.get(VALID_FROM)),
    validUntil: readMoment(members.get(VALID_UNTIL)),
    multihash: multihashOf(readHash(members.get(DIGEST))),
    messageId: `0x${readHash(members.get(MESSAGE))}`,
    lines: readLines(members.get(LINES) ?? []),
  };
}

function readNumber(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > LAST_SECOND) {
    throw new SealFault();
  }
  return value;
}

function readMoment(value: unknown): number | null {
  return value === undefined ? null : readNumber(value) * 1000;
}

function readHash(value: unknown): string {
  if (!isBytes(value) || value.length !== 32) throw new SealFault();
  return base16.baseEncode(value);
}

function readLines(value: unknown): readonly SealedLine[] {
  if (!Array.isArray(value) || value.length % 2 !== 0) throw new SealFault();
  const texts = value as readonly unknown[];
  const lines: SealedLine[] = [];
  for (let at = 0; at < texts.length; at += 2) {
    const [label, text] = [texts[at], texts[at + 1]];
    if (typeof label !== "string" || typeof text !== "string") throw new SealFault();
    lines.push([label, text]);
  }
  return lines;
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
