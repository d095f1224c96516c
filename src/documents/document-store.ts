import type { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";

/** Bytes `start` to `end` of a document, both included, counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What was stored. */
export interface StoredContent {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** What content must be like to be stored. */
export interface ContentRules {
  /** Bytes at most. */
  readonly maxBytes: number;
  /** Bytes announced beforehand; content of another length is not stored. */
  readonly announcedBytes?: number;
  /** The digest that the content must have; other content is not stored. */
  readonly expected?: Digest;
}

/** Where the bytes of documents are kept, each under its digest. */
export interface DocumentStore {
  /**
   * Reads `content` to its end and keeps it. When this resolves, the bytes survive a loss of power. Whatever goes wrong,
   * nothing of them stays. The stream is read only, never destroyed: whoever owns it may still want to answer.
   *
   * @throws Problem `document-too-large`, `document-empty`, `truncated-upload`, or `unavailable` where there is no room
   * @throws DigestMismatch where the content is not what was expected
   */
  put(content: Readable, rules: ContentRules): Promise<StoredContent>;

  /**
   * Keeps many small documents, as `put` does each: when this resolves, all survive a loss of power; when it fails, those
   * that are there already stay, and nothing names them.
   *
   * @returns the digest of each
   * @throws Problem `unavailable` where there is no room
   */
  putAll(contents: readonly Uint8Array[]): Promise<readonly Digest[]>;

  /**
   * Reads a document, or a part of it. The bytes have been compared with their digest before the first is handed out.
   *
   * @param range lies within the document
   * @throws Problem `document-damaged` when they are gone or no longer have their digest
   */
  read(digest: Digest, range?: ByteRange): Promise<Readable>;

  /**
   * Removes a document's bytes, so that nothing of them is left. Bytes written lately stay: they may be those of somebody
   * who is just storing the same document.
   *
   * @param writtenBefore milliseconds since 1970
   * @returns whether there are no such bytes any more
   */
  remove(digest: Digest, writtenBefore: number): Promise<boolean>;

  /**
   * The documents whose bytes are kept, a part of them at a time.
   *
   * @param shard from 0 to 255: those whose digest begins with this byte
   */
  list(shard: number): Promise<readonly Digest[]>;

  /**
   * Looks whether documents can be stored and read at all, by trying it with a little that does not stay.
   *
   * @throws the system's error when not
   */
  check(): Promise<void>;
}

/** Content is not what it was said to be. */
export class DigestMismatch extends Error {
  readonly expected: Digest;
  readonly actual: Digest;

  constructor(expected: Digest, actual: Digest) {
    super(`The content has the digest ${actual}, not ${expected}.`);
    this.name = "DigestMismatch";
    this.expected = expected;
    this.actual = actual;
  }
}
