import { Readable } from "node:stream";

import type { DocumentStore } from "../documents/document-store.ts";
import { recordDocument, recordIntent } from "../documents/document-repository.ts";
import { batchId, bodyLine, type BatchHeader } from "../domain/batch.ts";
import { MerkleTree } from "../domain/merkle-tree.ts";
import type { MessageId } from "../domain/message.ts";
import { multihashOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Store } from "../store/store.ts";
import {
  bundle,
  enqueueBundle,
  giveBack,
  placeInBatch,
  recordFormed,
  type Member,
} from "./bundle-repository.ts";
import type { Formed, Forming } from "./forming.ts";
import { appendJournals } from "./journal-repository.ts";
import { takeTurn, type MessageRow } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";
import { numbersTaken } from "./number-taken.ts";

/** What forming a batch works with. */
export interface FormAnchorOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** The participant this node runs for. */
  readonly participant: Domain;
  readonly rules: { readonly maxBodyBytes: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const BODY_MEDIA_TYPE = "application/x-ndjson";

/**
 * Forms a batch: its body is stored as a document, and then, in one transaction, the batch, the intent to open its body to
 * the receiver, its messages' places and its own place in line. A number that is taken elsewhere is left out and goes on
 * singly, to fail by itself; so does a message that is left alone. A second message about one subject waits for the next
 * batch.
 *
 * @throws Error when messages were withdrawn or taken over meanwhile: nothing was formed then
 */
export async function formAnchor(options: FormAnchorOptions, forming: Forming): Promise<Formed> {
  const { store, files, participant, rules, now } = options;
  const { channelId, groupKey, holder } = forming;
  const { members, alone, next } = await sorted(options, forming);
  await giveBack(store.db, holder, next, { alone: false, dueAt: now() });
  const [first] = members;
  if (first === undefined || members.length === 1) {
    const singles = first === undefined ? alone : [...alone, first.message.id];
    await giveBack(store.db, holder, singles, { alone: true, dueAt: now() });
    return { bundleId: null, bundled: 0, alone: singles.length };
  }
  await giveBack(store.db, holder, alone, { alone: true, dueAt: now() });

  const ids = members.map(({ message }) => message.id as MessageId);
  const body = await files.put(Readable.from(bodyOf(members), { objectMode: false }), {
    maxBytes: rules.maxBodyBytes,
  });
  const { sender, receiver, predicate, validUntil } = messageOf(first.message);
  const header: BatchHeader = {
    ...{ sender, receiver, predicate, validUntil },
    root: new MerkleTree(ids).root,
    count: ids.length,
    body: multihashOf(body.digest),
  };
  const id = batchId(header);
  const at = now();
  // Not stricter than the database's own isolation (record 0007): it changes thousands of rows that others use.
  await store.db.transaction().execute(async (db) => {
    await takeTurn(db);
    const moved = await appendJournals(db, { messageIds: ids, status: "bundled", at });
    if (moved.size !== ids.length) throw new Error("Messages that were being bundled were taken away.");
    await placeInBatch(db, id, ids);
    await bundle(db, holder, ids, id);
    await recordFormed(db, { id, channelId, effect: first.message.effect, header, at });
    const document = { ...body, mediaType: BODY_MEDIA_TYPE, origin: "user", storedBy: participant } as const;
    await recordDocument(db, { ...document, at });
    await recordIntent(db, { messageId: id, digest: body.digest, participant: receiver });
    // A batch of the same messages may have failed before; its members are at a later attempt now.
    const attempt = Math.max(...members.map((member) => member.attempt));
    await enqueueBundle(db, { id, kind: "anchor", channelId, attempt, groupKey, dueAt: at });
  });
  return { bundleId: id, bundled: ids.length, alone: alone.length };
}

/** Which messages go in the batch, which singly, and which in the next one. */
async function sorted(
  { store, rules }: FormAnchorOptions,
  { channelId, members }: Forming,
): Promise<{
  readonly members: readonly Member[];
  readonly alone: readonly string[];
  readonly next: readonly string[];
}> {
  const issuing = members.map(({ message }) => message).filter(({ effect }) => effect === "issue");
  const taken = await numbersTaken(store.db, channelId, issuing, "in-batch");
  const chosen: Member[] = [];
  const next: string[] = [];
  const subjects = new Set<string>();
  let bytes = 0;
  for (const member of members) {
    const { id, subject } = member.message;
    if (taken.has(id)) continue;
    bytes += lineBytes(member.message);
    if (subjects.has(subject) || bytes > rules.maxBodyBytes) next.push(id);
    else {
      subjects.add(subject);
      chosen.push(member);
    }
  }
  return { members: chosen, alone: [...taken.keys()], next };
}

function lineBytes(row: MessageRow): number {
  return Buffer.byteLength(bodyLine(messageOf(row)));
}

function* bodyOf(members: readonly Member[]): Generator<Buffer> {
  for (const { message } of members) yield Buffer.from(bodyLine(messageOf(message)));
}
