import { Router, type Request, type Response } from "express";

import { Problem } from "../domain/problems.ts";
import type { ShownSession } from "../identity/authenticate.ts";
import type { ConsoleIssuer } from "../identity/console-issuer.ts";
import type { ConsoleSessions } from "../identity/console-sessions.ts";
import { SessionSecret, SignInAttempt } from "../identity/session-secret.ts";
import type { Logger } from "../log.ts";
import type { UseToken } from "../identity/node-token.ts";
import { cookieOf, sessionCookies, shownSession } from "./session-cookies.ts";

/** What people sign in with. */
export interface ConsoleSignIn {
  readonly issuer: ConsoleIssuer;
  readonly sessions: ConsoleSessions;
  /** Remembers which attempts came back, so that each does once. */
  readonly use: UseToken;
}

/** What is remembered of attempts stands beside the tokens of nodes, under a name that no participant has. */
const ATTEMPTS = "console sign-in";
const MOST_REASONS = 4;

function notConfigured(): Problem {
  return new Problem(
    "sign-in-not-configured",
    "People cannot sign in here: the node's operator configures the section console.",
  );
}

function notSignedIn(): Problem {
  return new Problem("not-signed-in", "Nobody is signed in: sign in on the console.");
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * The console's sign-in (openapi/pages.yaml; decision record 0031): it leads to the identity provider and back, and only ever
 * to `/console`.
 *
 * @param signIn null where it is not configured: each of its addresses says so
 * @param options `publicUrl`: of this node, without trailing slash; `now`: milliseconds since 1970
 */
export function consoleRouter(
  signIn: ConsoleSignIn | null,
  { publicUrl, log, now }: { readonly publicUrl: string; readonly log: Logger; readonly now: () => number },
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const cookies = sessionCookies(publicUrl);
  const configured = (): ConsoleSignIn => {
    if (signIn === null) throw notConfigured();
    return signIn;
  };

  /** Who follows a link is led back to the page, which says what went wrong; a program is told by the problem. */
  const tellOnPage = (request: Request, response: Response, error: unknown): void => {
    if (error instanceof Problem) {
      log.warn("a sign-in did not come to its end", { code: error.code, why: reasonsOf(error) });
    }
    if (!(error instanceof Problem) || request.accepts(["json", "html"]) !== "html") throw error;
    response.vary("Accept").redirect(303, `${publicUrl}/console#/sign-in/${error.code}`);
  };

  router.get("/console/sign-in", async (request, response) => {
    try {
      const attempt = SignInAttempt.fresh(now(), formerOf(request));
      const { acr, maxAge } = request.query;
      const url = await configured().issuer.signInUrl(attempt, {
        acr: text(acr),
        maxAge: maxAge === undefined ? null : Number(maxAge),
      });
      response
        .cookie(cookies.attempt, attempt.cookie, {
          ...cookies.ofAttempt,
          maxAge: SignInAttempt.seconds * 1000,
        })
        .redirect(303, url.href);
    } catch (error) {
      tellOnPage(request, response, error);
    }
  });

  router.get("/console/callback", async (request, response) => {
    response.clearCookie(cookies.attempt, cookies.ofAttempt);
    try {
      const { issuer, sessions, use } = configured();
      const attempt = await attemptOf(request, use);
      const tokens = await issuer.exchange(attempt, queryOf(request));
      const cookie = await sessions.begin(tokens, formerOf(request) ?? attempt.former);
      response.cookie(cookies.session, cookie, cookies.ofSession).redirect(303, `${publicUrl}/console`);
    } catch (error) {
      tellOnPage(request, response, error);
    }
  });

  /** Id of the session that the browser shows; null for none. */
  function formerOf(request: Request): string | null {
    return SessionSecret.of(cookieOf(request, cookies.session) ?? "")?.id ?? null;
  }

  async function attemptOf(request: Request, use: UseToken): Promise<SignInAttempt> {
    const attempt = SignInAttempt.of(cookieOf(request, cookies.attempt) ?? "", now());
    if (attempt?.isState(text(request.query.state) ?? "") === true) {
      const once = { issuer: ATTEMPTS, jti: attempt.id, expiresAt: attempt.endsAt * 1000 };
      if (await use(once)) return attempt;
    }
    throw new Problem(
      "sign-in-failed",
      `This browser did not begin this sign-in, or has ended it: begin again at ${publicUrl}/console.`,
    );
  }

  router.get("/console/session", async (request, response) => {
    const { sessions } = configured();
    const shown = shownSession(request, cookies);
    if (shown === null) throw notSignedIn();
    const { user, name, antiForgery, endsAt } = await sessions.describe(shown, request.method);
    response.json({
      ...{ user: user.subject, name, issuer: user.issuer, participant: user.participant },
      ...{ roles: [...user.roles], antiForgery, expiresAt: new Date(endsAt).toISOString() },
    });
  });

  router.post("/console/sign-out", async (request, response) => {
    const { sessions, issuer } = configured();
    const shown = shownSession(request, cookies);
    if (shown === null) throw notSignedIn();
    await sessions.end({ ...shown, antiForgery: shown.antiForgery ?? csrfIn(request) });
    response.clearCookie(cookies.session, cookies.ofSession);
    // Whoever cannot be led to the issuer is signed out here all the same.
    const next = await issuer.signOutUrl().catch(() => null);
    response.json({ next: next?.href ?? null });
  });
  return router;
}

/** Why, as far as libraries say it in words of their own: what an issuer answered may have a token in it, and is left out. */
function reasonsOf(error: Error): readonly string[] {
  const reasons: string[] = [];
  let cause: unknown = error;
  for (; cause instanceof Error && reasons.length < MOST_REASONS; cause = cause.cause) {
    const word = "error" in cause ? text(cause.error) : "code" in cause ? text(cause.code) : null;
    reasons.push(word === null ? cause.message : `${cause.message} (${word})`);
  }
  return reasons;
}

function csrfIn(request: Request): ShownSession["antiForgery"] {
  const body: unknown = request.body;
  return typeof body === "object" && body !== null && "csrf" in body ? text(body.csrf) : null;
}

/** The callback's query as it came: an issuer may answer with more than is known here. */
function queryOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : request.originalUrl.slice(at + 1));
}
