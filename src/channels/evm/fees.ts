import { ChannelFailure } from "../channel.ts";
import type { Header } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asBigInt } from "./rpc-values.ts";

/** What a transaction offers, in wei per gas; both the same on a ledger without EIP-1559, and 0 where gas is free. */
export interface Fees {
  readonly dynamic: boolean;
  readonly maxFee: bigint;
  readonly maxPriorityFee: bigint;
}

/** Clients replace a transaction at the same nonce only for a tenth more (some: an eighth), of both fees. */
const RAISE_NUMERATOR = 9n;
const RAISE_DENOMINATOR = 8n;

async function quantity(rpc: EvmRpc, method: string): Promise<bigint | null> {
  try {
    return asBigInt(await rpc.send(method, []), method);
  } catch (error) {
    // Not every client has both methods.
    if (error instanceof RpcError || (error instanceof ChannelFailure && error.code === "ledger-malformed")) {
      return null;
    }
    throw error;
  }
}

/** What to offer now: room for the base fee to double before the transaction is taken (EIP-1559). */
export async function suggestFees(rpc: EvmRpc, head: Header): Promise<Fees> {
  if (head.baseFee === null) {
    const price = (await quantity(rpc, "eth_gasPrice")) ?? 0n;
    return { dynamic: false, maxFee: price, maxPriorityFee: price };
  }
  const tip = (await quantity(rpc, "eth_maxPriorityFeePerGas")) ?? 0n;
  return { dynamic: true, maxFee: 2n * head.baseFee + tip, maxPriorityFee: tip };
}

/**
 * The fees for replacing a transaction that does not get through: those suggested now, and by as much above the old ones
 * as clients ask for.
 *
 * @returns null when what it offers already is no less than what is suggested: then a higher offer would not help
 */
export function raiseFees(old: Omit<Fees, "dynamic">, suggested: Fees): Fees | null {
  if (old.maxFee >= suggested.maxFee && old.maxPriorityFee >= suggested.maxPriorityFee) return null;
  return {
    dynamic: suggested.dynamic,
    maxFee: larger(suggested.maxFee, raised(old.maxFee)),
    maxPriorityFee: larger(suggested.maxPriorityFee, raised(old.maxPriorityFee)),
  };
}

function raised(fee: bigint): bigint {
  return (fee * RAISE_NUMERATOR) / RAISE_DENOMINATOR + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
