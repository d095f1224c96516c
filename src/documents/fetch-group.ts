import type { LimitFunction } from "p-limit";

import type { Reason } from "../domain/journal.ts";
import type { Digest } from "../domain/multihash.ts";
import type { FetcherOptions, FetchPace } from "./fetch-options.ts";
import { needless, type ClaimedFetch, type ClaimedGroup } from "./fetch-repository.ts";
import type { FetchResults } from "./fetch-results.ts";
import type { PeerRequest } from "./peer-request.ts";
import { isRepair } from "./repair-repository.ts";
import { retrieveMany, type ManyOutcome } from "./retrieve-many.ts";
import { retrieve, type Retrieval } from "./retrieve.ts";

/** What bringing groups of documents works with. */
export interface GroupContext {
  readonly options: FetcherOptions;
  readonly pace: FetchPace;
  readonly results: FetchResults;
  /** Lets so many requests at once go to one participant's node. */
  readonly limit: LimitFunction;
  /** Whether the node at an endpoint is known not to answer for many documents at once. */
  readonly answersOneByOne: (endpoint: string) => boolean;
  readonly noteOneByOne: (endpoint: string) => void;
}

type ByDigest = ReadonlyMap<Digest, readonly ClaimedFetch[]>;

/** What makes the other side's answer to many at once useless; it may still answer for each alone. */
const ONE_BY_ONE = new Set(["answer-malformed", "answer-truncated"]);

/**
 * Brings a group of documents from one participant's node: small ones in one request, the others, and all of them where
 * that node does not know such requests, one by one. Every fetch of the group gets its result.
 *
 * @param signal ends the attempt; what is left goes back in line
 */
export async function bringGroup(
  context: GroupContext,
  group: ClaimedGroup,
  signal: AbortSignal,
): Promise<void> {
  const { options, results } = context;
  const { channelId, source } = group;
  const fetches = await withoutWithheld(context, group);
  const begun = fetches
    .filter(({ tries, lastError }) => tries === 1 && lastError === null)
    .map(({ messageId }) => messageId);
  if (begun.length > 0) {
    await options.store.transact((db) => options.onFetch(db, { messageIds: begun, status: "fetching" }));
  }
  const here = await needless(options.store.db, group);
  const wanted = new Map<Digest, readonly ClaimedFetch[]>();
  for (const [digest, same] of Map.groupBy(fetches, (fetch) => fetch.digest)) {
    const isDamaged = same.some(({ messageId }) => isRepair(messageId));
    if (here.has(digest) && !isDamaged) await results.take(same, { outcome: "needless" });
    else wanted.set(digest, same);
  }
  if (wanted.size > 0) {
    const endpoint = await options.endpointOf(channelId, source);
    if (endpoint === null) await results.take([...wanted.values()].flat(), endpointUnknown);
    else await bringFrom(context, { group, endpoint, signal }, wanted);
  }
  await results.flush();
}

/** Puts back those whose sender is not who it must be, as far as is known. @returns the others */
async function withoutWithheld(
  { options, results }: GroupContext,
  { channelId, source, fetches }: ClaimedGroup,
): Promise<readonly ClaimedFetch[]> {
  const messageIds = fetches.map(({ messageId }) => messageId);
  const held = (await options.withheld?.({ channelId, source, messageIds })) ?? new Map<string, Reason>();
  if (held.size === 0) return fetches;
  for (const fetch of fetches) {
    const reason = held.get(fetch.messageId);
    if (reason !== undefined) await results.take([fetch], { outcome: "withheld", reason });
  }
  return fetches.filter(({ messageId }) => !held.has(messageId));
}

const endpointUnknown: Retrieval = {
  outcome: "failed",
  reason: { code: "endpoint-unknown", detail: "The sender has announced no endpoint on the ledger." },
  retryAfterMs: 0,
  cause: null,
};

interface Errand {
  readonly group: ClaimedGroup;
  readonly endpoint: string;
  readonly signal: AbortSignal;
}

async function bringFrom(context: GroupContext, errand: Errand, wanted: ByDigest): Promise<void> {
  const left = new Map(wanted);
  const small = [...wanted].filter(([, same]) => same.every(({ maxBytes }) => maxBytes === null));
  if (small.length > 1 && !context.answersOneByOne(errand.endpoint)) {
    const whole = await context.limit(() => bringMany(context, errand, new Map(small), left));
    if (whole.outcome === "unsupported") context.noteOneByOne(errand.endpoint);
    else if (whole.outcome === "failed" && ONE_BY_ONE.has(whole.reason.code))
      context.noteOneByOne(errand.endpoint);
    else if (whole.outcome !== "answered") {
      await context.results.take([...left.values()].flat(), whole);
      return;
    }
  }
  await bringEach(context, errand, left);
}

/** @param left what is done with is taken out of it */
async function bringMany(
  context: GroupContext,
  { group, endpoint, signal }: Errand,
  wanted: ByDigest,
  left: Map<Digest, readonly ClaimedFetch[]>,
): Promise<ManyOutcome> {
  const { files, guard, limits, authorize, now = Date.now } = context.options;
  const { channelId, source } = group;
  return retrieveMany(
    { files, guard, limits, now },
    {
      digests: [...wanted.keys()],
      ...{ endpoint, signal, ...connectingTo(context.options, group) },
      authorize: (path) => authorize({ channelId, audience: source, method: "POST", path }),
    },
    async (digest, part) => {
      const same = left.get(digest);
      if (part.outcome === "alone" || same === undefined) return;
      left.delete(digest);
      await context.results.take(same, part);
    },
  );
}

/** Each by a request of its own. When the other node cannot be reached at all, those that wait share that outcome. */
async function bringEach(context: GroupContext, errand: Errand, wanted: ByDigest): Promise<void> {
  let outage: Retrieval | null = null;
  const bring = async (digest: Digest, same: readonly ClaimedFetch[]) => {
    const retrieval: Retrieval = outage ?? (await bringOne(context, errand, digest, same));
    if (retrieval.outcome === "failed" && OUTAGES.has(retrieval.reason.code)) outage = retrieval;
    await context.results.take(same, retrieval);
    if (outage === null) await context.results.flush();
  };
  await Promise.all([...wanted].map(([digest, same]) => context.limit(() => bring(digest, same))));
}

const OUTAGES = new Set([
  "peer-unreachable",
  "peer-timeout",
  "address-refused",
  "peer-certificate-refused",
  "authorization-unavailable",
  "clock-skew",
]);

function bringOne(
  { options }: GroupContext,
  { group, endpoint, signal }: Errand,
  digest: Digest,
  same: readonly ClaimedFetch[],
): Promise<Retrieval> {
  const { files, guard, limits, authorize, now = Date.now } = options;
  const { channelId, source } = group;
  const maxBytes = Math.max(...same.map((fetch) => fetch.maxBytes ?? limits.maxBytes));
  return retrieve(
    { files, guard, limits: { ...limits, maxBytes }, now },
    {
      digest,
      ...{ endpoint, signal, ...connectingTo(options, group) },
      authorize: (path) => authorize({ channelId, audience: source, method: "GET", path }),
    },
  );
}

/** How a group's source is connected to, where this node has a certificate. */
function connectingTo(
  { tls }: FetcherOptions,
  { source, channelId }: ClaimedGroup,
): Pick<PeerRequest, "connect"> {
  return tls === undefined
    ? {}
    : { connect: (address) => tls.connect({ ...address, participant: source, channelId }) };
}
