import { Wallet } from "ethers";

import { ChannelFailure } from "../channel.ts";
import { signTransaction } from "./sign-transaction.ts";
import type { Signer } from "./signer.ts";

/**
 * A signer whose key is in this process.
 *
 * @param key 32 bytes in hexadecimal; never in the error
 * @param whose names the key in the error, such as `operator's`
 * @throws ChannelFailure stop `key-invalid`
 */
export function localSigner(key: string, whose: string): Signer {
  return walletSigner(walletOf(key, whose));
}

/** A signer with a key that is opened. */
export function walletSigner(wallet: Wallet): Signer {
  return {
    account: wallet.address.toLowerCase(),
    // A promise in any case, so that what goes wrong is never thrown into the caller's own turn.
    signTransaction: (unsigned, fees) =>
      Promise.resolve().then(() => signTransaction(wallet, unsigned, fees)),
    signPayload: async (payload) =>
      new Uint8Array(Buffer.from((await wallet.signMessage(payload)).slice(2), "hex")),
    close: () => undefined,
  };
}

function walletOf(key: string, whose: string): Wallet {
  try {
    return new Wallet(key);
  } catch {
    // Not the library's error: it may quote the key.
    throw new ChannelFailure("stop", "key-invalid", `The ${whose} key is not 32 bytes in hexadecimal.`);
  }
}
