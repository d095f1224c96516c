import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { DigestMismatch, type ContentRules, type StoredContent } from "./document-store.ts";
import { tooLarge, truncated } from "./store-problems.ts";

/** Only the node's own user may read what is being written. */
export const FILE_MODE = 0o600;

/**
 * Reads content to its end into a new file, and judges it by its rules on the way.
 *
 * @param flush whether the bytes are to survive a loss of power when this resolves
 * @throws Problem `document-too-large`, `document-empty` or `truncated-upload`, DigestMismatch, or the system's error; the
 *   file may be there then
 */
export async function writeContent(
  path: string,
  content: Readable,
  { maxBytes, announcedBytes, expected }: ContentRules,
  flush: boolean,
): Promise<StoredContent> {
  if (announcedBytes !== undefined && announcedBytes > maxBytes) throw tooLarge(maxBytes);
  const hash = createHash("sha256");
  let size = 0;
  const file = await open(path, "wx", FILE_MODE);
  try {
    for await (const chunk of chunksOf(content)) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await file.writeFile(chunk); // goes on where the last write ended
    }
    if (announcedBytes !== undefined && size !== announcedBytes) throw truncated();
    if (size === 0) {
      throw new Problem("document-empty", "The body is empty: send the document itself as the body.");
    }
    const digest = hash.digest("hex") as Digest;
    if (expected !== undefined && digest !== expected) throw new DigestMismatch(expected, digest);
    if (flush) await file.sync();
    return { digest, size };
  } finally {
    await file.close();
  }
}

async function* chunksOf(content: Readable): AsyncGenerator<Buffer> {
  try {
    // Whoever sent too much is still to be answered, so leaving early must not end the stream.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    throw truncated(error);
  }
}
