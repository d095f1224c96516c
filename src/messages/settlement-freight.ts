import type { Kysely, Transaction } from "kysely";

import type { BatchBits } from "../channels/channel.ts";
import type { Hex32 } from "../domain/hex.ts";
import type { Reason } from "../domain/journal.ts";
import type { Effect } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";
import { membersOf, removeMembers, unbundle, type Member } from "./bundle-repository.ts";
import { issuancesInBatch, type BatchedIssuance } from "./certificate-repository.ts";
import { conflictOf } from "./conflict.ts";
import type { Ending, Freight, Plan } from "./freight.ts";
import { batchOfGroup } from "./group-key.ts";
import { findBatch, headerOf } from "./final-batch-repository.ts";
import { appendJournals } from "./journal-repository.ts";
import { takeTurn } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";
import { holds, removeHeld, type OutboxRow } from "./outbox-repository.ts";

/** What a settlement's freight is built from. */
export interface SettlementFreightOptions {
  readonly db: Kysely<Schema>;
  /** Milliseconds for which a message is tried again whose refusal nothing on record explains. */
  readonly patience: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The ledger's word for a settlement of which nothing applied. */
const EMPTY = "SettlementEmpty";
/** How long what was left over waits before it is tried again; milliseconds. */
const AGAIN = 1_000;

/**
 * Acquittals, or revocations, of certificates of one batch, written to the ledger as bits. The ledger takes those that
 * apply and leaves out the others: what is left when it is done ends one by one, each for its own reason.
 */
export class SettlementFreight implements Freight {
  readonly afterwards: Reason = {
    code: EMPTY,
    detail: "The ledger left this certificate out when it took the others.",
  };
  readonly #options: SettlementFreightOptions;

  constructor(options: SettlementFreightOptions) {
    this.#options = options;
  }

  async plan(row: OutboxRow): Promise<Plan> {
    const { db } = this.#options;
    const batchId = batchOfGroup(row.group_key);
    const batch = batchId === null ? null : await findBatch(db, row.channel_id, batchId);
    if (batchId === null || batch === null) {
      throw new Error(`The outbox holds the settlement ${row.message_id} of a batch that is not on record.`);
    }
    const members = await membersOf(db, row.message_id);
    const [first] = members;
    if (first === undefined) return { kind: "end", reason: this.afterwards };
    const { predicate, obj } = messageOf(first.message);
    const issuances = await issuancesInBatch(db, row.channel_id, batchId, subjectsOf(members));
    const bits = bitsOf(members.flatMap(({ message }) => issuances.get(message.subject)?.index ?? []));
    if (bits.length === 0) return { kind: "end", reason: this.afterwards };
    return { kind: "carry", content: { kind: "settlement", header: headerOf(batch), predicate, obj, bits } };
  }

  dependsOnOthers(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async end(db: Transaction<Schema>, row: OutboxRow, reason: Reason): Promise<Ending | null> {
    await takeTurn(db);
    if (!(await holds(db, row))) return null;
    const { now, patience } = this.#options;
    const at = now();
    const bundleId = row.message_id;
    const members = await membersOf(db, bundleId);
    const batchId = batchOfGroup(row.group_key);
    const issuances =
      batchId === null
        ? new Map<string, BatchedIssuance>()
        : await issuancesInBatch(db, row.channel_id, batchId, subjectsOf(members));
    const failing = new Map<string, { readonly reason: Reason; readonly ids: string[] }>();
    const again: string[] = [];
    for (const { message, refusedAt } of members) {
      const why =
        conflict(message.effect, issuances.get(message.subject)) ??
        (reason.code !== EMPTY || at - (refusedAt ?? at) >= patience ? reason : null);
      if (why === null) again.push(message.id);
      else {
        const group = failing.get(why.code) ?? { reason: why, ids: [] };
        group.ids.push(message.id);
        failing.set(why.code, group);
      }
    }
    await appendJournals(db, { messageIds: again, status: "pending", at, reason });
    for (const { reason: why, ids } of failing.values()) {
      await appendJournals(db, { messageIds: ids, status: "failed", at, reason: why });
      await removeMembers(db, bundleId, ids);
    }
    await unbundle(db, bundleId, again, { alone: false, refusedAt: at, dueAt: at + AGAIN });
    await removeHeld(db, row);
    if (again.length > 0) return "returned";
    return failing.size > 0 ? "failed" : "delivered";
  }
}

function conflict(effect: Effect, issuance: BatchedIssuance | undefined): Reason | null {
  return issuance === undefined ? null : conflictOf(effect, issuance);
}

function subjectsOf(members: readonly Member[]): readonly string[] {
  return members.map(({ message }) => message.subject);
}

/** The words and masks of some places of a batch. */
function bitsOf(indexes: readonly number[]): readonly BatchBits[] {
  const masks = new Map<number, bigint>();
  for (const index of indexes) {
    const word = Math.floor(index / 256);
    masks.set(word, (masks.get(word) ?? 0n) | (1n << BigInt(index % 256)));
  }
  return [...masks]
    .sort(([one], [other]) => one - other)
    .map(([word, mask]) => ({ word, mask: `0x${mask.toString(16).padStart(64, "0")}` satisfies Hex32 }));
}
