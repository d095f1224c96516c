import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** What a replay has to know of a subscription. */
export interface Replayable {
  /** Issuer and subject of whose it is. */
  readonly owner: string;
  readonly state: "pending" | "active" | "ended";
  /** `seq` of the last event that is dealt with. */
  readonly position: number;
}

/** A subscription, whoever owns it; null for none. */
export async function findReplayable(db: Kysely<Schema>, id: string): Promise<Replayable | null> {
  const row = await db
    .selectFrom("subscription")
    .select(["owner", "state", "position"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Sets a subscription back, so that what came after `position` is delivered once more, in order. Whoever delivers for it at
 * the time holds it no more. Its dead letters after that are gone: they are among what is delivered.
 *
 * @param db a transaction
 * @param now milliseconds since 1970
 */
export async function setBack(db: Kysely<Schema>, id: string, position: number, now: number): Promise<void> {
  await db
    .updateTable("subscription")
    .set((eb) => ({
      ...{ position, tries: 0, due_at: now, failing_since: null },
      ...{ lease_owner: null, lease_until: 0, lease_epoch: eb("lease_epoch", "+", 1) },
    }))
    .where("id", "=", id)
    .execute();
  await db.deleteFrom("dead_letter").where("subscription_id", "=", id).where("seq", ">", position).execute();
}

/** Has a subscription's next delivery tried at once. @returns false for none that is active */
export async function makeSubscriptionDue(db: Kysely<Schema>, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("subscription")
    .set({ due_at: now, tries: 0 })
    .where("id", "=", id)
    .where("state", "=", "active")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
