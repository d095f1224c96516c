import { createPrivateKey, createPublicKey } from "node:crypto";

import { calculateJwkThumbprint } from "jose";

import { readSecret } from "../secret.ts";
import { assertionKeyOf } from "./assertion-key.ts";
import type { CredentialIssuerConfig } from "./credentials-config.ts";
import { didKeyOf } from "./did-key.ts";
import type { SigningKey } from "./vc-jwt.ts";

/** A key of an issuer, and what others may know of it. */
export interface IssuerKey extends SigningKey {
  readonly did: string;
  readonly name: string | null;
  readonly publicJwk: Readonly<Record<string, string>>;
}

const FRAGMENT = /^[A-Za-z0-9._~-]{1,100}$/;

/** The keys that a node signs credentials with. */
export class IssuerKeys {
  readonly all: readonly IssuerKey[];

  constructor(keys: readonly IssuerKey[]) {
    this.all = keys;
  }

  /** The key that signs for an issuer; null where there is none. */
  of(did: string): IssuerKey | null {
    return this.all.find((key) => key.did === did) ?? null;
  }

  /** Every key of an issuer. */
  allOf(did: string): readonly IssuerKey[] {
    return this.all.filter((key) => key.did === did);
  }
}

/**
 * Opens the configured keys.
 *
 * @throws Error naming the issuer, and nothing of the key, where one is not usable
 */
export async function openIssuerKeys(issuers: readonly CredentialIssuerConfig[]): Promise<IssuerKeys> {
  return new IssuerKeys(
    await Promise.all(
      issuers.map(async ({ did, key, name }) => {
        const opened = await signingKeyOf(did, readSecret(key));
        if (opened === null)
          throw new Error(`the key of ${did} is no private JWK, P-256 or Ed25519, of this DID`);
        return { ...opened, name };
      }),
    ),
  );
}

/**
 * Reads a private JWK. The key's own `kid` names it within a `did:web`, or else its thumbprint (RFC 7638).
 *
 * @param text JSON; nothing of it is in any error
 * @returns null for what is no such key, or not the key of this `did:key`
 */
export async function signingKeyOf(did: string, text: string): Promise<Omit<IssuerKey, "name"> | null> {
  try {
    const jwk = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const key = createPrivateKey({ key: jwk, format: "jwk" });
    const exported = createPublicKey(key).export({ format: "jwk" });
    const publicJwk = Object.fromEntries(
      Object.entries(exported).map(([name, value]) => [name, String(value)]),
    );
    const { algorithm } = assertionKeyOf({
      ...publicJwk,
      ...(jwk.alg === undefined ? {} : { alg: jwk.alg }),
    });
    if (did.startsWith("did:key:")) {
      const own = didKeyOf(publicJwk);
      return own === did
        ? { did, algorithm, key, publicJwk, kid: `${did}#${did.slice("did:key:".length)}` }
        : null;
    }
    const named = typeof jwk.kid === "string" && FRAGMENT.test(jwk.kid) ? jwk.kid : null;
    return {
      did,
      algorithm,
      key,
      publicJwk,
      kid: `${did}#${named ?? (await calculateJwkThumbprint(publicJwk))}`,
    };
  } catch {
    // Whatever is wrong with it, its text is not to be seen anywhere.
    return null;
  }
}
