import type { ActingUser } from "../domain/journal.ts";
import type { Domain } from "../domain/participant.ts";
import type { SubjectPattern, SubjectScope } from "../domain/subject-pattern.ts";

/** What a caller may do at a node (PROTOCOL §6). */
export const roles = [
  "documents:write",
  "messages:read",
  "messages:write",
  "certificates:acquit",
  "certificates:revoke",
  "subscriptions",
  "credentials:issue",
  "admin",
] as const;

export type Role = (typeof roles)[number];

/** Somebody in this node's own country, known by a bearer token of the national identity scheme. */
export interface UserCaller {
  readonly kind: "user";
  /** Issuer and subject of the token; kept with what the caller does, never put on a ledger. */
  readonly issuer: string;
  readonly subject: string;
  /** The participant the caller speaks for: this node's. */
  readonly participant: Domain;
  readonly roles: ReadonlySet<Role>;
  /** The subjects that a role is limited to; a role that is not in it, or all where it is left out, is for every subject. */
  readonly subjects?: ReadonlyMap<Role, readonly SubjectPattern[]>;
  /** Whether somebody stands behind the token, or a program by itself; a person where left out. */
  readonly via?: "person" | "system";
  /** The program that the token was given to, where it says so. */
  readonly client?: string;
  /** How the person was authenticated, in the issuer's own word (`acr`), where the token says so. */
  readonly acr?: string;
  /** When the person was authenticated (`auth_time`), in milliseconds since 1970, where the token says so. */
  readonly authenticatedAt?: number;
  /** Id of the console's session that the user is known by; left out where a token was sent. */
  readonly sessionId?: string;
  /** When the token ends, in milliseconds since 1970; left out where it does not. */
  readonly expiresAt?: number;
}

/** Another participant's node, known by a token that an account with its node right signed, or by its certificate. */
export interface NodeCaller {
  readonly kind: "node";
  readonly participant: Domain;
  /** The account that signed, or the pin of the certificate's key. */
  readonly account: string;
  readonly channelId: string;
}

/** Whoever makes a request, once identified. Nothing else is ever taken for identity. */
export type Caller = UserCaller | NodeCaller;

/** Patterns that count at most; a database is asked for all of them at once. */
const MOST_PATTERNS = 200;

/**
 * The subjects for which a user holds at least one of some roles.
 *
 * @returns null for every subject; none where the user has none of the roles
 */
export function subjectsOf(user: UserCaller, ...some: readonly Role[]): SubjectScope {
  const patterns = new Set<SubjectPattern>();
  for (const role of some) {
    if (!user.roles.has(role)) continue;
    const limited = user.subjects?.get(role);
    if (limited === undefined) return null;
    for (const pattern of limited) patterns.add(pattern);
  }
  return [...patterns].slice(0, MOST_PATTERNS);
}

/** A user as the journal keeps who made a step. */
export function actingUser({ issuer, subject, via, client, acr }: UserCaller): ActingUser {
  return {
    ...{ issuer, subject, via: via ?? "person" },
    ...(client === undefined ? {} : { client }),
    ...(acr === undefined ? {} : { acr }),
  };
}
