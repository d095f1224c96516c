import { ChannelFailure, type Finality, type LedgerPage } from "../channel.ts";
import { moved, ofOneClient } from "./consistency.ts";
import { readEvent } from "./contract-events.ts";
import { readCursor, writeCursor, type Cursor } from "./cursor.ts";
import { decodeEvent } from "./decode-event.ts";
import { finalHeight } from "./finality.ts";
import { mayHoldLogsOf, readHeader, type Header } from "./header.ts";
import { LogRanges, logsOfBlock, type ChannelLog } from "./logs.ts";
import { changesRecords, RecordLog, type Anchor } from "./record-log.ts";
import type { EvmRpc } from "./rpc.ts";

/** Blocks read header by header in one page. */
const NEAR = 64;
/** Blocks followed beyond the last final one, which bounds the cursor when finality stands still. */
const MAX_UNFINAL = 4_096;
/** How often one page is tried while the ledger moves under it. */
const TRIES = 3;

/** Where and what to read. */
export interface ReaderOptions {
  /** Lower-case. */
  readonly address: string;
  /** Such as `eip155:31337`. */
  readonly network: string;
  readonly fromBlock: number;
  readonly finality: Finality;
}

interface Stretch {
  readonly logs: readonly ChannelLog[];
  /** Headers known, by height: of every block with logs, and of the last block covered at least. */
  readonly headers: ReadonlyMap<number, Header>;
  readonly covered: number;
}

/**
 * Reads a channel's events off the ledger, page by page. It holds no position: each page follows from the cursor alone,
 * so any replica reads on where another stopped, and what the reader stored is the only truth (see
 * docs/decisions/0003-evm-reader-and-transactions.md).
 *
 * Far below the head, blocks are final: logs are asked for by ranges. Near the head, every header is read and checked
 * against its parent, and the logs against the headers, so that a page never mixes two histories.
 */
export class EvmReader {
  readonly #rpc: EvmRpc;
  readonly #options: ReaderOptions;
  readonly #records: RecordLog;
  readonly #ranges: LogRanges;

  constructor(rpc: EvmRpc, options: ReaderOptions) {
    this.#rpc = rpc;
    this.#options = options;
    this.#records = new RecordLog(rpc, options.address, options.fromBlock, options.network);
    this.#ranges = new LogRanges(rpc, options.address);
  }

  /**
   * The page that follows a cursor; see `Channel.read`.
   *
   * @throws ChannelFailure `fork-below-final` (stop), `cursor-unreadable` (stop), or one that is worth trying again
   */
  async read(cursor: string | null): Promise<LedgerPage> {
    const { fromBlock } = this.#options;
    const last =
      cursor === null ? { final: fromBlock - 1, followed: fromBlock - 1, hashes: [] } : readCursor(cursor);
    for (let tries = 1; ; tries += 1) {
      try {
        return await ofOneClient(this.#rpc, () => this.#page(last));
      } catch (error) {
        const again =
          error instanceof ChannelFailure && error.code === "ledger-inconsistent" && tries < TRIES;
        if (!again) throw error;
      }
    }
  }

  async #page(last: Cursor): Promise<LedgerPage> {
    const head = await readHeader(this.#rpc, "latest");
    if (head === null) throw moved();
    const settled = await finalHeight(this.#rpc, this.#options.finality, head);
    const ancestor = await this.#ancestor(last, head);
    // The client is behind what was read before, perhaps from another one: nothing is new, and nothing is lost.
    if (ancestor === null) return this.#idle(last);
    const trail = trailUpTo(last, ancestor);

    const { logs, headers, covered } = await this.#stretch(ancestor, head, settled, last.final);
    const events = logs.map(readEvent);
    const to: Anchor = covered === ancestor.height ? ancestor : anchorAt(headers, covered);
    const records = events.length === 0 ? null : await this.#records.recordsAt(ancestor, trail);
    const announced = events.map((event) => {
      const time = headers.get(event.log.height)?.time;
      if (time === undefined || records === null) throw moved();
      return decodeEvent(event, records, time);
    });
    this.#records.advance(ancestor, events.filter(changesRecords), to);

    for (const header of headers.values()) trail.set(header.height, header.hash);
    const final = Math.max(last.final, Math.min(settled, covered));
    return {
      retractAbove: ancestor.height < last.followed ? ancestor.height : null,
      events: announced,
      followed: covered,
      final,
      head: Math.max(head.height, covered),
      cursor: writeCursor({ final, followed: covered, hashes: hashesOf(trail, final, covered) }),
    };
  }

  /**
   * The newest place of the cursor that is still in the ledger's history; null when the client does not reach far enough
   * to tell.
   */
  async #ancestor(last: Cursor, head: Header): Promise<Anchor | null> {
    const lowest = Math.max(last.final, 0);
    if (last.hashes.length === 0) {
      if (last.followed < 0) return { height: last.followed, hash: null };
      const before = await readHeader(this.#rpc, last.followed);
      return before === null ? null : { height: last.followed, hash: before.hash };
    }
    for (let index = last.hashes.length - 1; index >= 0; index -= 1) {
      const height = lowest + index;
      const hash = last.hashes[index] ?? null;
      if (height > head.height) continue;
      const present = height === head.height ? head : await readHeader(this.#rpc, height);
      if (present === null) throw moved();
      // A shorter history that is otherwise the same is a client that lags; were it a fork, its next blocks will tell.
      if (present.hash === hash) return head.height < last.followed ? null : { height, hash };
    }
    if (head.height < last.final) return null;
    throw new ChannelFailure(
      "stop",
      "fork-below-final",
      `The ledger has replaced block ${last.final}, which was final: see which history the other participants follow before anything goes on.`,
    );
  }

  #idle(last: Cursor): LedgerPage {
    const { final, followed } = last;
    return { retractAbove: null, events: [], followed, final, head: followed, cursor: writeCursor(last) };
  }

  async #stretch(ancestor: Anchor, head: Header, settled: number, lastFinal: number): Promise<Stretch> {
    const from = ancestor.height + 1;
    if (from > head.height) return { logs: [], headers: new Map(), covered: ancestor.height };
    if (settled - from >= NEAR) return this.#farStretch(from, settled - NEAR);
    const limit = Math.max(settled, lastFinal) + MAX_UNFINAL;
    const to = Math.min(head.height, from + NEAR - 1, limit);
    if (to < from) return { logs: [], headers: new Map(), covered: ancestor.height };
    return this.#nearStretch(ancestor, to);
  }

  /** Final blocks: logs by range; of the headers only those that are needed. */
  async #farStretch(from: number, to: number): Promise<Stretch> {
    const { logs, covered, last } = await this.#ranges.read(from, to);
    const heights = new Set(logs.map(({ height }) => height));
    const headers = await this.#headers([...heights]);
    headers.set(covered, last);
    requireLogsOf(headers, logs);
    return { logs, headers, covered };
  }

  /** Blocks that may still be replaced: every header, chained to the last; logs checked against them both ways. */
  async #nearStretch(ancestor: Anchor, to: number): Promise<Stretch> {
    const { address } = this.#options;
    const heights = Array.from({ length: to - ancestor.height }, (_, index) => ancestor.height + 1 + index);
    const headers = await this.#headers(heights);
    let parent = ancestor.hash;
    for (const height of heights) {
      const header = headers.get(height);
      if (header === undefined || (parent !== null && header.parentHash !== parent)) throw moved();
      parent = header.hash;
    }
    const { logs, covered, last } = await this.#ranges.read(ancestor.height + 1, to);
    if (headers.get(covered)?.hash !== last.hash) throw moved();
    for (const height of headers.keys()) if (height > covered) headers.delete(height);
    requireLogsOf(headers, logs);
    // A client may answer for a range it has not fully seen: a block whose filter promises logs is asked by its hash.
    const seen = new Set(logs.map(({ height }) => height));
    const doubtful = [...headers.values()].filter(
      (header) => !seen.has(header.height) && mayHoldLogsOf(header, address),
    );
    const found = await Promise.all(doubtful.map((header) => logsOfBlock(this.#rpc, address, header)));
    const all = [...logs, ...found.flat()].sort((a, b) => a.height - b.height || a.index - b.index);
    return { logs: all, headers, covered };
  }

  async #headers(heights: readonly number[]): Promise<Map<number, Header>> {
    const headers = await Promise.all(heights.map((height) => readHeader(this.#rpc, height)));
    return new Map(
      headers.map((header, index) => {
        if (header === null || header.height !== heights[index]) throw moved();
        return [header.height, header] as const;
      }),
    );
  }
}

function requireLogsOf(headers: ReadonlyMap<number, Header>, logs: readonly ChannelLog[]): void {
  if (logs.some(({ height, blockHash }) => headers.get(height)?.hash !== blockHash)) throw moved();
}

function anchorAt(headers: ReadonlyMap<number, Header>, height: number): Anchor {
  const header = headers.get(height);
  if (header === undefined) throw moved();
  return { height, hash: header.hash };
}

/** What the cursor knows of the history up to a place that is still in it. */
function trailUpTo(last: Cursor, ancestor: Anchor): Map<number, string> {
  const lowest = Math.max(last.final, 0);
  const trail = new Map(last.hashes.map((hash, index) => [lowest + index, hash] as const));
  for (const height of trail.keys()) if (height > ancestor.height) trail.delete(height);
  if (ancestor.hash !== null) trail.set(ancestor.height, ancestor.hash);
  return trail;
}

/** The hashes from `final` to `followed`. */
function hashesOf(trail: ReadonlyMap<number, string>, final: number, followed: number): string[] {
  const lowest = Math.max(final, 0);
  return Array.from({ length: followed - lowest + 1 }, (_, index) => {
    const hash = trail.get(lowest + index);
    if (hash === undefined) throw moved();
    return hash;
  });
}
