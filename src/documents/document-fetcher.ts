import { randomUUID } from "node:crypto";

import pLimit, { type LimitFunction } from "p-limit";

import type { Domain } from "../domain/participant.ts";
import { bringGroup } from "./fetch-group.ts";
import { fetchPace, type FetcherOptions, type FetchPace } from "./fetch-options.ts";
import {
  claimDueFetches,
  nextFetchAt,
  renewFetches,
  type ClaimedFetch,
  type ClaimedGroup,
} from "./fetch-repository.ts";
import { FetchResults } from "./fetch-results.ts";

/** How long another node that does not answer for many documents at once is asked for each alone; it may be updated. */
const ONE_BY_ONE_MS = 10 * 60 * 1000;

/**
 * Brings the documents of received messages from their senders' nodes: the receiver's side of the flow. Any number of
 * replicas may run one on the same database. Does nothing until it is woken for the first time.
 */
export class DocumentFetcher {
  readonly #options: FetcherOptions;
  readonly #pace: FetchPace;
  readonly #now: () => number;
  readonly #owner = randomUUID();
  readonly #stopped = new AbortController();
  readonly #running = new Map<Promise<void>, Domain>();
  readonly #limits = new Map<Domain, LimitFunction>();
  /** Endpoints to be asked for each document alone, and until when. */
  readonly #oneByOne = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #filling: Promise<void> | undefined;
  #wokenAgain = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#pace = options.pace ?? fetchPace;
    this.#now = options.now ?? Date.now;
  }

  /** Says that a document was put in line. Costs next to nothing, so better once too often. */
  wake(): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#filling !== undefined) {
      this.#wokenAgain = true;
      return;
    }
    this.#filling = this.#fill().finally(() => {
      this.#filling = undefined;
      if (!this.#wokenAgain) return;
      this.#wokenAgain = false;
      this.wake();
    });
  }

  /** Breaks off what is under way, gives it back, and resolves when nothing of this fetcher runs any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#filling;
    await Promise.all(this.#running.keys());
  }

  /** Starts what is due, as far as there are hands free, and sets the clock for what falls due next. */
  async #fill(): Promise<void> {
    clearTimeout(this.#timer);
    let wait = this.#pace.pollMs;
    try {
      let now: number;
      do {
        now = this.#now();
      } while (await this.#startSome(now));
      const next = await nextFetchAt(this.#options.store.db, now);
      // What was overdue then waits for a hand or for its source: whoever finishes looks again.
      if (next !== null && next > now) wait = Math.min(wait, next - now);
    } catch (error) {
      this.#options.log.error("the queue of documents cannot be read", { error });
    }
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.wake();
    }, wait);
  }

  async #startSome(now: number): Promise<boolean> {
    const groups = this.#pace.concurrency - this.#running.size;
    if (groups <= 0 || this.#stopped.signal.aborted) return false;
    const claimed = await claimDueFetches(this.#options.store.db, {
      owner: this.#owner,
      now,
      until: now + this.#pace.leaseMs,
      stoodStillMs: this.#pace.stoodStillMs,
      busy: this.#busySources(),
      groups,
      size: this.#pace.groupSize,
    });
    for (const group of claimed) {
      const work = this.#work(group).finally(() => {
        this.#running.delete(work);
        this.wake();
      });
      this.#running.set(work, group.source);
    }
    return claimed.length > 0;
  }

  #busySources(): readonly Domain[] {
    const counts = new Map<Domain, number>();
    for (const source of this.#running.values()) counts.set(source, (counts.get(source) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= this.#pace.perSource).map(([source]) => source);
  }

  async #work(group: ClaimedGroup): Promise<void> {
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.#renew(group.fetches, lost), this.#pace.leaseMs / 3);
    try {
      const context = {
        options: this.#options,
        pace: this.#pace,
        limit: this.#limitOf(group.source),
        results: new FetchResults(this.#options, this.#pace, this.#now),
        answersOneByOne: (endpoint: string) => (this.#oneByOne.get(endpoint) ?? 0) > this.#now(),
        noteOneByOne: (endpoint: string) => {
          this.#oneByOne.set(endpoint, this.#now() + ONE_BY_ONE_MS);
        },
      };
      await bringGroup(context, group, AbortSignal.any([lost.signal, this.#stopped.signal]));
    } catch (error) {
      // The leases run out, and what has no result yet is tried again then.
      const { source, channelId, fetches } = group;
      this.#options.log.error("a fetch broke off", {
        ...{ source, channelId, error },
        messageId: fetches[0]?.messageId,
        documents: fetches.length,
      });
    } finally {
      clearInterval(heartbeat);
    }
  }

  #limitOf(source: Domain): LimitFunction {
    const limit = this.#limits.get(source) ?? pLimit(this.#pace.perSource);
    this.#limits.set(source, limit);
    return limit;
  }

  /** What has its result by now is held no more; the work is lost when nothing is. */
  async #renew(fetches: readonly ClaimedFetch[], lost: AbortController): Promise<void> {
    try {
      const held = await renewFetches(this.#options.store.db, fetches, this.#now() + this.#pace.leaseMs);
      if (held.length === 0) lost.abort();
    } catch (error) {
      this.#options.log.warn("the leases of fetches were not renewed", {
        messageId: fetches[0]?.messageId,
        error,
      });
    }
  }
}
