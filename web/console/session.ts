import { signal } from "@preact/signals";

import { ApiFailure, ask, askJson, rememberAntiForgery, whenSignedOut } from "../api/node-api.ts";

/** Who is signed in, as `GET /console/session` says. */
export interface Session {
  /** The subject of the user's identity. */
  readonly user: string;
  /** How the identity provider calls the person; null where it does not say. */
  readonly name: string | null;
  readonly issuer: string;
  readonly participant: string;
  readonly roles: readonly string[];
  /** Sent back as `ICL-CSRF` with every call that changes something. */
  readonly antiForgery: string;
  /** RFC 3339; the session ends then at the latest. */
  readonly expiresAt: string;
}

/**
 * The session: `undefined` until it is known, null where nobody is signed in. One that has ended stays, so that what was typed
 * does too: see `ended`.
 */
export const session = signal<Session | null | undefined>(undefined);

/** Whether the session that the page works with has ended meanwhile. */
export const ended = signal(false);

/** Whether people can sign in at this node at all. */
export const configured = signal(true);

/** Where the reader was, kept while they are away at the identity provider. */
const PLACE = "icl-place";
const NOWHERE: ReadonlySet<number> = new Set([401, 404]);

whenSignedOut(() => {
  if (session.value !== null && session.value !== undefined) ended.value = true;
});

/**
 * Asks the node who is signed in. Whoever's stream of events is refused asks too, since a stream does not say why.
 *
 * @throws ApiFailure where the node does not say
 */
export async function openSession(): Promise<void> {
  let found: Session;
  try {
    found = await askJson<Session>("console/session");
  } catch (error) {
    if (!(error instanceof ApiFailure) || !NOWHERE.has(error.status)) throw error;
    configured.value = error.code !== "sign-in-not-configured";
    if (session.value === undefined) session.value = null;
    return;
  }
  const before = session.value;
  if (before !== null && before !== undefined && !isSame(before, found)) {
    // What is on the page is of somebody else.
    location.reload();
    return;
  }
  rememberAntiForgery(found.antiForgery);
  ended.value = false;
  session.value = found;
  returnToPlace();
}

function isSame(one: Session, other: Session): boolean {
  return one.user === other.user && one.issuer === other.issuer;
}

/** Keeps where the reader is, to lead them back there once they have signed in. */
export function keepPlace(): void {
  if (location.hash.length > 1 && !location.hash.startsWith("#/sign-in")) {
    sessionStorage.setItem(PLACE, location.hash);
  }
}

function returnToPlace(): void {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const isAtBeginning = location.hash.length <= 1 || location.hash.startsWith("#/sign-in");
  if (isAtBeginning && (place !== null || location.hash.length > 1)) location.replace(place ?? "#");
}

const onSignOut: (() => void)[] = [];

/** Has a function called when the user signs out, before the page goes; not where a session merely ends. */
export function whenSigningOut(forget: () => void): void {
  onSignOut.push(forget);
}

/** Ends the session, and leads on to where one signs out at the identity provider. @throws ApiFailure */
export async function signOut(): Promise<void> {
  const content = new URLSearchParams({ csrf: session.value?.antiForgery ?? "" }).toString();
  const form = { content, mediaType: "application/x-www-form-urlencoded" };
  try {
    const answer = await ask("console/sign-out", { method: "POST", body: form });
    const { next } = (await answer.json()) as { readonly next: string | null };
    forgetAll();
    if (next !== null) {
      location.assign(next);
      return;
    }
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
    forgetAll();
  }
  // Nothing of what was shown is to stay.
  history.replaceState(null, "", location.pathname);
  location.reload();
}

function forgetAll(): void {
  for (const forget of onSignOut) forget();
}

/** Whether the user has a role. */
export function may(role: string): boolean {
  return session.value?.roles.includes(role) ?? false;
}
