import type { RequestHandler } from "express";

import { Problem } from "../domain/problems.ts";
import type { Authenticate } from "../identity/authenticate.ts";
import { rememberCaller } from "./caller.ts";
import { addressOf, type RateLimiter } from "./rate-limit.ts";
import { shownSession, type SessionCookies } from "./session-cookies.ts";
import { shownCertificate } from "./shown-certificate.ts";

/**
 * Establishes who makes each request, before any of its body is read. An address that keeps failing is refused without
 * further checks, so that guessing tokens costs this node little.
 *
 * @param basePath path of the node's public URL, which a proxy has cut off: peers sign the path they ask for
 * @param strangers counts failures by address
 * @param cookies by which the console's sessions are shown; null where nobody can sign in
 */
export function authentication(
  authenticate: Authenticate,
  basePath: string,
  strangers: RateLimiter,
  cookies: SessionCookies | null,
): RequestHandler {
  return async (request, response, next) => {
    strangers.check(addressOf(request));
    try {
      const caller = await authenticate({
        authorization: request.headers.authorization,
        method: request.method,
        path: basePath + request.originalUrl,
        certificate: shownCertificate(request),
        channelId: request.get("icl-channel") ?? null,
        session: cookies === null ? null : shownSession(request, cookies),
      });
      rememberCaller(response, caller);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) strangers.take(addressOf(request));
      throw error;
    }
    // Only now is a sender that asked first told to go ahead with its body (RFC 9110 §10.1.1).
    if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
    next();
  };
}
