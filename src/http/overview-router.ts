import { Router, type Request } from "express";

import type { Channel } from "../channels/channel.ts";
import type { SigningAccount } from "../channels/signing-account.ts";
import { Problem } from "../domain/problems.ts";
import { channelOverviews, type ChannelOverview } from "../operations/channel-overview.ts";
import { isLow, rightsOn, signersOf } from "../operations/signer-overview.ts";
import { readTraffic, type Traffic, type TrafficQuery } from "../operations/traffic.ts";
import type { Store } from "../store/store.ts";
import {
  listAllSubscriptions,
  listBuried,
  type BuriedNotification,
  type SubscriptionOverview,
} from "../subscriptions/overview-repository.ts";
import { requireUser } from "./caller.ts";
import { cursorFrom, cursorOf, limitOf } from "./page.ts";

/** What the operator's calls show. */
export interface OverviewOptions {
  readonly store: Store;
  /** The channels that are open at present. */
  readonly channels: () => readonly Channel[];
  /** Those that are not, and why. */
  readonly unopened: () => readonly {
    readonly label: string;
    readonly code: string | null;
    readonly at: number | null;
    readonly retried: boolean;
  }[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const HOUR_MS = 60 * 60 * 1000;
const LONGEST_MS = 366 * 24 * HOUR_MS;
const MOST_BUCKETS = 120;
const SHORTEST_STEP = 10;
const LONGEST_STEP = 7 * 24 * 60 * 60;

/** How a node stands, for administrators (openapi/overview.yaml): what its console shows to whoever runs it. */
export function overviewRouter(options: OverviewOptions): Router {
  const { store, channels, unopened, now } = options;
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/operations/channels", async (_request, response) => {
    requireUser(response, "admin");
    const at = now();
    const overviews = await channelOverviews(
      store.db,
      channels().map(({ description }) => description),
    );
    response.json({
      asOf: moment(at),
      items: overviews.map((each) => channelJson(each, at)),
      unopened: unopened().map(({ at: tried, ...rest }) => ({ ...rest, at: momentOrNull(tried) })),
    });
  });

  router.get("/operations/channels/:channelId/rights", async (request, response) => {
    requireUser(response, "admin");
    const { channelId } = request.params;
    const channel = channels().find(({ description }) => description.id === channelId);
    if (channel === undefined) {
      throw new Problem("not-found", "No such channel is open here: see GET /operations/channels.");
    }
    const { answer, failure } = await rightsOn(channel);
    response.json({ asOf: moment(now()), channel: channelId, rights: answer, failure });
  });

  router.get("/operations/signers", async (_request, response) => {
    requireUser(response, "admin");
    const items = await Promise.all(
      channels().map(async (channel) => {
        const { id, name, technology, network } = channel.description;
        const { answer, failure } = await signersOf(channel);
        return {
          ...{ channel: id, name, technology, network, failure },
          accounts: answer?.map(accountJson) ?? null,
        };
      }),
    );
    response.json({ asOf: moment(now()), items });
  });

  router.get("/operations/traffic", async (request, response) => {
    requireUser(response, "admin");
    const query = trafficQueryOf(request, now());
    response.json(trafficJson(query, await readTraffic(store.db, query)));
  });

  router.get("/operations/subscriptions", async (request, response) => {
    requireUser(response, "admin");
    const [limit, after] = [limitOf(request), cursorFrom(request, "o") ?? 0];
    const rows = await listAllSubscriptions(store.db, { state: stateOf(request), after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1)?.seq;
    response.json({
      items: shown.map(subscriptionJson),
      next: rows.length > limit && last !== undefined ? cursorOf("o", last) : null,
    });
  });

  router.get("/operations/subscriptions/:id/dead-letters", async (request, response) => {
    requireUser(response, "admin");
    const [limit, after] = [limitOf(request), cursorFrom(request, "b") ?? 0];
    const rows = await listBuried(store.db, request.params.id, after, limit + 1);
    if (rows === null) {
      throw new Problem("not-found", "There is no such subscription: see GET /operations/subscriptions.");
    }
    const shown = rows.slice(0, limit);
    const last = shown.at(-1)?.seq;
    response.json({
      items: shown.map(buriedJson),
      next: rows.length > limit && last !== undefined ? cursorOf("b", last) : null,
    });
  });

  return router;
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function momentOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : moment(milliseconds);
}

function channelJson(overview: ChannelOverview, now: number) {
  const { description, stopped, lastFork, newsAt, answeredAt, oldestWaiting, ...rest } = overview;
  const { id, name, type, technology, network, finality } = description;
  return {
    ...{ id, name, type, technology, network, finality },
    ...rest,
    quiet: Math.max(0, Math.floor((now - newsAt) / 1000)),
    answeredAt: momentOrNull(answeredAt),
    stopped: stopped === null ? null : { code: stopped.code, since: moment(stopped.since) },
    lastFork: lastFork === null ? null : { at: moment(lastFork.at), depth: lastFork.depth },
    oldestWaiting: momentOrNull(oldestWaiting),
  };
}

function accountJson(account: SigningAccount) {
  const { inFlight, spent, ...rest } = account;
  return {
    ...rest,
    low: isLow(account),
    inFlight: inFlight.map(({ since, ...each }) => ({ ...each, since: moment(since) })),
    spent: spent === null ? null : { ...spent, since: moment(spent.since) },
  };
}

function trafficQueryOf(request: Request, now: number): TrafficQuery {
  const step = 1000 * secondsOf(request.query.step);
  const to = momentOf(request.query.to, "to") ?? now;
  const from = momentOf(request.query.from, "from") ?? to - HOUR_MS;
  if (from >= to || to - from > LONGEST_MS) {
    throw new Problem("malformed-request", "from lies before to, by a year at most.");
  }
  const query = { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step, step };
  if ((query.to - query.from) / step > MOST_BUCKETS) {
    throw new Problem("malformed-request", `Ask for ${MOST_BUCKETS} steps at most: take a longer step.`);
  }
  return query;
}

function secondsOf(value: unknown): number {
  if (value === undefined) return 60;
  const step = Number(value);
  if (!Number.isInteger(step) || step < SHORTEST_STEP || step > LONGEST_STEP) {
    throw new Problem(
      "malformed-request",
      `step is a whole number of seconds from ${SHORTEST_STEP} to ${LONGEST_STEP}.`,
    );
  }
  return step;
}

function momentOf(value: unknown, name: string): number | null {
  if (value === undefined) return null;
  // A validated date-time arrives as one.
  const at = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : NaN;
  if (!Number.isSafeInteger(at) || at < 0) {
    throw new Problem("malformed-request", `${name} is an RFC 3339 date-time, such as 2027-06-03T00:00:00Z.`);
  }
  return at;
}

function trafficJson({ from, to, step }: TrafficQuery, { buckets, latency }: Traffic) {
  return {
    ...{ from: moment(from), to: moment(to), step: step / 1000 },
    buckets: buckets.map((bucket) => ({ ...bucket, from: moment(bucket.from) })),
    latency,
  };
}

function stateOf(request: Request): "pending" | "active" | "ended" | null {
  const { state } = request.query;
  if (state === undefined) return null;
  if (state === "pending" || state === "active" || state === "ended") return state;
  throw new Problem("malformed-request", "state is pending, active or ended.");
}

function subscriptionJson(subscription: SubscriptionOverview) {
  const { id, owner, topic, host, state, endedReason, position, behind, tries } = subscription;
  const { createdAt, expiresAt, failingSince, lastDeliveredAt, lastFailure, deadLetters } = subscription;
  return {
    ...{ id, owner, topic, host, state, endedReason, position, behind, tries, lastFailure, deadLetters },
    createdAt: moment(createdAt),
    expiresAt: momentOrNull(expiresAt),
    failingSince: momentOrNull(failingSince),
    lastDeliveredAt: momentOrNull(lastDeliveredAt),
  };
}

function buriedJson({ seq, messageId, channelId, failedAt, again, type, reason }: BuriedNotification) {
  return {
    ...{ n: seq, type, message: messageId, channel: channelId, reason, retrying: again },
    failedAt: moment(failedAt),
  };
}
