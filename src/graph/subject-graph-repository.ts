import type { Kysely } from "kysely";

import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";

/**
 * On which certificate some messages acted, by the final state of their ledger. One that was refused, or came second, acted on
 * none. A certificate that a message acted on has the message's own parties and subject: who sees the one sees the other.
 *
 * @param ids of messages
 * @returns ids of the messages that issued the certificates, by id of the message that acquitted or revoked it
 */
export async function certificatesActedOn(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const some of chunksOf(ids)) {
    const rows = await db
      .selectFrom("message")
      .innerJoin("certificate", (join) =>
        join
          .onRef("certificate.channel_id", "=", "message.channel_id")
          .onRef("certificate.subject", "=", "message.subject")
          .on((eb) =>
            eb.or([
              eb("certificate.acquitted_by", "=", eb.ref("message.id")),
              eb("certificate.revoked_by", "=", eb.ref("message.id")),
            ]),
          ),
      )
      .select(["message.id", "certificate.message_id as issuance"])
      .where("message.id", "in", [...some])
      .where("message.effect", "in", ["acquit", "revoke"])
      .execute();
    for (const { id, issuance } of rows) found.set(id, issuance);
  }
  return found;
}
