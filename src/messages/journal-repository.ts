import { sql, type Kysely } from "kysely";

import type { ActingUser, JournalEntry, MessageStatus, Reason } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";
import type { NotificationType } from "../subscriptions/notification.ts";
import { recordNotifications } from "../subscriptions/notification-repository.ts";
import { asMessageStatus, predecessorsOf } from "./journal.ts";
import { takeTurn } from "./message-repository.ts";
import { countTransitions } from "./transition-counts.ts";

/** A step of a message that is to be written down. `at` is milliseconds since 1970. */
export interface JournalStep {
  readonly messageId: string;
  readonly status: MessageStatus;
  readonly at: number;
  readonly reason?: Reason;
  /** True where the step opens a new attempt (PROTOCOL §3: posting again after `failed` or `withdrawn`). */
  readonly newAttempt?: boolean;
  /** Who of this node's users made it; left out where none did. */
  readonly by?: ActingUser;
  /** Out of which statuses the step leads, where that is not for the journal's own order to say. */
  readonly from?: readonly MessageStatus[];
}

/** The same step of many messages, each of which is named once. */
export interface JournalSteps extends Omit<JournalStep, "messageId"> {
  readonly messageIds: readonly string[];
}

// A row has eight columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

/** What subscribers are told when a message comes to stand there; of other statuses they are told nothing. */
const told: Readonly<Partial<Record<MessageStatus, NotificationType>>> = {
  sent: "message.sent",
  delivered: "message.delivered",
  failed: "message.failed",
  received: "message.received",
  available: "document.available",
};

/** Writes down what subscribers are to be told of a step, in the transaction that takes it. */
async function tell(
  db: Kysely<Schema>,
  { messageIds, status, at }: Pick<JournalSteps, "messageIds" | "status" | "at">,
): Promise<void> {
  const type = told[status];
  if (type === undefined) return;
  await recordNotifications(
    db,
    messageIds.map((messageId) => ({ type, messageId, at })),
  );
}

/** Writes the first line of a message's journal, and tells subscribers; its row already carries the status. */
export async function openJournal(
  db: Kysely<Schema>,
  step: Pick<JournalStep, "messageId" | "status" | "at" | "by">,
): Promise<void> {
  const { messageId, ...rest } = step;
  await openJournals(db, { ...rest, messageIds: [messageId] });
}

/** Writes the first line of each of some messages' journals, and tells subscribers; their rows already carry the status. */
export async function openJournals(
  db: Kysely<Schema>,
  steps: Pick<JournalSteps, "messageIds" | "status" | "at" | "by">,
): Promise<void> {
  const caller = written(steps.by);
  for (const ids of chunksOf(steps.messageIds)) {
    const rows = ids.map((id) => ({
      message_id: id,
      seq: 1,
      attempt: 1,
      status: steps.status,
      at: steps.at,
      reason_code: null,
      reason_detail: null,
      caller,
    }));
    await db.insertInto("journal").values(rows).execute();
  }
  countTransitions(db, steps.status, steps.messageIds.length);
  await tell(db, steps);
}

/**
 * Moves a message on, writes the step down and tells subscribers, when the journal's order allows it. The message's row
 * is changed first, so that on every store two movers of one message come one after the other.
 *
 * @param db a transaction
 * @returns false, having changed nothing, when the message's present status does not allow this step
 */
export async function appendJournal(db: Kysely<Schema>, step: JournalStep): Promise<boolean> {
  const { messageId, ...rest } = step;
  const moved = await appendJournals(db, { ...rest, messageIds: [messageId] });
  return moved.has(messageId);
}

/**
 * Moves many messages on and writes the step down, as `appendJournal` does for one. Two callers that may move the same
 * messages take their turn first (`takeTurn`), so that neither waits for a row while it holds one that the other wants.
 *
 * @param db a transaction
 * @returns the messages that moved, in the order given; the others' present status does not allow this step
 */
export async function appendJournals(db: Kysely<Schema>, steps: JournalSteps): Promise<ReadonlySet<string>> {
  const moved = new Set<string>();
  // Before the messages' rows: others take their turn, then lock rows like these.
  if (told[steps.status] !== undefined) await takeTurn(db);
  for (const ids of chunksOf(steps.messageIds)) {
    for (const id of await moveAll(db, steps, ids)) moved.add(id);
  }
  countTransitions(db, steps.status, moved.size);
  await tell(db, { messageIds: [...moved], status: steps.status, at: steps.at });
  return moved;
}

async function moveAll(
  db: Kysely<Schema>,
  { status, at, reason, newAttempt, by, from: origins = predecessorsOf(status) }: JournalSteps,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await db
    .updateTable("message")
    .set((eb) => ({ status, ...(newAttempt === true ? { attempt: eb("attempt", "+", 1) } : {}) }))
    .where("id", "in", [...ids])
    .where("status", "in", [...origins])
    .returning("id")
    .execute();
  const changed = new Set(rows.map(({ id }) => id));
  const moved = ids.filter((id) => changed.has(id));
  if (moved.length === 0) return moved;
  await db
    .insertInto("journal")
    .columns(["message_id", "seq", "attempt", "status", "at", "reason_code", "reason_detail", "caller"])
    .expression((eb) =>
      eb
        .selectFrom("message")
        .select((from) => [
          "message.id",
          from
            .selectFrom("journal as before")
            .select((last) => last(last.fn.max("before.seq"), "+", 1).as("next"))
            .whereRef("before.message_id", "=", "message.id")
            .as("seq"),
          "message.attempt",
          "message.status",
          sql<number>`cast(${at} as bigint)`.as("at"),
          sql<string | null>`cast(${reason?.code ?? null} as text)`.as("reason_code"),
          sql<string | null>`cast(${reason?.detail ?? null} as text)`.as("reason_detail"),
          sql<string | null>`cast(${written(by)} as text)`.as("caller"),
        ])
        .where("message.id", "in", moved),
    )
    .execute();
  return moved;
}

function* chunksOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += ROWS_A_STATEMENT) {
    yield ids.slice(start, start + ROWS_A_STATEMENT);
  }
}

function written(by: ActingUser | undefined): string | null {
  return by === undefined ? null : JSON.stringify(by);
}

/**
 * The journals of some messages, each in the order it was written.
 *
 * @param withUsers also says which users made the steps: for this node's administrators only
 */
export async function readJournals(
  db: Kysely<Schema>,
  messageIds: readonly string[],
  withUsers = false,
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
      ...(withUsers && row.caller !== null ? { by: JSON.parse(row.caller) as ActingUser } : {}),
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
