import { computeAddress, isAddress } from "ethers";

import { ChannelFailure } from "../channel.ts";
import type { EvmKey } from "./evm-key.ts";
import { keystoreAddress } from "./keystore-form.ts";

const invalid = (detail: string) => new ChannelFailure("stop", "key-invalid", detail);

/**
 * The account of a key, as events name it. A keystore and a remote signer are not opened: they say whose they are.
 *
 * @param key never in the error
 * @throws ChannelFailure stop `key-invalid`
 */
export function evmAccount(key: EvmKey): string {
  if (typeof key === "string") return accountOfRaw(key);
  if ("keystore" in key) {
    const account = keystoreAddress(key.keystore);
    if (account === null) throw invalid("The operator's keystore names no address.");
    return account;
  }
  const account = key.remote.address.toLowerCase();
  if (!isAddress(account)) throw invalid("The remote signer's address is not 20 bytes in hexadecimal.");
  return account;
}

function accountOfRaw(key: string): string {
  try {
    return computeAddress(key.startsWith("0x") ? key : `0x${key}`).toLowerCase();
  } catch {
    // Not the library's error: it may quote the key.
    throw invalid("The operator's key is not 32 bytes in hexadecimal.");
  }
}
