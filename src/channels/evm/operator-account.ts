import { computeAddress } from "ethers";

import { ChannelFailure } from "../channel.ts";

/**
 * The account that a key sends with, as events name it.
 *
 * @param key 32 bytes in hexadecimal; never in the error
 * @throws ChannelFailure stop `key-invalid`
 */
export function evmAccount(key: string): string {
  try {
    return computeAddress(key.startsWith("0x") ? key : `0x${key}`).toLowerCase();
  } catch {
    // Not the library's error: it may quote the key.
    throw new ChannelFailure("stop", "key-invalid", "The operator's key is not 32 bytes in hexadecimal.");
  }
}
