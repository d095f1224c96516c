import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** The channels that a directory has led to so far. */
export async function discoveredBy(db: Kysely<Schema>, directory: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("discovered_channel")
    .select("channel_id")
    .where("directory", "=", directory)
    .orderBy("channel_id")
    .execute();
  return rows.map((row) => row.channel_id);
}

/** Remembers that a directory led to a channel; the first one counts. `at` is milliseconds since 1970. */
export async function rememberDiscovery(
  db: Kysely<Schema>,
  discovery: { readonly channelId: string; readonly directory: string; readonly at: number },
): Promise<void> {
  await db
    .insertInto("discovered_channel")
    .values({
      channel_id: discovery.channelId,
      directory: discovery.directory,
      found_at: discovery.at,
    })
    .onConflict((conflict) => conflict.column("channel_id").doNothing())
    .execute();
}

/** The successors that some channels name, by those channels' final state. */
export async function successorsOf(
  db: Kysely<Schema>,
  channelIds: readonly string[],
): Promise<readonly string[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("channel")
    .select("successor")
    .where("id", "in", [...channelIds])
    .where("successor", "is not", null)
    .execute();
  return rows.flatMap(({ successor }) => successor ?? []);
}
