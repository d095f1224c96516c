import { multihashOf, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { Caller } from "../identity/caller.ts";
import { headLine, LARGEST_FRAMED } from "./document-frames.ts";
import { findReadable, readContent, type DocumentsOptions } from "./documents.ts";

/** Bytes of documents in one answer; whoever asks for more asks for the others alone. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/**
 * Answers for many documents at once, one after the other as they are sent (openapi/documents.yaml, `readDocuments`). Each is
 * looked up, compared with its hash and put on record as one that is read alone.
 *
 * @throws Problem `not-allowed`, or what is a mistake of this node; the answer is cut off then
 */
export async function* frameMany(
  options: DocumentsOptions,
  caller: Caller,
  digests: readonly Digest[],
): AsyncGenerator<Uint8Array> {
  let room = LARGEST_ANSWER;
  for (const digest of digests) {
    for await (const piece of frame(options, caller, digest, room)) {
      room -= piece.length;
      yield piece;
    }
  }
}

async function* frame(
  options: DocumentsOptions,
  caller: Caller,
  digest: Digest,
  room: number,
): AsyncGenerator<Uint8Array> {
  const multihash = multihashOf(digest);
  try {
    const document = await findReadable(options, caller, digest);
    const { size, mediaType } = document;
    if (size > Math.min(LARGEST_FRAMED, room)) {
      yield headLine({ multihash, status: 413 });
      return;
    }
    const content = await readContent(options, caller, document);
    yield headLine({ multihash, status: 200, size, mediaType });
    yield* content as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "not-found") yield headLine({ multihash, status: 404 });
    else if (error.code === "document-erased") yield headLine({ multihash, status: 410 });
    else if (error.code === "document-damaged") yield headLine({ multihash, status: 500 });
    else throw error;
  }
}
