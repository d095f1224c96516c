import { constants, openAsBlob } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";

import { UsageError } from "./command.ts";
import { membersOf } from "./message-record.ts";
import type { NodeClient } from "./node-client.ts";
import { NodeFailure } from "./node-errors.ts";

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".json", "application/json"],
  [".pdf", "application/pdf"],
  [".xml", "application/xml"],
]);

/** What a node said of a document it stored. */
export interface StoredDocument {
  readonly multihash: string;
  /** As it was answered. */
  readonly answer: unknown;
}

/**
 * Stores a file's bytes as a document.
 *
 * @param mediaType by the file's name where null
 * @throws UsageError when the file cannot be read; NodeRefusal, NodeUnreachable, NodeFailure
 */
export async function storeDocument(
  client: NodeClient,
  file: string,
  mediaType: string | null,
): Promise<StoredDocument> {
  const type = mediaType ?? MEDIA_TYPES.get(path.extname(file).toLowerCase()) ?? "application/octet-stream";
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w-]+=[\w.-]+)*$/.test(type)) {
    throw new UsageError("--media-type takes a media type, such as application/pdf");
  }
  const answer = await client.ask("/documents", {
    method: "POST",
    headers: { "content-type": type },
    body: await readable(file),
    // As long as it takes: there is no telling how long a document is under way.
    signal: new AbortController().signal,
  });
  const multihash = membersOf(answer).get("multihash");
  if (typeof multihash !== "string") throw new NodeFailure("the node did not answer with a multihash");
  return { multihash, answer };
}

async function readable(file: string): Promise<Blob> {
  try {
    await access(file, constants.R_OK);
    return await openAsBlob(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}
