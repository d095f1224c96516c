import type { Kysely, Transaction } from "kysely";

import { openToReceiver } from "../documents/document-repository.ts";
import type { Reason } from "../domain/journal.ts";
import type { MessageId } from "../domain/message.ts";
import { typeOn } from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import { findIssuance, type Issuance } from "./certificate-repository.ts";
import { conflictOf } from "./conflict.ts";
import type { Ending, Freight, Plan } from "./freight.ts";
import { settleGroup } from "./group-key.ts";
import { appendJournal } from "./journal-repository.ts";
import { carries, finalOccurrences } from "./ledger-repository.ts";
import { findMessage, locateMessage, takeTurn, type MessageRow } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";
import { numbersTaken } from "./number-taken.ts";
import { holds, regroup, removeHeld, type OutboxRow } from "./outbox-repository.ts";
import { goOn, heirOf, succeeds, type Heir, type Succession } from "./succession.ts";

/** What a message's freight is built from. */
export interface MessageFreightOptions {
  readonly db: Kysely<Schema>;
  /** How long a successor may lack what the message needs; milliseconds. */
  readonly patience: number;
  readonly succession: Succession;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const alreadyIssued: Reason = {
  code: "certificate-already-issued",
  detail:
    "This number was issued before, in a batch or on another channel, where the ledger does not see it: a number is used once.",
};
const neverIssued: Reason = {
  code: "certificate-unknown",
  detail: "The certificate was never issued: the message that was to issue it has failed or was withdrawn.",
};

/**
 * A message that goes alone. It is here, too, that what could not go in a bundle is told why: each message fails for its
 * own reason.
 */
export class MessageFreight implements Freight {
  readonly afterwards = null;
  readonly #options: MessageFreightOptions;
  readonly #db: Kysely<Schema>;

  constructor(options: MessageFreightOptions) {
    this.#options = options;
    this.#db = options.db;
  }

  async plan(row: OutboxRow): Promise<Plan> {
    const message = await this.#message(row);
    const issuance = await this.#issuanceFor(message);
    const { effect } = message;
    // The ledger does not refuse to be informed twice. In a block already, though not yet final, it waits for that.
    if (effect === "inform" && (await carries(this.#db, row.channel_id, message.id))) return { kind: "wait" };
    if (row.state === "waiting") {
      if (effect === "issue") {
        const taken = (await numbersTaken(this.#db, row.channel_id, [message], "alone")).get(message.id);
        if (taken === "under-way") return { kind: "wait" };
        if (taken === "final") return { kind: "end", reason: alreadyIssued };
      }
      if (issuance !== null) {
        const reason = conflictOf(effect, issuance);
        if (reason !== null) return { kind: "end", reason };
        if (issuance.batchId !== null) return this.#settleLater(row, message, issuance);
      }
    }
    if ((effect === "acquit" || effect === "revoke") && issuance === null) {
      return { kind: "end", reason: neverIssued };
    }
    return {
      kind: "carry",
      content: {
        kind: "message",
        message: messageOf(message),
        effect,
        issuance: issuance?.message ?? null,
      },
    };
  }

  async dependsOnOthers(row: OutboxRow): Promise<boolean> {
    const issuance = await this.#issuanceFor(await this.#message(row));
    return issuance !== null && !issuance.final;
  }

  /** As failed, or, where another node of this participant has brought it to a ledger meanwhile, as delivered there. */
  async end(db: Transaction<Schema>, row: OutboxRow, { code, detail }: Reason): Promise<Ending | null> {
    await takeTurn(db);
    const messageId = row.message_id as MessageId;
    const at = this.#options.now();
    if (!(await holds(db, row))) return null;
    const places = await finalOccurrences(db, messageId);
    const place = places.find(({ channelId }) => channelId === row.channel_id) ?? places[0];
    if (place === undefined) {
      if (await carries(db, row.channel_id, messageId)) return null;
      const onward = await this.#goOn(db, row, { code, detail });
      if (onward !== null) return onward;
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

  /** Has it go on by the successor of its channel; null where there is none for it. */
  async #goOn(
    db: Transaction<Schema>,
    row: OutboxRow,
    reason: Reason,
  ): Promise<"returned" | "not-yet" | null> {
    const now = this.#options.now();
    const message = await this.#message(row, db);
    const patient = now - (row.refused_at ?? now) < this.#options.patience;
    const heir =
      reason.code === neverIssued.code
        ? await this.#issuedAfter(db, message)
        : await heirOf(db, this.#options.succession, message, reason, { now, patient });
    if (heir.kind === "awaited") return "not-yet";
    if (heir.kind === "none") return null;
    return (await goOn(db, [message], heir, now)).has(message.id) ? "returned" : null;
  }

  /** The channel on which a certificate is issued that went on by a successor: its revocation follows it there. */
  async #issuedAfter(db: Kysely<Schema>, message: MessageRow): Promise<Heir> {
    const { sender, predicate, subject } = messageOf(message);
    const target = (await typeOn(db, message.channel_id, predicate))?.target ?? null;
    if (message.effect !== "revoke" || target === null) return { kind: "none" };
    const issuance = await findIssuance(db, { issuer: sender, predicate: target, subject });
    if (issuance === null || !(await succeeds(db, issuance.channelId, message.channel_id))) {
      return { kind: "none" };
    }
    const { channels } = this.#options.succession;
    const description = channels().find(({ id }) => id === issuance.channelId);
    return description === undefined
      ? { kind: "awaited" }
      : { kind: "channel", description, batchable: false };
  }

  /** What is about a certificate of a batch goes with others of its kind, and not before that batch is final. */
  async #settleLater(row: OutboxRow, message: MessageRow, issuance: Issuance): Promise<Plan> {
    if (!issuance.final || issuance.batchId === null) return { kind: "wait" };
    await regroup(this.#db, row, settleGroup(issuance.batchId, messageOf(message)), this.#options.now());
    return { kind: "given" };
  }

  async #message(row: OutboxRow, db = this.#db): Promise<MessageRow> {
    const message = await findMessage(db, row.message_id);
    if (message === null)
      throw new Error(`The outbox holds ${row.message_id}, which is no message of this node.`);
    return message;
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
}
