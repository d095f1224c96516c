import { keccak256, toQuantity } from "ethers";

import type { EvmRpc } from "./rpc.ts";
import { asBigInt, asHex, asNumber, asRecord } from "./rpc-values.ts";

/** What is used of a block's header. */
export interface Header {
  readonly height: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** Filter over the block's logs; null on ledgers that have none. */
  readonly bloom: string | null;
  /** Wei per gas; null on ledgers without EIP-1559. */
  readonly baseFee: bigint | null;
}

/**
 * Reads one header.
 *
 * @param at a height, or a tag such as `latest` or `finalized`
 * @returns null when there is no such block (yet)
 */
export async function readHeader(rpc: EvmRpc, at: number | "latest" | "finalized"): Promise<Header | null> {
  const tag = typeof at === "number" ? toQuantity(at) : at;
  return parseHeader(await rpc.send("eth_getBlockByNumber", [tag, false]));
}

/** A client's answer to a question for a block. @returns null when there is no such block (yet) */
export function parseHeader(answer: unknown): Header | null {
  if (answer === null) return null;
  const block = asRecord(answer, "block");
  const { logsBloom, baseFeePerGas } = block;
  return {
    height: asNumber(block.number, "block number"),
    hash: asHex(block.hash, "block hash", 32),
    parentHash: asHex(block.parentHash, "parent hash", 32),
    time: asNumber(block.timestamp, "block time"),
    bloom: typeof logsBloom === "string" ? asHex(logsBloom, "logs bloom", 256) : null,
    baseFee: typeof baseFeePerGas === "string" ? asBigInt(baseFeePerGas, "base fee") : null,
  };
}

/**
 * Whether a block's filter says that it may hold logs of `address` (Ethereum Yellow Paper §4.4.1): a yes may be wrong;
 * so may a no, but only on ledgers without filters.
 *
 * @param address lower-case
 */
export function mayHoldLogsOf(header: Header, address: string): boolean {
  if (header.bloom === null) return false;
  const bloom = Buffer.from(header.bloom.slice(2), "hex");
  const hash = Buffer.from(keccak256(address).slice(2), "hex");
  return [0, 2, 4].every((offset) => {
    const bit = hash.readUInt16BE(offset) & 2047;
    return ((bloom[255 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
  });
}
