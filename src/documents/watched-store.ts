import type { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { ByteRange, ContentRules, DocumentStore, StoredContent } from "./document-store.ts";

/** A document store that tells somebody of each damaged document it comes upon, whoever wanted to read it. */
export class WatchedStore implements DocumentStore {
  readonly #files: DocumentStore;
  readonly #onDamaged: (digest: Digest) => Promise<void>;

  /** @param onDamaged does not throw */
  constructor(files: DocumentStore, onDamaged: (digest: Digest) => Promise<void>) {
    this.#files = files;
    this.#onDamaged = onDamaged;
  }

  put(content: Readable, rules: ContentRules): Promise<StoredContent> {
    return this.#files.put(content, rules);
  }

  putAll(contents: readonly Uint8Array[]): Promise<readonly Digest[]> {
    return this.#files.putAll(contents);
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    try {
      return await this.#files.read(digest, range);
    } catch (error) {
      if (error instanceof Problem && error.code === "document-damaged") await this.#onDamaged(digest);
      throw error;
    }
  }

  remove(digest: Digest, writtenBefore: number): Promise<boolean> {
    return this.#files.remove(digest, writtenBefore);
  }

  list(shard: number): Promise<readonly Digest[]> {
    return this.#files.list(shard);
  }

  check(): Promise<void> {
    return this.#files.check();
  }
}
