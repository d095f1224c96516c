import { randomUUID } from "node:crypto";

import type { Logger } from "../log.ts";

/** How work on callbacks is spread over time and hosts. */
export interface WorkPace {
  /** Callbacks spoken to at once, all in all. */
  readonly concurrency: number;
  /** At once at one host, so that a slow one holds up nobody else. */
  readonly perHost: number;
  /** How often the queue is looked at where nothing wakes it. */
  readonly pollMs: number;
  /** How long a piece of work is kept from other replicas without a sign of life. */
  readonly leaseMs: number;
}

/** What is asked of the queue. Moments are milliseconds since 1970. */
export interface Claim {
  readonly owner: string;
  readonly now: number;
  readonly until: number;
  /** Hosts that have as many hands as they may. */
  readonly busy: readonly string[];
  readonly perHost: number;
  readonly limit: number;
}

/** A kind of leased work. */
export interface LeasedWorkOptions<Item> {
  /** Names the work in logs. */
  readonly name: string;
  readonly pace: WorkPace;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Leases pieces that are due and nobody's. */
  readonly claim: (claim: Claim) => Promise<readonly Item[]>;
  /** When the next piece falls due; null for none that is known. */
  readonly nextAt: (now: number) => Promise<number | null>;
  readonly hostOf: (item: Item) => string;
  /** Holds on to a piece; false when it is another's by now. */
  readonly renew: (item: Item, until: number) => Promise<boolean>;
  /** Does a piece, and gives it back or ends it. The signal says that it is another's by now, or that the node stops. */
  readonly work: (item: Item, signal: AbortSignal) => Promise<void>;
}

/**
 * Hands that do work which lies in a table, each piece under a lease, so that any number of replicas may share it and
 * what one leaves behind when it dies is taken up by another. Does nothing until it is woken for the first time.
 */
export class LeasedWork<Item> {
  readonly #options: LeasedWorkOptions<Item>;
  readonly #owner = randomUUID();
  readonly #stopped = new AbortController();
  readonly #running = new Map<Promise<void>, string>();
  #timer: NodeJS.Timeout | undefined;
  #filling: Promise<void> | undefined;
  #wokenAgain = false;

  constructor(options: LeasedWorkOptions<Item>) {
    this.#options = options;
  }

  /** Says that there may be work. Costs next to nothing, so better once too often. */
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

  /** Breaks off what is under way, and resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#filling;
    await Promise.all(this.#running.keys());
  }

  async #fill(): Promise<void> {
    const { log, name, nextAt, now, pace } = this.#options;
    clearTimeout(this.#timer);
    let wait = pace.pollMs;
    try {
      while (await this.#startSome());
      const at = now();
      const next = await nextAt(at);
      if (next !== null && next > at) wait = Math.min(wait, next - at);
    } catch (error) {
      log.error("a queue cannot be read", { queue: name, error });
    }
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.wake();
    }, wait);
  }

  async #startSome(): Promise<boolean> {
    const { claim, hostOf, now, pace } = this.#options;
    const limit = pace.concurrency - this.#running.size;
    if (limit <= 0 || this.#stopped.signal.aborted) return false;
    const at = now();
    const busy = this.#busyHosts();
    const { perHost } = pace;
    const items = await claim({
      ...{ owner: this.#owner, now: at, until: at + pace.leaseMs, busy, perHost, limit },
    });
    for (const item of items) {
      const work = this.#work(item).finally(() => {
        this.#running.delete(work);
        this.wake();
      });
      this.#running.set(work, hostOf(item));
    }
    return items.length > 0;
  }

  #busyHosts(): readonly string[] {
    const counts = new Map<string, number>();
    for (const host of this.#running.values()) counts.set(host, (counts.get(host) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= this.#options.pace.perHost).map(([host]) => host);
  }

  async #work(item: Item): Promise<void> {
    const { log, name, pace, work } = this.#options;
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.#renew(item, lost), pace.leaseMs / 3);
    try {
      await work(item, AbortSignal.any([lost.signal, this.#stopped.signal]));
    } catch (error) {
      // Its lease runs out, and it is taken up again then.
      log.error("a piece of work broke off", { queue: name, error });
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Without a sign of life in time somebody else may begin, so this hand ends before. */
  async #renew(item: Item, lost: AbortController): Promise<void> {
    const { log, name, now, pace, renew } = this.#options;
    try {
      if (!(await renew(item, now() + pace.leaseMs))) lost.abort();
    } catch (error) {
      log.warn("a lease was not renewed", { queue: name, error });
      lost.abort();
    }
  }
}
