import type { Role } from "./caller.ts";

/** Signature algorithms a token may be signed with: asymmetric ones only, never `none`, never a shared secret. */
export const tokenAlgorithms = [
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "EdDSA",
] as const;

export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/** An issuer of bearer tokens that a node trusts. */
export interface IssuerConfig {
  /** The `iss` of its tokens, exactly. */
  readonly issuer: string;
  /** The `aud` that names this node. */
  readonly audience: string;
  /** Where its keys are; null to find them by OpenID Connect Discovery. */
  readonly jwksUri: string | null;
  readonly algorithms: readonly TokenAlgorithm[];
  /** Which roles a scope (or role name) of its tokens gives; whatever is not named here gives none. */
  readonly roles: Readonly<Record<string, readonly Role[]>>;
  /** Issues tokens to anybody, for trying things out; refused in production. */
  readonly development: boolean;
}
