import { encryptKeystoreJson, Wallet } from "ethers";

import { ChannelFailure } from "../channel.ts";
import { keystoreSigner } from "./keystore-signer.ts";
import { useNativeScrypt } from "./native-scrypt.ts";

/** A keystore, and the account that its key is of. */
export interface MadeKeystore {
  /** JSON (Web3 Secret Storage, version 3). */
  readonly keystore: string;
  readonly account: string;
}

/**
 * Encrypts a key, and opens the result once to be sure that it opens.
 *
 * @param key 32 bytes in hexadecimal, never in an error; null to make a new one
 * @throws ChannelFailure stop `key-invalid`
 */
export async function makeKeystore(key: string | null, password: string): Promise<MadeKeystore> {
  useNativeScrypt();
  const { address, privateKey } = key === null ? Wallet.createRandom() : walletOf(key);
  const keystore = await encryptKeystoreJson({ address, privateKey }, password);
  const { account } = await keystoreSigner({ keystore, password }, "new");
  return { keystore, account };
}

function walletOf(key: string): Wallet {
  try {
    return new Wallet(key);
  } catch {
    // Not the library's error: it may quote the key.
    throw new ChannelFailure(
      "stop",
      "key-invalid",
      "What was given is not a key of 32 bytes in hexadecimal.",
    );
  }
}
