import { signal } from "@preact/signals";

import { ApiFailure, askJson, rememberAntiForgery } from "../api/node-api.ts";

/** Who is signed in, as `GET /console/session` says. */
export interface Session {
  /** The subject of the user's identity. */
  readonly user: string;
  readonly issuer: string;
  readonly participant: string;
  readonly roles: readonly string[];
  /** Sent back as `ICL-CSRF` with every call that changes something. */
  readonly antiForgery: string;
  /** RFC 3339; the session ends then at the latest. */
  readonly expiresAt: string;
}

/** The session: `undefined` until it is known, null where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

/** Asks the node who is signed in. @throws ApiFailure where the node does not say */
export async function openSession(): Promise<void> {
  try {
    const found = await askJson<Session>("console/session");
    rememberAntiForgery(found.antiForgery);
    session.value = found;
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
    rememberAntiForgery(null);
    session.value = null;
  }
}

/** Whether the user has a role. */
export function may(role: string): boolean {
  return session.value?.roles.includes(role) ?? false;
}
