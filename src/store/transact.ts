import { setTimeout as delay } from "node:timers/promises";

import type { Kysely, Transaction } from "kysely";

import { Problem } from "../domain/problems.ts";
import { isContention, isUniqueViolation } from "./postgres-dialect.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";

const MAX_TRIES = 50;
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
      const contended = isContention(error);
      if (!contended && !(isUniqueViolation(error) && tries < MAX_UNIQUE_TRIES)) throw error;
      if (tries >= MAX_TRIES) {
        const detail = "The node is too busy to do this now: try again in a moment.";
        throw new Problem("unavailable", detail, { cause: error, retryAfterSeconds: 1 });
      }
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
