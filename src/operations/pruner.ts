import type { Transaction } from "kysely";

import type { Logger } from "../log.ts";
import { assertLease, renewLease, type Lease } from "../store/lease.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { underLease } from "../store/under-lease.ts";
import {
  beforeAll,
  pruneBroadcasts,
  pruneDeadLetters,
  pruneJournal,
  pruneSubscriptions,
  type JournalPlace,
} from "./pruning-repository.ts";
import { Rounds } from "./rounds.ts";

/** What a pruner works with. Durations are milliseconds. */
export interface PrunerOptions {
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** Days after the end of a message that it is told only how it began and ended; null for never. */
  readonly journalDays: number | null;
  /** Days that ended subscriptions and dead letters are kept; null for ever. */
  readonly deliveriesDays: number | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From one look to the next. */
  readonly poll?: number;
  /** Rows of one transaction at most. */
  readonly rows?: number;
}

/** What was pruned. */
export interface Pruned {
  readonly journalLines: number;
  readonly broadcasts: number;
  readonly deadLetters: number;
  readonly subscriptions: number;
}

const nothing: Pruned = { journalLines: 0, broadcasts: 0, deadLetters: 0, subscriptions: 0 };

const POLL_MS = 10 * 60 * 1000;
const LEASE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Few enough that a transaction holds up nobody. */
const ROWS = 500;

/**
 * Prunes what is old and proves nothing any more, one replica at a time, in small transactions: it may be broken off anywhere.
 * Messages, what ledgers said, batches, certificates and the audit log are never pruned.
 */
export class Pruner {
  readonly #options: PrunerOptions;
  readonly #rounds: Rounds;
  #stopping = false;

  constructor(options: PrunerOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS },
      complaint: "old records could not be pruned now",
      round: () => this.#round(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing is being pruned any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#rounds.stop();
  }

  /**
   * Prunes all that may be, unless another replica is at it.
   *
   * @throws LeaseLost when another replica took over meanwhile
   */
  async prune(): Promise<Pruned> {
    const { store, owner, now, journalDays, deliveriesDays } = this.#options;
    if (journalDays === null && deliveriesDays === null) return nothing;
    const request = { name: "pruner", owner, now: now(), forMs: LEASE_MS };
    return (await underLease(store.db, request, (lease) => this.#prune(lease))) ?? nothing;
  }

  async #prune(taken: Lease): Promise<Pruned> {
    const { store, now, journalDays, deliveriesDays } = this.#options;
    const pruned = { ...nothing };
    let lease = taken;
    const step = async <T>(work: (db: Transaction<Schema>, rows: number) => Promise<T>): Promise<T> => {
      lease = await renewLease(store.db, lease, now(), LEASE_MS);
      return this.#transact(lease, work);
    };
    const repeat = async (work: (db: Transaction<Schema>, rows: number) => Promise<number>) => {
      let sum = 0;
      for (let count = 1; count > 0 && !this.#stopping; sum += count) count = await step(work);
      return sum;
    };
    if (journalDays !== null) {
      const before = now() - journalDays * DAY_MS;
      let place: JournalPlace | null = beforeAll;
      while (place !== null && !this.#stopping) {
        const from: JournalPlace = place;
        const done = await step((db, rows) => pruneJournal(db, before, from, rows));
        pruned.journalLines += done.pruned;
        place = done.next;
      }
      pruned.broadcasts = await repeat((db, rows) => pruneBroadcasts(db, before, rows));
    }
    if (deliveriesDays !== null) {
      const before = now() - deliveriesDays * DAY_MS;
      pruned.deadLetters = await repeat((db, rows) => pruneDeadLetters(db, before, rows));
      pruned.subscriptions = await repeat((db, rows) => pruneSubscriptions(db, before, rows));
    }
    return pruned;
  }

  /** A plain transaction: what it deletes nobody changes any more. */
  async #transact<T>(lease: Lease, work: (db: Transaction<Schema>, rows: number) => Promise<T>): Promise<T> {
    const { store, rows = ROWS } = this.#options;
    return store.db.transaction().execute(async (db) => {
      await assertLease(db, lease);
      return work(db, rows);
    });
  }

  async #round(): Promise<undefined> {
    const pruned = await this.prune();
    if (Object.values(pruned).some((count) => count > 0)) {
      this.#options.log.info("old records were pruned", { ...pruned });
    }
  }
}
