import type { SecretSource } from "../secret.ts";

/** How people sign in at a node's console. */
export interface ConsoleConfig {
  /** One of `identity.issuers`. */
  readonly issuer: string;
  /** By which the issuer knows the node as a client. */
  readonly clientId: string;
  /** Left out for a public client, which PKCE alone protects. */
  readonly clientSecret?: SecretSource;
  /** Asked for; `openid` is among them. */
  readonly scopes: readonly string[];
  /** The resource that tokens are asked for (RFC 8707); null where the issuer needs none. */
  readonly resource: string | null;
  /** The same for issuers that take it as `audience`; null where the issuer needs none. */
  readonly audience: string | null;
  /** Minutes without anybody at the page after which a session ends. */
  readonly idleMinutes: number;
  /** Hours after which a session ends in any case. */
  readonly hours: number;
}
