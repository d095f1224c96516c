import type { Kysely } from "kysely";

import type { Effect } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { journalsOf, sampleOf, type Sampled } from "./traffic-repository.ts";

/** Ways of a message whose length is told. */
export const legs = ["accepted-sent", "sent-delivered", "accepted-delivered", "received-available"] as const;

export type Leg = (typeof legs)[number];

/** How long messages took, in milliseconds. */
export interface Latency {
  /** How many messages that is known of. */
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** How many messages of one kind. */
export interface Volume {
  readonly direction: "outgoing" | "incoming";
  readonly effect: Effect;
  readonly status: string;
  readonly count: number;
}

/** What came up in a stretch of time. */
export interface TrafficBucket {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Whether there was more than is counted one by one, so that shares are those of a part of it. */
  readonly estimated: boolean;
  readonly volume: readonly Volume[];
  readonly latency: Readonly<Partial<Record<Leg, Latency>>>;
}

/** Traffic over time. */
export interface Traffic {
  readonly buckets: readonly TrafficBucket[];
  /** The same latencies over all of it. */
  readonly latency: Readonly<Partial<Record<Leg, Latency>>>;
}

/** Of which stretches of time; milliseconds. `from` and `to` are multiples of `step`. */
export interface TrafficQuery {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Messages of one stretch that are counted one by one, and those of which journals are read. */
const COUNTED = 1_000;
const TIMED = 200;

type Durations = ReadonlyMap<Leg, readonly number[]>;

/**
 * Tells how many messages were accepted or first seen in each stretch of time, where they stand now, and how long they took.
 * The work is bounded whatever a node's age: of a stretch with more than a thousand messages, the shares are those of its
 * first thousand. Pruned journals no longer say when a message was sent: then only its whole way is told.
 */
export async function readTraffic(db: Kysely<Schema>, { from, to, step }: TrafficQuery): Promise<Traffic> {
  const buckets: TrafficBucket[] = [];
  const all = new Map<Leg, number[]>();
  for (let begin = from; begin < to; begin += step) {
    const { sample, total } = await sampleOf(db, begin, begin + step, COUNTED);
    const durations = await durationsOf(db, sample);
    for (const [leg, values] of durations) all.set(leg, [...(all.get(leg) ?? []), ...values]);
    buckets.push({
      from: begin,
      estimated: total > sample.length,
      volume: volumeOf(sample, total),
      latency: latencyOf(durations),
    });
  }
  return { buckets, latency: latencyOf(all) };
}

function volumeOf(sample: readonly Sampled[], total: number): readonly Volume[] {
  const counts = new Map<string, Volume>();
  for (const { direction, effect, status } of sample) {
    const key = `${direction} ${effect} ${status}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { direction, effect, status, count });
  }
  const share = sample.length === 0 ? 1 : total / sample.length;
  return [...counts.values()].map((volume) => ({ ...volume, count: Math.round(volume.count * share) }));
}

async function durationsOf(db: Kysely<Schema>, sample: readonly Sampled[]): Promise<Durations> {
  const every = Math.max(1, Math.ceil(sample.length / TIMED));
  const timed = sample.filter((_message, place) => place % every === 0);
  const durations = new Map<Leg, number[]>();
  const add = (leg: Leg, begin: number | undefined, end: number | undefined) => {
    if (begin === undefined || end === undefined || end < begin) return;
    durations.set(leg, [...(durations.get(leg) ?? []), end - begin]);
  };
  for (const steps of (await journalsOf(db, timed)).values()) {
    add("accepted-sent", steps.get("pending"), steps.get("sent"));
    add("sent-delivered", steps.get("sent"), steps.get("delivered"));
    add("accepted-delivered", steps.get("pending"), steps.get("delivered"));
    add("received-available", steps.get("received"), steps.get("available"));
  }
  return durations;
}

function latencyOf(durations: Durations): Readonly<Partial<Record<Leg, Latency>>> {
  const entries = [...durations].map(([leg, values]) => {
    const sorted = values.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return [leg, { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) }] as const;
  });
  return Object.fromEntries(entries);
}
