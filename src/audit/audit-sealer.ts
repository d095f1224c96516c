import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import { assertLease, type Lease } from "../store/lease.ts";
import type { Store } from "../store/store.ts";
import { underLease } from "../store/under-lease.ts";
import { auditHead, hasUnsealed, sealPage } from "./audit-chain.ts";

/** What a sealer works with. Durations are milliseconds. */
export interface AuditSealerOptions {
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long an act may wait to be chained. */
  readonly poll?: number;
}

const POLL_MS = 1_000;
const LEASE_MS = 30_000;
const LEASE_NAME = "audit-sealer";

/**
 * Chains the audit log shortly after acts are written, one replica at a time. Doing so in the acts' own transactions would
 * have them all wait for one another.
 */
export class AuditSealer {
  readonly #options: AuditSealerOptions;
  readonly #rounds: Rounds;

  constructor(options: AuditSealerOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS },
      complaint: "the audit log could not be chained now",
      round: async () => {
        await this.sealAll();
      },
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Chains what is left, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    await this.#rounds.takeOne();
  }

  /**
   * Chains all that waits, unless another replica is at it.
   *
   * @throws LeaseLost when another replica took over meanwhile
   */
  async sealAll(): Promise<void> {
    const { store, owner, now, log } = this.#options;
    if (!(await hasUnsealed(store.db))) return;
    const request = { name: LEASE_NAME, owner, now: now(), forMs: LEASE_MS };
    const sealed = await underLease(store.db, request, async (lease) => {
      while (await this.#sealOne(lease));
      return true;
    });
    if (sealed === null) return;
    const { position, hash } = await auditHead(store.db);
    // Outside the database, so that who rewrites the table is contradicted by the log.
    log.debug("the audit log is chained", { position, hash });
  }

  /** A plain transaction: after the lease is asserted it must see every row that was committed before. */
  async #sealOne(lease: Lease): Promise<boolean> {
    return this.#options.store.db.transaction().execute(async (db) => {
      await assertLease(db, lease);
      const { full } = await sealPage(db);
      return full;
    });
  }
}
