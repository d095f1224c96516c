import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { MessageRow } from "./message-repository.ts";

/** What was issued under a message's number: finally, or by a message of this node that may yet fail. */
export type Taken = "final" | "under-way";

type Issuing = Pick<MessageRow, "id" | "seq" | "sender" | "predicate" | "subject">;

// SQLite takes 32,766 parameters in a statement.
const SUBJECTS_A_STATEMENT = 5_000;

/**
 * Which of some messages would issue a number that this node knows as issued, or as about to be issued by a message that
 * goes first (PROTOCOL §4, "Across batches and channels"): the one that is on its way, else the one posted first. Test and
 * production channels are counted apart, and what was issued on a channel that counts for less takes nothing.
 *
 * @param channelId the channel that the messages are for
 * @param messages all of one type
 * @param way how they would go: where one goes `alone`, another that went alone on the same channel is for the ledger to see
 * @returns by message id; a number that is free is left out
 */
export async function numbersTaken(
  db: Kysely<Schema>,
  channelId: string,
  messages: readonly Issuing[],
  way: "alone" | "in-batch",
): Promise<ReadonlyMap<string, Taken>> {
  const taken = new Map<string, Taken>();
  const [first] = messages;
  if (first === undefined) return taken;
  const kind = await db
    .selectFrom("channel")
    .leftJoin("message_type", (join) =>
      join
        .onRef("message_type.channel_id", "=", "channel.id")
        .on("message_type.predicate", "=", first.predicate),
    )
    .select(["channel.type", "channel.precedence", "message_type.batchable"])
    .where("channel.id", "=", channelId)
    .executeTakeFirstOrThrow();
  const seesAll = way === "alone" && kind.batchable !== 1;
  for (let start = 0; start < messages.length; start += SUBJECTS_A_STATEMENT) {
    const some = messages.slice(start, start + SUBJECTS_A_STATEMENT);
    const bySubject = Map.groupBy(some, ({ subject }) => subject);
    const subjects = [...bySubject.keys()];
    const underWay = await db
      .selectFrom("message")
      .innerJoin("channel", "channel.id", "message.channel_id")
      .leftJoin("outbox", "outbox.message_id", "message.id")
      .select(["message.id", "message.seq", "message.subject", "message.channel_id", "message.status"])
      .select(["message.batch_id", "outbox.state"])
      .where("channel.type", "=", kind.type)
      .where("message.subject", "in", subjects)
      .where("message.sender", "=", first.sender)
      .where("message.predicate", "=", first.predicate)
      .where("message.direction", "=", "outgoing")
      .where("message.status", "in", ["pending", "bundled", "sent"])
      .execute();
    for (const other of underWay) {
      if (seesAll && other.channel_id === channelId && other.batch_id === null) continue;
      const onItsWay = other.status !== "pending" || (other.state !== null && other.state !== "waiting");
      for (const { id, seq } of bySubject.get(other.subject) ?? []) {
        if (other.id !== id && (onItsWay || other.seq < seq)) taken.set(id, "under-way");
      }
    }
    const issued = await db
      .selectFrom("certificate")
      .innerJoin("channel", "channel.id", "certificate.channel_id")
      .select(["message_id", "subject", "channel_id", "batch_id"])
      .where("channel.type", "=", kind.type)
      .where("channel.precedence", "<=", kind.precedence)
      .where("sender", "=", first.sender)
      .where("predicate", "=", first.predicate)
      .where("subject", "in", subjects)
      .execute();
    for (const other of issued) {
      if (way === "alone" && other.channel_id === channelId && other.batch_id === null) continue;
      for (const { id } of bySubject.get(other.subject) ?? []) {
        if (other.message_id !== id) taken.set(id, "final");
      }
    }
  }
  return taken;
}
