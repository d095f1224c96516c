import { sql, type Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Schema } from "../store/schema.ts";

/** What stands in the place of a message's id where bytes are brought again for no message, but for what became of them here. */
const REPAIR = "repair:";

/** Whether a fetch brings again what was here and is damaged: then that it was here is no reason to leave it. */
export function isRepair(messageId: string): boolean {
  return messageId.startsWith(REPAIR);
}

/**
 * Puts a damaged document in line to be brought again from wherever it came, if it was brought from another node at all.
 * What is in line already stays as it is. Journals say nothing of it: the message's document was available, and will be.
 *
 * @param at milliseconds since 1970
 * @returns from how many channels' senders it is asked for
 */
export async function queueRepair(db: Kysely<Schema>, digest: Digest, at: number): Promise<number> {
  const sources = await db
    .selectFrom("document_fetch as fetch")
    .innerJoin("document", "document.digest", "fetch.digest")
    .select((select) => [
      "fetch.channel_id",
      select.fn.min("fetch.source").as("source"),
      select.fn.max("fetch.max_bytes").as("max_bytes"),
    ])
    .where("fetch.digest", "=", digest)
    .where("fetch.state", "=", "done")
    .where("document.origin", "=", "fetched")
    .groupBy("fetch.channel_id")
    .execute();
  let queued = 0;
  for (const { channel_id, source, max_bytes } of sources) {
    const due = { state: "queued", tries: 0, due_at: at, first_tried_at: null, last_error: null } as const;
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("document_fetch")
      .values({
        ...{ message_id: REPAIR + digest, digest, source, channel_id, max_bytes },
        ...{ ...due, lease_owner: null, lease_epoch: 0, lease_until: 0 },
      })
      .onConflict((conflict) =>
        conflict
          .columns(["message_id", "channel_id"])
          .doUpdateSet({ ...due, source })
          .where("document_fetch.state", "!=", "queued"),
      )
      .executeTakeFirst();
    queued += Number(numInsertedOrUpdatedRows ?? 0);
  }
  return queued;
}

/** Takes a document's repair out of the line: it is not to be here any more. */
export async function dropRepair(db: Kysely<Schema>, digest: Digest): Promise<void> {
  await db
    .deleteFrom("document_fetch")
    .where("message_id", "=", REPAIR + digest)
    .execute();
}

/** True of the fetches of messages and batches, which a document is kept for. */
export function isForMessage() {
  return sql<boolean>`substr(message_id, 1, ${sql.lit(REPAIR.length)}) <> ${REPAIR}`;
}
