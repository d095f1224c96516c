import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** Where a walk through what may be pruned stands. */
export interface JournalPlace {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly messageId: string;
  readonly seq: number;
}

/** What one step of pruning did. */
export interface PrunedLines {
  readonly pruned: number;
  /** Where the next step goes on; null when this was the last. */
  readonly next: JournalPlace | null;
}

export const beforeAll: JournalPlace = { at: -1, messageId: "", seq: 0 };

/**
 * Prunes lines of journals that only say how a message was under way: `bundled`, `sent`, `fetching`, without a reason, of
 * messages whose last line is older than `before`. The first and the last line of each attempt stay, and every line with a
 * reason, such as a fork's.
 *
 * @param db a transaction
 * @param before milliseconds since 1970
 * @param after where the step before ended
 * @param limit lines that are looked at
 */
export async function pruneJournal(
  db: Kysely<Schema>,
  before: number,
  after: JournalPlace,
  limit: number,
): Promise<PrunedLines> {
  const { rows } = await sql<JournalPlace & { readonly over: number }>`
    select j.at as "at", j.message_id as "messageId", j.seq as "seq",
      case when m.status in ('delivered', 'failed', 'withdrawn', 'available', 'fetch-failed')
        and not exists (select 1 from journal l where l.message_id = j.message_id and l.at >= ${before})
        and exists (select 1 from journal f
          where f.message_id = j.message_id and f.attempt = j.attempt and f.seq < j.seq)
        and exists (select 1 from journal l
          where l.message_id = j.message_id and l.attempt = j.attempt and l.seq > j.seq)
      then 1 else 0 end as "over"
    from journal j join message m on m.id = j.message_id
    where j.status in ('bundled', 'sent', 'fetching') and j.reason_code is null
      and j.at < ${before} and (j.at, j.message_id, j.seq) > (${after.at}, ${after.messageId}, ${after.seq})
    order by j.at, j.message_id, j.seq limit ${limit}
  `.execute(db);
  const over = rows.filter((row) => row.over === 1);
  for (const { messageId, seq } of over) {
    await db.deleteFrom("journal").where("message_id", "=", messageId).where("seq", "=", seq).execute();
  }
  return { pruned: over.length, next: rows.length < limit ? null : (rows.at(-1) ?? null) };
}

/**
 * Prunes the signed bytes of transactions whose fate has been final since before a moment. What became of each, its nonce and
 * what it carried stay.
 *
 * @param db a transaction
 * @param before milliseconds since 1970
 * @param limit how many at most
 * @returns how many
 */
export async function pruneBroadcasts(db: Kysely<Schema>, before: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("evm_broadcast as b")
    .innerJoin("evm_transaction as t", (join) =>
      join
        .onRef("t.chain_id", "=", "b.chain_id")
        .onRef("t.signer", "=", "b.signer")
        .onRef("t.nonce", "=", "b.nonce"),
    )
    .select("b.hash")
    .where("t.state", "!=", "open")
    .where("t.touched_at", "<", before)
    .where("b.created_at", "<", before)
    .limit(limit)
    .execute();
  if (rows.length === 0) return 0;
  await db
    .deleteFrom("evm_broadcast")
    .where(
      "hash",
      "in",
      rows.map(({ hash }) => hash),
    )
    .execute();
  return rows.length;
}

/**
 * Prunes notifications that could not be delivered before a moment, unless their owner has asked for them again.
 *
 * @param db a transaction
 * @param before milliseconds since 1970
 * @param limit how many at most
 * @returns how many
 */
export async function pruneDeadLetters(db: Kysely<Schema>, before: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("dead_letter")
    .select(["subscription_id", "seq"])
    .where("failed_at", "<", before)
    .where("again", "=", 0)
    .limit(limit)
    .execute();
  for (const { subscription_id: id, seq } of rows) {
    await db.deleteFrom("dead_letter").where("subscription_id", "=", id).where("seq", "=", seq).execute();
  }
  return rows.length;
}

/**
 * Prunes subscriptions that ended, with all that hangs on them, once nothing of them happened since a moment.
 *
 * @param db a transaction
 * @param before milliseconds since 1970
 * @param limit how many at most
 * @returns how many
 */
export async function pruneSubscriptions(db: Kysely<Schema>, before: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("subscription")
    .select("id")
    .where("state", "=", "ended")
    .where("created_at", "<", before)
    .where((eb) =>
      eb.and([
        eb(eb.fn.coalesce("expires_at", "created_at"), "<", before),
        eb(eb.fn.coalesce("last_delivered_at", "created_at"), "<", before),
        eb(eb.fn.coalesce("last_failed_at", "created_at"), "<", before),
      ]),
    )
    .limit(limit)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await db.deleteFrom("subscription_request").where("subscription_id", "in", ids).execute();
  await db.deleteFrom("dead_letter").where("subscription_id", "in", ids).execute();
  await db.deleteFrom("subscription").where("id", "in", ids).execute();
  return ids.length;
}
