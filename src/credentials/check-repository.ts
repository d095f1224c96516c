import { PostgresAdapter, type Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Schema } from "../store/schema.ts";
import type { CredentialCheck, CredentialFinding } from "./finding.ts";

/** What was found of a message's credential, and when; milliseconds since 1970. */
export interface RecordedCheck extends CredentialCheck {
  readonly checkedAt: number;
}

/** A check that this process does, while it holds it. */
export interface ClaimedCheck {
  readonly messageId: string;
  readonly digest: Digest;
  readonly sender: Domain;
  readonly predicate: string;
  readonly channelId: string;
  readonly epoch: number;
  /** How often it was tried, this time included. */
  readonly tries: number;
  readonly queuedAt: number;
}

/**
 * Puts messages in line whose credential is to be checked; those that are in line or were checked stay as they are.
 *
 * @param predicates of which message types
 * @param at milliseconds since 1970
 * @returns how many were put in line
 */
export async function queueChecks(
  db: Kysely<Schema>,
  messageIds: readonly string[],
  predicates: readonly string[],
  at: number,
): Promise<number> {
  if (messageIds.length === 0 || predicates.length === 0) return 0;
  const messages = await db
    .selectFrom("message")
    .select(["id", "digest"])
    .where("id", "in", [...messageIds])
    .where("predicate", "in", [...predicates])
    .execute();
  if (messages.length === 0) return 0;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("credential_check")
    .values(
      messages.map(({ id, digest }) => ({
        ...{
          message_id: id,
          digest,
          state: "queued" as const,
          outcome: null,
          findings: null,
          checked_at: null,
        },
        ...{ queued_at: at, tries: 0, due_at: at, lease_owner: null, lease_epoch: 0, lease_until: 0 },
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/**
 * Takes up some checks that are due.
 *
 * @param claim `now`, `until`: milliseconds since 1970; `most`: how many
 */
export async function claimChecks(
  db: Kysely<Schema>,
  claim: { readonly owner: string; readonly now: number; readonly until: number; readonly most: number },
): Promise<readonly ClaimedCheck[]> {
  const { owner, now, until, most } = claim;
  const locksRows = db.getExecutor().adapter instanceof PostgresAdapter;
  const rows = await db
    .updateTable("credential_check")
    .set((update) => ({
      lease_owner: owner,
      lease_epoch: update("lease_epoch", "+", 1),
      lease_until: until,
      tries: update("tries", "+", 1),
    }))
    // Judged again on the row as it is when it is written: another replica may have been quicker.
    .where("state", "=", "queued")
    .where("lease_until", "<=", now)
    .where("message_id", "in", (due) =>
      due
        .selectFrom("credential_check")
        .select("message_id")
        .where("state", "=", "queued")
        .where("due_at", "<=", now)
        .where("lease_until", "<=", now)
        .orderBy("due_at")
        .orderBy("message_id")
        .limit(most)
        .$if(locksRows, (query) => query.forUpdate().skipLocked()),
    )
    .returning(["message_id", "digest", "lease_epoch", "tries", "queued_at"])
    .execute();
  if (rows.length === 0) return [];
  const messages = await db
    .selectFrom("message")
    .select(["id", "sender", "predicate", "channel_id"])
    .where(
      "id",
      "in",
      rows.map((row) => row.message_id),
    )
    .execute();
  const known = new Map(messages.map((message) => [message.id, message]));
  return rows.flatMap((row) => {
    const message = known.get(row.message_id);
    if (message === undefined) return [];
    return {
      messageId: row.message_id,
      digest: row.digest as Digest,
      sender: message.sender as Domain,
      predicate: message.predicate,
      channelId: message.channel_id,
      epoch: row.lease_epoch,
      tries: row.tries,
      queuedAt: row.queued_at,
    };
  });
}

/**
 * Writes down what was found, if the check is still this holder's.
 *
 * @param next when it is to be looked at again, milliseconds since 1970; null for never
 * @returns whether it was
 */
export async function finishCheck(
  db: Kysely<Schema>,
  { messageId, epoch }: Pick<ClaimedCheck, "messageId" | "epoch">,
  found: RecordedCheck | null,
  next: number | null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("credential_check")
    .set({
      ...(found === null ? {} : columnsOf(found)),
      ...(next === null ? { state: "done" as const } : { due_at: next }),
      lease_owner: null,
      lease_until: 0,
    })
    .where("message_id", "=", messageId)
    .where("lease_epoch", "=", epoch)
    .where("state", "=", "queued")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Writes down what was found of a message's credential before it was sent. */
export async function recordCheck(
  db: Kysely<Schema>,
  { messageId, digest }: { readonly messageId: string; readonly digest: Digest },
  found: RecordedCheck,
): Promise<void> {
  await db
    .insertInto("credential_check")
    .values({
      ...{ message_id: messageId, digest, state: "done", ...columnsOf(found) },
      ...{ queued_at: found.checkedAt, tries: 1, due_at: found.checkedAt },
      ...{ lease_owner: null, lease_epoch: 0, lease_until: 0 },
    })
    .onConflict((conflict) =>
      conflict.column("message_id").doUpdateSet({ ...columnsOf(found), state: "done" }),
    )
    .execute();
}

/** What was found of the credentials of some messages, by message. */
export async function checksOf(
  db: Kysely<Schema>,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, RecordedCheck>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("credential_check")
    .select(["message_id", "outcome", "findings", "checked_at"])
    .where("message_id", "in", [...messageIds])
    .where("checked_at", "is not", null)
    .execute();
  return new Map(
    rows.map((row) => [
      row.message_id,
      {
        outcome: row.outcome as CredentialCheck["outcome"],
        findings: JSON.parse(row.findings ?? "[]") as readonly CredentialFinding[],
        checkedAt: row.checked_at ?? 0,
      },
    ]),
  );
}

/** When the next of the checks that nobody does falls due, in milliseconds since 1970; null when none is in line. */
export async function nextCheckAt(db: Kysely<Schema>, now: number): Promise<number | null> {
  const row = await db
    .selectFrom("credential_check")
    .select((select) => select.fn.min("due_at").as("at"))
    .where("state", "=", "queued")
    .where("lease_until", "<=", now)
    .executeTakeFirst();
  return row?.at ?? null;
}

function columnsOf({ outcome, findings, checkedAt }: RecordedCheck) {
  return { outcome, findings: JSON.stringify(findings), checked_at: checkedAt };
}
