import { Problem } from "../domain/problems.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";
import type { DocumentStore } from "./document-store.ts";
import { documentsUnread, noteNoNumber, noteNumber } from "./number-repository.ts";

/** What reading the numbers of documents needs. */
export interface NumberReaderOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  /** The number that a document says; null for one that says none, or is of no type that this node knows. */
  readonly numberOf: (mediaType: string, bytes: Uint8Array) => string | null;
  readonly log: Logger;
  /** Milliseconds from one look to the next, while there is nothing to read. */
  readonly poll?: number;
}

const POLL_MS = 2_000;
const AFTER_FAILURE_MS = 60_000;
const AT_A_TIME = 100;
const LARGEST = 256 * 1024;
/** Other documents are not read for it. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?(?:json|jwt)\s*(?:;|$)/i;

/**
 * Reads what number each document says that this node holds, whoever brought it, so that an officer with a paper finds the
 * messages about it. It comes after what brings documents, and holds up none of it. Replicas that read the same document find
 * the same.
 */
export class NumberReader {
  readonly #options: NumberReaderOptions;
  readonly #rounds: Rounds;

  constructor(options: NumberReaderOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS, retry: () => AFTER_FAILURE_MS },
      complaint: "the numbers of documents could not be read now",
      round: () => this.#round(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** @throws the first of what kept documents from being read, once all others were */
  async #round(): Promise<number | undefined> {
    const { store } = this.#options;
    const unread = await documentsUnread(store.db, AT_A_TIME);
    const none: Digest[] = [];
    const failures: unknown[] = [];
    for (const { digest, size, mediaType } of unread) {
      try {
        const looked = JSON_TYPE.test(mediaType) && size <= LARGEST;
        const number = looked ? await this.#numberIn(digest, mediaType) : null;
        if (number === null) none.push(digest);
        else await noteNumber(store.db, digest, number);
      } catch (error) {
        failures.push(error);
      }
    }
    await noteNoNumber(store.db, none);
    if (failures.length > 0) throw failures[0];
    return unread.length < AT_A_TIME ? undefined : 0;
  }

  async #numberIn(digest: Digest, mediaType: string): Promise<string | null> {
    const { files, numberOf } = this.#options;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of (await files.read(digest)) as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (error) {
      // Damaged, or erased since: it is mended, or gone, by other hands.
      if (error instanceof Problem && error.code === "document-damaged") return null;
      throw error;
    }
    return numberOf(mediaType, Buffer.concat(chunks));
  }
}
