import type { Caller } from "./caller.ts";

/** What of a request can say who makes it. Other headers and the query are never identity (PROTOCOL §6). */
export interface Credentials {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** Upper case. */
  readonly method: string;
  /** Path and query exactly as requested. */
  readonly path: string;
}

/**
 * Turns credentials into a caller.
 *
 * @throws Problem `token-missing`, `token-invalid`, `token-expired`, `token-replayed`, or `unavailable` where the word
 *   of an issuer or ledger cannot be had
 */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;
