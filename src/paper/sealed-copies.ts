import pLimit from "p-limit";

import { recordActs } from "../audit/audit-repository.ts";
import { findDocument } from "../documents/document-repository.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { digestOf, type Digest, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { Store } from "../store/store.ts";
import { makeSealedCopy, type SealedCopyStream } from "./make-sealed-copy.ts";
import { findSeal } from "./seal-repository.ts";
import { LARGEST_SEALED } from "./sealed-copy.ts";

/** What sealed copies are made from. */
export interface SealedCopiesOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const AT_ONCE = 4;
/** Requests that wait for their turn: to be looked up, and for the document to be compared with its hash. */
const MOST_WAITING = 64;
const HOUR_MS = 60 * 60 * 1000;
const MOST_REMEMBERED = 10_000;

/**
 * The sealed copies that this node gives to everybody: whoever has only a document's hash gets what nobody can read, and whoever
 * has no right to know whether there is a document learns nothing of it.
 */
export class SealedCopies {
  readonly #options: SealedCopiesOptions;
  readonly #limit = pLimit(AT_ONCE);
  /** When that a copy was given last went on record, by digest. */
  readonly #recorded = new Map<Digest, number>();

  constructor(options: SealedCopiesOptions) {
    this.#options = options;
  }

  /**
   * A document's sealed copy, made anew each time. That one was given goes on record once an hour for each document: who asks is
   * not known, and is not to fill the audit log.
   *
   * @param address of who asks, as far as it is known
   * @returns a compact JWE, made as it is read; whoever does not read it to its end destroys it
   * @throws Problem `not-found`, the same for what is not here, not this participant's, erased or not sealed; `unavailable`
   *   where too many ask at once
   */
  async of(multihash: Multihash, address: string): Promise<SealedCopyStream> {
    const digest = digestOf(multihash);
    if (this.#limit.pendingCount >= MOST_WAITING) {
      throw new Problem("unavailable", "Too many ask for documents just now: try again in a moment.", {
        retryAfterSeconds: 1,
      });
    }
    return this.#limit(() => this.#make(digest, address));
  }

  async #make(digest: Digest, address: string): Promise<SealedCopyStream> {
    const { store, files } = this.#options;
    const seal = await findSeal(store.db, digest);
    const document = await findDocument(store.db, digest);
    if (seal === null || document === null || document.size > LARGEST_SEALED) throw hidden();
    const { mediaType, size } = document;
    const copy = makeSealedCopy({ mediaType, size, content: await files.read(digest) }, seal.accessKey);
    try {
      await this.#record(digest, address);
    } catch (error) {
      copy.content.destroy();
      throw error;
    }
    return copy;
  }

  async #record(digest: Digest, address: string): Promise<void> {
    const at = this.#options.now();
    if (Math.abs(at - (this.#recorded.get(digest) ?? -Infinity)) < HOUR_MS) return;
    this.#recorded.delete(digest);
    this.#recorded.set(digest, at);
    const [oldest] = this.#recorded.size > MOST_REMEMBERED ? this.#recorded.keys() : [];
    if (oldest !== undefined) this.#recorded.delete(oldest);
    try {
      await this.#options.store.transact((db) =>
        recordActs(db, [
          { act: "sealed-copy.given", actor: { kind: "unknown", address }, object: digest, at },
        ]),
      );
    } catch (error) {
      this.#recorded.delete(digest);
      throw error;
    }
  }
}

function hidden(): Problem {
  return new Problem("not-found", "There is no sealed copy of such a document here.");
}
