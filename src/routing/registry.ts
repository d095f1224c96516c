import type { Kysely } from "kysely";

import type { ChannelDescription, ChannelStatus } from "../channels/channel.ts";
import type { Binding } from "../identity/binding.ts";
import { bindingsOn } from "../identity/binding-repository.ts";
import type { Jurisdiction } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { changesOf, type ChangePlace, type RegistryChange } from "./change-log-repository.ts";
import { byPreference, type Contender } from "./preference.ts";
import {
  channelStandings,
  participantsOnChannels,
  typesOnChannels,
  type ParticipantOnChannel,
  type TypeOnChannel,
} from "./registry-repository.ts";

/** What the registry speaks of. */
export interface RegistryOptions {
  readonly db: Kysely<Schema>;
  /** The channels this node has open at present. */
  readonly channels: () => readonly ChannelDescription[];
  /** Which kind of channel comes first where both would do. */
  readonly prefer: ChannelDescription["type"];
}

/** Which channels are listed. All that are given must hold. */
export interface RegistryFilter {
  /** Only channels on which a participant of this jurisdiction has been seated. */
  readonly country?: Jurisdiction;
  /** Only channels on which this message type is registered. */
  readonly predicate?: Predicate;
}

/** A moment in JSON: RFC 3339 in UTC. */
type Moment = string;

/** One line of a change log, as the API shows it (openapi/registry.yaml, RegistryChange). */
export interface ChangeRecord {
  readonly at: Moment;
  readonly height: number;
  readonly channelTxnId: string;
  readonly kind: RegistryChange["kind"];
  readonly record: Readonly<Record<string, unknown>>;
}

/** Some lines of a change log, and from where to read on. */
export interface ChangePage {
  readonly items: readonly ChangeRecord[];
  readonly next: ChangePlace | null;
}

/** A channel, by its ledger's final state (openapi/registry.yaml, ChannelRecord). */
export interface ChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly status: ChannelStatus;
  readonly type: ChannelDescription["type"];
  readonly technology: string;
  readonly network: string;
  readonly opaqueSubjects: boolean;
  readonly validity: { readonly from: Moment | null; readonly until: Moment | null };
  readonly predecessor: string | null;
  readonly successor: string | null;
  readonly participants: readonly (Omit<ParticipantOnChannel, "channelId"> & {
    /** Whether its own domain names the accounts that act for it; left out where that is not looked at. */
    readonly binding?: Omit<Binding, "checkedAt"> & { readonly checkedAt: Moment | null };
  })[];
  readonly messageTypes: readonly Omit<TypeOnChannel, "channelId">[];
  readonly changeLog: ChangePage;
}

interface Standing extends Contender {
  readonly description: ChannelDescription;
  readonly successor: string | null;
}

/** The last moment that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

/**
 * Lists the node's channels in the order in which they would be taken (the overlap rule): the first of those that suit is
 * the one.
 *
 * @param after the last channel already shown; null for none
 * @param page `limit`: how many channels at most; `changes`: how many lines of each one's change log
 */
export async function listChannels(
  options: RegistryOptions,
  filter: RegistryFilter,
  after: Contender | null,
  page: { readonly limit: number; readonly changes: number },
): Promise<readonly ChannelRecord[]> {
  const { db, prefer } = options;
  const order = byPreference(prefer);
  const shown = (await standings(options))
    .filter((standing) => after === null || order(standing, after) > 0)
    .sort(order);
  const ids = shown.map(({ description }) => description.id);
  const [participants, types] = [await participantsOnChannels(db, ids), await typesOnChannels(db, ids)];
  const { country, predicate } = filter;
  const suiting = shown.filter(({ description: { id } }) => {
    const seated = participants.some(
      ({ channelId, jurisdiction, status }) =>
        channelId === id && jurisdiction === country && status !== "invited",
    );
    const registered = types.some((type) => type.channelId === id && type.predicate === predicate);
    return (country === undefined || seated) && (predicate === undefined || registered);
  });
  const records: ChannelRecord[] = [];
  for (const standing of suiting.slice(0, page.limit)) {
    records.push(await recordOf(db, standing, { participants, types }, page.changes));
  }
  return records;
}

/**
 * One channel of the node.
 *
 * @param changes how many lines of its change log
 * @returns null when the node has no such channel open
 */
export async function readChannel(
  options: RegistryOptions,
  channelId: string,
  changes: number,
): Promise<ChannelRecord | null> {
  const { db } = options;
  const standing = (await standings(options)).find(({ description }) => description.id === channelId);
  if (standing === undefined) return null;
  const [participants, types] = [
    await participantsOnChannels(db, [channelId]),
    await typesOnChannels(db, [channelId]),
  ];
  return recordOf(db, standing, { participants, types }, changes);
}

/** A stretch of a channel's change log: see `changesOf`. */
export async function readChanges(
  db: Kysely<Schema>,
  channelId: string,
  after: ChangePlace | null,
  limit: number,
): Promise<ChangePage> {
  // One more than asked for tells whether there is more.
  const changes = await changesOf(db, channelId, after, limit + 1);
  const items = changes.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ kind, time, height, txn, record }) => ({
      ...{ at: moment(time), height, channelTxnId: txn, kind, record },
    })),
    next: changes.length > limit && last !== undefined ? { height: last.height, index: last.index } : null,
  };
}

async function standings({ db, channels }: RegistryOptions): Promise<readonly Standing[]> {
  const followed = await channelStandings(db);
  return channels().map((description) => ({
    description,
    ...(followed.get(description.id) ?? { status: "active", successor: null }),
  }));
}

async function recordOf(
  db: Kysely<Schema>,
  { description, status, successor }: Standing,
  known: {
    readonly participants: readonly ParticipantOnChannel[];
    readonly types: readonly TypeOnChannel[];
  },
  changes: number,
): Promise<ChannelRecord> {
  const { id, name, type, technology, network, opaqueSubjects, predecessor, validFrom, validUntil } =
    description;
  const bindings = await bindingsOn(db, [id]);
  const bindingOf = (domain: string) => {
    const found = bindings.get(`${id} ${domain}`);
    if (found === undefined) return {};
    const { outcome, reason, checkedAt } = found;
    const at = checkedAt === null ? null : new Date(checkedAt).toISOString();
    return { binding: { outcome, reason, checkedAt: at } };
  };
  return {
    ...{ id, name, status, type, technology, network, opaqueSubjects },
    validity: {
      from: validFrom === 0 ? null : moment(validFrom),
      until: validUntil === null ? null : moment(validUntil),
    },
    ...{ predecessor, successor },
    participants: known.participants
      .filter(({ channelId }) => channelId === id)
      .map(({ domain, jurisdiction, status: standing, endpoint }) => ({
        ...{ domain, jurisdiction, status: standing, endpoint, ...bindingOf(domain) },
      })),
    messageTypes: known.types
      .filter(({ channelId }) => channelId === id)
      .map(({ predicate, effect, batchable, closed, target }) => ({
        ...{ predicate, effect, batchable, closed, target },
      })),
    changeLog: await readChanges(db, id, null, changes),
  };
}

/** A ledger's moment, seconds since 1970; one that no calendar has is shown as the last that it has. */
function moment(seconds: number): Moment {
  return new Date(Math.min(seconds, LAST_SECOND) * 1000).toISOString();
}
