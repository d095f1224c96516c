import type { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import { subjectsOf, type Caller, type UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import {
  findDocument,
  findOpened,
  isOpenTo,
  recordDocument,
  recordRead,
  type HeldDocument,
} from "./document-repository.ts";
import type { ByteRange, DocumentStore } from "./document-store.ts";
import { erasedProblem } from "./erased-problem.ts";
import { findErasure } from "./erasure-repository.ts";
import { isNamedWithin, wasBroughtBy } from "./readable-repository.ts";

/** What the documents of a node are kept in. */
export interface DocumentsOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** Bytes of the largest document. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A document as its user sends it. */
export interface Upload {
  readonly content: Readable;
  readonly mediaType: string;
  /** Bytes, where the sender said so beforehand. */
  readonly announcedBytes?: number;
}

/** How a user is named on record: issuer and subject of the token. Never leaves the node. */
export function nameOf(user: UserCaller): string {
  return `${user.issuer} ${user.subject}`;
}

/** The answer to whoever asks for a document that is not here, or not open to them: one answer for both. */
function hidden(): Problem {
  return new Problem(
    "not-found",
    "This node holds no such document that you may read: see that the hash is right, or wait until its sender opens it.",
  );
}

/**
 * Stores a document that this node's own user brings. Bytes first, then the row: a row never names bytes that could be
 * lost.
 *
 * @returns the document as recorded; the same for the same bytes
 * @throws Problem those of `DocumentStore.put`
 */
export async function storeDocument(
  { store, files, maxBytes, now }: DocumentsOptions,
  user: UserCaller,
  upload: Upload,
): Promise<HeldDocument> {
  const { content, mediaType, announcedBytes } = upload;
  const stored = await files.put(content, {
    maxBytes,
    ...(announcedBytes === undefined ? {} : { announcedBytes }),
  });
  return store.transact((db) =>
    recordDocument(db, { ...stored, mediaType, origin: "user", storedBy: nameOf(user), at: now() }),
  );
}

/**
 * Finds a document for somebody who would read it. A user with `messages:read` may read all that this node holds, or where
 * the role is limited to subjects, what messages about them name; one with `documents:write` what that user brought; another participant's node what was opened to it by a message on the channel
 * it names, and nobody else anything (PROTOCOL, R8).
 *
 * @throws Problem `not-allowed` for a user who may read no document at all; `document-erased` for what the caller could
 *   have read; `not-found`, the same whether the document is absent or not open to the caller
 */
export async function findReadable(
  { store }: DocumentsOptions,
  caller: Caller,
  digest: Digest,
): Promise<HeldDocument> {
  if (caller.kind === "node") {
    const opened = await findOpened(store.db, digest, caller);
    if (opened === null) throw await absent(store, caller, digest);
    return opened;
  }
  demandReader(caller);
  const document = await findDocument(store.db, digest);
  if (document === null) throw await absent(store, caller, digest);
  if (!(await mayRead(store, caller, document))) throw hidden();
  return document;
}

/** The subjects whose messages a user may read; null for all, none for a user without the role. */
export function readableSubjects(caller: UserCaller): SubjectScope {
  return subjectsOf(caller, "messages:read");
}

async function mayRead(
  { db }: Store,
  caller: UserCaller,
  document: Pick<HeldDocument, "digest" | "origin" | "storedBy">,
): Promise<boolean> {
  const { digest, origin, storedBy } = document;
  const subjects = readableSubjects(caller);
  if (subjects === null || (origin === "user" && storedBy === nameOf(caller))) return true;
  if (origin === "user" && (await wasBroughtBy(db, digest, nameOf(caller)))) return true;
  return isNamedWithin(db, document, subjects);
}

/** Why there is no document: whoever could have read it learns that it was erased, everybody else that there is none. */
async function absent(store: Store, caller: Caller, digest: Digest): Promise<Problem> {
  const { db } = store;
  const erasure = await findErasure(db, digest);
  if (erasure === null) return hidden();
  const mayKnow =
    caller.kind === "node"
      ? await isOpenTo(db, digest, caller)
      : await mayRead(store, caller, { ...erasure, digest });
  return mayKnow ? erasedProblem(erasure) : hidden();
}

/**
 * Demands that the caller may read any documents at all.
 *
 * @throws Problem `not-allowed`
 */
export function demandReader(caller: Caller): void {
  if (caller.kind === "node" || caller.roles.has("messages:read") || caller.roles.has("documents:write"))
    return;
  throw new Problem(
    "not-allowed",
    "Reading documents needs the role messages:read: ask your administrator to grant it.",
  );
}

/**
 * The bytes of a document that `findReadable` found for this caller, once the read is on record.
 *
 * @param range lies within the document; left out for all of it
 * @throws Problem `document-damaged`
 */
export async function readContent(
  { store, files, now }: DocumentsOptions,
  caller: Caller,
  document: HeldDocument,
  range?: ByteRange,
): Promise<Readable> {
  const content = await files.read(document.digest, range);
  try {
    await recordRead(store.db, { digest: document.digest, reader: caller, at: now() });
  } catch (error) {
    content.destroy();
    throw error;
  }
  return content;
}
