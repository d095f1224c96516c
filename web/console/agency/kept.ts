import { keptNameOf, session } from "../session.ts";

/**
 * What a user typed and has not sent, kept until it is: a session that ends or a node that goes away costs nobody an hour's
 * typing. It is kept in the tab's own storage: certificates hold business secrets, and this is gone with the tab, seen by no
 * other, and forgotten where its user signs out or another one signs in (session.ts).
 */
function nameOf(what: string): string {
  return `${keptNameOf(session.value ?? { issuer: "", user: "" })}${what}`;
}

/** Keeps something for the user who is signed in. @returns false, and nothing is kept, where the tab has no more room */
export function keep(what: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(nameOf(what), JSON.stringify(value));
    return true;
  } catch {
    // A form goes on without: what is typed is on the screen.
    sessionStorage.removeItem(nameOf(what));
    return false;
  }
}

/** What was kept of this user's; null where nothing was. */
export function kept(what: string): unknown {
  const text = sessionStorage.getItem(nameOf(what));
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // written by somebody else
  }
}

export function forget(what: string): void {
  sessionStorage.removeItem(nameOf(what));
}
