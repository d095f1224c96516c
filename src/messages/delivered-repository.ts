import type { Kysely } from "kysely";

import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";

/** Where on a ledger messages are. */
export interface LedgerPlace {
  readonly channelId: string;
  readonly txn: string | null;
  readonly height: number | null;
}

/** Those of some messages that are on record here, with their direction and status. */
export async function onRecord(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<Schema["message"], "direction" | "status">>> {
  const known = new Map<string, Pick<Schema["message"], "direction" | "status">>();
  for (const chunk of chunksOf(ids)) {
    const rows = await db
      .selectFrom("message")
      .select(["id", "direction", "status"])
      .where("id", "in", [...chunk])
      .execute();
    for (const { id, direction, status } of rows) known.set(id, { direction, status });
  }
  return known;
}

/** The channels for which some messages are in line; left out are those that are not. */
export async function linesOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  for (const chunk of chunksOf(ids)) {
    const rows = await db
      .selectFrom("outbox")
      .select(["message_id", "channel_id"])
      .where("message_id", "in", [...chunk])
      .execute();
    for (const row of rows) lines.set(row.message_id, row.channel_id);
  }
  return lines;
}

/** Notes where on a ledger some messages are; nulls when a fork took their block away. */
export async function locateMessages(
  db: Kysely<Schema>,
  ids: Iterable<string>,
  place: LedgerPlace,
): Promise<void> {
  for (const chunk of chunksOf([...ids])) {
    await db
      .updateTable("message")
      .set({ channel_id: place.channelId, txn: place.txn, height: place.height })
      .where("id", "in", [...chunk])
      .execute();
  }
}

/**
 * Takes out of the line what is finally on its channel: messages, or a bundle of them.
 *
 * @returns those that this node had in line for that channel
 */
export async function removeDelivered(
  db: Kysely<Schema>,
  ids: Iterable<string>,
  channelId: string,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const chunk of chunksOf([...ids])) {
    const rows = await db
      .deleteFrom("outbox")
      .where("message_id", "in", [...chunk])
      .where("channel_id", "=", channelId)
      .returning("message_id")
      .execute();
    removed.push(...rows.map((row) => row.message_id));
  }
  return removed;
}
