import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { EndedReason } from "./subscription.ts";

/**
 * A subscription as whoever runs the node sees it. Whose it is, and whether it works, but not where exactly its callback is:
 * an address may hold a secret, and it is its owner's. Moments are milliseconds since 1970.
 */
export interface SubscriptionOverview {
  readonly seq: number;
  readonly id: string;
  /** Issuer and subject of the owner's token. */
  readonly owner: string;
  readonly topic: string;
  /** Host and port of the callback. */
  readonly host: string;
  readonly state: "pending" | "active" | "ended";
  readonly endedReason: EndedReason | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** `seq` of the last notification that is dealt with. */
  readonly position: number;
  /** Notifications after that one, of its topic or not; at most `MOST_BEHIND`. */
  readonly behind: number;
  readonly failingSince: number | null;
  readonly tries: number;
  readonly lastDeliveredAt: number | null;
  readonly lastFailure: string | null;
  readonly deadLetters: number;
}

/** More is not counted. */
export const MOST_BEHIND = 1_000;

/** Which subscriptions are listed. */
export interface OverviewQuery {
  readonly state: "pending" | "active" | "ended" | null;
  /** `seq` of the last one already shown; 0 for none. */
  readonly after: number;
  readonly limit: number;
}

/** Everybody's subscriptions, in the order of their creation. */
export async function listAllSubscriptions(
  db: Kysely<Schema>,
  { state, after, limit }: OverviewQuery,
): Promise<readonly SubscriptionOverview[]> {
  const rows = await db
    .selectFrom("subscription as s")
    .select(["s.seq", "s.id", "s.owner", "s.topic", "s.host", "s.state", "s.ended_reason", "s.created_at"])
    .select(["s.expires_at", "s.position", "s.failing_since", "s.tries", "s.last_delivered_at"])
    .select("s.last_failure")
    .select((eb) => [
      eb
        .selectFrom("dead_letter as d")
        .select((each) => each.fn.countAll<number | string>().as("count"))
        .whereRef("d.subscription_id", "=", "s.id")
        .as("dead_letters"),
      sql<number | string>`(select count(*) from (
        select 1 from notification n where n.seq > s.position order by n.seq limit ${sql.lit(MOST_BEHIND)}
      ) as later)`.as("behind"),
    ])
    .where("s.seq", ">", after)
    .$if(state !== null, (query) => query.where("s.state", "=", state ?? "active"))
    .orderBy("s.seq")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ seq: row.seq, id: row.id, owner: row.owner, topic: row.topic, host: row.host, state: row.state },
    endedReason: row.ended_reason as EndedReason | null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    position: row.position,
    behind: row.state === "active" ? Number(row.behind) : 0,
    failingSince: row.state === "active" ? row.failing_since : null,
    tries: row.tries,
    lastDeliveredAt: row.last_delivered_at,
    lastFailure: row.last_failure,
    deadLetters: Number(row.dead_letters ?? 0),
  }));
}

/** A notification that was given up, without what it says of a message's content. */
export interface BuriedNotification {
  readonly seq: number;
  readonly type: string;
  readonly messageId: string;
  readonly channelId: string;
  readonly failedAt: number;
  readonly reason: string;
  /** Whether it is in line to be tried once more. */
  readonly again: boolean;
}

/**
 * The dead letters of anybody's subscription, oldest first.
 *
 * @param after `seq` of the last one already shown; 0 for none
 * @returns null where there is no such subscription
 */
export async function listBuried(
  db: Kysely<Schema>,
  subscriptionId: string,
  after: number,
  limit: number,
): Promise<readonly BuriedNotification[] | null> {
  const known = await db
    .selectFrom("subscription")
    .select("id")
    .where("id", "=", subscriptionId)
    .executeTakeFirst();
  if (known === undefined) return null;
  const rows = await db
    .selectFrom("dead_letter")
    .select(["seq", "type", "message_id", "channel_id", "failed_at", "reason", "again"])
    .where("subscription_id", "=", subscriptionId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(({ seq, type, message_id: messageId, channel_id: channelId, ...row }) => ({
    ...{ seq, type, messageId, channelId, failedAt: row.failed_at, reason: row.reason },
    again: row.again === 1,
  }));
}
