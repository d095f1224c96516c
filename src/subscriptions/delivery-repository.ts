import { sql, type Kysely, type Selectable } from "kysely";

import type { SubjectPattern, SubjectScope } from "../domain/subject-pattern.ts";
import type { MessageId } from "../domain/message.ts";
import { messageOf } from "../messages/message-row.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";
import type { Claim } from "./leased-work.ts";
import type { Notification, NotificationType } from "./notification.ts";
import type { EndedReason } from "./subscription.ts";
import type { Topic, TopicKind } from "./topic.ts";

/** A subscription that this process alone delivers to as long as its lease lasts. Moments are milliseconds since 1970. */
export interface ClaimedSubscription {
  readonly id: string;
  readonly topic: Topic;
  /** The subjects that its owner was limited to when asking for it. */
  readonly subjects: SubjectScope;
  readonly callback: string;
  readonly host: string;
  readonly secret: string | null;
  readonly expiresAt: number;
  /** Sequence number of the last notification dealt with. */
  readonly position: number;
  /** Failed deliveries in a row. */
  readonly tries: number;
  /** Since when nothing could be delivered; null while all is well. */
  readonly failingSince: number | null;
  /** By the clock that told that it was due. */
  readonly claimedAt: number;
  readonly epoch: number;
}

/**
 * Leases subscriptions that are due and nobody's, and behind `newest` or with dead letters to be tried once more.
 *
 * @param stoodStillMs by so much late, the lateness does not count as time in which delivering failed
 */
export async function claimSubscriptions(
  db: Kysely<Schema>,
  { owner, now, until, busy, perHost, limit }: Claim,
  newest: number,
  stoodStillMs: number,
): Promise<readonly ClaimedSubscription[]> {
  const rows = await db
    .updateTable("subscription")
    .set((update) => ({
      lease_owner: owner,
      lease_epoch: update("lease_epoch", "+", 1),
      lease_until: until,
      failing_since: sql<number | null>`case when failing_since is not null and due_at < ${now - stoodStillMs}
        then failing_since + ${now} - due_at else failing_since end`,
    }))
    // Judged again on the row as it is when it is written: another replica may have been quicker.
    .where("state", "=", "active")
    .where("due_at", "<=", now)
    .where("lease_until", "<=", now)
    .where("expires_at", ">", now)
    .where("id", "in", (outer) =>
      outer
        .selectFrom((inner) =>
          inner
            .selectFrom("subscription")
            .select((select) => [
              "id",
              "due_at",
              select.fn
                .agg<number>("row_number")
                .over((over) => over.partitionBy("host").orderBy("due_at"))
                .as("place"),
            ])
            .where("state", "=", "active")
            .where("due_at", "<=", now)
            .where("lease_until", "<=", now)
            .where("expires_at", ">", now)
            .where((each) =>
              each.or([
                each("position", "<", newest),
                each.exists(
                  each
                    .selectFrom("dead_letter")
                    .select("dead_letter.seq")
                    .whereRef("dead_letter.subscription_id", "=", "subscription.id")
                    .where("again", "=", 1),
                ),
              ]),
            )
            .$if(busy.length > 0, (query) => query.where("host", "not in", [...busy]))
            .as("due"),
        )
        .select("due.id")
        .where("due.place", "<=", perHost)
        .orderBy("due.due_at")
        .limit(limit),
    )
    .returningAll()
    .execute();
  return rows.map((row) => toClaimed(row, now));
}

function toClaimed(row: Selectable<Schema["subscription"]>, claimedAt: number): ClaimedSubscription {
  return {
    id: row.id,
    topic: { kind: row.topic_kind as TopicKind, value: row.topic_value },
    subjects: row.subjects === null ? null : (JSON.parse(row.subjects) as SubjectPattern[]),
    callback: row.callback,
    host: row.host,
    secret: row.secret,
    expiresAt: row.expires_at ?? 0,
    position: row.position,
    tries: row.tries,
    failingSince: row.failing_since,
    claimedAt,
    epoch: row.lease_epoch,
  };
}

/** When a delivery that waits is tried next, in milliseconds since 1970; null when none waits. */
export async function nextDeliveryAt(db: Kysely<Schema>, now: number): Promise<number | null> {
  const row = await db
    .selectFrom("subscription")
    .select((eb) => eb.fn.min("due_at").as("at"))
    .where("state", "=", "active")
    .where("due_at", ">", now)
    .executeTakeFirst();
  return row?.at ?? null;
}

function held(db: Kysely<Schema>, { id, epoch }: ClaimedSubscription) {
  return db
    .updateTable("subscription")
    .where("id", "=", id)
    .where("lease_epoch", "=", epoch)
    .where("state", "=", "active");
}

/** @returns false when it is another's by now, or over */
export async function renewSubscription(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  until: number,
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, claimed).set({ lease_until: until }).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Moves a subscription's position on: past what was delivered, or past what its topic does not match.
 *
 * @param deliveredAt null where nothing was delivered
 * @returns false, having changed nothing, when it is another's by now, or over
 */
export async function advanceSubscription(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  position: number,
  deliveredAt: number | null,
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, claimed)
    .set({
      position,
      ...(deliveredAt === null ? {} : { last_delivered_at: deliveredAt, tries: 0, failing_since: null }),
    })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives a subscription back, to be tried again at `dueAt` after what went wrong at `at`. */
export async function postponeSubscription(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  next: { readonly dueAt: number; readonly at: number; readonly failure: string },
): Promise<void> {
  const { dueAt, at, failure } = next;
  await held(db, claimed)
    .set((eb) => ({
      tries: eb("tries", "+", 1),
      failing_since: eb.fn.coalesce("failing_since", sql<number>`cast(${at} as bigint)`),
      last_failed_at: at,
      last_failure: failure,
      due_at: dueAt,
      lease_owner: null,
      lease_until: 0,
    }))
    .execute();
}

/** Gives a subscription back. */
export async function releaseSubscription(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  dueAt: number,
): Promise<void> {
  await held(db, claimed).set({ due_at: dueAt, lease_owner: null, lease_until: 0 }).execute();
}

/** Ends a subscription. */
export async function endSubscription(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  reason: EndedReason,
): Promise<void> {
  await held(db, claimed).set({ state: "ended", ended_reason: reason, lease_until: 0 }).execute();
}

/**
 * Puts a notification among the dead letters and moves the position past it.
 *
 * @param db a transaction
 * @returns false, having changed nothing, when the subscription is another's by now, or over
 */
export async function buryNotification(
  db: Kysely<Schema>,
  claimed: ClaimedSubscription,
  { seq, type, at, messageId, channelId }: Notification,
  { failedAt, reason }: { readonly failedAt: number; readonly reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, claimed)
    .set({ position: seq, last_failed_at: failedAt, last_failure: reason })
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await db
    .insertInto("dead_letter")
    .values({
      ...{ subscription_id: claimed.id, seq, type, at, message_id: messageId, channel_id: channelId },
      ...{ failed_at: failedAt, reason, again: 0 },
    })
    .onConflict((conflict) => conflict.columns(["subscription_id", "seq"]).doNothing())
    .execute();
  return true;
}

/** A notification that was given up, and why. */
export interface DeadLetter {
  readonly notification: Notification;
  readonly failedAt: number;
  readonly reason: string;
  /** Whether it is in line to be tried once more. */
  readonly again: boolean;
}

/**
 * A subscription's dead letters, oldest first.
 *
 * @param after `seq` of the last one already shown; 0 for none
 * @param onlyAgain only those in line to be tried once more
 * @param subjects shows only those about these; null shows all
 */
export async function listDeadLetters(
  db: Kysely<Schema>,
  subscriptionId: string,
  after: number,
  limit: number,
  onlyAgain = false,
  subjects: SubjectScope = null,
): Promise<readonly DeadLetter[]> {
  const rows = await db
    .selectFrom("dead_letter as d")
    .innerJoin("message as m", "m.id", "d.message_id")
    .select(["d.seq", "d.type", "d.at", "d.message_id", "d.channel_id", "d.failed_at", "d.reason", "d.again"])
    .select([
      "m.sender",
      "m.receiver",
      "m.subject",
      "m.predicate",
      "m.digest",
      "m.valid_until",
      "m.direction",
    ])
    .where("d.subscription_id", "=", subscriptionId)
    .where("d.seq", ">", after)
    .$if(onlyAgain, (query) => query.where("d.again", "=", 1))
    .$if(subjects !== null, (query) => query.where(withinSubjects("m.subject", subjects ?? [])))
    .orderBy("d.seq")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    notification: {
      seq: row.seq,
      type: row.type as NotificationType,
      at: row.at,
      messageId: row.message_id as MessageId,
      message: messageOf(row),
      direction: row.direction,
      channelId: row.channel_id,
    },
    failedAt: row.failed_at,
    reason: row.reason,
    again: row.again === 1,
  }));
}

/**
 * Puts a dead letter in line to be tried once more, at once.
 *
 * @param db a transaction
 * @param subjects only one that is about these; null for any
 * @returns false when there is none of this number
 */
export async function retryDeadLetter(
  db: Kysely<Schema>,
  subscriptionId: string,
  seq: number,
  now: number,
  subjects: SubjectScope = null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("dead_letter")
    .set({ again: 1 })
    .where("subscription_id", "=", subscriptionId)
    .where("seq", "=", seq)
    .$if(subjects !== null, (query) =>
      query.where("message_id", "in", (from) =>
        from
          .selectFrom("message as m")
          .select("m.id")
          .whereRef("m.id", "=", "dead_letter.message_id")
          .where(withinSubjects("m.subject", subjects ?? [])),
      ),
    )
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await db.updateTable("subscription").set({ due_at: now }).where("id", "=", subscriptionId).execute();
  return true;
}

/** Notes how trying a dead letter once more went: gone when `failure` is null, else back among the others. */
export async function concludeRetry(
  db: Kysely<Schema>,
  subscriptionId: string,
  seq: number,
  failure: { readonly at: number; readonly reason: string } | null,
): Promise<void> {
  if (failure === null) {
    await db
      .deleteFrom("dead_letter")
      .where("subscription_id", "=", subscriptionId)
      .where("seq", "=", seq)
      .execute();
    return;
  }
  await db
    .updateTable("dead_letter")
    .set({ again: 0, failed_at: failure.at, reason: failure.reason })
    .where("subscription_id", "=", subscriptionId)
    .where("seq", "=", seq)
    .execute();
}
