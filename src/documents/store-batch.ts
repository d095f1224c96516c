import { setTimeout as delay } from "node:timers/promises";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { BatchItem } from "./batch-item.ts";
import { recordDocuments } from "./document-batch-repository.ts";
import type { HeldDocument } from "./document-repository.ts";
import { nameOf, type DocumentsOptions } from "./documents.ts";

/** What became of one document of a batch. */
export type BatchOutcome =
  | { readonly line: number; readonly document: HeldDocument }
  | { readonly line: number; readonly problem: Problem };

/** Documents that share one transaction, and their bytes at most. */
const GROUP_ITEMS = 256;
const GROUP_BYTES = 8 * 1024 * 1024;
/** Whoever sends slowly is answered for what is here after so long. */
const LINGER_MS = 100;

/**
 * Stores many documents of this node's own user, in groups: the bytes of a group are synced side by side, then its rows are
 * written in one transaction. One that cannot be stored spoils no other.
 *
 * @returns what became of each, in the order of `items`
 */
export async function* storeDocuments(
  options: DocumentsOptions,
  user: UserCaller,
  items: AsyncIterable<BatchItem>,
): AsyncGenerator<BatchOutcome> {
  for await (const group of groupsOf(items)) yield* await storeGroup(options, user, group);
}

async function* groupsOf(items: AsyncIterable<BatchItem>): AsyncGenerator<readonly BatchItem[]> {
  const iterator = items[Symbol.asyncIterator]();
  let group: BatchItem[] = [];
  let bytes = 0;
  let next = iterator.next();
  try {
    for (;;) {
      const arrived = group.length === 0 ? await next : await Promise.race([next, delay(LINGER_MS, null)]);
      if (arrived?.done === true) break;
      if (arrived !== null) {
        group.push(arrived.value);
        bytes += "content" in arrived.value ? arrived.value.content.length : 0;
        next = iterator.next();
      }
      if (arrived === null || group.length >= GROUP_ITEMS || bytes >= GROUP_BYTES) {
        yield group;
        [group, bytes] = [[], 0];
      }
    }
    if (group.length > 0) yield group;
  } catch (error) {
    // What came whole before the stream broke is stored and answered all the same.
    if (group.length > 0) yield group;
    throw error;
  }
}

async function storeGroup(
  { store, files, now }: DocumentsOptions,
  user: UserCaller,
  group: readonly BatchItem[],
): Promise<readonly BatchOutcome[]> {
  const documents = group.filter((item) => "content" in item);
  let digests: readonly Digest[];
  let recorded: ReadonlyMap<Digest, HeldDocument>;
  try {
    digests = await files.putAll(documents.map(({ content }) => content));
    const [storedBy, at] = [nameOf(user), now()];
    const rows = digests.flatMap((digest, index) => {
      const document = documents[index];
      if (document === undefined) return [];
      return [{ digest, size: document.content.length, mediaType: document.mediaType, storedBy, at }];
    });
    recorded = await store.transact((db) => recordDocuments(db, rows));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return group.map((item) => ("problem" in item ? item : { line: item.line, problem: error }));
  }
  let place = 0;
  return group.map((item) => {
    if ("problem" in item) return item;
    const digest = digests[place++];
    const document = digest === undefined ? undefined : recorded.get(digest);
    if (document === undefined) throw new Error("A document is gone right after it was recorded.");
    return { line: item.line, document };
  });
}
