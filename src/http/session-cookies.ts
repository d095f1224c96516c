import type { CookieOptions, Request } from "express";

import type { ShownSession } from "../identity/authenticate.ts";

/** The console's cookies: how they are called, and what browsers are to do with them. */
export interface SessionCookies {
  readonly session: string;
  readonly attempt: string;
  /** Of the session: sent to this node's own pages alone. */
  readonly ofSession: CookieOptions;
  /** Of an attempt to sign in: sent also as the identity provider leads the browser back. */
  readonly ofAttempt: CookieOptions;
}

/**
 * The cookies of a node. Over https they are `__Host-` cookies, which no other host and no page without TLS can set. Without
 * TLS, in development, they go by the port, since browsers keep those of all ports of a host together.
 */
export function sessionCookies(publicUrl: string): SessionCookies {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === "https:";
  const name = (what: string) => `${secure ? "__Host-" : ""}icl-${what}${port === "" ? "" : `-${port}`}`;
  const common = { httpOnly: true, secure, path: "/" } as const;
  return {
    session: name("session"),
    attempt: name("sign-in"),
    ofSession: { ...common, sameSite: "strict" },
    ofAttempt: { ...common, sameSite: "lax" },
  };
}

/**
 * The value of a request's cookie.
 *
 * @returns null for none; empty where there are two of the name, as when another host has set one too
 */
export function cookieOf(request: Request, name: string): string | null {
  const values = (request.headers.cookie ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value = null] = values;
  return values.length > 1 ? "" : value;
}

/** The session that a browser shows, with what it says of where the request comes from; null for none. */
export function shownSession(request: Request, { session }: SessionCookies): ShownSession | null {
  const cookie = cookieOf(request, session);
  if (cookie === null) return null;
  return {
    cookie,
    antiForgery: request.get("icl-csrf") ?? null,
    site: request.get("sec-fetch-site") ?? null,
    origin: request.get("origin") ?? null,
    // A stream comes again by itself for as long as its page is open.
    unattended: request.get("icl-unattended") !== undefined || request.path === "/events",
  };
}
