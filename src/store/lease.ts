import type { Kysely } from "kysely";

import type { Schema } from "./schema.ts";

/** Work that this holder alone may do until `until`, and after it for as long as nobody else took it. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Grows with every change of holder, so that what a former holder still does can be told and refused. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The lease went to another holder: whatever was about to be written must not be. */
export class LeaseLost extends Error {
  constructor(lease: Lease) {
    super(`The lease ${lease.name} of epoch ${lease.epoch} is no longer held.`);
    this.name = "LeaseLost";
  }
}

/** What is needed to ask for a lease. */
export interface LeaseRequest {
  readonly name: string;
  /** Unique for each process that may hold it. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly forMs: number;
}

/** How far ahead of ours the clock of a replica may be. */
const AHEAD_MS = 60_000;

/**
 * Takes a lease that nobody holds, that has run out, or that this owner already has (it begins anew, with a new epoch). One
 * that lasts longer than it is ever taken for was written by a clock that was ahead, and counts as run out.
 *
 * @returns the lease, or null while another owner holds it
 */
export async function acquireLease(db: Kysely<Schema>, request: LeaseRequest): Promise<Lease | null> {
  const { name, owner, now } = request;
  const until = now + request.forMs;
  const row = await db
    .insertInto("lease")
    .values({ name, owner, epoch: 1, until })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet((set) => ({ owner, until, epoch: set("lease.epoch", "+", 1) }))
        .where((where) =>
          where.or([
            where("lease.until", "<=", now),
            where("lease.owner", "=", owner),
            where("lease.until", ">", until + AHEAD_MS),
          ]),
        ),
    )
    .returning("epoch")
    .executeTakeFirst();
  return row === undefined ? null : { name, owner, epoch: row.epoch, until };
}

/**
 * Holds on to a lease. One that has run out, but that nobody else took, is held again.
 *
 * @throws LeaseLost
 */
export async function renewLease(
  db: Kysely<Schema>,
  lease: Lease,
  now: number,
  forMs: number,
): Promise<Lease> {
  const until = now + forMs;
  const row = await db
    .updateTable("lease")
    .set({ until })
    .where("name", "=", lease.name)
    .where("owner", "=", lease.owner)
    .where("epoch", "=", lease.epoch)
    .returning("epoch")
    .executeTakeFirst();
  if (row === undefined) throw new LeaseLost(lease);
  return { ...lease, until };
}

/**
 * Makes sure, inside the transaction of a write that the lease protects, that it is still held: nobody can take it before
 * that transaction ends.
 *
 * @throws LeaseLost
 */
export async function assertLease(db: Kysely<Schema>, lease: Lease): Promise<void> {
  // An update, not a read: it locks the row, so that a taker waits for this transaction.
  const row = await db
    .updateTable("lease")
    .set({ epoch: lease.epoch })
    .where("name", "=", lease.name)
    .where("owner", "=", lease.owner)
    .where("epoch", "=", lease.epoch)
    .returning("epoch")
    .executeTakeFirst();
  if (row === undefined) throw new LeaseLost(lease);
}

/** Who has a lease, or had it last and did not give it back; null for nobody. */
export async function leaseHolder(db: Kysely<Schema>, name: string): Promise<string | null> {
  const row = await db
    .selectFrom("lease")
    .select("owner")
    .where("name", "=", name)
    .where("until", ">", 0)
    .executeTakeFirst();
  return row?.owner ?? null;
}

/** Gives a lease back, so that another may take it at once. Does nothing when it is already another's. */
export async function releaseLease(db: Kysely<Schema>, lease: Lease): Promise<void> {
  await db
    .updateTable("lease")
    .set({ until: 0 })
    .where("name", "=", lease.name)
    .where("owner", "=", lease.owner)
    .where("epoch", "=", lease.epoch)
    .execute();
}
