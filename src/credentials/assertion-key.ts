import { createPublicKey, type KeyObject } from "node:crypto";

import { CredentialFault } from "./credential-fault.ts";

/** What credentials are signed with; nothing else is ever taken, whatever a header says. */
export const signatureAlgorithms = ["ES256", "EdDSA"] as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** A public key, and the one algorithm that it verifies by. */
export interface AssertionKey {
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Points of small order on edwards25519, in every encoding: for such a key signatures can be made without its secret.
 * By their first byte and the 31 that follow, the sign bit left out.
 */
const SMALL_ORDER = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

/**
 * Reads a public key of a DID document: P-256 for ES256, Ed25519 for EdDSA.
 *
 * @param jwk a JWK (RFC 7517, RFC 8037) that somebody else wrote
 * @throws CredentialFault `key-refused` for any other key, and for a point that is none of its curve or of small order
 */
export function assertionKeyOf(jwk: Readonly<Record<string, unknown>>): AssertionKey {
  const { kty, crv, x, y, alg, use } = jwk;
  const algorithm =
    kty === "EC" && crv === "P-256" ? "ES256" : kty === "OKP" && crv === "Ed25519" ? "EdDSA" : null;
  if (algorithm === null) throw refused("is neither P-256 nor Ed25519");
  if ((alg !== undefined && alg !== algorithm) || (use !== undefined && use !== "sig")) {
    throw refused("is meant for something else");
  }
  if (typeof x !== "string" || !COORDINATE.test(x)) throw refused("has no proper coordinates");
  if (algorithm === "ES256" && (typeof y !== "string" || !COORDINATE.test(y))) {
    throw refused("has no proper coordinates");
  }
  if (algorithm === "EdDSA" && isOfSmallOrder(Buffer.from(x, "base64url")))
    throw refused("is of small order");
  // Only what was looked at goes in; the platform sees that the point lies on its curve.
  const members =
    algorithm === "ES256"
      ? { kty: "EC", crv: "P-256", x, y: y as string }
      : { kty: "OKP", crv: "Ed25519", x };
  try {
    return { algorithm, key: createPublicKey({ key: members, format: "jwk" }) };
  } catch (cause) {
    throw refused("is no point of its curve", cause);
  }
}

function isOfSmallOrder(point: Buffer): boolean {
  const bare = Buffer.from(point);
  bare[31] = (bare[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(bare.toString("hex"));
}

function refused(what: string, cause?: unknown): CredentialFault {
  return new CredentialFault("key-refused", `The issuer's key ${what}.`, { cause });
}
