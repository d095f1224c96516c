import type { Page, Route } from "playwright-core";

import { eventually } from "../eventually.ts";

/** Somebody who uses the console in a test. */
export interface ConsoleUser {
  /** Base URL of the node, which knows the development issuer (`World.configure`). */
  readonly url: string;
  /** An access token of a user with the same roles, for what a test does beside the page. */
  readonly token: string;
  readonly name: string;
  readonly participant: string;
  readonly roles: readonly string[];
}

/**
 * Opens the console as a user, through the page on which one signs in: the one place where tests sign in. It ends on the
 * console, with the session's cookie in the page's profile.
 */
export async function signIn(page: Page, user: ConsoleUser): Promise<void> {
  await page.goto(`${user.url}/console`);
  await page.locator('a[href="console/sign-in"]').click();
  await comeBackAs(page, user);
}

/** Says at the issuer who one is, and comes back to the console. */
export async function comeBackAs(page: Page, user: ConsoleUser): Promise<void> {
  await page.getByLabel("Name").fill(user.name);
  for (const role of user.roles) await page.getByRole("checkbox", { name: role, exact: true }).check();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.href.startsWith(`${user.url}/console`) && url.search === "");
  await page.locator(".console-user form button").waitFor();
}

/**
 * Has an open page, whose session has ended, learn of a new one by its button alone. It learns that at the first look at it by
 * itself, too, and then its button is gone before anybody could press it.
 *
 * @returns presses the button; to be called once there is a session again
 */
export async function byButtonAlone(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isOver = false;
  await page.route("**/console/session", (route) => {
    if (isOver) return route.fallback();
    held.push(route);
    return undefined;
  });
  return async () => {
    const before = held.length;
    // Not by the pointer, which would be such a look.
    await page.getByRole("button", { name: "I have signed in again" }).dispatchEvent("click");
    await eventually(() => held.length > before, { what: "a question of the button" });
    isOver = true;
    for (const route of held) await route.fallback();
  };
}
