import type { Kysely } from "kysely";

import { ChannelFailure, type Channel, type Refusal } from "../channels/channel.ts";
import type { Reason } from "../domain/journal.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import type { Schema } from "../store/schema.ts";
import { AnchorFreight } from "./anchor-freight.ts";
import { backoff } from "./backoff.ts";
import type { Content, Ending, Freight } from "./freight.ts";
import { withHeartbeat } from "./heartbeat.ts";
import { channelRow } from "./ledger-repository.ts";
import { MessageFreight } from "./message-freight.ts";
import { beginSubmission, claimDue, holdOn, release, type OutboxRow } from "./outbox-repository.ts";
import { PollingLoop } from "./polling-loop.ts";
import { SettlementFreight } from "./settlement-freight.ts";
import { noSuccession, type Succession } from "./succession.ts";

/** What an outbox is built from. Durations are milliseconds. */
export interface OutboxOptions {
  readonly channel: Channel;
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** Counts what went wrong and was made good; nobody does where left out. */
  readonly countFault?: CountFault;
  /** How long a refusal that ledger state could still lift is tried again before it is final. */
  readonly patience: number;
  /** How often to look for work that nobody announced. */
  readonly poll: number;
  /** How long the others wait after this replica was last heard of before they take over what it works on. */
  readonly lease: number;
  /**
   * Whether the channel has been followed to its newest height since the start. Before, nothing is carried: the ledger may
   * hold what this database, put back from a backup, does not know was sent. Left out, it has.
   */
  readonly caughtUp?: () => boolean;
  /** Messages of this channel under way at a time. */
  readonly concurrency: number;
  /** Where messages go on that are on no ledger yet when the channel hands over to a successor; nowhere where left out. */
  readonly succession?: Succession;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when the channel may not be used until an operator has looked. */
  readonly onStop: (failure: ChannelFailure) => Promise<void>;
}

/** In what state a row goes back, and when it is looked at again; null when it is done with or someone else's. */
type Next = {
  readonly state: OutboxRow["state"];
  readonly tries: number;
  readonly refusedAt: number | null;
  readonly wait: number;
  /** Why it cannot go on yet, for the operator; left out where nothing is wrong. */
  readonly why?: Reason;
} | null;

const WORDS: Readonly<Record<Exclude<Ending, "not-yet">, string>> = {
  failed: "message failed",
  delivered: "message refused here, but carried already",
  returned: "messages go on in another way",
};

/** The ledger's answers come by the follower; asking is for what went wrong, so it may begin late. */
const FIRST_LOOK = 1_000;
const FOLLOWER_WAIT = 200;
const BUSY_PAUSE = 500;
const BUSY_QUIET = 60_000;

/**
 * Carries the accepted messages of one channel to its ledger (DESIGN, "Outbox"). Each channel has its own, so that none
 * holds up another. Whatever a crash interrupts is picked up from the row's state: what is handed over twice under one
 * key is written once, and a message ends as `failed` only when the ledger, followed up to the refusal, carries no such
 * message.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #db: Kysely<Schema>;
  readonly #loop: PollingLoop;
  readonly #underWay = new Set<Promise<void>>();
  readonly #freights: Readonly<Record<OutboxRow["kind"], Freight>>;
  #stopped = false;
  #restUntil = 0;
  #quietUntil = 0;

  constructor(options: OutboxOptions) {
    const { store, now, patience, succession = noSuccession } = options;
    this.#options = options;
    this.#db = store.db;
    this.#freights = {
      message: new MessageFreight({ db: store.db, now, patience, succession }),
      anchor: new AnchorFreight({ db: store.db, now, patience, succession }),
      settlement: new SettlementFreight({ db: store.db, now, patience }),
    };
    this.#loop = new PollingLoop(() => this.#step());
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks for work at once. */
  wake(): void {
    this.#loop.wake();
  }

  /** Takes up nothing more, for good; what is under way goes on to its next resting point. */
  halt(): void {
    this.#stopped = true;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.halt();
    await this.#loop.stop();
    await Promise.all(this.#underWay);
  }

  /**
   * Takes every message that is due one step further.
   *
   * @returns how many there were
   */
  async runOnce(): Promise<number> {
    const rows = await this.#claim(this.#options.concurrency);
    await Promise.all(rows.map((row) => this.#process(row)));
    return rows.length;
  }

  async #step(): Promise<number> {
    const { concurrency, log, poll, now } = this.#options;
    if (this.#stopped) return poll;
    const rest = this.#restUntil - now();
    if (rest > 0) return Math.min(rest, BUSY_PAUSE);
    try {
      for (const row of await this.#claim(concurrency - this.#underWay.size)) {
        const work = this.#process(row).finally(() => {
          this.#underWay.delete(work);
          this.#loop.wake();
        });
        this.#underWay.add(work);
      }
    } catch (error) {
      log.error("the outbox could not be read", { channelId: this.#options.channel.description.id, error });
    }
    return poll;
  }

  #claim(limit: number): Promise<readonly OutboxRow[]> {
    const { channel, owner, lease, caughtUp, now } = this.#options;
    if (caughtUp?.() === false) return Promise.resolve([]);
    const at = now();
    return claimDue(this.#db, {
      channelId: channel.description.id,
      owner,
      now: at,
      until: at + lease,
      limit,
    });
  }

  async #process(row: OutboxRow): Promise<void> {
    const { log, lease, now } = this.#options;
    const context = { messageId: row.message_id, channelId: row.channel_id };
    try {
      const next = await withHeartbeat(
        lease / 3,
        () => holdOn(this.#db, row, now() + lease),
        () => this.#advance(row),
      );
      if (next !== null) {
        const { state, tries, refusedAt, wait, why } = next;
        const error = why === undefined ? null : { code: why.code, detail: why.detail, at: now() };
        await release(this.#db, row, { state, tries, refusedAt, dueAt: now() + wait, error });
      }
    } catch (error) {
      if (error instanceof ChannelFailure && error.action === "stop") {
        log.error("the channel is stopped", { ...context, code: error.code, error });
        this.halt();
        await this.#options.onStop(error);
      } else if (error instanceof ChannelFailure && error.code === "signer-busy") {
        this.#rest(error);
      } else {
        log.warn("a message could not be carried now", { ...context, tries: row.tries + 1, error });
      }
      await this.#putBack(row, reasonOf(error));
    }
  }

  /** Enough is signed and waits for the ledger: for a moment nothing more is taken up, and that is said once a minute. */
  #rest(failure: ChannelFailure): void {
    const { channel, log, now } = this.#options;
    const at = now();
    if (at >= this.#quietUntil) {
      log.warn("messages wait for the ledger", { channelId: channel.description.id, error: failure });
      this.#quietUntil = at + BUSY_QUIET;
    }
    this.#restUntil = at + BUSY_PAUSE;
  }

  /** After a failure the row keeps the state it has in the database: the interrupted step may have moved it. */
  async #putBack(row: OutboxRow, why: Reason): Promise<void> {
    const { log, now } = this.#options;
    const tries = row.tries + 1;
    try {
      // A ledger that could not be asked uses up nobody's patience.
      const error = { ...why, at: now() };
      await release(this.#db, row, { tries, refusedAt: null, dueAt: now() + backoff(tries), error });
    } catch (error) {
      // Nothing is lost: the lease runs out, and the row is taken up again.
      log.warn("a message could not be put back in line", { messageId: row.message_id, error });
    }
  }

  async #advance(row: OutboxRow): Promise<Next> {
    if (row.state === "submitted") return this.#look(row);
    const plan = await this.#freights[row.kind].plan(row);
    switch (plan.kind) {
      case "given":
        return null;
      case "wait":
        return this.#later(row, row.state, null);
      case "end":
        return this.#end(row, plan.reason);
      case "carry":
        return row.state === "submitting"
          ? this.#handOver(row, row.submission, plan.content)
          : this.#ask(row, plan.content);
    }
  }

  /** Asks the ledger before anything is signed. */
  async #ask(row: OutboxRow, content: Content): Promise<Next> {
    const { channel } = this.#options;
    const judgement = await channel.judge({ key: keyOf(row, row.submission + 1), ...content });
    if (!judgement.accepted) {
      const { refusal, height } = judgement;
      if (!judgement.final) return this.#later(row, "waiting", row.refused_at, refusal);
      return this.#refused(row, refusal, height);
    }
    const submission = await beginSubmission(this.#db, row);
    if (submission !== null && submission > 1) this.#options.countFault?.("resubmissions", row.channel_id);
    return submission === null ? null : this.#handOver(row, submission, content);
  }

  /** Gives a submission to the channel. The same key again changes nothing, so an interrupted hand-over is repeated. */
  async #handOver(row: OutboxRow, submission: number, content: Content): Promise<Next> {
    await this.#options.channel.submit({ key: keyOf(row, submission), ...content });
    return { state: "submitted", tries: 0, refusedAt: null, wait: FIRST_LOOK };
  }

  /** Asks after a submission that the follower has not yet seen on the ledger. */
  async #look(row: OutboxRow): Promise<Next> {
    const progress = await this.#options.channel.progress(keyOf(row, row.submission));
    switch (progress.state) {
      case "carried":
      case "included":
        return this.#later(row, "submitted", null);
      case "accepted": {
        const { afterwards } = this.#freights[row.kind];
        if (afterwards !== null) return this.#settle(row, afterwards, progress.height);
        return this.#later(row, "submitted", null);
      }
      case "absent":
        // What the ledger's client lost sight of may be on the ledger all the same: its events tell.
        if (progress.height !== undefined && !(await this.#hasFollowed(row, progress.height))) {
          return this.#afterFollower(row);
        }
        return { state: "waiting", tries: 0, refusedAt: null, wait: 0 };
      case "refused":
        return this.#refused(row, progress.refusal, progress.height);
    }
  }

  /**
   * A refusal holds in the ledger's final state. It is the last word where nothing can change it, or where nothing has for
   * as long as the ledger was there to be asked and patience lasted.
   */
  async #refused(row: OutboxRow, refusal: Refusal, height: number): Promise<Next> {
    const { now, patience } = this.#options;
    if (refusal.nature === "permanent") return this.#settle(row, refusal, height);
    if (await this.#freights[row.kind].dependsOnOthers(row))
      return this.#later(row, "waiting", null, refusal);
    const since = row.refused_at ?? now();
    return now() - since >= patience
      ? this.#settle(row, refusal, height)
      : this.#later(row, "waiting", since, refusal);
  }

  /**
   * Ends it, once the follower has come to the height of the refusal: only then is it sure that the ledger does not refuse
   * because it already carries this very thing.
   */
  async #settle(row: OutboxRow, reason: Reason, height: number): Promise<Next> {
    if (!(await this.#hasFollowed(row, height))) return this.#afterFollower(row);
    return this.#end(row, { code: reason.code, detail: reason.detail });
  }

  async #end(row: OutboxRow, reason: Reason): Promise<Next> {
    const { log, store } = this.#options;
    // Not stricter than the database's own isolation: after its turn it must see what a follower just made final.
    const ending = await store.db
      .transaction()
      .execute((transaction) => this.#freights[row.kind].end(transaction, row, reason));
    if (ending === null) return this.#afterFollower(row);
    if (ending === "not-yet")
      return this.#later(row, row.state, row.refused_at ?? this.#options.now(), reason);
    const context = { messageId: row.message_id, channelId: row.channel_id, reason: reason.code };
    log.info(WORDS[ending], context);
    return null;
  }

  async #hasFollowed(row: OutboxRow, height: number): Promise<boolean> {
    const { final } = await channelRow(this.#db, row.channel_id);
    return final >= height;
  }

  #afterFollower(row: OutboxRow): Next {
    return { state: row.state, tries: row.tries, refusedAt: row.refused_at, wait: FOLLOWER_WAIT };
  }

  #later(row: OutboxRow, state: OutboxRow["state"], refusedAt: number | null, why?: Reason): Next {
    const wait = backoff(row.tries + 1);
    return { state, tries: row.tries + 1, refusedAt, wait, ...(why === undefined ? {} : { why }) };
  }
}

/** What an operator is told of an error: of this program's own mistakes the log says more. */
function reasonOf(error: unknown): Reason {
  if (error instanceof ChannelFailure) return { code: error.code, detail: error.message };
  return { code: "internal", detail: "Something went wrong here: the log says what." };
}

function keyOf(row: OutboxRow, submission: number): string {
  return `${row.message_id}:${row.attempt}:${submission}`;
}
