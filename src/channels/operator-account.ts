import { evmAccount } from "./evm/operator-account.ts";
import type { ChannelOptions } from "./open-channel.ts";

/**
 * The ledger account that a channel, opened like this, sends a node's messages with.
 *
 * @returns null where it sends none, or where another process holds the key
 * @throws ChannelFailure stop `key-invalid`
 */
export function operatorAccount(options: ChannelOptions): string | null {
  if (options.technology !== "evm" || options.operatorKey === undefined) return null;
  return evmAccount(options.operatorKey);
}
