import type { Domain } from "../domain/participant.ts";

/** What a caller may do at a node (PROTOCOL §6). */
export const roles = [
  "documents:write",
  "messages:read",
  "messages:write",
  "certificates:acquit",
  "certificates:revoke",
  "subscriptions",
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
