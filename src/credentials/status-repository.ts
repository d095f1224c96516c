import { randomInt } from "node:crypto";

import { sql, type Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Schema } from "../store/schema.ts";
import { ENTRIES } from "./status-list.ts";

/** An entry of one of this node's lists. */
export interface GivenEntry {
  readonly list: number;
  readonly position: number;
}

/** Half full, a list still hides one entry among many, and a free one is found at the second try. */
const MOST_GIVEN = ENTRIES / 2;
const TRIES = 100;
/**
 * The first list of a database has a number out of so many: one that begins anew after a loss publishes none by a number that
 * credentials out there already carry, in which what was revoked would not be.
 */
const FIRST_LISTS = { from: 100_000_000, to: 900_000_000 } as const;

/**
 * Gives an entry that no credential has, at a place that tells nothing of when it was given.
 *
 * @param db a transaction
 * @param at milliseconds since 1970
 */
export async function giveEntry(
  db: Kysely<Schema>,
  { to, at }: { readonly to: string; readonly at: number },
): Promise<GivenEntry> {
  const list = await openList(db, at);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const position = randomInt(ENTRIES);
    const given = await db
      .insertInto("status_entry")
      .values({
        ...{ list, position, digest: null, given_to: to, given_at: at },
        ...{ revoked_at: null, revoked_by: null, reason: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("position")
      .executeTakeFirst();
    if (given !== undefined) return { list, position };
  }
  throw new Error(`Status list ${list} has no free entry, though it should be half empty.`);
}

/** The list that entries are given out of, counted up by one. */
async function openList(db: Kysely<Schema>, at: number): Promise<number> {
  const last = await db
    .selectFrom("status_list")
    .selectAll()
    .orderBy("list", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last === undefined || last.given >= MOST_GIVEN) {
    const list = last === undefined ? randomInt(FIRST_LISTS.from, FIRST_LISTS.to) : last.list + 1;
    await db.insertInto("status_list").values({ list, given: 1, opened_at: at }).execute();
    return list;
  }
  await db
    .updateTable("status_list")
    .set((update) => ({ given: update("given", "+", 1) }))
    .where("list", "=", last.list)
    .execute();
  return last.list;
}

/**
 * Notes which credential carries an entry. The first one has it for good.
 *
 * @returns whether this one has it
 */
export async function bindEntry(
  db: Kysely<Schema>,
  { list, position }: GivenEntry,
  digest: Digest,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("status_entry")
    .set({ digest })
    .where("list", "=", list)
    .where("position", "=", position)
    .where((where) => where.or([where("digest", "is", null), where("digest", "=", digest)]))
    .where("revoked_at", "is", null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("identity_anchor")
            .select("identity_anchor.id")
            .whereRef("identity_anchor.list", "=", "status_entry.list")
            .whereRef("identity_anchor.position", "=", "status_entry.position"),
        ),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Revokes what is on no ledger.
 *
 * @param by issuer and subject of the caller's token; `at`: milliseconds since 1970
 */
export async function revokeEntry(
  db: Kysely<Schema>,
  { list, position }: GivenEntry,
  { by, reason, at }: { readonly by: string; readonly reason: string; readonly at: number },
): Promise<void> {
  await db
    .updateTable("status_entry")
    .set({ revoked_at: at, revoked_by: by, reason })
    .where("list", "=", list)
    .where("position", "=", position)
    .where("revoked_at", "is", null)
    .execute();
}

/** Whether there is such a list. */
export async function hasList(db: Kysely<Schema>, list: number): Promise<boolean> {
  const row = await db.selectFrom("status_list").select("list").where("list", "=", list).executeTakeFirst();
  return row !== undefined;
}

/**
 * The entries of a list that are revoked: here, or by the final state of any ledger on which this participant issued the
 * credential that carries it.
 */
export async function revokedPositions(
  db: Kysely<Schema>,
  participant: Domain,
  list: number,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("status_entry")
    .select("position")
    .where("list", "=", list)
    .where((where) =>
      where.or([
        where("revoked_at", "is not", null),
        where.exists(
          where
            .selectFrom("certificate")
            .select(sql`1`.as("one"))
            .whereRef("certificate.digest", "=", "status_entry.digest")
            .where("certificate.sender", "=", participant)
            .where((each) =>
              each.or([each("revoked_by", "is not", null), each("invalidated_at_seconds", "is not", null)]),
            ),
        ),
      ]),
    )
    .orderBy("position")
    .execute();
  return rows.map(({ position }) => position);
}
