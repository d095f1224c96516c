import { Problem } from "../domain/problems.ts";
import type { BearerTokens } from "./bearer-token.ts";
import type { Caller } from "./caller.ts";
import type { NodeTokenVerifier } from "./node-token.ts";

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

/** Identifies users by bearer tokens and other nodes by node tokens, and nobody by anything else. */
export function authenticator(bearerTokens: BearerTokens, nodeTokens: NodeTokenVerifier): Authenticate {
  return async ({ authorization, method, path }) => {
    if (authorization === undefined) {
      throw new Problem(
        "token-missing",
        "Send a token: Authorization: Bearer <token of your identity provider>.",
      );
    }
    const [, scheme = "", token = ""] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
    switch (scheme.toLowerCase()) {
      case "bearer":
        return bearerTokens.verify(token);
      case "icl":
        return nodeTokens.verify(token, { method, path });
      default:
        throw new Problem(
          "token-invalid",
          "Send a token as Authorization: Bearer <token>, or as another node: ICL.",
        );
    }
  };
}
