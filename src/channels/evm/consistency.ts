import { ChannelFailure } from "../channel.ts";
import type { EvmRpc } from "./rpc.ts";

/** The ledger's history changed while it was read. */
export function moved(): ChannelFailure {
  return new ChannelFailure("retry", "ledger-inconsistent", "The ledger changed while it was being read.");
}

/**
 * Does what must rest on the answers of one client: two of them may be at different blocks, or on different forks. Where
 * another came to answer meanwhile, the result counts for nothing.
 *
 * @throws ChannelFailure `ledger-inconsistent` then, or what `work` throws
 */
export async function ofOneClient<T>(rpc: EvmRpc, work: () => Promise<T>): Promise<T> {
  const { client } = rpc;
  try {
    const result = await work();
    if (rpc.client !== client) throw moved();
    return result;
  } catch (error) {
    const final = error instanceof ChannelFailure && error.action === "stop";
    throw final && rpc.client !== client ? moved() : error;
  }
}
