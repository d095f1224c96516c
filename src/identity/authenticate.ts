import { Problem } from "../domain/problems.ts";
import type { BearerTokens } from "./bearer-token.ts";
import type { Caller } from "./caller.ts";
import type { NodeCertificates, ShownCertificate } from "./node-certificate.ts";
import type { NodeTokenVerifier } from "./node-token.ts";

/** What of a request can say who makes it. Other headers and the query are never identity (PROTOCOL §6). */
export interface Credentials {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** Upper case. */
  readonly method: string;
  /** Path and query exactly as requested. */
  readonly path: string;
  /** What was shown while the connection was made; null or left out for nothing. */
  readonly certificate?: ShownCertificate | null;
  /** The channel that a node with a certificate, and no token, wants to be known on; null or left out for the only one. */
  readonly channelId?: string | null;
}

/**
 * Turns credentials into a caller.
 *
 * @throws Problem `token-missing`, `token-invalid`, `token-expired`, `token-replayed`, `certificate-refused`,
 *   `malformed-request`, or `unavailable` where the word of an issuer or ledger cannot be had
 */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/**
 * Identifies users by bearer tokens, other nodes by node tokens, certificates or both, and nobody by anything else. A
 * certificate beside a user's token says nothing of that user.
 *
 * @param certificates left out where no certificate is asked for
 */
export function authenticator(
  bearerTokens: BearerTokens,
  nodeTokens: NodeTokenVerifier,
  certificates?: NodeCertificates,
): Authenticate {
  return async ({ authorization, method, path, certificate = null, channelId = null }) => {
    if (authorization === undefined) {
      if (certificate !== null && certificates !== undefined) {
        return certificates.identify(certificate, channelId);
      }
      throw new Problem(
        "token-missing",
        "Send a token: Authorization: Bearer <token of your identity provider>.",
      );
    }
    const [, scheme = "", token = ""] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
    switch (scheme.toLowerCase()) {
      case "bearer":
        return bearerTokens.verify(token);
      case "icl": {
        const caller = await nodeTokens.verify(token, { method, path });
        if (certificate !== null) await certificates?.vouch(certificate, caller);
        return caller;
      }
      default:
        throw new Problem(
          "token-invalid",
          "Send a token as Authorization: Bearer <token>, or as another node: ICL.",
        );
    }
  };
}
