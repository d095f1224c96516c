import { BatchFault, type BatchId } from "../domain/batch.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Domain } from "../domain/participant.ts";
import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import { acquireLease, releaseLease, type Lease } from "../store/lease.ts";
import type { Store } from "../store/store.ts";
import { backoff } from "./backoff.ts";
import { prepareDispute, sayDispute, type Dispute, type DisputeOptions } from "./batch-dispute.ts";
import { openBatch, type Brought } from "./batch-effects.ts";
import {
  batchesToOpen,
  headerOf,
  laterEvents,
  moveAnchored,
  type BatchRow,
} from "./final-batch-repository.ts";
import { FinalTypes } from "./final-types.ts";
import { takeTurn } from "./message-repository.ts";
import { readBody } from "./read-body.ts";
import { applyBatchInvalidation, applySettlement } from "./settlement-effects.ts";

/** What a batch opener is built from. Durations are milliseconds. */
export interface BatchOpenerOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** The participant this node runs for. */
  readonly participant: Domain;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** How a lying batch is answered; null for not at all. */
  readonly disputes: Pick<DisputeOptions, "channel"> | null;
  /** How often to look for work that nobody announced. */
  readonly poll: number;
  /** How long the others wait after this replica was last heard of. */
  readonly lease: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, after it is committed, what an opened batch brought. */
  readonly onOpened: (brought: Brought) => void;
  /** Told, after it is committed, that a dispute is in line for a channel. */
  readonly onDisputed: (channelId: string) => void;
}

/** Bodies are announced by the fetcher; looking for them besides is for what a crash interrupted. */
export const batchOpenerTiming = { poll: 5_000, lease: 8_000 };

/**
 * Opens the batches whose bodies are here (PROTOCOL §4, "Bulk"): checks the body against its anchor, and has all its messages
 * take effect together, and after them whatever the ledger has said about the batch since. A body that lies is quarantined:
 * none of its messages is ever shown, and its sender is answered with a dispute.
 */
export class BatchOpener {
  readonly #options: BatchOpenerOptions;
  readonly #rounds: Rounds;
  /** Batches that could not be opened, and when to look again. */
  readonly #failed = new Map<string, { readonly tries: number; readonly at: number }>();

  #lease: Lease | null = null;

  constructor(options: BatchOpenerOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll },
      complaint: "batches could not be looked for",
      round: async () => {
        await this.runOnce();
      },
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Looks for bodies at once. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Resolves when nothing is being opened any more, and another replica may open. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    if (this.#lease !== null) await releaseLease(this.#options.store.db, this.#lease);
    this.#lease = null;
  }

  /**
   * Opens, or quarantines, what can be.
   *
   * @returns how many batches were dealt with
   */
  async runOnce(): Promise<number> {
    const { store, owner, now, lease: forMs } = this.#options;
    // Two replicas would do the same work; that is all the lease is for: only the first to move a batch on does so.
    this.#lease = await acquireLease(store.db, { name: "batch-opener", owner, now: now(), forMs });
    if (this.#lease === null) return 0;
    let done = 0;
    for (const batch of await batchesToOpen(store.db)) {
      const name = `${batch.channel_id} ${batch.id}`;
      const failed = this.#failed.get(name);
      if (failed !== undefined && failed.at > now()) continue;
      try {
        await this.#deal(batch);
        this.#failed.delete(name);
        done += 1;
      } catch (error) {
        this.#putOff(name, batch, error);
      }
    }
    return done;
  }

  #putOff(name: string, batch: BatchRow, error: unknown): void {
    const { log, now } = this.#options;
    const tries = (this.#failed.get(name)?.tries ?? 0) + 1;
    this.#failed.set(name, { tries, at: now() + backoff(tries) });
    log.error("a batch could not be opened now", {
      ...{ channelId: batch.channel_id, batchId: batch.id, tries, error },
    });
  }

  async #deal(batch: BatchRow): Promise<void> {
    const { files, log, onOpened } = this.#options;
    try {
      const members = await readBody(files, headerOf(batch));
      const brought = await this.#open(batch, members);
      if (brought === null) return;
      log.info("batch opened", {
        ...{ channelId: batch.channel_id, batchId: batch.id, messages: members.length },
      });
      onOpened(brought);
    } catch (error) {
      if (!(error instanceof BatchFault)) throw error;
      await this.#quarantine(batch, error);
    }
  }

  /** One transaction, as a page of the ledger is (record 0007): whoever reads lists sees all of a batch or nothing. */
  async #open(batch: BatchRow, members: Awaited<ReturnType<typeof readBody>>): Promise<Brought | null> {
    const { store, participant, now } = this.#options;
    const channelId = batch.channel_id;
    const context = { channelId, participant, now: now() };
    return store.db.transaction().execute(async (db) => {
      await takeTurn(db);
      const opened = await openBatch(db, context, batch, members);
      if (opened === null) return null;
      let { delivered, received } = opened;
      const types = new FinalTypes(db, channelId);
      for (const event of await laterEvents(db, channelId, batch.id as BatchId)) {
        if (event.kind === "batch-invalidation") await applyBatchInvalidation(db, context, event);
        if (event.kind !== "settlement") continue;
        const brought = await applySettlement(db, context, types, event);
        delivered += brought.delivered;
        received += brought.received;
      }
      return { delivered, received };
    });
  }

  async #quarantine(batch: BatchRow, fault: BatchFault): Promise<void> {
    const { store, files, log, now, disputes, onDisputed } = this.#options;
    const dispute: Dispute | null =
      disputes === null || batch.direction !== "incoming"
        ? null
        : await prepareDispute({ db: store.db, files, log, now, ...disputes }, batch, fault);
    const moved = await store.db.transaction().execute(async (db) => {
      await takeTurn(db);
      const to = { state: "quarantined", code: fault.code, detail: fault.message } as const;
      if (!(await moveAnchored(db, batch, to))) return false;
      if (dispute !== null) await sayDispute(db, dispute, now());
      return true;
    });
    if (!moved) return;
    log.error("a batch's body is not what was anchored: it is quarantined", {
      ...{ channelId: batch.channel_id, batchId: batch.id, sender: batch.sender, code: fault.code },
    });
    if (dispute !== null) onDisputed(dispute.channelId);
  }
}
