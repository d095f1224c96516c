import type { Page } from "playwright-core";

/** Somebody who uses the console in a test. */
export interface ConsoleUser {
  /** Base URL of the node. */
  readonly url: string;
  /** An access token of the user. */
  readonly token: string;
  readonly name: string;
  readonly participant: string;
  readonly roles: readonly string[];
}

/**
 * Opens the console as a user: the one place where tests sign in.
 *
 * A stand-in until the node's own sign-in is there: every request carries the user's bearer token, and who is signed in is
 * answered here.
 */
export async function signIn(page: Page, user: ConsoleUser): Promise<void> {
  await page.route(
    (address) => address.href.startsWith(user.url) && !address.pathname.endsWith("/console/session"),
    (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${user.token}` } }),
  );
  await page.route(`${user.url}/console/session`, (route) =>
    route.fulfill({
      json: {
        user: user.name,
        issuer: "https://login.example",
        participant: user.participant,
        roles: user.roles,
        antiForgery: "stand-in",
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    }),
  );
  await page.goto(`${user.url}/console`);
}
