import { moved } from "./consistency.ts";
import { readEvent, recordEvents, recordTopics, type ContractEvent } from "./contract-events.ts";
import { readHeader, type Header } from "./header.ts";
import { LogRanges } from "./logs.ts";
import { Records } from "./records.ts";
import type { EvmRpc } from "./rpc.ts";

/** A place in one particular history of the ledger. */
export interface Anchor {
  readonly height: number;
  /** Null for the place before the first block that is read. */
  readonly hash: string | null;
}

const names: ReadonlySet<string> = new Set(recordEvents);
const WIDEST = 1_000_000;

/** Whether an event changes a record. */
export function changesRecords(event: ContractEvent): boolean {
  return names.has(event.name);
}

/**
 * Memory of the events that change records, so that reading on from a cursor does not begin with the channel's history.
 * It is only ever a copy of the ledger: whatever cursor is presented, what is missing is read from there again.
 */
export class RecordLog {
  readonly #rpc: EvmRpc;
  readonly #address: string;
  readonly #fromBlock: number;
  readonly #network: string;
  /** Every change up to `#at`, in ledger order. */
  #changes: readonly ContractEvent[] = [];
  #at: Anchor;

  constructor(rpc: EvmRpc, address: string, fromBlock: number, network: string) {
    this.#rpc = rpc;
    this.#address = address;
    this.#fromBlock = fromBlock;
    this.#network = network;
    this.#at = { height: fromBlock - 1, hash: null };
  }

  /**
   * The records as of a place that is known to be in the ledger's present history.
   *
   * @param anchor the place
   * @param trail hashes of blocks at and below it, as far as they are known
   * @throws ChannelFailure
   */
  async recordsAt(anchor: Anchor, trail: ReadonlyMap<number, string>): Promise<Records> {
    const changes = isSame(this.#at, anchor) ? this.#changes : await this.#load(anchor, trail);
    const records = new Records(this.#network);
    for (const change of changes) records.apply(change);
    return records;
  }

  /**
   * Remembers what came after a place. Where the memory is of another place, as when two readers take turns, it stays as
   * it is.
   */
  advance(from: Anchor, changes: readonly ContractEvent[], to: Anchor): void {
    if (!isSame(this.#at, from)) return;
    this.#changes = [...this.#changes, ...changes];
    this.#at = to;
  }

  async #load(anchor: Anchor, trail: ReadonlyMap<number, string>): Promise<readonly ContractEvent[]> {
    const ranges = new LogRanges(this.#rpc, this.#address, { topics: [recordTopics], span: WIDEST });
    const changes: ContractEvent[] = [];
    let end: Header | null = null;
    for (let from = this.#fromBlock; from <= anchor.height;) {
      const { logs, covered, last } = await ranges.read(from, anchor.height);
      if (logs.some(({ height, blockHash }) => (trail.get(height) ?? blockHash) !== blockHash)) throw moved();
      changes.push(...logs.map(readEvent));
      from = covered + 1;
      end = last;
    }
    end ??= anchor.hash === null ? null : await readHeader(this.#rpc, anchor.height);
    if (anchor.hash !== null && end?.hash !== anchor.hash) throw moved();
    this.#changes = changes;
    this.#at = anchor;
    return changes;
  }
}

function isSame(a: Anchor, b: Anchor): boolean {
  return a.height === b.height && a.hash === b.hash;
}
