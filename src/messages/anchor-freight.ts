import type { Kysely, Transaction } from "kysely";

import type { BatchId } from "../domain/batch.ts";
import type { Reason } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";
import {
  leaveBatch,
  membersOf,
  recordFailed,
  removeMembers,
  unbundle,
  type Member,
} from "./bundle-repository.ts";
import type { Ending, Freight, Plan } from "./freight.ts";
import { findBatch, headerOf } from "./final-batch-repository.ts";
import { appendJournals } from "./journal-repository.ts";
import { isKept } from "./ledger-repository.ts";
import { takeTurn } from "./message-repository.ts";
import { holds, removeHeld, type OutboxRow } from "./outbox-repository.ts";
import { goOn, heirOf, type Succession } from "./succession.ts";

/** What an anchor's freight is built from. */
export interface AnchorFreightOptions {
  readonly db: Kysely<Schema>;
  /** How long a successor may lack what the messages need; milliseconds. */
  readonly patience: number;
  readonly succession: Succession;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is wrong with the bundling and not with the messages: they go on singly. */
const notTheirs: ReadonlySet<string> = new Set([
  "MessageTypeNotBatchable",
  "BatchCountInvalid",
  "BatchRootInvalid",
]);

/** A batch of messages, written to the ledger by its root. Its members and their order never change. */
export class AnchorFreight implements Freight {
  /** What the ledger has taken is the follower's: it ends every message of the batch, and this row. */
  readonly afterwards = null;
  readonly #options: AnchorFreightOptions;

  constructor(options: AnchorFreightOptions) {
    this.#options = options;
  }

  async plan(row: OutboxRow): Promise<Plan> {
    const batch = await findBatch(this.#options.db, row.channel_id, row.message_id as BatchId);
    if (batch === null)
      throw new Error(`The outbox holds the batch ${row.message_id}, which is not on record.`);
    return { kind: "carry", content: { kind: "anchor", header: headerOf(batch) } };
  }

  dependsOnOthers(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async end(db: Transaction<Schema>, row: OutboxRow, reason: Reason): Promise<Ending | null> {
    await takeTurn(db);
    if (!(await holds(db, row))) return null;
    if (await isKept(db, row.channel_id, "batch", row.message_id)) return null;
    const at = this.#options.now();
    const batchId = row.message_id as BatchId;
    const members = await membersOf(db, batchId);
    const onward = await this.#goOn(db, row, members, reason);
    if (onward === null) return "not-yet";
    const ids = members.map(({ message }) => message.id).filter((id) => !onward.has(id));
    const alone = notTheirs.has(reason.code);
    await appendJournals(db, { messageIds: ids, status: alone ? "pending" : "failed", at, reason });
    await leaveBatch(db, batchId, ids);
    if (alone) await unbundle(db, batchId, ids, { alone, refusedAt: null, dueAt: at });
    else await removeMembers(db, batchId, ids);
    await recordFailed(db, row.channel_id, batchId, reason);
    await removeHeld(db, row);
    return alone || ids.length === 0 ? "returned" : "failed";
  }

  /**
   * Has messages go on by the successor of their channel.
   *
   * @returns those that do; null where that cannot be said yet
   */
  async #goOn(
    db: Transaction<Schema>,
    row: OutboxRow,
    members: readonly Member[],
    reason: Reason,
  ): Promise<ReadonlySet<string> | null> {
    const [first] = members;
    if (first === undefined) return new Set();
    const { patience, succession } = this.#options;
    const now = this.#options.now();
    const patient = now - (row.refused_at ?? now) < patience;
    const heir = await heirOf(db, succession, first.message, reason, { now, patient });
    if (heir.kind === "awaited") return null;
    if (heir.kind === "none") return new Set();
    const messages = members.map(({ message }) => message);
    return goOn(db, messages, heir, now);
  }
}
