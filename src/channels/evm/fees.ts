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

/** What a client that turned an offer away may want at most, where the operator has set no ceiling: so many times what is suggested. */
const MOST_DEMANDED = 10n;
/** Of a whole fee, what a tip that was nothing becomes when a client demands more. */
const LEAST_TIP_SHARE = 16n;

/** Keeps an offer below what the operator is ready to pay; `ceiling` in wei per gas, null for none. */
export function withinCeiling(fees: Fees, ceiling: bigint | null): Fees {
  if (ceiling === null) return fees;
  return {
    ...fees,
    maxFee: smaller(fees.maxFee, ceiling),
    maxPriorityFee: smaller(fees.maxPriorityFee, ceiling),
  };
}

/**
 * What to offer to a client that turned away what was offered, though the ledger suggests no more: twice as much, up to
 * the operator's ceiling, or to ten times what is suggested where there is none. Where gas is free, it stays free.
 */
export function demandedFees(old: Omit<Fees, "dynamic">, suggested: Fees, ceiling: bigint | null): Fees {
  const most = ceiling ?? MOST_DEMANDED * suggested.maxFee;
  const tip = larger(2n * old.maxPriorityFee, suggested.maxFee / LEAST_TIP_SHARE);
  const maxPriorityFee = smaller(larger(tip, suggested.maxPriorityFee), most);
  const maxFee = smaller(larger(2n * old.maxFee, suggested.maxFee), most);
  return { dynamic: suggested.dynamic, maxFee, maxPriorityFee: smaller(maxPriorityFee, maxFee) };
}

/**
 * The fees for replacing a transaction that does not get through: those wanted now, and by as much above the old ones as
 * clients ask for.
 *
 * @param ceiling wei per gas that the operator is ready to pay; null for no bound
 * @returns `enough` when what it offers already is no less than what is wanted: then a higher offer would not help;
 *   `ceiling` when a higher offer, by as much as clients ask for, is more than the operator is ready to pay
 */
export function raiseFees(
  old: Omit<Fees, "dynamic">,
  wanted: Fees,
  ceiling: bigint | null,
): Fees | "enough" | "ceiling" {
  if (old.maxFee >= wanted.maxFee && old.maxPriorityFee >= wanted.maxPriorityFee) return "enough";
  const least = { maxFee: raised(old.maxFee), maxPriorityFee: raised(old.maxPriorityFee) };
  const fees = withinCeiling(
    {
      dynamic: wanted.dynamic,
      maxFee: larger(wanted.maxFee, least.maxFee),
      maxPriorityFee: larger(wanted.maxPriorityFee, least.maxPriorityFee),
    },
    ceiling,
  );
  const taken = fees.maxFee >= least.maxFee && fees.maxPriorityFee >= least.maxPriorityFee;
  return taken ? fees : "ceiling";
}

function raised(fee: bigint): bigint {
  return (fee * RAISE_NUMERATOR) / RAISE_DENOMINATOR + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
