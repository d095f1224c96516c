import type { Channel, ChannelFailure } from "../channels/channel.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Domain } from "../domain/participant.ts";
import type { Logger } from "../log.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { Batcher, type BatchRules } from "./batcher.ts";
import { Follower } from "./follower.ts";
import type { PageOutcome } from "./inbox.ts";
import { rankAgain } from "./issue-repository.ts";
import { openChannelRow, recordStop } from "./ledger-repository.ts";
import { takeTurn } from "./message-repository.ts";
import { Outbox } from "./outbox.ts";
import { noSuccession, type Succession } from "./succession.ts";

/** How the workers of a channel keep time; all in milliseconds. */
export interface TrafficTiming {
  readonly followerPoll: number;
  readonly followerLease: number;
  readonly outboxPoll: number;
  readonly outboxLease: number;
  /** How long a refusal that ledger state could still lift is tried again before it is final. */
  readonly patience: number;
}

/** Fit for a real ledger. What takes longer than a lease gives signs of life, so that a lease only measures silence. */
export const defaultTiming: TrafficTiming = {
  followerPoll: 500,
  followerLease: 6_000,
  outboxPoll: 500,
  outboxLease: 8_000,
  patience: 120_000,
};

const CONCURRENCY = 16;

/** What the traffic of one channel is built from. */
export interface TrafficOptions {
  readonly channel: Channel;
  readonly store: Store;
  /** Where the bodies of batches are kept. */
  readonly files: DocumentStore;
  readonly batches: BatchRules;
  readonly participant: Domain;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  readonly timing: TrafficTiming;
  /** Of two channels on which one number was issued, the one with the lower precedence counts; 0 where left out. */
  readonly precedence?: number;
  /** Where messages go on when the channel hands over to a successor; nowhere where left out. */
  readonly succession?: Succession;
  /** Counts what went wrong and was made good; nobody does where left out. */
  readonly countFault?: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, after it is committed, what a page of the ledger brought. */
  readonly onApplied: (outcome: PageOutcome) => void;
  /** Told of a fork that was followed: how many heights it took back. */
  readonly onFork?: (channelId: string, depth: number) => void;
}

/** All that goes to and comes from one channel: its outbox and its follower, stopped together when either must stop. */
export class ChannelTraffic {
  readonly #options: TrafficOptions;
  readonly #outbox: Outbox;
  readonly #batcher: Batcher;
  readonly #follower: Follower;
  #stopped = false;

  constructor(options: TrafficOptions) {
    const { channel, store, owner, log, timing, now } = options;
    const onStop = (failure: ChannelFailure) => this.#halt(failure);
    const countFault = options.countFault ?? uncounted;
    const caughtUp = () => this.caughtUp;
    this.#options = options;
    this.#outbox = new Outbox({
      ...{ channel, store, owner, log, countFault, caughtUp, now, onStop },
      succession: options.succession ?? noSuccession,
      patience: timing.patience,
      poll: timing.outboxPoll,
      lease: timing.outboxLease,
      concurrency: CONCURRENCY,
    });
    this.#batcher = new Batcher({
      ...{ channel, store, owner, log, caughtUp, now },
      files: options.files,
      participant: options.participant,
      rules: options.batches,
      poll: timing.outboxPoll,
      lease: timing.outboxLease,
      onFormed: () => {
        this.#outbox.wake();
      },
    });
    this.#follower = new Follower({
      ...{ channel, store, owner, log, countFault, now, onStop },
      participant: options.participant,
      poll: timing.followerPoll,
      lease: timing.followerLease,
      onApplied: options.onApplied,
      onCaughtUp: () => {
        this.#batcher.wake();
        this.#outbox.wake();
      },
      ...(options.onFork === undefined ? {} : { onFork: options.onFork }),
    });
  }

  /** Whether the channel has been followed to its newest height once since the start. */
  get caughtUp(): boolean {
    return this.#follower.caughtUp;
  }

  /** Whether nothing may be done on the channel any more, nor its ledger be believed, until an operator has looked. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Makes the channel known to the database, and begins to work. */
  async start(): Promise<void> {
    const { channel, store, now } = this.#options;
    const { id } = channel.description;
    if (await openChannelRow(store.db, channel.description, now(), this.#options.precedence)) {
      await store.db.transaction().execute(async (db) => {
        await takeTurn(db);
        await rankAgain(db, id);
      });
    }
    this.#follower.start();
    this.#outbox.start();
    this.#batcher.start();
  }

  /** Has the outbox look for work at once. */
  wakeOutbox(): void {
    this.#outbox.wake();
  }

  /** Has what came in one request be bundled at once. */
  wakeBatcher(): void {
    this.#batcher.wake();
  }

  /** Resolves when nothing of this channel is under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#batcher.stop(), this.#outbox.stop(), this.#follower.stop()]);
  }

  async #halt(failure: ChannelFailure): Promise<void> {
    const { channel, store, log, now } = this.#options;
    this.#stopped = true;
    this.#batcher.halt();
    this.#outbox.halt();
    this.#follower.halt();
    try {
      await recordStop(store.db, channel.description.id, failure, now());
    } catch (error) {
      log.error("the stop of a channel could not be recorded", { channelId: channel.description.id, error });
    }
  }
}
