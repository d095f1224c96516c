import type { Readable } from "node:stream";

import type { Reason } from "../domain/journal.ts";
import { multihashOf, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { AddressGuard } from "../identity/address-guard.ts";
import {
  DigestMismatch,
  type ContentRules,
  type DocumentStore,
  type StoredContent,
} from "./document-store.ts";
import { isMediaType, UNKNOWN_MEDIA_TYPE } from "./media-type.ts";
import {
  askPeer,
  checkStatus,
  PeerFailure,
  type NoAnswer,
  type PeerRequest,
  type RetrievalLimits,
} from "./peer-request.ts";

/** Limits that let a gigabyte through over a line of 2 Mbit/s, and a peer that only pretends to send not for long. */
export const retrievalDefaults: Omit<RetrievalLimits, "maxBytes"> = {
  answerMs: 15_000,
  idleMs: 15_000,
  totalMs: 2 * 60 * 60 * 1000,
  minBytesPerSecond: 16 * 1024,
  graceMs: 30_000,
};

/** What became of an attempt to bring a document from its sender's node. */
export type Retrieval =
  | { readonly outcome: "stored"; readonly content: StoredContent; readonly mediaType: string }
  /** The sender's node does not show it to us yet. */
  | { readonly outcome: "not-yet" }
  | NoAnswer;

/** What is to be brought, and from where. */
export interface RetrievalRequest extends Pick<PeerRequest, "endpoint" | "authorize" | "connect" | "signal"> {
  readonly digest: Digest;
}

/** What `retrieve` works with. */
export interface RetrievalContext {
  readonly files: DocumentStore;
  readonly guard: AddressGuard;
  readonly limits: RetrievalLimits;
  /** Milliseconds since 1970; the system's where left out. */
  readonly now?: () => number;
}

/**
 * Brings a document from its sender's node into the store (PROTOCOL §5, the flow). Size and time are bounded, and only
 * bytes that have the digest which the ledger names are kept (trap 6).
 *
 * @returns the outcome; every failure of the other side is one, none is thrown
 * @throws what is a mistake of this node itself
 */
export async function retrieve(
  context: RetrievalContext,
  { digest, ...request }: RetrievalRequest,
): Promise<Retrieval> {
  const path = `/documents/${multihashOf(digest)}`;
  return askPeer(context, { ...request, method: "GET", path }, async (response): Promise<Retrieval> => {
    if (response.statusCode === 404) return { outcome: "not-yet" };
    checkStatus(response, (context.now ?? Date.now)());
    const announced = response.headers["content-length"];
    return keep(context.files, response, response.headers["content-type"], {
      maxBytes: context.limits.maxBytes,
      expected: digest,
      ...(announced === undefined ? {} : { announcedBytes: Number(announced) }),
    });
  });
}

/**
 * Stores what another node sent, if it is what was asked for.
 *
 * @param mediaType as the other node has it
 * @throws PeerFailure
 */
export async function keep(
  files: DocumentStore,
  content: Readable,
  mediaType: string | undefined,
  rules: ContentRules,
): Promise<Extract<Retrieval, { outcome: "stored" }>> {
  try {
    const stored = await files.put(content, rules);
    const known = mediaType !== undefined && isMediaType(mediaType);
    return { outcome: "stored", content: stored, mediaType: known ? mediaType : UNKNOWN_MEDIA_TYPE };
  } catch (error) {
    const { code, detail } = reasonOfStore(error);
    throw new PeerFailure(code, detail, { cause: error });
  }
}

function reasonOfStore(error: unknown): Reason {
  const code = error instanceof Problem ? error.code : null;
  if (error instanceof DigestMismatch || code === "document-empty") {
    const detail =
      "What the sender's node gave is not the document that the message names; it was thrown away.";
    return { code: "hash-mismatch", detail };
  }
  switch (code) {
    case "document-too-large":
      return { code, detail: "The document is larger than this node takes." };
    case "truncated-upload":
      return {
        code: "answer-truncated",
        detail: "The sender's node broke off before the document was complete.",
      };
    default:
      return { code: "storage-unavailable", detail: "This node could not store the document." };
  }
}
