import { Problem } from "../domain/problems.ts";
import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import { underLease } from "../store/under-lease.ts";
import { eraseByRetention, removeBytes, type ErasureOptions } from "./erasure.ts";
import { endedBefore, unremoved, withoutRow } from "./erasure-repository.ts";

/** What a sweeper works with. */
export interface DocumentSweeperOptions extends ErasureOptions {
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** Days after its use ended that a document is erased; null for never. */
  readonly days: number | null;
  /** Whether what cannot be undone may be done by the clock as it stands; always where left out. */
  readonly isBelieved?: () => boolean;
  /** Milliseconds from one sweep to the next. */
  readonly poll?: number;
}

const POLL_MS = 10 * 60 * 1000;
const LEASE_MS = 30 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Bytes that have had no row for this long belong to an upload that a crash cut off. */
const ORPHAN_MS = DAY_MS;
const PAGE = 200;
const SHARDS = 256;
/** So many of the file store's directories are looked through for orphans in one sweep. */
const SHARDS_A_SWEEP = 8;

/**
 * Does what is to be done about documents by and by, one replica at a time: removes the bytes of erased ones, erases those
 * whose time is over, unless they are under hold or still needed, and removes bytes that no row names.
 */
export class DocumentSweeper {
  readonly #options: DocumentSweeperOptions;
  readonly #rounds: Rounds;
  #stopping = false;
  #shard = 0;

  constructor(options: DocumentSweeperOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS },
      complaint: "documents could not be swept now",
      round: async () => {
        await this.sweep();
      },
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing is being swept any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#rounds.stop();
  }

  /**
   * One sweep, unless another replica is at it.
   *
   * @param shards how many of the file store's 256 directories to look through for orphans
   */
  async sweep(shards: number = SHARDS_A_SWEEP): Promise<void> {
    const { store, owner, now } = this.#options;
    const request = { name: "document-sweeper", owner, now: now(), forMs: LEASE_MS };
    await underLease(store.db, request, async () => {
      await this.#removeErased();
      await this.#eraseEnded();
      for (let count = 0; count < Math.min(shards, SHARDS) && !this.#stopping; count += 1) {
        await this.#removeOrphans(this.#shard);
        this.#shard = (this.#shard + 1) % SHARDS;
      }
    });
  }

  async #removeErased(): Promise<void> {
    const digests = await unremoved(this.#options.store.db, PAGE);
    for (const digest of digests) {
      if (this.#stopping) return;
      await removeBytes(this.#options, digest);
    }
  }

  async #eraseEnded(): Promise<void> {
    const { store, log, days, now, isBelieved } = this.#options;
    if (days === null || isBelieved?.() === false) return;
    let after = "";
    for (;;) {
      const page = await endedBefore(store.db, now() - days * DAY_MS, after, PAGE);
      for (const digest of page) {
        if (this.#stopping) return;
        after = digest;
        try {
          await eraseByRetention(this.#options, digest, days);
          log.info("a document was erased, its use having ended", { digest, days });
        } catch (error) {
          // Put under hold or named again in between: it stays.
          if (!(error instanceof Problem)) throw error;
        }
      }
      if (page.length < PAGE) return;
    }
  }

  async #removeOrphans(shard: number): Promise<void> {
    const { store, files, log } = this.#options;
    const digests = await files.list(shard);
    for (let start = 0; start < digests.length; start += PAGE) {
      for (const digest of await withoutRow(store.db, digests.slice(start, start + PAGE))) {
        if (this.#stopping) return;
        if (await files.remove(digest, Date.now() - ORPHAN_MS)) {
          log.info("bytes that no document names were removed", { digest });
        }
      }
    }
  }
}
