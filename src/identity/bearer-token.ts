import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";

import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Role, UserCaller } from "./caller.ts";
import type { IssuerConfig } from "./issuer-config.ts";
import { issuerKeys } from "./issuer-keys.ts";

const TOKEN_CHARACTERS = 8_192;
const SUBJECT_CHARACTERS = 255;
const TOLERANCE_SECONDS = 30;

interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: JWTVerifyGetKey;
}

const invalid = (detail: string, cause?: unknown) => new Problem("token-invalid", detail, { cause });

/** The scopes or role names of a token: `scope` (RFC 8693), `scp` and `roles` (as fielded). */
function grantsOf(payload: JWTPayload): readonly string[] {
  return [payload.scope, payload.scp, payload.roles].flatMap((claim) => {
    if (typeof claim === "string") return claim.split(" ");
    return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
  });
}

function rolesOf(payload: JWTPayload, mapping: IssuerConfig["roles"]): ReadonlySet<Role> {
  return new Set(
    grantsOf(payload).flatMap((grant) => (Object.hasOwn(mapping, grant) ? (mapping[grant] ?? []) : [])),
  );
}

/** What `jwtVerify` found wrong, in words for the caller. */
function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return new Problem("token-expired", "The token has expired: get a new one from your identity provider.", {
      cause: error,
    });
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(
      `The token's claim ${error.claim} is not accepted here: get a token meant for this node.`,
      error,
    );
  }
  if (error instanceof errors.JOSEError) {
    return invalid(
      "The token is not signed as it must be: get one from an issuer that this node trusts.",
      error,
    );
  }
  return error;
}

/**
 * Checks bearer tokens of the national identity scheme (PROTOCOL §6; RFC 6750, RFC 7519): issuer, audience and
 * algorithms are pinned by configuration, `exp` and `sub` are required, clocks may differ by 30 seconds.
 */
export class BearerTokens {
  readonly #participant: Domain;
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #now: () => number;

  /**
   * @param participant that every user of this node speaks for
   * @param now milliseconds since 1970
   */
  constructor(participant: Domain, issuers: readonly IssuerConfig[], now: () => number = Date.now) {
    this.#participant = participant;
    this.#issuers = new Map(issuers.map((config) => [config.issuer, { config, keys: issuerKeys(config) }]));
    this.#now = now;
  }

  /**
   * @param token the compact JWT after `Bearer `
   * @returns the user it names
   * @throws Problem `token-invalid`, `token-expired`, or `unavailable` where its issuer's keys cannot be had
   */
  async verify(token: string): Promise<UserCaller> {
    if (token.length > TOKEN_CHARACTERS) throw invalid(`A token has ${TOKEN_CHARACTERS} characters at most.`);
    const { config, keys } = this.#issuerOf(token);
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: [...config.algorithms],
        requiredClaims: ["exp", "sub"],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(this.#now()),
      }));
    } catch (error) {
      throw refusal(error);
    }
    const { sub, exp } = payload;
    if (sub === undefined || sub === "" || sub.length > SUBJECT_CHARACTERS) {
      throw invalid(`The token's claim sub must have 1 to ${SUBJECT_CHARACTERS} characters.`);
    }
    return {
      kind: "user",
      issuer: config.issuer,
      subject: sub,
      participant: this.#participant,
      roles: rolesOf(payload, config.roles),
      ...(exp === undefined ? {} : { expiresAt: exp * 1000 }),
    };
  }

  /** The issuer a token claims to be of: believed only to choose whose keys to check it with. */
  #issuerOf(token: string): TrustedIssuer {
    let claimed: string | undefined;
    try {
      claimed = decodeJwt(token).iss;
    } catch (cause) {
      throw invalid("The token is no JWT: get one from your identity provider.", cause);
    }
    const issuer = claimed === undefined ? undefined : this.#issuers.get(claimed);
    if (issuer === undefined) throw invalid("The token is of an issuer that this node does not trust.");
    return issuer;
  }
}
