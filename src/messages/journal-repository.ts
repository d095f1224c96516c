import type { Kysely } from "kysely";

import type { JournalEntry, MessageStatus, Reason } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";
import { asMessageStatus, predecessorsOf } from "./journal.ts";

/** A step of a message that is to be written down. `at` is milliseconds since 1970. */
export interface JournalStep {
  readonly messageId: string;
  readonly status: MessageStatus;
  readonly at: number;
  readonly reason?: Reason;
  /** True where the step opens a new attempt (PROTOCOL §3: posting again after `failed` or `withdrawn`). */
  readonly newAttempt?: boolean;
}

/** Writes the first line of a message's journal; its row already carries the status. */
export async function openJournal(
  db: Kysely<Schema>,
  step: Pick<JournalStep, "messageId" | "status" | "at">,
): Promise<void> {
  await db
    .insertInto("journal")
    .values({
      message_id: step.messageId,
      seq: 1,
      attempt: 1,
      status: step.status,
      at: step.at,
      reason_code: null,
      reason_detail: null,
    })
    .execute();
}

/**
 * Moves a message on and writes the step down, when the journal's order allows it. The message's row is changed first,
 * so that on every store two movers of one message come one after the other.
 *
 * @param db a transaction
 * @returns false, having changed nothing, when the message's present status does not allow this step
 */
export async function appendJournal(db: Kysely<Schema>, step: JournalStep): Promise<boolean> {
  const moved = await db
    .updateTable("message")
    .set((eb) => ({
      status: step.status,
      ...(step.newAttempt === true ? { attempt: eb("attempt", "+", 1) } : {}),
    }))
    .where("id", "=", step.messageId)
    .where("status", "in", [...predecessorsOf(step.status)])
    .returning("attempt")
    .executeTakeFirst();
  if (moved === undefined) return false;

  const last = await db
    .selectFrom("journal")
    .select("seq")
    .where("message_id", "=", step.messageId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  await db
    .insertInto("journal")
    .values({
      message_id: step.messageId,
      seq: last.seq + 1,
      attempt: moved.attempt,
      status: step.status,
      at: step.at,
      reason_code: step.reason?.code ?? null,
      reason_detail: step.reason?.detail ?? null,
    })
    .execute();
  return true;
}

/** The journals of some messages, each in the order it was written. */
export async function readJournals(
  db: Kysely<Schema>,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly JournalEntry[]>> {
  const journals = new Map<string, JournalEntry[]>(messageIds.map((id) => [id, []]));
  if (messageIds.length === 0) return journals;
  const rows = await db
    .selectFrom("journal")
    .selectAll()
    .where("message_id", "in", [...messageIds])
    .orderBy("message_id")
    .orderBy("seq")
    .execute();
  for (const row of rows) {
    const status = asMessageStatus(row.status);
    if (status === null)
      throw new Error(`The journal of ${row.message_id} holds an unknown status: ${row.status}`);
    journals.get(row.message_id)?.push({
      status,
      at: row.at,
      attempt: row.attempt,
      ...(row.reason_code === null
        ? {}
        : { reason: { code: row.reason_code, detail: row.reason_detail ?? "" } }),
    });
  }
  return journals;
}

/** When the present attempt of a message began; milliseconds since 1970. */
export async function attemptBegan(db: Kysely<Schema>, messageId: string, attempt: number): Promise<number> {
  const first = await db
    .selectFrom("journal")
    .select("at")
    .where("message_id", "=", messageId)
    .where("attempt", "=", attempt)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirstOrThrow();
  return first.at;
}
