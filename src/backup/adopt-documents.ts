import type { DocumentStore } from "../documents/document-store.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Store } from "../store/store.ts";
import { shapeOf, type ContentShape } from "./content-type.ts";
import {
  batchesWithBody,
  endFetchesOf,
  namingsOf,
  onRecordAmong,
  openAgain,
  ownBatches,
  recordFound,
  type Naming,
} from "./rebuild-repository.ts";

/** What documents are adopted with. */
export interface AdoptionOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  readonly participant: Domain;
  /** The ledger accounts, in lower case, that this very node sends with, or has sent with. */
  readonly accounts: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of the documents in the store. */
export interface Adoption {
  /** Bodies of batches. */
  readonly bodies: number;
  /** This node's own, open again to those that they were sent to. */
  readonly own: number;
  /** Received from other participants. */
  readonly received: number;
  /** Kept, and open to nobody: no message of this node or to it names them, or another node of the participant sent them. */
  readonly kept: number;
  /** Messages of this node that passed on what it had received from somebody else: their documents stay closed. */
  readonly withheld: number;
  /** Left alone, since their bytes are not those of their digests. At most a thousand are named. */
  readonly damaged: readonly Digest[];
  readonly damagedCount: number;
}

const SHARDS = 256;
const PAGE = 200;
const MOST_NAMED = 1_000;
const BODY_MEDIA_TYPE = "application/x-ndjson";
const OWN = { origin: "user", storedBy: "rebuild" } as const;

/**
 * Puts the documents that lie in a store on record in a rebuilt database, by what final messages say of them and nothing else
 * (record 0024). Bytes are compared with their digest before; wrong ones are never adopted.
 */
export class DocumentAdopter {
  readonly #options: AdoptionOptions;
  readonly #counts = { bodies: 0, own: 0, received: 0, kept: 0, withheld: 0, damagedCount: 0 };
  readonly #damaged: Digest[] = [];

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** Adopts the bodies of batches, so that these can be opened. */
  async adoptBodies(): Promise<void> {
    await this.#each(async (digests) => {
      const bodies = Map.groupBy(await batchesWithBody(this.#options.store.db, digests), ({ body }) => body);
      for (const [body, batches] of bodies) {
        const digest = body as Digest;
        const shape = await this.#look(digest);
        if (shape === null) continue;
        const sender = batches.find(({ direction }) => direction === "incoming")?.sender;
        const origin = sender === undefined ? OWN : ({ origin: "fetched", storedBy: sender } as const);
        await this.#options.store.transact(async (db) => {
          const at = this.#options.now();
          await recordFound(db, { digest, size: shape.size, mediaType: BODY_MEDIA_TYPE, ...origin }, at);
          await endFetchesOf(db, digest, { kind: "body", at });
        });
        this.#counts.bodies += 1;
      }
    });
  }

  /** Adopts all others, and opens what this node sent to whom it was sent. Every batch whose body is here is open by now. */
  async adoptAll(): Promise<void> {
    const { store, accounts, now } = this.#options;
    for (const batch of await ownBatches(store.db)) {
      if (batch.operator === null || !accounts.has(batch.operator)) continue;
      await store.transact((db) => openAgain(db, batch.digest, [batch], now()));
    }
    await this.#each(async (digests) => {
      for (const digest of digests) {
        const shape = await this.#look(digest);
        if (shape !== null) await this.#adopt(digest, shape);
      }
    });
  }

  result(): Adoption {
    return { ...this.#counts, damaged: this.#damaged };
  }

  /** Whose it is by the first final message that names it, of those that this node said or that were said to it. */
  async #adopt(digest: Digest, shape: ContentShape): Promise<void> {
    const { store, participant, accounts, now } = this.#options;
    const namings = await namingsOf(store.db, digest, participant);
    const own = namings.filter((each) => isOwn(each, accounts));
    const received = namings.filter(({ direction }) => direction === "incoming");
    const first = namings.find((each) => each.direction === "incoming" || isOwn(each, accounts));
    const { origin, storedBy, kind } = belonging(first);
    // Of several that name one hash, nobody here knows who showed the bytes: each is asked again (record 0005).
    const sources = new Set(received.map(({ sender, channelId }) => `${channelId} ${sender}`));
    const credited = kind !== "received" || sources.size === 1;
    const mayRead = (each: Naming) =>
      kind === "own" || (sources.size === 1 && sources.has(`${each.channelId} ${each.receiver}`));
    const opening = own.filter(mayRead);
    await store.transact(async (db) => {
      const at = now();
      await recordFound(db, { digest, ...shape, origin, storedBy }, at);
      if (credited) await endFetchesOf(db, digest, { kind: "message", at });
      await openAgain(db, digest, opening, at);
    });
    this.#counts[kind] += 1;
    this.#counts.withheld += own.length - opening.length;
  }

  /** Looks through the whole store for what is not on record yet. */
  async #each(work: (digests: readonly Digest[]) => Promise<void>): Promise<void> {
    const { store, files } = this.#options;
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const all = await files.list(shard);
      for (let start = 0; start < all.length; start += PAGE) {
        const page = all.slice(start, start + PAGE);
        const known = await onRecordAmong(store.db, page);
        const fresh = page.filter((digest) => !known.has(digest));
        if (fresh.length > 0) await work(fresh);
      }
    }
  }

  /** @returns null for bytes that are not those of their digest */
  async #look(digest: Digest): Promise<ContentShape | null> {
    try {
      return await shapeOf(await this.#options.files.read(digest));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "document-damaged") throw error;
      if (!this.#damaged.includes(digest)) {
        this.#counts.damagedCount += 1;
        if (this.#damaged.length < MOST_NAMED) this.#damaged.push(digest);
      }
      return null;
    }
  }
}

function isOwn({ direction, operator }: Naming, accounts: ReadonlySet<string>): boolean {
  return direction === "outgoing" && operator !== null && accounts.has(operator);
}

function belonging(first: Naming | undefined) {
  if (first === undefined) return { ...OWN, kind: "kept" } as const;
  if (first.direction === "outgoing") return { ...OWN, kind: "own" } as const;
  return { origin: "fetched", storedBy: first.sender, kind: "received" } as const;
}
