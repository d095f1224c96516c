import type { MessageRecord, Notification } from "./node-records.ts";

/** Messages in sight, the newest first, and where the next page begins; null at the end. */
export interface MessagesInSight {
  readonly items: readonly MessageRecord[];
  readonly next: string | null;
}

/**
 * Puts the newest page over what is in sight: what has come stands first, what the filter no longer lets through is gone, and
 * what is older keeps its place. Where more has come than a page holds, only that page is in sight, so that nothing is
 * missing in between.
 */
export function withNewest(inSight: MessagesInSight, newest: MessagesInSight): MessagesInSight {
  const fresh = new Set(newest.items.map(({ id }) => id));
  const last = inSight.items.findLastIndex(({ id }) => fresh.has(id));
  if (last < 0 || newest.next === null) return newest;
  const older = inSight.items.slice(last + 1);
  return older.length === 0 ? newest : { items: [...newest.items, ...older], next: inSight.next };
}

/** Adds the page that follows. */
export function withMore(inSight: MessagesInSight, page: MessagesInSight): MessagesInSight {
  const known = new Set(inSight.items.map(({ id }) => id));
  return { items: [...inSight.items, ...page.items.filter(({ id }) => !known.has(id))], next: page.next };
}

/**
 * Replaces what is in sight by what is known of it now.
 *
 * @param status that the filter asks for; what has another by now is gone. All stay where it is empty
 */
export function withNewer(
  inSight: MessagesInSight,
  newer: readonly MessageRecord[],
  status: string,
): MessagesInSight {
  const byId = new Map(newer.map((item) => [item.id, item]));
  const items = inSight.items.map((item) => byId.get(item.id) ?? item);
  return { ...inSight, items: items.filter((item) => status === "" || item.status === status) };
}

/**
 * What of the messages in sight may have changed by what was told: the message itself, and a certificate that it acts on,
 * which has the same subject.
 */
export function touchedBy(inSight: MessagesInSight, told: readonly Notification[]): readonly string[] {
  const ids = new Set(told.map(({ message }) => message.id));
  const subjects = new Set(told.map(({ message }) => message.subject));
  return inSight.items.filter((item) => ids.has(item.id) || subjects.has(item.subject)).map(({ id }) => id);
}
