import type { Kysely } from "kysely";

import type { Schema } from "../../src/store/schema.ts";

/** Puts a message on record as the inbox would: a delivered, outgoing one unless told otherwise. */
export async function insertMessage(
  db: Kysely<Schema>,
  message: {
    readonly id: string;
    readonly digest: string;
    readonly sender: string;
    readonly receiver: string;
    readonly direction?: "outgoing" | "incoming";
    readonly status?: string;
    readonly channel_id?: string;
  },
): Promise<void> {
  await db
    .insertInto("message")
    .values({
      direction: "outgoing",
      status: "delivered",
      subject: "urn:uuid:0",
      predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
      valid_until: null,
      channel_id: "c",
      effect: "issue",
      attempt: 1,
      created_at: 1,
      accepted_by: null,
      txn: null,
      height: null,
      ...message,
    })
    .execute();
}
