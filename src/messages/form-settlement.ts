import { randomUUID } from "node:crypto";

import type { BatchId } from "../domain/batch.ts";
import type { Store } from "../store/store.ts";
import { bundle, enqueueBundle, giveBack } from "./bundle-repository.ts";
import { issuancesInBatch } from "./certificate-repository.ts";
import { conflictOf } from "./conflict.ts";
import type { Formed, Forming } from "./forming.ts";
import { appendJournals } from "./journal-repository.ts";
import { takeTurn } from "./message-repository.ts";

/** What forming a settlement works with. */
export interface FormSettlementOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Words of a settlement at most: what one transaction can pay for. */
const MOST_WORDS = 64;
const BITS_A_WORD = 256;

/**
 * Forms a settlement of certificates of one batch. What this node knows cannot be is left out and goes on singly, to fail
 * by itself.
 *
 * @throws Error when messages were withdrawn or taken over meanwhile: nothing was formed then
 */
export async function formSettlement(
  { store, now }: FormSettlementOptions,
  forming: Forming & { readonly batchId: BatchId },
): Promise<Formed> {
  const { channelId, groupKey, holder, members, batchId } = forming;
  const subjects = members.map(({ message }) => message.subject);
  const issuances = await issuancesInBatch(store.db, channelId, batchId, subjects);
  const places: { readonly id: string; readonly index: number }[] = [];
  const alone: string[] = [];
  for (const { message } of members) {
    const issuance = issuances.get(message.subject);
    if (issuance === undefined || conflictOf(message.effect, issuance) !== null) alone.push(message.id);
    else places.push({ id: message.id, index: issuance.index });
  }
  const byWord = Map.groupBy(places, ({ index }) => Math.floor(index / BITS_A_WORD));
  const words = [...byWord.keys()].sort((one, other) => one - other);
  const idsOf = (some: readonly number[]) =>
    some.flatMap((word) => (byWord.get(word) ?? []).map(({ id }) => id));
  const chosen = idsOf(words.slice(0, MOST_WORDS));
  await giveBack(store.db, holder, alone, { alone: true, dueAt: now() });
  await giveBack(store.db, holder, idsOf(words.slice(MOST_WORDS)), { alone: false, dueAt: now() });
  if (chosen.length === 0) return { bundleId: null, bundled: 0, alone: alone.length };

  const id = randomUUID();
  const at = now();
  // Not stricter than the database's own isolation (record 0007): it changes thousands of rows that others use.
  await store.db.transaction().execute(async (db) => {
    await takeTurn(db);
    const moved = await appendJournals(db, { messageIds: chosen, status: "bundled", at });
    if (moved.size !== chosen.length) throw new Error("Messages that were being bundled were taken away.");
    await bundle(db, holder, chosen, id);
    await enqueueBundle(db, { id, kind: "settlement", channelId, attempt: 1, groupKey, dueAt: at });
  });
  return { bundleId: id, bundled: chosen.length, alone: alone.length };
}
