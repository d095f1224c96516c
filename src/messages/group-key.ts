import type { BatchId } from "../domain/batch.ts";
import { isHex32 } from "../domain/hex.ts";
import type { Message } from "../domain/message.ts";
import { digestOf } from "../domain/multihash.ts";

/** Begins the group key of what may be anchored together. */
export const ANCHOR_GROUP = "anchor ";
/** Begins the group key of what may be settled together. */
export const SETTLE_GROUP = "settle ";

/** What messages have in common that one batch may carry (PROTOCOL §4, "Bulk"); the sender is this node's participant. */
export function anchorGroup({ receiver, predicate, validUntil }: Message): string {
  return `${ANCHOR_GROUP}${receiver} ${predicate} ${validUntil ?? 0}`;
}

/**
 * What acquittals, or revocations, have in common that one settlement may carry.
 *
 * @param batch the batch whose certificates they are about
 */
export function settleGroup(batch: BatchId, { predicate, obj }: Message): string {
  return `${SETTLE_GROUP}${batch} ${predicate} ${digestOf(obj)}`;
}

/** The batch whose certificates a settlement's group is about; null for another group. */
export function batchOfGroup(groupKey: string | null): BatchId | null {
  if (groupKey?.startsWith(SETTLE_GROUP) !== true) return null;
  const id = groupKey.slice(SETTLE_GROUP.length).split(" ")[0];
  return isHex32(id) ? id : null;
}
