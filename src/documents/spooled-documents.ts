import { open, rm, type FileHandle } from "node:fs/promises";

import type { Digest } from "../domain/multihash.ts";
import { codeOf } from "./store-problems.ts";

/** How much is kept, and how long. */
export interface SpoolBounds {
  /** Bytes of all together; the newest stays even if it alone has more. */
  readonly bytes: number;
  readonly documents: number;
  /** Milliseconds from when a document was fetched, however often it is read. */
  readonly forMs: number;
}

export const spoolBounds: SpoolBounds = { bytes: 2 * 1024 ** 3, documents: 100, forMs: 10 * 60 * 1000 };

interface Spooled {
  readonly path: string;
  readonly size: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Copies of large documents on this machine, kept for a short while so that ranges of one do not fetch it again each time.
 * A copy that goes while somebody reads it is read to its end all the same.
 */
export class SpooledDocuments {
  readonly #bounds: SpoolBounds;
  readonly #kept = new Map<Digest, Spooled>();

  constructor(bounds: SpoolBounds) {
    this.#bounds = bounds;
  }

  /** The copy of a document, open; null where there is none. */
  async open(digest: Digest): Promise<FileHandle | null> {
    const spooled = this.#kept.get(digest);
    if (spooled === undefined) return null;
    try {
      return await open(spooled.path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      await this.drop(digest);
      return null;
    }
  }

  /** Takes over a file as the copy of a document. */
  async keep(digest: Digest, path: string, size: number): Promise<void> {
    await this.drop(digest);
    const timer = setTimeout(() => {
      // A file that cannot be removed now is removed at the next start.
      this.#forget(digest, path).catch(() => undefined);
    }, this.#bounds.forMs);
    timer.unref();
    this.#kept.set(digest, { path, size, timer });
    await this.#makeRoom(digest);
  }

  /** Removes the copy of a document, where there is one. */
  async drop(digest: Digest): Promise<void> {
    const spooled = this.#kept.get(digest);
    if (spooled !== undefined) await this.#forget(digest, spooled.path);
  }

  /** Removes all copies. */
  async clear(): Promise<void> {
    for (const digest of [...this.#kept.keys()]) await this.drop(digest);
  }

  async #forget(digest: Digest, path: string): Promise<void> {
    const spooled = this.#kept.get(digest);
    if (spooled?.path !== path) return;
    clearTimeout(spooled.timer);
    this.#kept.delete(digest);
    await rm(path, { force: true });
  }

  async #makeRoom(newest: Digest): Promise<void> {
    for (const digest of [...this.#kept.keys()]) {
      let bytes = 0;
      for (const { size } of this.#kept.values()) bytes += size;
      if (bytes <= this.#bounds.bytes && this.#kept.size <= this.#bounds.documents) return;
      if (digest !== newest) await this.drop(digest);
    }
  }
}
