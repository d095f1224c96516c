import { Problem } from "../domain/problems.ts";
import type { BearerTokens } from "./bearer-token.ts";
import type { Caller, UserCaller } from "./caller.ts";
import type { NodeCertificates, ShownCertificate } from "./node-certificate.ts";
import type { NodeTokenVerifier } from "./node-token.ts";

/** A console's session as a browser shows it, with what the browser says of where the request comes from. */
export interface ShownSession {
  /** The cookie's value; empty where two of its name came. */
  readonly cookie: string;
  /** The header ICL-CSRF, or the member of a form that stands for it. */
  readonly antiForgery: string | null;
  /** Sec-Fetch-Site; null where the browser says nothing. */
  readonly site: string | null;
  /** Origin; null where the browser says nothing. */
  readonly origin: string | null;
  /** Whether the page asks by itself, so that the request is no sign of somebody at it. */
  readonly unattended: boolean;
}

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
  /** The console's session, which counts where there is no Authorization header; null or left out for none. */
  readonly session?: ShownSession | null;
}

/** Tells whose session a browser shows. @throws Problem `session-ended`, `cross-site-refused` or `unavailable` */
export type IdentifySession = (session: ShownSession, method: string) => Promise<UserCaller>;

/**
 * Turns credentials into a caller.
 *
 * @throws Problem `token-missing`, `token-invalid`, `token-expired`, `token-replayed`, `certificate-refused`,
 *   `session-ended`, `cross-site-refused`, `malformed-request`, or `unavailable` where the word of an issuer or ledger cannot be had
 */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/**
 * Identifies users by bearer tokens or by the console's sessions, other nodes by node tokens, certificates or both, and nobody
 * by anything else. A certificate beside a user's token or session says nothing of that user; a session is never another node's.
 *
 * @param certificates left out where no certificate is asked for
 * @param identifySession left out where nobody can sign in
 */
export function authenticator(
  bearerTokens: BearerTokens,
  nodeTokens: NodeTokenVerifier,
  certificates?: NodeCertificates,
  identifySession?: IdentifySession,
): Authenticate {
  return async ({ authorization, method, path, certificate = null, channelId = null, session = null }) => {
    if (authorization === undefined) {
      if (session !== null && identifySession !== undefined) return identifySession(session, method);
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
