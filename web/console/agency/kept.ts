import { session, whenSigningOut } from "../session.ts";

/**
 * What a user typed and has not sent, kept until it is: a session that ends or a node that goes away costs nobody an hour's
 * typing. It is kept in the tab's own storage: certificates hold business secrets, and this is gone with the tab, seen by no
 * other, and of no use to the next user of the machine.
 */
const PREFIX = "icl-kept ";

function nameOf(what: string): string {
  const { issuer = "", user = "" } = session.value ?? {};
  return `${PREFIX}${issuer} ${user} ${what}`;
}

/** Keeps something for the user who is signed in. It is lost where the tab has no more room. */
export function keep(what: string, value: unknown): void {
  try {
    sessionStorage.setItem(nameOf(what), JSON.stringify(value));
  } catch {
    // The form goes on without: what is typed is on the screen.
    sessionStorage.removeItem(nameOf(what));
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

// Whoever signs out is done: nothing stays for the next one. A session that merely ends forgets nothing.
whenSigningOut(() => {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  }
});
