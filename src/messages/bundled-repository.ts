import type { Kysely } from "kysely";

import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";

/** The messages that this node has in line in some bundles for a channel. */
export async function bundledIn(
  db: Kysely<Schema>,
  channelId: string,
  bundleIds: readonly string[],
): Promise<readonly string[]> {
  if (bundleIds.length === 0) return [];
  const rows = await db
    .selectFrom("outbox")
    .select("message_id")
    .where("bundle_id", "in", [...bundleIds])
    .where("channel_id", "=", channelId)
    .orderBy("message_id")
    .execute();
  return rows.map((row) => row.message_id);
}

/** The bundles in which this node has some messages in line for a channel. */
export async function bundlesOf(
  db: Kysely<Schema>,
  channelId: string,
  messageIds: readonly string[],
): Promise<readonly string[]> {
  const bundles = new Set<string>();
  for (const chunk of chunksOf(messageIds)) {
    const rows = await db
      .selectFrom("outbox")
      .select("bundle_id")
      .distinct()
      .where("message_id", "in", [...chunk])
      .where("channel_id", "=", channelId)
      .where("bundle_id", "is not", null)
      .execute();
    for (const row of rows) if (row.bundle_id !== null) bundles.add(row.bundle_id);
  }
  return [...bundles];
}

/** Takes out of the line those of some bundles of which no message is in line any more. */
export async function removeEmptyBundles(
  db: Kysely<Schema>,
  channelId: string,
  bundleIds: readonly string[],
): Promise<void> {
  if (bundleIds.length === 0) return;
  await db
    .deleteFrom("outbox")
    .where("message_id", "in", [...bundleIds])
    .where("channel_id", "=", channelId)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("outbox as member")
            .select("member.message_id")
            .whereRef("member.bundle_id", "=", "outbox.message_id"),
        ),
      ),
    )
    .execute();
}
