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

/** Where a channel stands by its own final state. */
export interface ChannelStanding {
  readonly status: ChannelStatus;
  /** Id of the channel that takes over; null for none. */
  readonly successor: string | null;
}

/** The channels as followed so far, by id. */
export async function channelStandings(db: Kysely<Schema>): Promise<ReadonlyMap<string, ChannelStanding>> {
  const rows = await db.selectFrom("channel").select(["id", "status", "successor"]).execute();
  return new Map(rows.map(({ id, status, successor }) => [id, { status, successor }]));
}

/** What every channel makes of a message type; empty when none has registered it. */
export async function typesOf(db: Kysely<Schema>, predicate: Predicate): Promise<readonly TypeOnChannel[]> {
  const rows = await db.selectFrom("message_type").selectAll().where("predicate", "=", predicate).execute();
  return rows.map(typeOf);
}

/** Every message type of some channels, by name. */
export async function typesOnChannels(
  db: Kysely<Schema>,
  channelIds: readonly string[],
): Promise<readonly TypeOnChannel[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("message_type")
    .selectAll()
    .where("channel_id", "in", [...channelIds])
    .orderBy("predicate")
    .execute();
  return rows.map(typeOf);
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

/** Every participant of some channels, by domain. */
export async function participantsOnChannels(
  db: Kysely<Schema>,
  channelIds: readonly string[],
): Promise<readonly ParticipantOnChannel[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("participant")
    .selectAll()
    .where("channel_id", "in", [...channelIds])
    .orderBy("domain")
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

/** Base URL of a participant's node as announced on any channel, production before test; null when it has announced none. */
export async function anyEndpointOf(db: Kysely<Schema>, domain: Domain): Promise<string | null> {
  const row = await db
    .selectFrom("participant")
    .innerJoin("channel", "channel.id", "participant.channel_id")
    .select("endpoint")
    .where("domain", "=", domain)
    .where("participant.status", "=", "active")
    .where("endpoint", "is not", null)
    .orderBy("channel.type")
    .orderBy("channel_id")
    .limit(1)
    .executeTakeFirst();
  return row?.endpoint ?? null;
}

/** Whether a participant is active by a channel's final state. */
export async function isActiveOn(db: Kysely<Schema>, channelId: string, domain: Domain): Promise<boolean> {
  const row = await db
    .selectFrom("participant")
    .select("status")
    .where("channel_id", "=", channelId)
    .where("domain", "=", domain)
    .executeTakeFirst();
  return row?.status === "active";
}

/** Records a participant's final state on a channel; one whose invitation was withdrawn is forgotten. */
export async function recordParticipant(
  db: Kysely<Schema>,
  channelId: string,
  event: ParticipantEvent,
): Promise<void> {
  const { participant: domain, jurisdiction, status, endpoint } = event;
  await keepChange(db, channelId, event, { domain, jurisdiction, status, endpoint });
  if (status === "withdrawn") {
    await db
      .deleteFrom("participant")
      .where("channel_id", "=", channelId)
      .where("domain", "=", domain)
      .execute();
    return;
  }
  const record = { jurisdiction, status, endpoint };
  await db
    .insertInto("participant")
    .values({ channel_id: channelId, domain, ...record })
    .onConflict((conflict) => conflict.columns(["channel_id", "domain"]).doUpdateSet(record))
    .execute();
}

/** Records a message type's final state on a channel. */
export async function recordMessageType(
  db: Kysely<Schema>,
  channelId: string,
  event: MessageTypeEvent,
): Promise<void> {
  const { predicate, effect, batchable, closed, target } = event.type;
  await keepChange(db, channelId, event, { predicate, effect, batchable, closed, target });
  const record = { effect, batchable: batchable ? 1 : 0, closed: closed ? 1 : 0, target };
  await db
    .insertInto("message_type")
    .values({ channel_id: channelId, predicate, ...record })
    .onConflict((conflict) => conflict.columns(["channel_id", "predicate"]).doUpdateSet(record))
    .execute();
}

/** Records a channel's own final status. */
export async function recordChannelStatus(
  db: Kysely<Schema>,
  channelId: string,
  event: ChannelStatusEvent,
): Promise<void> {
  const { status, successor } = event;
  await keepChange(db, channelId, event, { status, successor });
  await db.updateTable("channel").set({ status, successor }).where("id", "=", channelId).execute();
}

const changeKinds = {
  "channel-status": "status",
  participant: "participant",
  "message-type": "message-type",
} as const;

/** Adds a line to a channel's change log. */
async function keepChange(
  db: Kysely<Schema>,
  channelId: string,
  { kind, position, txn, time }: ParticipantEvent | MessageTypeEvent | ChannelStatusEvent,
  record: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db
    .insertInto("registry_change")
    .values({
      channel_id: channelId,
      height: position.height,
      index: position.index,
      txn,
      time_seconds: time,
      kind: changeKinds[kind],
      record: JSON.stringify(record),
    })
    .execute();
}

function typeOf(row: Schema["message_type"]): TypeOnChannel {
  return {
    channelId: row.channel_id,
    predicate: row.predicate as Predicate,
    effect: row.effect,
    batchable: row.batchable === 1,
    closed: row.closed === 1,
    target: row.target as Predicate | null,
  };
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
