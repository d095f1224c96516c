import { Problem } from "../domain/problems.ts";
import type { Digest } from "../domain/multihash.ts";
import { DigestMismatch, type DocumentStore } from "../documents/document-store.ts";

/** What became of documents that were to be copied. */
export interface CopiedDocuments {
  readonly copied: number;
  /** They were there already. */
  readonly present: number;
  /** Not copied, since where they should be they are missing, or no longer have their digest. At most a thousand are named. */
  readonly damaged: readonly Digest[];
  readonly damagedCount: number;
}

const MOST_NAMED = 1_000;

/** Copies documents from one store to another, each compared with its digest on the way; what is there is left alone. */
export class DocumentCopier {
  readonly #from: DocumentStore;
  readonly #to: DocumentStore;
  readonly #damaged: Digest[] = [];
  #copied = 0;
  #present = 0;
  #damagedCount = 0;
  /** Of the part of the target that was last looked at: what is there. */
  #shard: { readonly name: string; readonly held: ReadonlySet<Digest> } | null = null;

  constructor(from: DocumentStore, to: DocumentStore) {
    this.#from = from;
    this.#to = to;
  }

  /** Copies one. Documents that come in the order of their digests cost least. */
  async copy(digest: Digest): Promise<void> {
    if ((await this.#heldNear(digest)).has(digest)) {
      this.#present += 1;
      return;
    }
    try {
      const content = await this.#from.read(digest);
      await this.#to.put(content, { maxBytes: Number.MAX_SAFE_INTEGER, expected: digest });
      this.#copied += 1;
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#damagedCount += 1;
      if (this.#damaged.length < MOST_NAMED) this.#damaged.push(digest);
    }
  }

  result(): CopiedDocuments {
    return {
      copied: this.#copied,
      present: this.#present,
      damaged: this.#damaged,
      damagedCount: this.#damagedCount,
    };
  }

  async #heldNear(digest: Digest): Promise<ReadonlySet<Digest>> {
    const name = digest.slice(0, 2);
    if (this.#shard?.name !== name) {
      this.#shard = { name, held: new Set(await this.#to.list(Number.parseInt(name, 16))) };
    }
    return this.#shard.held;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof DigestMismatch || (error instanceof Problem && error.code === "document-damaged");
}
