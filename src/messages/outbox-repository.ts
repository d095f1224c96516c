import { PostgresAdapter, type Kysely, type Selectable } from "kysely";

import type { Reason } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";

export type OutboxRow = Selectable<Schema["outbox"]>;

/** A row as its holder knows it: every write checks that it is the same attempt, and that nobody took the lease over. */
export type HeldRow = Pick<OutboxRow, "message_id" | "attempt" | "lease_epoch">;

/** An accepted message's place in line. */
export interface Entry {
  readonly messageId: string;
  readonly channelId: string;
  readonly attempt: number;
  /** What may be bundled has the same key; null for what goes alone. */
  readonly groupKey: string | null;
  /** Whether it goes in a bundle however few others there are. */
  readonly bulk: boolean;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

// A row has fifteen columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

/** Puts accepted messages in line. */
export async function enqueue(db: Kysely<Schema>, entries: readonly Entry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += ROWS_A_STATEMENT) {
    const rows = entries.slice(start, start + ROWS_A_STATEMENT).map((entry) => ({
      message_id: entry.messageId,
      kind: "message" as const,
      channel_id: entry.channelId,
      attempt: entry.attempt,
      state: "waiting" as const,
      group_key: entry.groupKey,
      bulk: entry.bulk ? 1 : 0,
      bundle_id: null,
      submission: 0,
      tries: 0,
      refused_at: null,
      due_at: entry.dueAt,
      lease_owner: null,
      lease_epoch: 0,
      lease_until: 0,
    }));
    await db.insertInto("outbox").values(rows).execute();
  }
}

/**
 * Leases rows of a channel that are due and nobody's, the longest due first. Two claimants never get the same row: the
 * condition on the lease is judged again on the row as it is when it is written. On PostgreSQL a row that another
 * transaction is just changing is left for later, so that a claim of many rows waits for nobody while it holds some.
 *
 * @param claim `now` and `until` are milliseconds since 1970
 */
export async function claimDue(
  db: Kysely<Schema>,
  claim: {
    readonly channelId: string;
    readonly owner: string;
    readonly now: number;
    readonly until: number;
    readonly limit: number;
  },
): Promise<readonly OutboxRow[]> {
  if (claim.limit <= 0) return [];
  const locksRows = db.getExecutor().adapter instanceof PostgresAdapter;
  return db
    .updateTable("outbox")
    .set((eb) => ({
      lease_owner: claim.owner,
      lease_epoch: eb("lease_epoch", "+", 1),
      lease_until: claim.until,
    }))
    .where("lease_until", "<=", claim.now)
    .where("message_id", "in", (eb) =>
      eb
        .selectFrom("outbox")
        .select("message_id")
        .where("channel_id", "=", claim.channelId)
        .where("state", "!=", "bundled")
        // What goes in a bundle is the batcher's.
        .where((row) => row.or([row("bulk", "=", 0), row("group_key", "is", null)]))
        .where("due_at", "<=", claim.now)
        .where("lease_until", "<=", claim.now)
        .orderBy("due_at")
        .limit(claim.limit)
        .$if(locksRows, (rows) => rows.forUpdate().skipLocked()),
    )
    .returningAll()
    .execute();
}

/**
 * Writes down, before anything is signed, that a submission is being handed over.
 *
 * @returns the number of the submission, or null when the row was withdrawn, finished or taken over meanwhile
 */
export async function beginSubmission(db: Kysely<Schema>, row: HeldRow): Promise<number | null> {
  const begun = await db
    .updateTable("outbox")
    .set((eb) => ({
      state: "submitting",
      submission: eb("submission", "+", 1),
      tries: 0,
      refused_at: null,
    }))
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .where("state", "=", "waiting")
    .returning("submission")
    .executeTakeFirst();
  return begun?.submission ?? null;
}

/** Holds on to a row, unless it has been given back or taken over. `until` is milliseconds since 1970. */
export async function holdOn(db: Kysely<Schema>, row: OutboxRow, until: number): Promise<void> {
  await db
    .updateTable("outbox")
    .set({ lease_until: until })
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .where("lease_owner", "=", row.lease_owner)
    .execute();
}

/**
 * Gives a row back, to be looked at again at `dueAt` (milliseconds since 1970).
 *
 * @param next without `state`, the row keeps the one it has; `refusedAt`: since when the ledger refuses what may yet pass;
 *   `error`: why it could not go on, and when that was, null where nothing went wrong
 */
export async function release(
  db: Kysely<Schema>,
  row: HeldRow,
  next: {
    readonly state?: OutboxRow["state"];
    readonly tries: number;
    readonly refusedAt: number | null;
    readonly dueAt: number;
    readonly error?: (Reason & { readonly at: number }) | null;
  },
): Promise<void> {
  await db
    .updateTable("outbox")
    .set({
      last_error_code: next.error?.code ?? null,
      last_error_at: next.error?.at ?? null,
      last_error_detail: next.error?.detail ?? null,
      ...(next.state === undefined ? {} : { state: next.state }),
      tries: next.tries,
      refused_at: next.refusedAt,
      due_at: next.dueAt,
      lease_owner: null,
      lease_until: 0,
    })
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .execute();
}

/**
 * Lets go what waited for the end of a request.
 *
 * @param dueAt until when it was to wait at most; both moments are milliseconds since 1970
 */
export async function makeDue(
  db: Kysely<Schema>,
  channelId: string,
  dueAt: number,
  now: number,
): Promise<void> {
  await db
    .updateTable("outbox")
    .set({ due_at: now })
    .where("channel_id", "=", channelId)
    .where("state", "=", "waiting")
    .where("bulk", "=", 1)
    .where("due_at", "=", dueAt)
    .execute();
}

/** Hands a row over to the batcher, to go in a bundle with others of its key, however few they are. */
export async function regroup(
  db: Kysely<Schema>,
  row: HeldRow,
  groupKey: string,
  dueAt: number,
): Promise<void> {
  await db
    .updateTable("outbox")
    .set({ group_key: groupKey, bulk: 1, due_at: dueAt, lease_owner: null, lease_until: 0 })
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .where("state", "=", "waiting")
    .execute();
}

/**
 * Puts messages in line for another channel, as a new attempt of which nothing has been signed. Whoever held a row holds it
 * no more.
 *
 * @param to `groupKey`: null for what goes alone there; `dueAt`: milliseconds since 1970
 */
export async function redirect(
  db: Kysely<Schema>,
  ids: readonly string[],
  to: { readonly channelId: string; readonly groupKey: string | null; readonly dueAt: number },
): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    const some = ids.slice(start, start + ROWS_A_STATEMENT);
    await db
      .updateTable("outbox")
      .set((eb) => ({
        channel_id: to.channelId,
        attempt: eb("attempt", "+", 1),
        state: "waiting",
        group_key: to.groupKey,
        bundle_id: null,
        submission: 0,
        tries: 0,
        refused_at: null,
        due_at: to.dueAt,
        lease_owner: null,
        lease_epoch: eb("lease_epoch", "+", 1),
        lease_until: 0,
      }))
      .where("message_id", "in", some)
      .execute();
  }
}

/** Whether a row is still there, and still its holder's. */
export async function holds(db: Kysely<Schema>, row: HeldRow): Promise<boolean> {
  const found = await db
    .selectFrom("outbox")
    .select("message_id")
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * Takes out a row that its holder has brought to an end.
 *
 * @throws Error when it was taken over meanwhile, which undoes the transaction
 */
export async function removeHeld(db: Kysely<Schema>, row: HeldRow): Promise<void> {
  const removed = await db
    .deleteFrom("outbox")
    .where("message_id", "=", row.message_id)
    .where("attempt", "=", row.attempt)
    .where("lease_epoch", "=", row.lease_epoch)
    .returning("message_id")
    .executeTakeFirst();
  if (removed === undefined)
    throw new Error(`The outbox row of ${row.message_id} was taken over by another replica.`);
}

/**
 * Takes out a message of which nothing was ever handed to the channel.
 *
 * @returns false when something was, or when it is not in line
 */
export async function removeUnsigned(db: Kysely<Schema>, messageId: string): Promise<boolean> {
  const removed = await db
    .deleteFrom("outbox")
    .where("message_id", "=", messageId)
    .where("state", "=", "waiting")
    .where("submission", "=", 0)
    .returning("message_id")
    .executeTakeFirst();
  return removed !== undefined;
}
