import { ChannelFailure } from "../channel.ts";
import type { EvmRpc } from "./rpc.ts";

/** The ledger's history changed while it was read. */
export function moved(): ChannelFailure {
  return new ChannelFailure("retry", "ledger-inconsistent", "The ledger changed while it was being read.");
}

/** How often it is done while clients change. */
const TRIES = 3;

/**
 * Does what must rest on the answers of one client: two of them may be at different blocks, or on different forks. Where
 * another came to answer meanwhile, the result counts for nothing and it is done again.
 *
 * @param work may be done twice
 * @throws ChannelFailure `ledger-inconsistent` when clients change all the time, or what `work` throws
 */
export async function ofOneClient<T>(rpc: EvmRpc, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { client } = rpc;
    try {
      const result = await work();
      if (rpc.client === client) return result;
    } catch (error) {
      if (rpc.client === client) throw error;
      // What two clients said together proves nothing; that neither could be reached does.
      if (error instanceof ChannelFailure && AWAY.has(error.code)) throw error;
    }
  }
  throw moved();
}

/** No client answers. */
const AWAY: ReadonlySet<string> = new Set(["ledger-unreachable", "ledger-overloaded", "channel-closed"]);
