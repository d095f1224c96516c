import type { ChannelFailure } from "../channel.ts";
import { evmAccount } from "./operator-account.ts";
import type { EvmKey } from "./evm-key.ts";
import { keystoreSigner } from "./keystore-signer.ts";
import { localSigner } from "./local-signer.ts";
import { RemoteSigner } from "./remote-signer.ts";
import type { Signer } from "./signer.ts";

/**
 * Opens a key, wherever it is. A remote signer need not be in reach: it is asked in the background whether it has the
 * account.
 *
 * @param options `whose` names the key in failures, such as `operator's`; `onFailure` is told of each time that a remote
 *   signer did not sign as it should
 * @throws ChannelFailure stop `key-invalid`, `keystore-invalid`, `keystore-locked`
 */
export async function openSigner(
  key: EvmKey,
  options: { readonly whose: string; readonly onFailure?: (failure: ChannelFailure) => void },
): Promise<Signer> {
  if (typeof key === "string") return localSigner(key, options.whose);
  if ("keystore" in key) return keystoreSigner(key, options.whose);
  evmAccount(key); // an address that is none is told before anything is asked
  const signer = new RemoteSigner(key, options);
  void signer.look();
  return signer;
}
