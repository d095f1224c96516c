import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/**
 * How many messages are in line for a channel: accepted, and not final yet.
 *
 * @param most it is not counted beyond this, so that a count stays cheap however long the line is
 */
export async function countWaiting(db: Kysely<Schema>, channelId: string, most: number): Promise<number> {
  const { rows } = await db
    .selectFrom((inner) =>
      inner
        .selectFrom("outbox")
        .select("message_id")
        .where("channel_id", "=", channelId)
        .where("kind", "=", "message")
        .limit(most)
        .as("waiting"),
    )
    .select((eb) => eb.fn.countAll<number | string>().as("rows"))
    .executeTakeFirstOrThrow();
  return Number(rows);
}
