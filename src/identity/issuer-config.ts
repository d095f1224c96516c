import type { Role } from "./caller.ts";
import type { ClaimRule, ClaimTest } from "./claim-rule.ts";

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
  /** What other claims of its tokens give, and about which subjects; nothing where left out. */
  readonly claims?: readonly ClaimRule[];
  /** By which claim a program's token is told from a person's; by RFC 9068, where left out, its subject is the client. */
  readonly systems?: ClaimTest;
  /** What its tokens say that they are; `at+jwt` (RFC 9068) alone is taken where it says so, any access token where left out. */
  readonly tokenType?: "at+jwt" | "any";
  /** The level of assurance that each of its `acr` stands for; where left out, an `acr` that is a level's name is that level. */
  readonly levels?: Readonly<Record<string, string>>;
  /** The level of assurance of programs; none where left out. */
  readonly systemLevel?: string;
  /** Issues tokens to anybody, for trying things out; refused in production. */
  readonly development: boolean;
}
