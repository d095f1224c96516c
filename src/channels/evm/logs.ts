import { toQuantity } from "ethers";

import { ChannelFailure } from "../channel.ts";
import { moved } from "./consistency.ts";
import { parseHeader, type Header } from "./header.ts";
import { logsInReceipts } from "./receipt-logs.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex, asList, asNumber, asRecord, malformed } from "./rpc-values.ts";

/** One log of the channel's contract. */
export interface ChannelLog {
  readonly height: number;
  readonly blockHash: string;
  readonly txn: string;
  /** Order among all logs of the block. */
  readonly index: number;
  readonly topics: readonly string[];
  readonly data: string;
}

const FIRST_SPAN = 1_000;
const LARGEST_SPAN = 100_000;
/** A page with more logs than this was too wide. */
const MANY_LOGS = 2_000;
/** No client gives fewer logs than this at a time and is silent about it. */
const FEWEST_CUT = 10;

function parseLog(value: unknown, address: string): ChannelLog {
  const log = asRecord(value, "log");
  if (asHex(log.address, "log address", 20) !== address) throw malformed("log address");
  return {
    height: asNumber(log.blockNumber, "log block number"),
    blockHash: asHex(log.blockHash, "log block hash", 32),
    txn: asHex(log.transactionHash, "log transaction", 32),
    index: asNumber(log.logIndex, "log index"),
    topics: asList(log.topics, "log topics").map((topic) => asHex(topic, "log topic", 32)),
    data: asHex(log.data, "log data"),
  };
}

function parseLogs(answer: unknown, address: string): ChannelLog[] {
  return inOrder(asList(answer, "list of logs").map((log) => parseLog(log, address)));
}

function inOrder(logs: ChannelLog[]): ChannelLog[] {
  return logs.sort((a, b) => a.height - b.height || a.index - b.index);
}

/** What is asked for, besides where: one contract's logs, by their first topics where these are given. */
interface Wanted {
  readonly address: string;
  readonly topics?: readonly (readonly string[])[];
}

/** One block's logs by its receipts, which no client cuts short. */
async function logsByReceipts(
  rpc: EvmRpc,
  { address, topics }: Wanted,
  { height, hash }: { readonly height: number; readonly hash: string },
): Promise<ChannelLog[]> {
  const all = await logsInReceipts(rpc, height, hash);
  const own = all.filter((log) => asHex(log.address, "log address", 20) === address);
  const [firsts] = topics ?? [];
  return parseLogs(own, address).filter(({ topics: [first = ""] }) => firsts?.includes(first) ?? true);
}

/**
 * All logs of one block, whatever has become of it since.
 *
 * @throws ChannelFailure `ledger-inconsistent` when the client does not know the block
 */
export async function logsOfBlock(
  rpc: EvmRpc,
  address: string,
  block: { readonly height: number; readonly hash: string },
): Promise<ChannelLog[]> {
  try {
    const logs = parseLogs(await rpc.send("eth_getLogs", [{ address, blockHash: block.hash }]), address);
    return logs.length < FEWEST_CUT ? logs : await logsByReceipts(rpc, { address }, block);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new ChannelFailure(
      "retry",
      "ledger-inconsistent",
      "The ledger's client no longer knows its own block.",
      {
        cause: error,
      },
    );
  }
}

/** The logs of a range of blocks, all of them. */
export interface RangeOfLogs {
  /** In ledger order. */
  readonly logs: readonly ChannelLog[];
  /** The last height that they cover. */
  readonly covered: number;
  /** The block there, of the same client. */
  readonly last: Header;
}

/** Logs of one contract, asked for over as many blocks at a time as the client bears. */
export class LogRanges {
  readonly #rpc: EvmRpc;
  readonly #wanted: Wanted;
  #span: number;

  /**
   * @param address lower-case
   * @param options `topics` narrows what is asked for (as in `eth_getLogs`); `span` is the number of blocks to begin with
   */
  constructor(
    rpc: EvmRpc,
    address: string,
    options: { readonly topics?: Wanted["topics"]; readonly span?: number } = {},
  ) {
    this.#rpc = rpc;
    this.#wanted = { address, ...(options.topics === undefined ? {} : { topics: options.topics }) };
    this.#span = options.span ?? FIRST_SPAN;
  }

  /**
   * Logs from `from` on. What the client refuses, cannot deliver in time, or cuts short is asked for again over fewer
   * blocks; what goes well makes the next question wider.
   *
   * @param to last height wanted
   * @returns the logs up to a height that may lie before `to`
   * @throws ChannelFailure when the client is out of reach, does not have the blocks, or refuses a single one
   */
  async read(from: number, to: number): Promise<RangeOfLogs> {
    for (;;) {
      const covered = Math.min(to, from + this.#span - 1);
      try {
        const asked = await this.#ask(from, covered);
        const missing = await this.#missingFrom(asked, from);
        if (missing !== null) {
          this.#span = Math.max(1, missing - from);
          continue;
        }
        if (asked.logs.length > MANY_LOGS) this.#shrink();
        else if (covered - from + 1 === this.#span) this.#span = Math.min(this.#span * 2, LARGEST_SPAN);
        return covered === from ? await this.#wholeBlock(asked) : asked;
      } catch (error) {
        const tooWide =
          error instanceof RpcError ||
          (error instanceof ChannelFailure && error.code === "ledger-overloaded");
        if (!tooWide) throw error;
        if (covered === from) {
          throw new ChannelFailure(
            "retry",
            "ledger-overloaded",
            `The ledger's client does not give the logs of block ${from}.`,
            { cause: error },
          );
        }
        this.#span = Math.min(this.#span, covered - from + 1);
        this.#shrink();
      }
    }
  }

  /** The block first, then the logs, in one request: a client that is behind has not the one, and none of the others. */
  async #ask(from: number, to: number): Promise<RangeOfLogs> {
    const filter = { ...this.#wanted, fromBlock: toQuantity(from), toBlock: toQuantity(to) };
    const [block, found] = await this.#rpc.sendTogether(
      ["eth_getBlockByNumber", [toQuantity(to), false]],
      ["eth_getLogs", [filter]],
    );
    const last = parseHeader(block);
    if (last?.height !== to) throw moved();
    const logs = parseLogs(found, this.#wanted.address);
    if (logs.some(({ height }) => height < from || height > to)) throw malformed("range of logs");
    return { logs, covered: to, last };
  }

  /**
   * Some clients give the first so many logs of a range, and are silent about the rest. Asked again from the last block
   * that they gave something of, they give the rest, or so many once more.
   *
   * @returns the lowest height of which logs may be missing; null where all are there
   */
  async #missingFrom({ logs, covered, last }: RangeOfLogs, from: number): Promise<number | null> {
    const end = logs.at(-1);
    if (end === undefined || covered === from) return null;
    const again = await this.#ask(end.height, covered);
    if (again.last.hash !== last.hash) throw moved();
    const known = logs.filter(({ height }) => height === end.height);
    if (!known.every((log, place) => isSameLog(log, again.logs[place]))) throw moved();
    // As many as before, in one block: it may be all there is, or all that the client ever gives.
    const cut = again.logs.length > known.length || (again.logs.length === logs.length && isMany(logs));
    return cut ? end.height : null;
  }

  async #wholeBlock(range: RangeOfLogs): Promise<RangeOfLogs> {
    if (!isMany(range.logs)) return range;
    return { ...range, logs: await logsByReceipts(this.#rpc, this.#wanted, range.last) };
  }

  #shrink(): void {
    this.#span = Math.max(1, Math.floor(this.#span / 2));
  }
}

function isMany(logs: readonly ChannelLog[]): boolean {
  return logs.length >= FEWEST_CUT;
}

function isSameLog(log: ChannelLog, other: ChannelLog | undefined): boolean {
  return other?.blockHash === log.blockHash && other.index === log.index;
}
