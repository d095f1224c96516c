import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits until something holds.
 *
 * @param options `within` and `every` in milliseconds; `what` is named when it never comes to hold
 * @throws when it does not in time
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  options: { readonly within?: number; readonly every?: number; readonly what?: string } = {},
): Promise<void> {
  const { within = 60_000, every = 20, what = "what was awaited" } = options;
  const end = Date.now() + within;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Within ${within} ms, ${what} did not come about.`);
    await delay(every);
  }
}
