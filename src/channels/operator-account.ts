import { evmAccount } from "./evm/operator-account.ts";
import type { ChannelOptions } from "./open-channel.ts";

/**
 * The ledger accounts that a channel, opened like this, sends a node's messages with, or has sent them with before.
 *
 * @returns none where it sends none, or where another process holds the key
 * @throws ChannelFailure stop `key-invalid`
 */
export function operatorAccounts(options: ChannelOptions): readonly string[] {
  if (options.technology !== "evm") return [];
  const { operatorKey, formerOperatorKeys = [] } = options;
  return [...(operatorKey === undefined ? [] : [operatorKey]), ...formerOperatorKeys].map(evmAccount);
}
