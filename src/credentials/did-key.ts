import { ECDH } from "node:crypto";

import { base58btc } from "multiformats/bases/base58";

import { DidFailure, type DidDocument, type ResolveDid } from "../identity/did-document.ts";
import { assertionKeyOf } from "./assertion-key.ts";

/** Multicodec prefixes as varints: p256-pub 0x1200 and ed25519-pub 0xed. */
const P256 = [0x80, 0x24] as const;
const ED25519 = [0xed, 0x01] as const;
const LONGEST = 120;

/**
 * Resolves a `did:key` (did:key 0.9), which is its own document: P-256 in compressed form, and Ed25519.
 *
 * @throws DidFailure `invalid` for any other form or kind of key, and for a point that is none
 */
export function resolveDidKey(did: string): DidDocument {
  const wrong = (cause?: unknown) =>
    new DidFailure("invalid", "This did:key holds no P-256 or Ed25519 key.", { cause });
  const encoded = did.startsWith("did:key:z") && did.length <= LONGEST ? did.slice("did:key:".length) : null;
  if (encoded === null) throw wrong();
  let jwk: Readonly<Record<string, string>>;
  try {
    const bytes = base58btc.decode(encoded);
    // One key has one name: what decodes to it otherwise is somebody's trick.
    if (base58btc.encode(bytes) !== encoded) throw new Error("not canonical");
    jwk = jwkOf(bytes);
    assertionKeyOf(jwk);
  } catch (cause) {
    throw wrong(cause);
  }
  const id = `${did}#${encoded}`;
  return {
    id: did,
    verificationMethods: [{ id, type: "JsonWebKey", controller: did, publicKeyJwk: jwk }],
    assertionMethods: new Set([id]),
  };
}

/**
 * The `did:key` of a public key.
 *
 * @param jwk P-256 or Ed25519; its private member is not looked at
 * @throws CredentialFault `key-refused`
 */
export function didKeyOf(jwk: Readonly<Record<string, unknown>>): string {
  const { algorithm } = assertionKeyOf({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y });
  const x = Buffer.from(String(jwk.x), "base64url");
  if (algorithm === "EdDSA") return `did:key:${base58btc.encode(Buffer.concat([Buffer.from(ED25519), x]))}`;
  const isOdd = ((Buffer.from(String(jwk.y), "base64url").at(-1) ?? 0) & 1) === 1;
  return `did:key:${base58btc.encode(Buffer.concat([Buffer.from([...P256, isOdd ? 3 : 2]), x]))}`;
}

/**
 * Resolves a DID by its method: `did:key` here, `did:web` as told, and no other.
 *
 * @param web resolves `did:web`
 */
export function resolverOf(web: ResolveDid): ResolveDid {
  return async (did) => {
    if (did.startsWith("did:key:")) return resolveDidKey(did);
    if (did.startsWith("did:web:")) return web(did);
    throw new DidFailure("invalid", "This node knows did:web and did:key only.");
  };
}

function jwkOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  const [first, second] = bytes;
  const point = Buffer.from(bytes.subarray(2));
  if (first === ED25519[0] && second === ED25519[1] && point.length === 32) {
    return { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") };
  }
  if (first === P256[0] && second === P256[1] && point.length === 33) {
    const whole = ECDH.convertKey(point, "prime256v1", undefined, undefined, "uncompressed") as Buffer;
    return {
      kty: "EC",
      crv: "P-256",
      x: whole.subarray(1, 33).toString("base64url"),
      y: whole.subarray(33).toString("base64url"),
    };
  }
  throw new Error("another key");
}
