import { toQuantity } from "ethers";

import { ChannelFailure } from "../channel.ts";
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

async function query(rpc: EvmRpc, address: string, filter: Record<string, unknown>): Promise<ChannelLog[]> {
  const answer = await rpc.send("eth_getLogs", [{ address, ...filter }]);
  return asList(answer, "list of logs")
    .map((log) => parseLog(log, address))
    .sort((a, b) => a.height - b.height || a.index - b.index);
}

/**
 * All logs of one block, whatever has become of it since.
 *
 * @throws ChannelFailure `ledger-inconsistent` when the client does not know the block
 */
export async function logsOfBlock(rpc: EvmRpc, address: string, blockHash: string): Promise<ChannelLog[]> {
  try {
    return await query(rpc, address, { blockHash });
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

/** Logs of one contract, asked for over as many blocks at a time as the client bears. */
export class LogRanges {
  readonly #rpc: EvmRpc;
  readonly #address: string;
  readonly #topics: readonly (readonly string[])[] | undefined;
  #span: number;

  /**
   * @param address lower-case
   * @param options `topics` narrows what is asked for (as in `eth_getLogs`); `span` is the number of blocks to begin with
   */
  constructor(
    rpc: EvmRpc,
    address: string,
    options: { readonly topics?: readonly (readonly string[])[]; readonly span?: number } = {},
  ) {
    this.#rpc = rpc;
    this.#address = address;
    this.#topics = options.topics;
    this.#span = options.span ?? FIRST_SPAN;
  }

  /**
   * Logs from `from` on. What the client refuses or cannot deliver in time is asked for again in halves; what goes well
   * makes the next question wider.
   *
   * @param to last height wanted
   * @returns the logs in ledger order, and the last height that they cover, which may lie before `to`
   * @throws ChannelFailure when the client is out of reach, or refuses a single block
   */
  async read(
    from: number,
    to: number,
  ): Promise<{ readonly logs: readonly ChannelLog[]; readonly covered: number }> {
    for (;;) {
      const covered = Math.min(to, from + this.#span - 1);
      try {
        const logs = await query(this.#rpc, this.#address, {
          fromBlock: toQuantity(from),
          toBlock: toQuantity(covered),
          ...(this.#topics === undefined ? {} : { topics: this.#topics }),
        });
        if (logs.some(({ height }) => height < from || height > covered)) throw malformed("range of logs");
        if (logs.length > MANY_LOGS) this.#shrink();
        else if (covered - from + 1 === this.#span) this.#span = Math.min(this.#span * 2, LARGEST_SPAN);
        return { logs, covered };
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

  #shrink(): void {
    this.#span = Math.max(1, Math.floor(this.#span / 2));
  }
}
