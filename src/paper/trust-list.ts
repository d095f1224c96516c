import { compactVerify, decodeProtectedHeader, importJWK } from "jose";

import { isDomain, type Domain } from "../domain/participant.ts";

/** A key that makes seals, as its participant publishes it. */
export interface TrustedKey {
  /** A DID URL. */
  readonly kid: string;
  /** P-256, its public members alone. */
  readonly jwk: Readonly<Record<string, string>>;
}

/** Why a participant's keys are not on a list. */
export type TrustProblem = "unreachable" | "invalid" | "no-key" | "not-asked-yet";

/** A participant of the channels of a node, and the keys that make its seals. */
export interface TrustedParticipant {
  readonly domain: Domain;
  readonly jurisdiction: string;
  /** On the channels that count: those of production, where it is on any. */
  readonly status: "active" | "suspended";
  /** Ids of the channels that it is on. */
  readonly channels: readonly string[];
  readonly keys: readonly TrustedKey[];
  readonly problem?: TrustProblem;
}

/** Whose seals a node believes, for whoever checks them without a network. */
export interface TrustList {
  readonly format: typeof TRUST_LIST_FORMAT;
  /** RFC 3339 in UTC. */
  readonly asOf: string;
  /** The participant whose node made it. */
  readonly by: Domain;
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: "test" | "production";
  }[];
  readonly participants: readonly TrustedParticipant[];
}

export const TRUST_LIST_FORMAT = "icl-trust-list-1";
/** `typ` of a list that is signed. */
export const TRUST_LIST_TYPE = "icl-trust-list+jws";

const LARGEST = 4 * 1024 * 1024;
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** A file that is no trust list, or was changed since it was signed; the message says which. */
export class TrustListFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TrustListFault";
  }
}

/**
 * Reads a trust list: JSON, or the same signed (a compact JWS by a key of the participant whose list it is).
 *
 * @returns `signed`: whether its own maker signed it. Whether to believe that maker is for who brought the file to say
 * @throws TrustListFault
 */
export async function readTrustList(
  text: string,
): Promise<{ readonly list: TrustList; readonly signed: boolean }> {
  const written = text.trim();
  if (written.length > LARGEST) throw new TrustListFault("The file is larger than any trust list.");
  if (!JWS.test(written)) return { list: listIn(written), signed: false };
  const [, payload = ""] = written.split(".");
  const list = listIn(textOf(payload));
  const keys = list.participants.find(({ domain }) => domain === list.by)?.keys ?? [];
  const key = keys.find(({ kid }) => kid === kidIn(written));
  if (key === undefined) throw new TrustListFault("The trust list is not signed by a key of its maker's.");
  try {
    await compactVerify(written, await importJWK({ ...key.jwk }, "ES256"), { algorithms: ["ES256"] });
  } catch {
    throw new TrustListFault("The trust list was changed since it was signed.");
  }
  return { list, signed: true };
}

function kidIn(jws: string): string | null {
  try {
    const { alg, typ, kid } = decodeProtectedHeader(jws);
    return alg === "ES256" && typ === TRUST_LIST_TYPE && kid !== undefined ? kid : null;
  } catch {
    return null; // no header
  }
}

function textOf(base64url: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notOne();
  }
}

function listIn(text: string): TrustList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notOne(); // the parser would quote it
  }
  if (!isTrustList(value)) throw notOne();
  return value;
}

type Members = Readonly<Record<string, unknown>>;

function isTrustList(value: unknown): value is TrustList {
  return (
    isObject(value) &&
    value.format === TRUST_LIST_FORMAT &&
    typeof value.by === "string" &&
    isDomain(value.by) &&
    typeof value.asOf === "string" &&
    !Number.isNaN(Date.parse(value.asOf)) &&
    Array.isArray(value.channels) &&
    Array.isArray(value.participants) &&
    value.participants.every(isParticipant)
  );
}

function isParticipant(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.domain === "string" &&
    isDomain(value.domain) &&
    typeof value.jurisdiction === "string" &&
    (value.status === "active" || value.status === "suspended") &&
    Array.isArray(value.keys) &&
    value.keys.every((key: unknown) => isObject(key) && typeof key.kid === "string" && isObject(key.jwk))
  );
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notOne(): TrustListFault {
  return new TrustListFault("The file is no trust list: export one with icl trust-list, or GET /trust-list.");
}
