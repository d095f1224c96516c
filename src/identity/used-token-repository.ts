import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { UseToken } from "./node-token.ts";

const PRUNE_MILLISECONDS = 60_000;
/**
 * Kept longer than a token is good for: a replica whose clock is behind, or was set back as far as clocks are by mistake of an
 * hour or two, would still take what is forgotten.
 */
const KEPT_MILLISECONDS = 3 * 60 * 60_000;

/**
 * Remembers in the database which node tokens were used, so that each is good once for all replicas and through
 * restarts. What expired three hours ago is forgotten, at most once a minute.
 *
 * @param now milliseconds since 1970
 */
export function usedTokens(db: Kysely<Schema>, now: () => number = Date.now): UseToken {
  let prunedAt = Number.NEGATIVE_INFINITY;
  return async ({ issuer, jti, expiresAt }) => {
    if (now() - prunedAt > PRUNE_MILLISECONDS) {
      prunedAt = now();
      await db
        .deleteFrom("used_token")
        .where("expires_at", "<", prunedAt - KEPT_MILLISECONDS)
        .execute();
    }
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("used_token")
      .values({ issuer, jti, expires_at: expiresAt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  };
}
