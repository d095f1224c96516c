import { randomUUID } from "node:crypto";

import type { Kysely, Selectable } from "kysely";

import { Problem } from "../domain/problems.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import type { Schema } from "../store/schema.ts";
import type { EndedReason, HubRequest, Subscription } from "./subscription.ts";

/** Subscriptions of one owner, ended ones that are still shown among them. */
export const MOST_SUBSCRIPTIONS = 200;

type SubscriptionRow = Selectable<Schema["subscription"]>;

/** Who asks the hub, when, and from where on they are told. */
export interface Asking {
  /** Issuer and subject of the caller's token. */
  readonly owner: string;
  /** The subjects that the caller is limited to. */
  readonly subjects: SubjectScope;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Sequence number of the newest notification that a new subscription is not told of. */
  readonly position: number;
}

/**
 * Takes a request to the hub: what is to be asked of the callback is on record then, and the subscription with it. A later
 * request takes the place of an earlier one that has not been confirmed.
 *
 * @param db a transaction
 * @returns the subscription's id
 * @throws Problem `not-found` for unsubscribing what is not subscribed, `too-many-subscriptions`
 */
export async function takeRequest(db: Kysely<Schema>, request: HubRequest, asking: Asking): Promise<string> {
  const { owner, now } = asking;
  const { topic, callback } = request;
  const known = await db
    .selectFrom("subscription")
    .selectAll()
    .where("owner", "=", owner)
    .where("topic_kind", "=", topic.kind)
    .where("topic_value", "=", topic.value)
    .where("callback", "=", callback.href)
    .executeTakeFirst();
  if (request.mode === "unsubscribe" && (known === undefined || known.state === "ended")) {
    throw new Problem("not-found", "You have no such subscription: check hub.topic and hub.callback.");
  }
  const id = known?.id ?? randomUUID();
  if (known === undefined) await insertSubscription(db, id, request, asking);
  else if (known.state === "ended") await beginAnew(db, id, asking);
  else if (request.mode === "subscribe") await limitTo(db, id, asking.subjects);
  await putRequest(db, {
    subscription_id: id,
    host: callback.host,
    mode: request.mode,
    topic: request.topicText,
    lease_seconds: request.leaseSeconds,
    secret: request.secret,
    due_at: now,
  });
  return id;
}

async function insertSubscription(
  db: Kysely<Schema>,
  id: string,
  { topic, topicText, callback, secret }: HubRequest,
  { owner, now, position, subjects }: Asking,
): Promise<void> {
  await makeRoom(db, owner);
  await db
    .insertInto("subscription")
    .values({
      id,
      owner,
      subjects: written(subjects),
      topic_kind: topic.kind,
      topic_value: topic.value,
      topic: topicText,
      callback: callback.href,
      host: callback.host,
      secret,
      state: "pending",
      ended_reason: null,
      created_at: now,
      expires_at: null,
      position,
      tries: 0,
      due_at: now,
      failing_since: null,
      last_delivered_at: null,
      last_failed_at: null,
      last_failure: null,
      lease_owner: null,
      lease_epoch: 0,
      lease_until: 0,
    })
    .execute();
}

/** Of a full owner the subscription that ended first is no longer shown. */
async function makeRoom(db: Kysely<Schema>, owner: string): Promise<void> {
  const rows = await db
    .selectFrom("subscription")
    .select(["id", "state"])
    .where("owner", "=", owner)
    .orderBy("seq")
    .execute();
  if (rows.length < MOST_SUBSCRIPTIONS) return;
  const ended = rows.find(({ state }) => state === "ended");
  if (ended === undefined) {
    throw new Problem(
      "too-many-subscriptions",
      `You have ${MOST_SUBSCRIPTIONS} subscriptions, and more are not kept: end one of them first.`,
    );
  }
  await removeSubscription(db, ended.id);
}

function written(subjects: SubjectScope): string | null {
  return subjects === null ? null : JSON.stringify(subjects);
}

/** Whoever asks again is told of what they may know by then, from now on. */
async function limitTo(db: Kysely<Schema>, id: string, subjects: SubjectScope): Promise<void> {
  await db
    .updateTable("subscription")
    .set({ subjects: written(subjects) })
    .where("id", "=", id)
    .execute();
}

async function beginAnew(db: Kysely<Schema>, id: string, { now, position, subjects }: Asking): Promise<void> {
  await limitTo(db, id, subjects);
  await db
    .updateTable("subscription")
    .set({ state: "pending", ended_reason: null, expires_at: null, position, tries: 0, due_at: now })
    .set({ failing_since: null, last_failed_at: null, last_failure: null })
    .where("id", "=", id)
    .execute();
}

async function putRequest(
  db: Kysely<Schema>,
  request: Pick<
    Schema["subscription_request"],
    "subscription_id" | "host" | "mode" | "topic" | "lease_seconds" | "secret" | "due_at"
  >,
): Promise<void> {
  const { subscription_id: id, ...rest } = request;
  const free = { tries: 0, lease_owner: null, lease_until: 0 };
  await db
    .insertInto("subscription_request")
    .values({ subscription_id: id, ...rest, ...free, lease_epoch: 1 })
    .onConflict((conflict) =>
      conflict.column("subscription_id").doUpdateSet((set) => ({
        ...{ ...rest, ...free },
        lease_epoch: set("subscription_request.lease_epoch", "+", 1),
      })),
    )
    .execute();
}

/** Takes a subscription and all that hangs on it out. */
export async function removeSubscription(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom("subscription_request").where("subscription_id", "=", id).execute();
  await db.deleteFrom("dead_letter").where("subscription_id", "=", id).execute();
  await db.deleteFrom("subscription").where("id", "=", id).execute();
}

/**
 * Ends a subscription because its owner said so to the node. A callback that was being told is told once that it is over
 * (W3C WebSub §5.2, `denied`); then nothing is left of it.
 *
 * @param db a transaction
 */
export async function deleteSubscription(
  db: Kysely<Schema>,
  { id, topic, callback, state }: Subscription,
  now: number,
): Promise<void> {
  if (state !== "active") {
    await removeSubscription(db, id);
    return;
  }
  await db
    .updateTable("subscription")
    .set({ state: "ended", ended_reason: "deleted" })
    .where("id", "=", id)
    .execute();
  await putRequest(db, {
    ...{ subscription_id: id, host: new URL(callback).host, topic, due_at: now },
    ...{ mode: "denied", lease_seconds: 0, secret: null },
  });
}

function shown(db: Kysely<Schema>, owner: string) {
  return db
    .selectFrom("subscription")
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom("dead_letter")
        .select((each) => each.fn.countAll().as("count"))
        .whereRef("dead_letter.subscription_id", "=", "subscription.id")
        .as("dead_letters"),
    )
    .where("owner", "=", owner)
    .where((eb) => eb.or([eb("ended_reason", "is", null), eb("ended_reason", "!=", "deleted")]));
}

/** An owner's subscriptions in the order of their creation, from after `after` (a `seq`) on. */
export async function listSubscriptions(
  db: Kysely<Schema>,
  owner: string,
  after: number,
  limit: number,
): Promise<readonly Subscription[]> {
  const rows = await shown(db, owner).where("seq", ">", after).orderBy("seq").limit(limit).execute();
  return rows.map(toSubscription);
}

/** A subscription by its id; null when this owner has none of that id. */
export async function findSubscription(
  db: Kysely<Schema>,
  owner: string,
  id: string,
): Promise<Subscription | null> {
  const row = await shown(db, owner).where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/**
 * Ends the subscriptions whose lease is over, and takes out those that ended long ago.
 *
 * @param before milliseconds since 1970: what was created before it and is over is taken out
 */
export async function endExpired(db: Kysely<Schema>, now: number, before: number): Promise<void> {
  await db
    .updateTable("subscription")
    .set({ state: "ended", ended_reason: "expired" })
    .where("state", "=", "active")
    .where("expires_at", "<=", now)
    .execute();
  const over = await db
    .selectFrom("subscription")
    .select("id")
    .where("state", "=", "ended")
    .where((eb) => eb(eb.fn.coalesce("expires_at", "created_at"), "<", before))
    .execute();
  for (const { id } of over) await removeSubscription(db, id);
}

function toSubscription(
  row: SubscriptionRow & { readonly dead_letters: string | number | bigint | null },
): Subscription {
  return {
    seq: row.seq,
    id: row.id,
    topic: row.topic,
    callback: row.callback,
    state: row.state,
    endedReason: row.ended_reason as EndedReason | null,
    signed: row.secret !== null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastDeliveredAt: row.last_delivered_at,
    lastFailedAt: row.last_failed_at,
    lastFailure: row.last_failure,
    deadLetters: Number(row.dead_letters ?? 0),
  };
}
