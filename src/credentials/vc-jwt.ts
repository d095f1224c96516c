import { compactVerify, CompactSign } from "jose";
import type { KeyObject } from "node:crypto";

import { isDid, type DidDocument } from "../identity/did-document.ts";
import { assertionKeyOf, signatureAlgorithms, type SignatureAlgorithm } from "./assertion-key.ts";
import { CredentialFault } from "./credential-fault.ts";

/** The media type of a credential that is secured as a JWT (W3C VC JOSE COSE 1.0 §3.1.1). */
export const CREDENTIAL_MEDIA_TYPE = "application/vc+jwt";

/** Bytes of the largest credential that is looked at. */
export const LARGEST_CREDENTIAL = 256 * 1024;

/** A credential as it came: its form was looked at, its signature was not. */
export interface VcJwt {
  /** The whole, as three base64url parts. */
  readonly text: string;
  readonly algorithm: SignatureAlgorithm;
  /** The key that is said to have signed it: an absolute DID URL. */
  readonly kid: string;
  /** The DID of that key. */
  readonly did: string;
  /** Parsed JSON, not looked at. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A key that credentials are signed with. */
export interface SigningKey {
  /** The absolute DID URL by which others find its public part. */
  readonly kid: string;
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** By these a header would say where the key is, or that it means something else than it says. None is believed. */
const REFUSED_MEMBERS = ["crit", "jku", "jwk", "x5u", "x5c", "b64", "zip", "enc"];
const LONGEST_KID = 512;

/**
 * Reads a credential secured as `vc+jwt` (W3C VC JOSE COSE 1.0 §3.1): size, header and that its payload is a JSON object.
 * The algorithms are this node's own choice, the key is to be found through the issuer's DID alone.
 *
 * @param text the compact JWS
 * @throws CredentialFault `not-a-credential`, `credential-too-large`, `header-malformed`, `header-refused`,
 *   `algorithm-refused`, `media-type-refused`, `key-id-malformed`, `issuer-mismatch` or `credential-malformed`
 */
export function readVcJwt(text: string): VcJwt {
  if (text.length > LARGEST_CREDENTIAL) {
    throw new CredentialFault(
      "credential-too-large",
      `A credential has ${LARGEST_CREDENTIAL} bytes at most: leave out what is not part of the certificate.`,
    );
  }
  if (!FORM.test(text)) {
    throw new CredentialFault(
      "not-a-credential",
      "The document is no compact JWS: send a credential as vc+jwt.",
    );
  }
  const [head = "", body = ""] = text.split(".");
  const header = objectIn(head, "header-malformed", "The credential's header is no JSON object.");
  const { algorithm, kid, did } = readHeader(header);
  const payload = objectIn(body, "credential-malformed", "The credential's payload is no JSON object.");
  const issuer = issuerIn(payload.issuer);
  if (issuer !== did || (header.iss !== undefined && header.iss !== issuer)) {
    throw new CredentialFault(
      "issuer-mismatch",
      "The key in the credential's header, its issuer and its iss must be of one DID.",
    );
  }
  return { text, algorithm, kid, did, payload };
}

/**
 * Checks a credential's signature against its issuer's DID document: the key must stand there to sign assertions, and be
 * of the algorithm that the header names.
 *
 * @param document of the DID that `jwt` names
 * @throws CredentialFault `key-unknown`, `key-not-asserting`, `key-refused`, `algorithm-refused` or `signature-invalid`
 */
export async function verifyVcJwt(jwt: VcJwt, document: DidDocument): Promise<void> {
  const method = document.verificationMethods.find(({ id }) => id === jwt.kid);
  if (document.id !== jwt.did || method?.publicKeyJwk === undefined) {
    throw new CredentialFault("key-unknown", "The issuer's DID document has no such key.");
  }
  if (method.controller !== jwt.did || !document.assertionMethods.has(jwt.kid)) {
    throw new CredentialFault("key-not-asserting", "The issuer does not let this key sign what it asserts.");
  }
  await verifySignature(jwt, method.publicKeyJwk);
}

/**
 * Checks a signature by a key that is known to be the signer's.
 *
 * @throws CredentialFault `key-refused`, `algorithm-refused` or `signature-invalid`
 */
export async function verifySignature(
  { text, algorithm }: Pick<VcJwt, "text" | "algorithm">,
  publicKeyJwk: Readonly<Record<string, unknown>>,
): Promise<void> {
  const known = assertionKeyOf(publicKeyJwk);
  if (known.algorithm !== algorithm) {
    throw new CredentialFault(
      "algorithm-refused",
      "The issuer's key signs by another algorithm than the header names.",
    );
  }
  try {
    await compactVerify(text, known.key, { algorithms: [algorithm] });
  } catch (cause) {
    throw new CredentialFault("signature-invalid", "The signature is not the issuer's over this content.", {
      cause,
    });
  }
}

/**
 * Signs a credential.
 *
 * @param payload the VC 2.0 JSON, whose issuer is the DID of the key
 * @returns the compact JWS
 */
export async function signVcJwt(
  payload: Readonly<Record<string, unknown>>,
  { kid, algorithm, key }: SigningKey,
): Promise<string> {
  const header = { alg: algorithm, typ: "vc+jwt", cty: "vc", kid };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader(header)
    .sign(key);
}

function readHeader(header: Readonly<Record<string, unknown>>): Pick<VcJwt, "algorithm" | "kid" | "did"> {
  const refused = REFUSED_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) {
    throw new CredentialFault("header-refused", `A credential's header may not have the member ${refused}.`);
  }
  const algorithm = signatureAlgorithms.find((name) => name === header.alg);
  if (algorithm === undefined) {
    throw new CredentialFault(
      "algorithm-refused",
      `Credentials are signed by ${signatureAlgorithms.join(" or ")} only.`,
    );
  }
  if (header.typ !== "vc+jwt" || (header.cty !== undefined && header.cty !== "vc")) {
    throw new CredentialFault("media-type-refused", "The header must say typ vc+jwt, and cty vc or none.");
  }
  const { kid } = header;
  const [did = "", fragment = ""] =
    typeof kid === "string" && kid.length <= LONGEST_KID ? kid.split("#") : [];
  if (!isDid(did) || kid !== `${did}#${fragment}` || !/^[A-Za-z0-9._~:-]+$/.test(fragment)) {
    throw new CredentialFault(
      "key-id-malformed",
      "The header's kid must be a DID, #, and the name of a key of it.",
    );
  }
  return { algorithm, kid, did };
}

/** The issuer of a payload that was not looked at yet; null where it has none. */
function issuerIn(issuer: unknown): string | null {
  const id: unknown = typeof issuer === "object" && issuer !== null && "id" in issuer ? issuer.id : issuer;
  return typeof id === "string" ? id : null;
}

function objectIn(
  part: string,
  code: "header-malformed" | "credential-malformed",
  sentence: string,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    const bytes = Buffer.from(part, "base64url");
    // Of two spellings of the same bytes only one is taken.
    if (bytes.toString("base64url") !== part) throw new Error("not canonical");
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new CredentialFault(code, sentence, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CredentialFault(code, sentence);
  return value as Readonly<Record<string, unknown>>;
}
