import type { Kysely } from "kysely";

import type { BatchId } from "../domain/batch.ts";
import { isHex32, type Hex32 } from "../domain/hex.ts";
import { MerkleTree } from "../domain/merkle-tree.ts";
import type { MessageId } from "../domain/message.ts";
import type { Schema } from "../store/schema.ts";
import type { MessageRow } from "./message-repository.ts";

/** How a message is included in the batch that carries it (openapi/messages.yaml, BatchInclusion). */
export interface BatchInclusion {
  readonly id: BatchId;
  readonly root: Hex32;
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly count: number;
  /** The siblings from its leaf up to the root. */
  readonly proof: readonly Hex32[];
}

/** Leaves of all trees that are kept, at most: some hundred bytes each. */
const MOST_LEAVES = 262_144;

/**
 * The trees used last. A batch's id commits to its root, and every tree is compared with it, so that one tree is right in
 * whatever database the batch is.
 */
class TreeCache {
  readonly #trees = new Map<string, { readonly tree: MerkleTree; readonly leaves: number }>();
  #leaves = 0;

  get(batchId: string): MerkleTree | null {
    const found = this.#trees.get(batchId);
    if (found === undefined) return null;
    this.#trees.delete(batchId);
    this.#trees.set(batchId, found);
    return found.tree;
  }

  keep(batchId: string, tree: MerkleTree, leaves: number): void {
    if (this.#trees.has(batchId)) return;
    this.#trees.set(batchId, { tree, leaves });
    this.#leaves += leaves;
    for (const [oldest, { leaves: freed }] of this.#trees) {
      if (this.#leaves <= MOST_LEAVES || oldest === batchId) break;
      this.#trees.delete(oldest);
      this.#leaves -= freed;
    }
  }
}

const trees = new TreeCache();

/**
 * The inclusion proofs of those of some messages that a batch carries, by message id. A batch whose messages are not all on
 * record, or do not have its root, proves nothing and is left out.
 */
export async function inclusionsOf(
  db: Kysely<Schema>,
  rows: readonly Pick<MessageRow, "id" | "channel_id" | "batch_id" | "batch_index">[],
): Promise<ReadonlyMap<string, BatchInclusion>> {
  const inclusions = new Map<string, BatchInclusion>();
  const batched = rows.filter(({ batch_id }) => batch_id !== null);
  for (const some of Map.groupBy(batched, (row) => `${row.channel_id} ${row.batch_id}`).values()) {
    const { channel_id: channelId, batch_id: id } = some[0] ?? {};
    if (channelId === undefined || !isHex32(id)) continue;
    const batch = await db
      .selectFrom("batch")
      .select(["root", "count"])
      .where("channel_id", "=", channelId)
      .where("id", "=", id)
      .executeTakeFirst();
    if (batch === undefined || !isHex32(batch.root)) continue;
    const { root, count } = batch;
    const tree = await treeOf(db, channelId, id, { root, count });
    if (tree === null) continue;
    for (const { id: messageId, batch_index: index } of some) {
      if (index === null || index >= count) continue;
      inclusions.set(messageId, { id, root, index, count, proof: tree.proof(index) });
    }
  }
  return inclusions;
}

async function treeOf(
  db: Kysely<Schema>,
  channelId: string,
  batchId: BatchId,
  { root, count }: { readonly root: Hex32; readonly count: number },
): Promise<MerkleTree | null> {
  const kept = trees.get(batchId);
  if (kept !== null) return kept;
  const rows = await membersOf(db, channelId, batchId);
  if (rows.length !== count || rows.some(({ batch_index }, place) => batch_index !== place)) return null;
  const tree = new MerkleTree(rows.map(({ id }) => id as MessageId));
  if (tree.root !== root) return null;
  trees.keep(batchId, tree, count);
  return tree;
}

/** The messages of a batch in their order: as recorded when it became final, before that as it was formed here. */
async function membersOf(db: Kysely<Schema>, channelId: string, batchId: BatchId) {
  const final = await db
    .selectFrom("batch_member")
    .select(["message_id as id", "batch_index"])
    .where("channel_id", "=", channelId)
    .where("batch_id", "=", batchId)
    .orderBy("batch_index")
    .execute();
  if (final.length > 0) return final;
  return db
    .selectFrom("message")
    .select(["id", "batch_index"])
    .where("channel_id", "=", channelId)
    .where("batch_id", "=", batchId)
    .orderBy("batch_index")
    .execute();
}
