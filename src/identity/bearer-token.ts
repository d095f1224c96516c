import {
  decodeJwt,
  errors,
  jwtVerify,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
} from "jose";

import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Role, UserCaller } from "./caller.ts";
import { claimAt, grantsOf, passes, wordsOf } from "./claim-rule.ts";
import type { IssuerConfig } from "./issuer-config.ts";
import { issuerKeys, type IssuerKeysOptions } from "./issuer-keys.ts";

const TOKEN_CHARACTERS = 8_192;
const SUBJECT_CHARACTERS = 255;
const TOLERANCE_SECONDS = 30;

interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: JWTVerifyGetKey;
}

const invalid = (detail: string, cause?: unknown) => new Problem("token-invalid", detail, { cause });

/** What the header of an access token may say that it is. Others, such as logout tokens, are signed with the same keys. */
const ACCESS_TOKEN = /^(?:application\/)?(?:at\+)?jwt$/i;

/** The roles by the scopes or role names of a token: `scope` (RFC 8693), `scp` and `roles` (as fielded). */
function rolesOf(payload: JWTPayload, mapping: IssuerConfig["roles"]): readonly Role[] {
  return [payload.scope, payload.scp, payload.roles]
    .flatMap((claim) => wordsOf(claim))
    .flatMap((grant) => (Object.hasOwn(mapping, grant) ? (mapping[grant] ?? []) : []));
}

/** A claim that is a text of a bearable length; undefined for anything else. */
function textAt(payload: JWTPayload, name: string): string | undefined {
  const value = claimAt(payload, name);
  return typeof value === "string" && value !== "" && value.length <= SUBJECT_CHARACTERS ? value : undefined;
}

/** Whether a token is a program's: as the issuer is configured to say, or else as RFC 9068 §2.2 has it. */
function isSystem(payload: JWTPayload, client: string | undefined, { systems }: IssuerConfig): boolean {
  if (systems !== undefined) return passes(payload, systems);
  return client !== undefined && payload.sub === client;
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
 * algorithms are pinned by configuration, `exp` and `sub` are required, clocks may differ by 30 seconds. What a token gives
 * is configured for each issuer: roles by scope, roles and subjects by any other claim.
 */
export class BearerTokens {
  readonly #participant: Domain;
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #now: () => number;

  /**
   * @param participant that every user of this node speaks for
   * @param now milliseconds since 1970
   * @param options how often issuers are asked for their keys
   */
  constructor(
    participant: Domain,
    issuers: readonly IssuerConfig[],
    now: () => number = Date.now,
    options: IssuerKeysOptions = {},
  ) {
    this.#participant = participant;
    this.#issuers = new Map(
      issuers.map((config) => [config.issuer, { config, keys: issuerKeys(config, options) }]),
    );
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
    let header: JWTHeaderParameters;
    try {
      ({ payload, protectedHeader: header } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: [...config.algorithms],
        requiredClaims: ["exp"],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(this.#now()),
        ...(config.tokenType === "at+jwt" ? { typ: "at+jwt" } : {}),
      }));
    } catch (error) {
      throw refusal(error);
    }
    if (header.typ !== undefined && !ACCESS_TOKEN.test(header.typ)) {
      throw invalid("The token is no access token: get one from your identity provider.");
    }
    return this.#callerOf(payload, config);
  }

  #callerOf(payload: JWTPayload, config: IssuerConfig): UserCaller {
    const client = textAt(payload, "client_id") ?? textAt(payload, "azp");
    const system = isSystem(payload, client, config);
    // A program has no name but that of its client, where its issuer gives it no other.
    const subject = payload.sub ?? (system ? client : undefined);
    if (subject === undefined || subject === "" || subject.length > SUBJECT_CHARACTERS) {
      throw invalid(`The token's claim sub must have 1 to ${SUBJECT_CHARACTERS} characters.`);
    }
    const { roles, subjects } = grantsOf(payload, config.claims ?? [], rolesOf(payload, config.roles));
    const acr = textAt(payload, "acr");
    const { exp, auth_time: authTime } = payload;
    return {
      kind: "user",
      issuer: config.issuer,
      subject,
      participant: this.#participant,
      roles,
      ...(subjects.size === 0 ? {} : { subjects }),
      ...(system ? { via: "system" as const } : {}),
      ...(client === undefined ? {} : { client }),
      ...(acr === undefined ? {} : { acr }),
      ...(typeof authTime === "number" ? { authenticatedAt: authTime * 1000 } : {}),
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
