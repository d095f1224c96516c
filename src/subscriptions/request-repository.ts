import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { Claim } from "./leased-work.ts";
import { removeSubscription } from "./subscription-repository.ts";

/** Something to be asked or told of a callback, that this process alone works on as long as its lease lasts. */
export interface ClaimedRequest {
  readonly subscriptionId: string;
  readonly callback: string;
  readonly host: string;
  readonly mode: "subscribe" | "unsubscribe" | "denied";
  readonly topic: string;
  readonly leaseSeconds: number;
  /** This one counted. */
  readonly tries: number;
  readonly epoch: number;
}

/** Leases requests that are due and nobody's. Two claimants never get the same one. */
export async function claimRequests(
  db: Kysely<Schema>,
  { owner, now, until, busy, perHost, limit }: Claim,
): Promise<readonly ClaimedRequest[]> {
  const rows = await db
    .updateTable("subscription_request")
    .set((update) => ({
      lease_owner: owner,
      lease_epoch: update("lease_epoch", "+", 1),
      lease_until: until,
      tries: update("tries", "+", 1),
    }))
    // Judged again on the row as it is when it is written: another replica may have been quicker.
    .where("lease_until", "<=", now)
    .where("due_at", "<=", now)
    .where("subscription_id", "in", (outer) =>
      outer
        .selectFrom((inner) =>
          inner
            .selectFrom("subscription_request")
            .select((select) => [
              "subscription_id",
              "due_at",
              select.fn
                .agg<number>("row_number")
                .over((over) => over.partitionBy("host").orderBy("due_at"))
                .as("place"),
            ])
            .where("due_at", "<=", now)
            .where("lease_until", "<=", now)
            .$if(busy.length > 0, (query) => query.where("host", "not in", [...busy]))
            .as("due"),
        )
        .select("due.subscription_id")
        .where("due.place", "<=", perHost)
        .orderBy("due.due_at")
        .limit(limit),
    )
    .returningAll()
    .execute();
  const callbacks = await callbacksOf(
    db,
    rows.map((row) => row.subscription_id),
  );
  return rows.map((row) => ({
    subscriptionId: row.subscription_id,
    callback: callbacks.get(row.subscription_id) ?? "",
    host: row.host,
    mode: row.mode,
    topic: row.topic,
    leaseSeconds: row.lease_seconds,
    tries: row.tries,
    epoch: row.lease_epoch,
  }));
}

async function callbacksOf(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("subscription")
    .select(["id", "callback"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map(({ id, callback }) => [id, callback]));
}

/** When the next request falls due, in milliseconds since 1970; null when none is in line. */
export async function nextRequestAt(db: Kysely<Schema>, now: number): Promise<number | null> {
  const row = await db
    .selectFrom("subscription_request")
    .select((eb) => eb.fn.min("due_at").as("at"))
    .where("lease_until", "<=", now)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** @returns false, having changed nothing, when it is another's by now, or another request has taken its place */
export async function renewRequest(
  db: Kysely<Schema>,
  request: ClaimedRequest,
  until: number,
): Promise<boolean> {
  return changeRequest(db, request, { lease_until: until });
}

/** Puts a request back in line. */
export async function postponeRequest(
  db: Kysely<Schema>,
  request: ClaimedRequest,
  dueAt: number,
): Promise<boolean> {
  return changeRequest(db, request, { due_at: dueAt, lease_owner: null, lease_until: 0 });
}

async function changeRequest(
  db: Kysely<Schema>,
  { subscriptionId, epoch }: ClaimedRequest,
  change: { due_at?: number; lease_owner?: null; lease_until: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("subscription_request")
    .set(change)
    .where("subscription_id", "=", subscriptionId)
    .where("lease_epoch", "=", epoch)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Carries out what a callback has confirmed, or been told.
 *
 * @param db a transaction
 * @returns false, having changed nothing, when the request is another's by now
 */
export async function concludeRequest(
  db: Kysely<Schema>,
  request: ClaimedRequest,
  now: number,
): Promise<boolean> {
  const { subscriptionId, mode, topic, leaseSeconds } = request;
  const taken = await takeOut(db, request);
  if (taken === null) return false;
  switch (mode) {
    case "denied":
      await removeSubscription(db, subscriptionId);
      break;
    case "unsubscribe":
      await db
        .updateTable("subscription")
        .set({ state: "ended", ended_reason: "unsubscribed" })
        .where("id", "=", subscriptionId)
        .execute();
      break;
    case "subscribe":
      await db
        .updateTable("subscription")
        .set({ state: "active", ended_reason: null, expires_at: now + leaseSeconds * 1000 })
        .set({ topic, secret: taken.secret, tries: 0, due_at: now })
        .where("id", "=", subscriptionId)
        .execute();
  }
  return true;
}

/**
 * Gives a request up that its callback has not confirmed. What was subscribed before stays as it was.
 *
 * @param db a transaction
 * @param failure what went wrong, for the owner
 */
export async function refuseRequest(
  db: Kysely<Schema>,
  request: ClaimedRequest,
  failure: string,
  now: number,
): Promise<boolean> {
  if ((await takeOut(db, request)) === null) return false;
  if (request.mode === "denied") {
    await removeSubscription(db, request.subscriptionId);
    return true;
  }
  await db
    .updateTable("subscription")
    .set({ last_failed_at: now, last_failure: failure })
    .where("id", "=", request.subscriptionId)
    .execute();
  await db
    .updateTable("subscription")
    .set({ state: "ended", ended_reason: "unverified" })
    .where("id", "=", request.subscriptionId)
    .where("state", "=", "pending")
    .execute();
  return true;
}

async function takeOut(
  db: Kysely<Schema>,
  { subscriptionId, epoch }: ClaimedRequest,
): Promise<{ readonly secret: string | null } | null> {
  const row = await db
    .deleteFrom("subscription_request")
    .where("subscription_id", "=", subscriptionId)
    .where("lease_epoch", "=", epoch)
    .returning("secret")
    .executeTakeFirst();
  return row ?? null;
}
