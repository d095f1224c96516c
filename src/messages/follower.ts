import { ChannelFailure, type Channel } from "../channels/channel.ts";
import type { Domain } from "../domain/participant.ts";
import type { Logger } from "../log.ts";
import {
  acquireLease,
  assertLease,
  leaseHolder,
  LeaseLost,
  releaseLease,
  renewLease,
  type Lease,
} from "../store/lease.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { backoff } from "./backoff.ts";
import { withHeartbeat } from "./heartbeat.ts";
import { applyPage, type PageOutcome } from "./inbox.ts";
import { channelRow, noteCaughtUp, noteRead } from "./ledger-repository.ts";
import { PollingLoop } from "./polling-loop.ts";

/** What a follower is built from. Durations are milliseconds. */
export interface FollowerOptions {
  readonly channel: Channel;
  readonly store: Store;
  readonly participant: Domain;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** Counts what went wrong and was made good; nobody does where left out. */
  readonly countFault?: CountFault;
  /** How often to ask the ledger for news. */
  readonly poll: number;
  /** How long the others wait after this replica was last heard of. */
  readonly lease: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, after it is committed, what a page brought. */
  readonly onApplied: (outcome: PageOutcome) => void;
  /** Told of a fork that was followed: how many heights it took back. */
  readonly onFork?: (channelId: string, depth: number) => void;
  /** Told, once, that the ledger's newest height has been reached. */
  readonly onCaughtUp?: () => void;
  /** Told when the channel may not be used until an operator has looked. */
  readonly onStop: (failure: ChannelFailure) => Promise<void>;
}

/** How often at most the other replicas are told that the ledger's newest height is reached; milliseconds. */
const TELL_MS = 1_000;
/** How exactly it is known when a ledger last answered. */
const NOTE_READ_MS = 5_000;

/**
 * Follows one channel's ledger (DESIGN, "Follower"): reads on from the stored cursor and applies each page with its
 * cursor in one transaction. Of a node's replicas one follows at a time; what a former one still brings is refused.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #loop: PollingLoop;
  #lease: Lease | null = null;
  #failures = 0;
  #caughtUp = false;
  #told = 0;
  #stopped = false;
  readonly #startedAt: number;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#loop = new PollingLoop(() => this.#step());
  }

  /** Whether the ledger's newest height has been reached once since this replica started, by it or by another. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  start(): void {
    this.#loop.start();
  }

  /** Asks the ledger for news at once. */
  wake(): void {
    this.#loop.wake();
  }

  /** Reads nothing more, for good. */
  halt(): void {
    this.#stopped = true;
  }

  /** Resolves when no page is being applied any more, and another replica may follow. */
  async stop(): Promise<void> {
    this.halt();
    await this.#loop.stop();
    if (this.#lease !== null) await releaseLease(this.#options.store.db, this.#lease);
    this.#lease = null;
  }

  /**
   * Reads and applies one page, if this replica is the one that follows.
   *
   * @returns whether there is more to read at once
   * @throws ChannelFailure, or `LeaseLost` when another replica took over meanwhile
   */
  async readOnce(): Promise<boolean> {
    const { channel, store, lease: forMs } = this.#options;
    const lease = await this.#hold();
    if (lease === null) {
      // Another replica follows into the same database. What it read before this one started proves nothing: the database
      // may have been put back since.
      const { caught_up_at: at } = await channelRow(store.db, channel.description.id);
      if (at >= this.#startedAt) this.#noteCaughtUp();
      return false;
    }
    // A page may take longer than the lease: to read from a slow ledger, and to apply.
    return withHeartbeat(
      forMs / 3,
      () => this.#renew(),
      () => this.#readPage(lease),
    );
  }

  async #readPage(lease: Lease): Promise<boolean> {
    const { channel, participant, store, lease: forMs, now } = this.#options;
    const channelId = channel.description.id;
    const row = await channelRow(store.db, channelId);
    const at = now();
    const page = await channel.read(row.cursor);
    const changed =
      page.cursor !== row.cursor ||
      page.retractAbove !== null ||
      page.events.length > 0 ||
      page.final !== row.final ||
      page.head !== row.head;
    if (changed) {
      // A page is long and what it changes is much used, so it may not be made to begin again by whoever touches a row of
      // it: no stricter isolation than the database's own. Each step locks what it changes before it decides.
      const outcome = await store.db.transaction().execute(async (db) => {
        await assertLease(db, lease);
        const brought = await applyPage(db, { channelId, participant, now: now() }, page);
        // Whoever waited meanwhile to take the lease finds it held.
        await renewLease(db, lease, now(), forMs);
        return brought;
      });
      if (page.retractAbove !== null) this.#tellFork(row.followed - page.retractAbove);
      this.#options.onApplied(outcome);
    }
    // Also where there is no news: that the ledger answers is worth knowing.
    if (at - (row.read_at ?? 0) >= NOTE_READ_MS) await noteRead(store.db, channelId, at);
    if (page.followed < page.head) return true;
    this.#noteCaughtUp();
    if (at - this.#told >= TELL_MS) {
      await noteCaughtUp(store.db, channelId, at);
      this.#told = at;
    }
    return false;
  }

  #noteCaughtUp(): void {
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    this.#options.onCaughtUp?.();
  }

  #tellFork(depth: number): void {
    const { channel, log, onFork } = this.#options;
    log.warn("the ledger forked", { channelId: channel.description.id, depth });
    onFork?.(channel.description.id, Math.max(0, depth));
  }

  async #hold(): Promise<Lease | null> {
    const { channel, owner, store, log, lease: forMs, now, countFault } = this.#options;
    const channelId = channel.description.id;
    const at = now();
    if (this.#lease === null || this.#lease.until <= at) {
      const name = `follower:${channelId}`;
      const before = await leaseHolder(store.db, name);
      this.#lease = await acquireLease(store.db, { name, owner, now: at, forMs });
      if (this.#lease !== null && before !== null && before !== owner) {
        countFault?.("takeovers", channelId);
        log.info("this replica follows the channel now, in place of one that was not heard of any more", {
          channelId,
        });
      }
    } else if (this.#lease.until - at < forMs / 2) {
      this.#lease = await renewLease(store.db, this.#lease, at, forMs);
    }
    return this.#lease;
  }

  async #renew(): Promise<void> {
    const { store, lease: forMs, now } = this.#options;
    if (this.#lease !== null) this.#lease = await renewLease(store.db, this.#lease, now(), forMs);
  }

  async #step(): Promise<number> {
    const { channel, log, poll } = this.#options;
    if (this.#stopped) return poll;
    try {
      const more = await this.readOnce();
      this.#failures = 0;
      return more ? 0 : poll;
    } catch (error) {
      return this.#fail(error, channel.description.id, log);
    }
  }

  async #fail(error: unknown, channelId: string, log: Logger): Promise<number> {
    if (error instanceof LeaseLost) {
      this.#lease = null;
      log.info("another replica follows the channel now", { channelId });
      return this.#options.poll;
    }
    this.#failures += 1;
    if (error instanceof ChannelFailure && error.action === "stop") {
      log.error("the channel is stopped", { channelId, code: error.code, error });
      this.halt();
      await this.#options.onStop(error);
    } else {
      log.warn("the channel could not be followed now", { channelId, failures: this.#failures, error });
    }
    return backoff(this.#failures);
  }
}
