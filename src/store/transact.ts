import { setTimeout as delay } from "node:timers/promises";

import type { Kysely, Transaction } from "kysely";

import { isContention, isUniqueViolation } from "./postgres-dialect.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";

const MAX_TRIES = 20;
/** A row that another transaction put there first shows at the second try; one that is there to stay fails again. */
const MAX_UNIQUE_TRIES = 2;
const LONGEST_PAUSE_MS = 200;

function pause(tries: number): Promise<void> {
  return delay(Math.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** tries));
}

async function transactSerializable<T>(
  db: Kysely<Schema>,
  work: (db: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().setIsolationLevel("serializable").execute(work);
    } catch (error) {
      const again =
        (isContention(error) && tries < MAX_TRIES) || (isUniqueViolation(error) && tries < MAX_UNIQUE_TRIES);
      if (!again) throw error;
      await pause(tries);
    }
  }
}

/**
 * The `transact` of a store: on SQLite transactions run one after the other; on PostgreSQL they run side by side at the
 * serializable level and are repeated where they collide, so that the same code is right on both.
 */
export function transactOn(db: Kysely<Schema>, dialect: Store["dialect"]): Store["transact"] {
  if (dialect === "sqlite") return (work) => db.transaction().execute(work);
  return (work) => transactSerializable(db, work);
}
