import type { Kysely } from "kysely";

import { Problem } from "../domain/problems.ts";
import type { Schema } from "../store/schema.ts";
import { stuckLists, type StuckQuery } from "./stuck-repository.ts";

/** What can be stuck, in the order in which it is listed. */
export const stuckKinds = [
  "channel",
  "message",
  "bundle",
  "transaction",
  "fetch",
  "batch",
  "subscription",
  "dead-letter",
] as const;

export type StuckKind = (typeof stuckKinds)[number];

/**
 * What an operator may do about it. `restart`: look at the ledger, then start the node again. `none` is not among them: what
 * has no action goes on by itself once its cause is gone.
 */
export type StuckAction = "retry" | "give-up" | "replay" | "restart";

/** One thing that does not go on as it should. */
export interface Stuck {
  readonly kind: StuckKind;
  /** `<kind>:<key>`, by which it is retried or given up. */
  readonly id: string;
  /** Since when; milliseconds since 1970. */
  readonly since: number;
  /** Why: a code of a channel, a problem or a state; stable. */
  readonly code: string;
  /** The same for people. */
  readonly detail: string;
  readonly channelId: string | null;
  readonly actions: readonly StuckAction[];
}

/** A page of what is stuck. */
export interface StuckPage {
  readonly items: readonly Stuck[];
  /** Where the next page begins; null for none. */
  readonly next: string | null;
}

/**
 * Lists what is stuck: what fails, and what is older than it should be though nothing fails.
 *
 * @param query `limit` items at most; `before`: what is older than this is late, in milliseconds since 1970
 * @param after where the page begins, as `next` of the page before says; null for the first
 * @throws Problem `malformed-request` for an `after` that is none
 */
export async function listStuck(
  db: Kysely<Schema>,
  query: Omit<StuckQuery, "after">,
  after: string | null,
): Promise<StuckPage> {
  const from = after === null ? { place: 0, key: null } : cursorFrom(after);
  const items: Stuck[] = [];
  for (let place = from.place; place < stuckKinds.length; place += 1) {
    const kind = stuckKinds[place];
    if (kind === undefined) break;
    // One more than asked for tells whether there is a next page.
    const room = query.limit - items.length + 1;
    const key = place === from.place ? from.key : null;
    items.push(...(await stuckLists[kind](db, { ...query, limit: room, after: key })));
    if (items.length <= query.limit) continue;
    const shown = items.slice(0, query.limit);
    const last = shown.at(-1);
    return { items: shown, next: last === undefined ? null : cursorOf(last) };
  }
  return { items, next: null };
}

function cursorOf({ id }: Stuck): string {
  return Buffer.from(id).toString("base64url");
}

function cursorFrom(text: string): { readonly place: number; readonly key: string } {
  const { kind, key } = parseStuckId(Buffer.from(text, "base64url").toString("utf8")) ?? {};
  if (kind === undefined || key === undefined) {
    throw new Problem("malformed-request", "after is the next of the page before, unchanged.");
  }
  return { place: stuckKinds.indexOf(kind), key };
}

/** What keys are made of; databases differ in what they take beside. */
const KEY = /^[ -~]+$/;
/** Of keys that end in a number, what they look like. */
const NUMBERED: Readonly<Partial<Record<StuckKind, RegExp>>> = {
  transaction: /^\d{1,15}:[^:]+:\d{1,15}$/,
  "dead-letter": /^[^:]+:\d{1,15}$/,
};

/** The kind and the key that an id is made of; null for what is none. */
export function parseStuckId(id: string): { readonly kind: StuckKind; readonly key: string } | null {
  const colon = id.indexOf(":");
  const kind = stuckKinds.find((each) => each === id.slice(0, Math.max(0, colon)));
  const key = id.slice(colon + 1);
  if (kind === undefined || !KEY.test(key) || NUMBERED[kind]?.test(key) === false) return null;
  return { kind, key };
}
