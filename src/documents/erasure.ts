import { recordActs } from "../audit/audit-repository.ts";
import { userNamed, type Actor } from "../audit/act.ts";
import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import { findDocument } from "./document-repository.ts";
import type { DocumentStore } from "./document-store.ts";
import { nameOf } from "./documents.ts";
import { erasedProblem } from "./erased-problem.ts";
import { findErasure, noteRemoval, replaceByErasure, whyNeeded } from "./erasure-repository.ts";
import { findHold, liftHold, placeHold, type Hold } from "./hold-repository.ts";

/** What documents are erased from. */
export interface ErasureOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What erasing a document came to. */
export interface ErasureOutcome {
  readonly erasedAt: number;
  /**
   * False where the bytes were stored so lately, or are so out of reach, that they are removed a little later; nobody can
   * read them meanwhile.
   */
  readonly bytesRemoved: boolean;
}

/**
 * Bytes written this lately are not removed at once: somebody may just be storing the same document, whose row would then
 * name bytes that are gone. From the move of a file to its row it takes seconds at most.
 */
const UPLOAD_MS = 5 * 60 * 1000;

/** The rule of the sweeper, in the place of an administrator's name. */
const RETENTION = "retention";

/**
 * Puts a document under hold: from then on nobody can erase it.
 *
 * @throws Problem `not-found` for a document that this node does not hold, `document-erased` for one that it erased
 */
export async function holdDocument(
  { store, now }: ErasureOptions,
  administrator: UserCaller,
  digest: Digest,
  reason: string,
): Promise<Hold> {
  const hold: Hold = { digest, reason, heldBy: nameOf(administrator), heldAt: now() };
  await store.transact(async (db) => {
    await demandHeld(db, digest);
    await placeHold(db, hold);
  });
  return hold;
}

/**
 * Takes a document's hold away.
 *
 * @throws Problem `not-found` where it is under none
 */
export async function releaseDocument(
  { store, now }: ErasureOptions,
  administrator: UserCaller,
  digest: Digest,
): Promise<void> {
  const actor = userNamed(nameOf(administrator));
  const lifted = await store.transact((db) => liftHold(db, digest, actor, now()));
  if (!lifted) throw new Problem("not-found", "The document is under no hold.");
}

/**
 * Erases a document's bytes. What was said about it on ledgers stays, and whoever could read it is told that it was
 * erased, when and why.
 *
 * @param reason shown to whoever could read the document
 * @throws Problem `not-found`, `document-erased`, `document-held` or `document-needed`; nothing was erased then
 */
export function eraseDocument(
  options: ErasureOptions,
  administrator: UserCaller,
  digest: Digest,
  reason: string,
): Promise<ErasureOutcome> {
  return erase(options, digest, nameOf(administrator), userNamed(nameOf(administrator)), reason);
}

/**
 * Erases a document because its time is over.
 *
 * @throws Problem as `eraseDocument`
 */
export function eraseByRetention(
  options: ErasureOptions,
  digest: Digest,
  days: number,
): Promise<ErasureOutcome> {
  const reason = `Its use ended more than ${days} days ago.`;
  return erase(options, digest, RETENTION, { kind: "system", name: RETENTION }, reason);
}

async function erase(
  options: ErasureOptions,
  digest: Digest,
  erasedBy: string,
  actor: Actor,
  reason: string,
): Promise<ErasureOutcome> {
  const { store, now } = options;
  const erasedAt = now();
  await store.transact(async (db) => {
    const document = await demandHeld(db, digest);
    const hold = await findHold(db, digest);
    if (hold !== null) {
      throw new Problem(
        "document-held",
        "The document is under hold: have the hold taken away first, with DELETE /documents/{multihash}/hold.",
        { members: { reason: hold.reason } },
      );
    }
    const needed = await whyNeeded(db, digest, erasedAt);
    if (needed !== null) {
      throw new Problem("document-needed", `Erase the document later: ${needed}.`);
    }
    await replaceByErasure(db, document, { erasedAt, erasedBy, reason });
    const detail = { reason, size: document.size, mediaType: document.mediaType };
    await recordActs(db, [{ act: "document.erased", actor, object: digest, at: erasedAt, detail }]);
  });
  return { erasedAt, bytesRemoved: await removedNow(options, digest) };
}

/** The document is erased whether or not its bytes can be reached just now: the sweeper removes them by and by. */
async function removedNow(options: ErasureOptions, digest: Digest): Promise<boolean> {
  try {
    return await removeBytes(options, digest);
  } catch (error) {
    if (error instanceof Problem && error.code === "unavailable") return false;
    throw error;
  }
}

/**
 * Removes the bytes of an erased document from the disc, unless they were written lately.
 *
 * @returns whether they are gone
 * @throws Problem `unavailable` where their storage is out of reach
 */
export async function removeBytes({ store, files }: ErasureOptions, digest: Digest): Promise<boolean> {
  // By the clock of the disc's files, not of the node's records, which tests may move.
  if (!(await files.remove(digest, Date.now() - UPLOAD_MS))) return false;
  await noteRemoval(store.db, digest);
  return true;
}

async function demandHeld(db: Parameters<typeof findDocument>[0], digest: Digest) {
  const document = await findDocument(db, digest);
  if (document !== null) return document;
  const erasure = await findErasure(db, digest);
  if (erasure !== null) throw erasedProblem(erasure);
  throw new Problem("not-found", "This node holds no such document: see that the hash is right.");
}
