import { Readable } from "node:stream";

import { multihashOf, type Digest } from "../domain/multihash.ts";
import { framesOf, type Frame } from "./document-frames.ts";
import { askPeer, checkStatus, PeerFailure, type NoAnswer, type PeerRequest } from "./peer-request.ts";
import { keep, type Retrieval, type RetrievalContext } from "./retrieve.ts";

/** What became of one document of many: as of one brought alone, or it is to be asked for alone. */
export type Part = Retrieval | { readonly outcome: "alone" };

/** Which documents are to be brought at once, and from where. */
export interface ManyRequest extends Pick<PeerRequest, "endpoint" | "authorize" | "connect" | "signal"> {
  /** At most `MOST_DOCUMENTS`, each named once. */
  readonly digests: readonly Digest[];
}

/** What became of the whole: with `unsupported` the other node does not answer for many documents at once. */
export type ManyOutcome = { readonly outcome: "answered" } | { readonly outcome: "unsupported" } | NoAnswer;

const PATH = "/documents/retrieve";
/** Each is synced to the disc, which takes its time. */
const STORED_AT_ONCE = 8;
const UNSUPPORTED = new Set([404, 405, 415]);

/**
 * Brings many documents from their sender's node into the store in one request (`POST /documents/retrieve`), each checked
 * as one brought alone: one that is not what the ledger names spoils no other.
 *
 * @param take is given each document's outcome as it comes; those of which it hears nothing share the outcome of the whole
 * @returns the outcome of the whole; every failure of the other side is one, none is thrown
 * @throws what is a mistake of this node itself, or what `take` throws
 */
export async function retrieveMany(
  context: RetrievalContext,
  { digests, ...request }: ManyRequest,
  take: (digest: Digest, part: Part) => Promise<void>,
): Promise<ManyOutcome> {
  const json = JSON.stringify(digests.map((digest) => multihashOf(digest)));
  const asking = { ...request, method: "POST", path: PATH, json } as const;
  return askPeer(context, asking, async (response): Promise<ManyOutcome> => {
    if (UNSUPPORTED.has(response.statusCode ?? 0)) return { outcome: "unsupported" };
    checkStatus(response, (context.now ?? Date.now)());
    const storing = new Set<Promise<void>>();
    try {
      for await (const frame of framesOf(response, digests)) {
        const stored = part(context, frame)
          .then((outcome) => take(frame.digest, outcome))
          .finally(() => storing.delete(stored));
        storing.add(stored);
        if (storing.size >= STORED_AT_ONCE) await Promise.race(storing);
      }
      await Promise.all(storing);
    } finally {
      await Promise.allSettled(storing);
    }
    return { outcome: "answered" };
  });
}

async function part({ files, limits }: RetrievalContext, frame: Frame): Promise<Part> {
  const { digest, content, mediaType } = frame;
  switch (frame.status) {
    case 404:
      return { outcome: "not-yet" };
    case 413:
      return { outcome: "alone" };
    case 410:
    case 500:
      return failed(new PeerFailure("peer-refused", `The sender's node answered ${frame.status}.`));
    case 200:
      try {
        const rules = { maxBytes: limits.maxBytes, expected: digest };
        return await keep(files, Readable.from([content], { objectMode: false }), mediaType, rules);
      } catch (error) {
        if (error instanceof PeerFailure) return failed(error);
        throw error;
      }
  }
}

function failed(cause: PeerFailure): Part {
  return { outcome: "failed", reason: cause.reason, retryAfterMs: 0, cause };
}
