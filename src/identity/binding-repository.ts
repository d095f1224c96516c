import { sql, type Kysely } from "kysely";

import type { Domain } from "../domain/participant.ts";
import type { BatchEvent, MessageEvent } from "../channels/channel.ts";
import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";
import { bindingReasons, type Binding, type BindingReason, type ParticipantBinding } from "./binding.ts";

/** A participant on a channel. */
export interface Seat {
  readonly channelId: string;
  readonly participant: Domain;
}

/** An account whose message a channel has taken. */
export interface ActingAccount {
  readonly participant: Domain;
  readonly account: string;
}

function isReason(text: string | null): text is BindingReason {
  return text !== null && Object.hasOwn(bindingReasons, text);
}

function bindingOf(row: Schema["binding"]): ParticipantBinding {
  return {
    outcome: row.outcome,
    reason: isReason(row.reason) ? row.reason : null,
    checkedAt: row.checked_at,
    accounts: new Set(JSON.parse(row.accounts) as string[]),
  };
}

/** What was found out of a participant on a channel; null for nothing. */
export async function bindingOn(
  db: Kysely<Schema>,
  { channelId, participant }: Seat,
): Promise<ParticipantBinding | null> {
  const row = await db
    .selectFrom("binding")
    .selectAll()
    .where("channel_id", "=", channelId)
    .where("participant", "=", participant)
    .executeTakeFirst();
  return row === undefined ? null : bindingOf(row);
}

/** What was found out of everybody on some channels, by channel and participant. */
export async function bindingsOn(
  db: Kysely<Schema>,
  channelIds: readonly string[],
): Promise<ReadonlyMap<string, ParticipantBinding>> {
  if (channelIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("binding")
    .selectAll()
    .where("channel_id", "in", [...channelIds])
    .execute();
  return new Map(rows.map((row) => [`${row.channel_id} ${row.participant}`, bindingOf(row)]));
}

/**
 * Notes the accounts that have acted on a channel. One that is new has its participant looked at again.
 *
 * @param db the transaction in which their messages take effect
 */
export async function noteActing(
  db: Kysely<Schema>,
  channelId: string,
  acting: readonly ActingAccount[],
  at: number,
): Promise<void> {
  if (acting.length === 0) return;
  const distinct = new Map(acting.map((each) => [`${each.participant} ${each.account}`, each]));
  const fresh = new Set<string>();
  for (const chunk of chunksOf([...distinct.values()])) {
    const rows = await db
      .insertInto("acting_account")
      .values(
        chunk.map(({ participant, account }) => ({
          ...{ channel_id: channelId, participant, seen_at: at },
          account: account.toLowerCase(),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning("participant")
      .execute();
    for (const { participant } of rows) fresh.add(participant);
  }
  for (const chunk of chunksOf([...fresh])) {
    await db
      .updateTable("binding")
      .set({ due_at: 0 })
      .where("channel_id", "=", channelId)
      .where("participant", "in", [...chunk])
      .execute();
  }
}

/** The accounts that have acted for a participant on a channel. */
export async function actingFor(
  db: Kysely<Schema>,
  { channelId, participant }: Seat,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("acting_account")
    .select("account")
    .where("channel_id", "=", channelId)
    .where("participant", "=", participant)
    .execute();
  return rows.map(({ account }) => account);
}

/**
 * The accounts by which messages or batches came onto a channel, by the message's or batch's id. Left out are those that the
 * channel does not carry finally under that id, such as the messages of a settlement.
 */
export async function operatorsOf(
  db: Kysely<Schema>,
  channelId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const chunk of chunksOf([...new Set(ids)])) {
    const rows = await db
      .selectFrom("ledger_event")
      .select(["message_id", "event"])
      .where("message_id", "in", [...chunk])
      .where("channel_id", "=", channelId)
      .where("kind", "in", ["message", "batch"])
      .orderBy("height", "desc")
      .orderBy("index", "desc")
      .execute();
    // The first is the one that counts, and is read last.
    for (const { message_id: id, event } of rows) {
      const { operator } = JSON.parse(event) as MessageEvent | BatchEvent;
      if (id !== null) found.set(id, operator);
    }
  }
  return found;
}

/** Puts the participants of some channels in line to be looked at, and forgets what is of other channels or is gone. */
export async function seatBindings(
  db: Kysely<Schema>,
  channelIds: readonly string[],
  now: number,
): Promise<void> {
  const seats = db
    .selectFrom("participant")
    .select(["channel_id", "domain"])
    .where("channel_id", "in", [...channelIds]);
  if (channelIds.length > 0) {
    await db
      .insertInto("binding")
      .columns(["channel_id", "participant", "outcome", "reason", "accounts", "checked_at", "due_at"])
      .expression(
        seats.select([
          sql.lit("unknown").as("outcome"),
          sql.lit("not-checked").as("reason"),
          sql.lit("[]").as("accounts"),
          sql<null>`cast(null as ${sql.raw("bigint")})`.as("checked_at"),
          sql<number>`cast(${now} as bigint)`.as("due_at"),
        ]),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await db
    .deleteFrom("binding")
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("participant")
            .select("participant.domain")
            .whereRef("participant.channel_id", "=", "binding.channel_id")
            .whereRef("participant.domain", "=", "binding.participant")
            .where("participant.channel_id", "in", channelIds.length === 0 ? [""] : [...channelIds]),
        ),
      ),
    )
    .execute();
}

/** Those that are due, the longest first. */
export async function dueBindings(db: Kysely<Schema>, now: number, limit: number): Promise<readonly Seat[]> {
  const rows = await db
    .selectFrom("binding")
    .select(["channel_id", "participant"])
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .orderBy("participant")
    .limit(limit)
    .execute();
  return rows.map(({ channel_id: channelId, participant }) => ({
    channelId,
    participant: participant as Domain,
  }));
}

/** Writes down what was found out of a participant on a channel, unless it is forgotten meanwhile. */
export async function recordBinding(
  db: Kysely<Schema>,
  { channelId, participant }: Seat,
  found: Binding & { readonly accounts: readonly string[]; readonly dueAt: number },
): Promise<void> {
  await db
    .updateTable("binding")
    .set({
      outcome: found.outcome,
      reason: found.reason,
      accounts: JSON.stringify(found.accounts),
      checked_at: found.checkedAt,
      due_at: found.dueAt,
    })
    .where("channel_id", "=", channelId)
    .where("participant", "=", participant)
    .execute();
}

/** Has a participant looked at again now, unless it was since `since`. @returns whether it is */
export async function hastenBinding(
  db: Kysely<Schema>,
  { channelId, participant }: Seat,
  { now, since }: { readonly now: number; readonly since: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("binding")
    .set({ due_at: now })
    .where("channel_id", "=", channelId)
    .where("participant", "=", participant)
    .where("due_at", ">", now)
    .where((where) => where.or([where("checked_at", "is", null), where("checked_at", "<", since)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
