import type { Kysely } from "kysely";

import type {
  ChannelStatus,
  ChannelStatusEvent,
  MessageTypeEvent,
  ParticipantEvent,
} from "../channels/channel.ts";
import type { Domain, Jurisdiction, ParticipantStatus } from "../domain/participant.ts";
import type { Effect, Predicate } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";

/** A message type as one channel takes it, by that channel's final state. */
export interface TypeOnChannel {
  readonly channelId: string;
  readonly predicate: Predicate;
  readonly effect: Effect;
  /** Whether its messages may be anchored as batches. */
  readonly batchable: boolean;
  readonly closed: boolean;
  readonly target: Predicate | null;
}

/** A participant as one channel knows it, by that channel's final state. */
export interface ParticipantOnChannel {
  readonly channelId: string;
  readonly domain: Domain;
  readonly jurisdiction: Jurisdiction;
  readonly status: ParticipantStatus;
  readonly endpoint: string | null;
}

/** The channels as followed so far, by id. */
export async function channelStatuses(db: Kysely<Schema>): Promise<ReadonlyMap<string, ChannelStatus>> {
  const rows = await db.selectFrom("channel").select(["id", "status"]).execute();
  return new Map(rows.map((row) => [row.id, row.status]));
}

/** What every channel makes of a message type; empty when none has registered it. */
export async function typesOf(db: Kysely<Schema>, predicate: Predicate): Promise<readonly TypeOnChannel[]> {
  const rows = await db
    .selectFrom("message_type")
    .select(["channel_id", "effect", "batchable", "closed", "target"])
    .where("predicate", "=", predicate)
    .execute();
  return rows.map((row) => ({
    channelId: row.channel_id,
    predicate,
    effect: row.effect,
    batchable: row.batchable === 1,
    closed: row.closed === 1,
    target: row.target as Predicate | null,
  }));
}

/** One channel's message type; null when it has not registered it. */
export async function typeOn(
  db: Kysely<Schema>,
  channelId: string,
  predicate: Predicate,
): Promise<TypeOnChannel | null> {
  const types = await typesOf(db, predicate);
  return types.find((type) => type.channelId === channelId) ?? null;
}

/** A participant on every channel that knows it. */
export async function participantsNamed(
  db: Kysely<Schema>,
  domain: Domain,
): Promise<readonly ParticipantOnChannel[]> {
  const rows = await db.selectFrom("participant").selectAll().where("domain", "=", domain).execute();
  return rows.map(participantOf);
}

/** All participants of a jurisdiction, on every channel that knows them. */
export async function participantsOf(
  db: Kysely<Schema>,
  jurisdiction: Jurisdiction,
): Promise<readonly ParticipantOnChannel[]> {
  const rows = await db
    .selectFrom("participant")
    .selectAll()
    .where("jurisdiction", "=", jurisdiction)
    .execute();
  return rows.map(participantOf);
}

/** Base URL of a participant's node as announced on a channel; null when it has announced none. */
export async function endpointOn(
  db: Kysely<Schema>,
  channelId: string,
  domain: Domain,
): Promise<string | null> {
  const row = await db
    .selectFrom("participant")
    .select("endpoint")
    .where("channel_id", "=", channelId)
    .where("domain", "=", domain)
    .executeTakeFirst();
  return row?.endpoint ?? null;
}

/** Records a participant's final state on a channel. */
export async function recordParticipant(
  db: Kysely<Schema>,
  channelId: string,
  event: ParticipantEvent,
): Promise<void> {
  const record = { jurisdiction: event.jurisdiction, status: event.status, endpoint: event.endpoint };
  await db
    .insertInto("participant")
    .values({ channel_id: channelId, domain: event.participant, ...record })
    .onConflict((conflict) => conflict.columns(["channel_id", "domain"]).doUpdateSet(record))
    .execute();
}

/** Records a message type's final state on a channel. */
export async function recordMessageType(
  db: Kysely<Schema>,
  channelId: string,
  event: MessageTypeEvent,
): Promise<void> {
  const record = {
    effect: event.type.effect,
    batchable: event.type.batchable ? 1 : 0,
    closed: event.type.closed ? 1 : 0,
    target: event.type.target,
  };
  await db
    .insertInto("message_type")
    .values({ channel_id: channelId, predicate: event.type.predicate, ...record })
    .onConflict((conflict) => conflict.columns(["channel_id", "predicate"]).doUpdateSet(record))
    .execute();
}

/** Records a channel's own final status. */
export async function recordChannelStatus(
  db: Kysely<Schema>,
  channelId: string,
  event: ChannelStatusEvent,
): Promise<void> {
  await db
    .updateTable("channel")
    .set({ status: event.status, successor: event.successor })
    .where("id", "=", channelId)
    .execute();
}

function participantOf(row: Schema["participant"]): ParticipantOnChannel {
  return {
    channelId: row.channel_id,
    domain: row.domain as Domain,
    jurisdiction: row.jurisdiction as Jurisdiction,
    status: row.status,
    endpoint: row.endpoint,
  };
}
