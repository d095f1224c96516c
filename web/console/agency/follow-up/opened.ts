import { forget, keep, kept } from "../kept.ts";

const NAME = "follow-up opened";

/**
 * Keeps which follow-up of a message is open while its user signs in anew. It stands in the tab's own storage and not in the
 * address, where a link could open it.
 */
export function keepOpened(message: string, predicate: string): void {
  keep(NAME, { message, predicate });
}

/** The follow-up of a message that was open when its user left, once; null for none. */
export function takeOpened(message: string): string | null {
  const found = kept(NAME);
  if (typeof found !== "object" || found === null) return null;
  const { message: of, predicate } = found as Readonly<Record<string, unknown>>;
  if (of !== message) return null;
  forget(NAME);
  return typeof predicate === "string" ? predicate : null;
}
