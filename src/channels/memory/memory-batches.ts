import { batchId, type BatchHeader, type BatchId } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import { toHex, toWord } from "../../domain/hex.ts";
import type { BatchBits } from "../channel.ts";
import { LedgerRefusal, require } from "./ledger-refusal.ts";

/** Messages in a batch, as many as the contract takes. */
export const MAX_BATCH = 65_536;

/** What a settlement does to a batch's certificates. */
export type SettlementEffect = "acquit" | "revoke";

interface Anchored {
  readonly id: BatchId;
  /** Set bits by word of 256 certificates. */
  readonly acquitted: Map<number, bigint>;
  readonly revoked: Map<number, bigint>;
}

/** What a settlement would do. */
export interface SettlementPlan {
  readonly id: BatchId;
  readonly effect: SettlementEffect;
  /** What is eligible of each word named, without the words of which nothing is. */
  readonly applied: readonly BatchBits[];
}

/**
 * The anchored batches of a ledger in memory: what `contracts/channel/Batches.sol` enforces, restated for tests. Who may
 * anchor and settle is not asked here.
 */
export class MemoryBatches {
  /** By sender and root. */
  readonly #anchored = new Map<string, Anchored>();

  /** @throws LedgerRefusal for a count out of range, or a root that the sender anchored before */
  checkAnchor(header: BatchHeader): void {
    require(header.count >= 1 && header.count <= MAX_BATCH, "BatchCountInvalid");
    require(!this.#anchored.has(keyOf(header)), "BatchAlreadyAnchored");
  }

  /** Anchors a batch that `checkAnchor` has let pass. */
  anchor(header: BatchHeader): BatchId {
    const id = batchId(header);
    this.#anchored.set(keyOf(header), { id, acquitted: new Map(), revoked: new Map() });
    return id;
  }

  /**
   * Of the certificates named, those that are not so already, nor, for an acquittal, revoked.
   *
   * @param bits a word may be named more than once
   * @param time the ledger's clock, seconds since 1970
   * @throws LedgerRefusal
   */
  plan(
    header: BatchHeader,
    effect: SettlementEffect,
    bits: readonly BatchBits[],
    time: number,
  ): SettlementPlan {
    require(bits.length > 0, "SettlementInvalid");
    const anchored = this.#known(header);
    if (effect === "acquit") require(!isExpired(header, time), "CertificateExpired");
    const settled = new Map(effect === "acquit" ? anchored.acquitted : anchored.revoked);
    const applied: BatchBits[] = [];
    for (const { word, mask } of bits) {
      const wanted = BigInt(mask);
      require(isWithin(header.count, word, wanted), "BatchIndexOutOfRange");
      const present = settled.get(word) ?? 0n;
      const barred = effect === "acquit" ? (anchored.revoked.get(word) ?? 0n) : 0n;
      const eligible = wanted & ~present & ~barred;
      if (eligible === 0n) continue;
      settled.set(word, present | eligible);
      applied.push({ word, mask: toHex(toWord(eligible)) });
    }
    require(applied.length > 0, "SettlementEmpty");
    return { id: anchored.id, effect, applied };
  }

  /** Does what was planned on the state as it still is. */
  apply(header: BatchHeader, { effect, applied }: SettlementPlan): void {
    const anchored = this.#known(header);
    const settled = effect === "acquit" ? anchored.acquitted : anchored.revoked;
    for (const { word, mask } of applied) settled.set(word, (settled.get(word) ?? 0n) | BigInt(mask));
  }

  /** What is known of the certificate at `index` of exactly this batch; null where there is none. */
  stateOf(header: BatchHeader, index: number, time: number): CertificateState | null {
    const anchored = this.#anchored.get(keyOf(header));
    if (anchored?.id !== batchId(header)) return null;
    if (!Number.isSafeInteger(index) || index < 0 || index >= header.count) return null;
    return {
      issued: true,
      acquitted: isSet(anchored.acquitted, index),
      revoked: isSet(anchored.revoked, index),
      expired: isExpired(header, time),
    };
  }

  #known(header: BatchHeader): Anchored {
    const anchored = this.#anchored.get(keyOf(header));
    if (anchored === undefined) throw new LedgerRefusal("BatchUnknown");
    require(anchored.id === batchId(header), "BatchMismatch");
    return anchored;
  }
}

function keyOf({ sender, root }: BatchHeader): string {
  return `${sender} ${root}`;
}

function isExpired({ validUntil }: BatchHeader, time: number): boolean {
  return validUntil !== null && time > validUntil;
}

/** Whether a batch of so many certificates has all those of a mask; a word it has not is out of range even when empty. */
function isWithin(count: number, word: number, mask: bigint): boolean {
  const last = count - 1;
  const lastWord = Math.floor(last / 256);
  if (word < lastWord) return true;
  return word === lastWord && mask >> BigInt((last % 256) + 1) === 0n;
}

function isSet(bits: ReadonlyMap<number, bigint>, index: number): boolean {
  return (((bits.get(Math.floor(index / 256)) ?? 0n) >> BigInt(index % 256)) & 1n) === 1n;
}
