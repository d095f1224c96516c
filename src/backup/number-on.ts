import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { databaseTables, numberAfter } from "./database-tables.ts";

/** More than a node tells in a millisecond; and a number by the clock still has fifteen digits. */
const NUMBERS_A_MILLISECOND = 100;

/**
 * Has every table number its rows on above all numbers that can have been given before, though nobody knows which were: by
 * the clock, which has gone on. So a reader's position, however new, never stands before something that it was not shown.
 *
 * @param db a transaction
 * @param given the last numbers that are known
 * @param now milliseconds since 1970
 */
export async function numberOn(
  db: Kysely<Schema>,
  dialect: Store["dialect"],
  given: Readonly<Record<string, number>>,
  now: number,
): Promise<void> {
  for (const table of await databaseTables(db, dialect)) {
    if (table.numbered === null) continue;
    const last = Math.max(given[table.name] ?? 0, now * NUMBERS_A_MILLISECOND);
    await numberAfter(db, dialect, table, last);
    // Whoever comes back to a stream with the number of an event that is lost learns that it cannot simply go on.
    if (table.name === "notification") await forgetUpTo(db, last);
  }
}

async function forgetUpTo(db: Kysely<Schema>, forgotten: number): Promise<void> {
  await db
    .insertInto("notification_mark")
    .values({ id: 1, forgotten })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ forgotten }))
    .execute();
}
