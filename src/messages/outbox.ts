import type { Kysely, Transaction } from "kysely";

import { ChannelFailure, type Channel, type Refusal, type MessageSubmission } from "../channels/channel.ts";
import { openToReceiver } from "../documents/document-repository.ts";
import type { Reason } from "../domain/journal.ts";
import type { MessageId } from "../domain/message.ts";
import type { Logger } from "../log.ts";
import { typeOn } from "../routing/registry-repository.ts";
import type { Store } from "../store/store.ts";
import type { Schema } from "../store/schema.ts";
import { backoff } from "./backoff.ts";
import { findIssuance, type Issuance } from "./certificate-repository.ts";
import { appendJournal, attemptBegan } from "./journal-repository.ts";
import { carries, channelRow, finalOccurrences } from "./ledger-repository.ts";
import { findMessage, locateMessage, takeTurn, type MessageRow } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";
import {
  beginSubmission,
  claimDue,
  holds,
  release,
  removeHeld,
  type OutboxRow,
} from "./outbox-repository.ts";
import { PollingLoop } from "./polling-loop.ts";

/** What an outbox is built from. Durations are milliseconds. */
export interface OutboxOptions {
  readonly channel: Channel;
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  /** How long a refusal that ledger state could still lift is tried again before it is final. */
  readonly patience: number;
  /** How often to look for work that nobody announced. */
  readonly poll: number;
  /** How long a replica may work on one message before another takes it over. */
  readonly lease: number;
  /** Messages of this channel under way at a time. */
  readonly concurrency: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when the channel may not be used until an operator has looked. */
  readonly onStop: (failure: ChannelFailure) => Promise<void>;
}

/** In what state a row goes back, and when it is looked at again; null when it is done with or someone else's. */
type Next = { readonly state: OutboxRow["state"]; readonly tries: number; readonly wait: number } | null;

/** The ledger's answers come by the follower; asking is for what went wrong, so it may begin late. */
const FIRST_LOOK = 1_000;
const FOLLOWER_WAIT = 200;

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
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#db = options.store.db;
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
    const { concurrency, log, poll } = this.#options;
    if (this.#stopped) return poll;
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
    const { channel, owner, lease, now } = this.#options;
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
    const { log, now } = this.#options;
    const context = { messageId: row.message_id, channelId: row.channel_id };
    try {
      const next = await this.#advance(row);
      if (next !== null) {
        await release(this.#db, row, { state: next.state, tries: next.tries, dueAt: now() + next.wait });
      }
    } catch (error) {
      if (error instanceof ChannelFailure && error.action === "stop") {
        log.error("the channel is stopped", { ...context, code: error.code, error });
        this.halt();
        await this.#options.onStop(error);
      } else {
        log.warn("a message could not be carried now", { ...context, tries: row.tries + 1, error });
      }
      await this.#putBack(row);
    }
  }

  /** After a failure the row keeps the state it has in the database: the interrupted step may have moved it. */
  async #putBack(row: OutboxRow): Promise<void> {
    const { log, now } = this.#options;
    const tries = row.tries + 1;
    try {
      await release(this.#db, row, { tries, dueAt: now() + backoff(tries) });
    } catch (error) {
      // Nothing is lost: the lease runs out, and the row is taken up again.
      log.warn("a message could not be put back in line", { messageId: row.message_id, error });
    }
  }

  async #advance(row: OutboxRow): Promise<Next> {
    if (row.state === "submitted") return this.#look(row);
    const message = await findMessage(this.#db, row.message_id);
    if (message === null)
      throw new Error(`The outbox holds ${row.message_id}, which is no message of this node.`);
    const { effect } = message;
    const issuance = await this.#issuanceFor(message);
    if ((effect === "acquit" || effect === "revoke") && issuance === null) {
      return this.#fail(row, {
        code: "certificate-unknown",
        detail:
          "The certificate was never issued: the message that was to issue it has failed or was withdrawn.",
      });
    }
    if (effect === "acquit" && issuance?.duplicate === true && row.state === "waiting") {
      return this.#fail(row, {
        code: "certificate-duplicate",
        detail:
          "This number was issued before on another channel. That certificate counts; this one is not acquitted.",
      });
    }
    const content = {
      kind: "message" as const,
      message: messageOf(message),
      effect,
      issuance: issuance?.message ?? null,
    };
    if (row.state === "submitting") return this.#handOver(row, row.submission, content);

    const judgement = await this.#options.channel.judge({ key: keyOf(row, row.submission + 1), ...content });
    if (!judgement.accepted) {
      const { refusal, height } = judgement;
      if (!judgement.final || !(await this.#isSettled(row, refusal, issuance)))
        return this.#later(row, "waiting");
      return this.#settle(row, refusal, height);
    }
    const submission = await beginSubmission(this.#db, row);
    return submission === null ? null : this.#handOver(row, submission, content);
  }

  /** Gives a submission to the channel. The same key again changes nothing, so an interrupted hand-over is repeated. */
  async #handOver(
    row: OutboxRow,
    submission: number,
    content: Omit<MessageSubmission, "key">,
  ): Promise<Next> {
    await this.#options.channel.submit({ key: keyOf(row, submission), ...content });
    return { state: "submitted", tries: 0, wait: FIRST_LOOK };
  }

  /** Asks after a submission that the follower has not yet seen on the ledger. */
  async #look(row: OutboxRow): Promise<Next> {
    const progress = await this.#options.channel.progress(keyOf(row, row.submission));
    switch (progress.state) {
      case "carried":
      case "included":
      case "accepted":
        return this.#later(row, "submitted");
      case "absent":
        return { state: "waiting", tries: 0, wait: 0 };
      case "refused": {
        const message = await findMessage(this.#db, row.message_id);
        const issuance = message === null ? null : await this.#issuanceFor(message);
        if (!(await this.#isSettled(row, progress.refusal, issuance))) return this.#later(row, "waiting");
        return this.#settle(row, progress.refusal, progress.height);
      }
    }
  }

  /** The certificate that an acquittal or revocation is about; null for other messages, or when there is none. */
  async #issuanceFor(message: MessageRow): Promise<Issuance | null> {
    const { effect } = message;
    if (effect !== "acquit" && effect !== "revoke") return null;
    const { predicate, sender, receiver, subject } = messageOf(message);
    const type = await typeOn(this.#db, message.channel_id, predicate);
    const target = type?.target ?? null;
    if (target === null) return null;
    const issuer = effect === "acquit" ? receiver : sender;
    return findIssuance(this.#db, { issuer, predicate: target, subject }, message.channel_id);
  }

  /** Whether a refusal that holds in the ledger's final state is the last word on this message. */
  async #isSettled(row: OutboxRow, refusal: Refusal, issuance: Issuance | null): Promise<boolean> {
    if (refusal.nature === "permanent") return true;
    if (issuance !== null && !issuance.final) return false;
    const began = await attemptBegan(this.#db, row.message_id, row.attempt);
    return this.#options.now() - began >= this.#options.patience;
  }

  /**
   * Ends a message as failed, once the follower has come to the height of the refusal: only then is it sure that the
   * ledger does not refuse because it already carries this very message.
   */
  async #settle(row: OutboxRow, refusal: Refusal, height: number): Promise<Next> {
    const { final } = await channelRow(this.#db, row.channel_id);
    if (final < height) return { state: row.state, tries: row.tries, wait: FOLLOWER_WAIT };
    return this.#fail(row, refusal);
  }

  /**
   * Ends a message that its channel refuses for good: as failed, or, where another node of this participant has brought
   * it to a ledger meanwhile, as delivered there.
   */
  async #fail(row: OutboxRow, reason: Reason): Promise<Next> {
    const { log, store } = this.#options;
    // Not stricter than the database's own isolation: after its turn it must see what a follower just made final.
    const ended = await store.db.transaction().execute((transaction) => this.#end(transaction, row, reason));
    if (ended === null) return { state: row.state, tries: row.tries, wait: FOLLOWER_WAIT };
    const context = { messageId: row.message_id, channelId: row.channel_id, reason: reason.code };
    log.info(ended === "failed" ? "message failed" : "message refused here, but carried already", context);
    return null;
  }

  /** @returns null, having changed nothing, when another replica or the follower has it, or is about to */
  async #end(
    db: Transaction<Schema>,
    row: OutboxRow,
    { code, detail }: Reason,
  ): Promise<"failed" | "delivered" | null> {
    await takeTurn(db);
    const messageId = row.message_id as MessageId;
    const at = this.#options.now();
    if (!(await holds(db, row))) return null;
    const places = await finalOccurrences(db, messageId);
    const place = places.find(({ channelId }) => channelId === row.channel_id) ?? places[0];
    if (place === undefined) {
      if (await carries(db, row.channel_id, messageId)) return null;
      if (!(await appendJournal(db, { messageId, status: "failed", at, reason: { code, detail } })))
        return null;
    } else {
      await appendJournal(db, { messageId, status: "sent", at });
      if (!(await appendJournal(db, { messageId, status: "delivered", at }))) return null;
      await locateMessage(db, messageId, place);
      // The user's word was for this channel: on another one the receiver's name may be somebody else's.
      if (place.channelId === row.channel_id) await openToReceiver(db, { messageId, at });
    }
    await removeHeld(db, row);
    return place === undefined ? "failed" : "delivered";
  }

  #later(row: OutboxRow, state: OutboxRow["state"]): Next {
    return { state, tries: row.tries + 1, wait: backoff(row.tries + 1) };
  }
}

function keyOf(row: OutboxRow, submission: number): string {
  return `${row.message_id}:${row.attempt}:${submission}`;
}
