import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";

import { Problem } from "../domain/problems.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { IssuerConfig } from "./issuer-config.ts";

const TIMEOUT_MILLISECONDS = 5_000;
/** An unknown key id may make the keys be fetched again, but not more often than this. */
const COOLDOWN_MILLISECONDS = 30_000;
const KEEP_MILLISECONDS = 10 * 60_000;

/** Where an issuer's keys are, by OpenID Connect Discovery 1.0 §4. */
async function discover(issuer: string): Promise<URL> {
  const response = await boundedFetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (response.status !== 200) throw new Error(`discovery answered ${response.status}`);
  const document: unknown = await response.json();
  const { issuer: named, jwks_uri: jwks } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error("the discovery document names another issuer");
  const url = typeof jwks === "string" ? URL.parse(jwks) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== new URL(issuer).protocol)) {
    throw new Error("the discovery document names no keys that may be fetched");
  }
  return url;
}

/** Failures that mean "the issuer cannot be asked now", as against "this token is not good". */
function isUnreachable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  if (error instanceof errors.JOSEError) return error.code === "ERR_JOSE_GENERIC";
  return true;
}

/** How an issuer is asked for its keys. */
export interface IssuerKeysOptions {
  /** Milliseconds between two fetches for key ids that are not known; 30,000 where left out. */
  readonly cooldownMs?: number;
}

/**
 * The keys of an issuer: fetched when first needed, kept for ten minutes, fetched again for an unknown key id at most
 * twice a minute. Where they were found by discovery and cannot be had there any more, they are looked for anew. Each issuer
 * is asked by itself, so that one that is out of reach holds up nobody else's users.
 *
 * @returns a key finder for `jwtVerify`, which throws Problem `unavailable` where the issuer cannot be asked
 */
export function issuerKeys(
  config: IssuerConfig,
  { cooldownMs = COOLDOWN_MILLISECONDS }: IssuerKeysOptions = {},
): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let discovering: Promise<URL> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function located(): Promise<URL> {
    if (config.jwksUri !== null) return new URL(config.jwksUri);
    if (Date.now() - failedAt < TIMEOUT_MILLISECONDS) throw new Error("discovery failed a moment ago");
    discovering ??= discover(config.issuer);
    try {
      return await discovering;
    } catch (error) {
      failedAt = Date.now();
      throw error;
    } finally {
      discovering = undefined;
    }
  }

  return async (header, token) => {
    try {
      keys ??= createRemoteJWKSet(await located(), {
        timeoutDuration: TIMEOUT_MILLISECONDS,
        cooldownDuration: cooldownMs,
        cacheMaxAge: KEEP_MILLISECONDS,
        [customFetch]: boundedFetch,
      });
      return await keys(header, token);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (config.jwksUri === null) keys = undefined;
      throw new Problem(
        "unavailable",
        "The token's issuer cannot be asked for its keys now: try again in a moment.",
        {
          retryAfterSeconds: 5,
          cause: error,
        },
      );
    }
  };
}
