import { createHash } from "node:crypto";

import { decryptKeystoreJson, Wallet } from "ethers";

import { ChannelFailure } from "../channel.ts";
import type { KeystoreKey } from "./evm-key.ts";
import { judgeKeystore } from "./keystore-form.ts";
import { walletSigner } from "./local-signer.ts";
import { useNativeScrypt } from "./native-scrypt.ts";
import type { Signer } from "./signer.ts";

/** Keystores that are remembered as open; a node has two or three for each of its channels. */
const MOST_OPEN = 64;

/**
 * Keystores that were opened, by a hash of what they hold and their password: channels that share one have it opened once,
 * which takes a second and hundreds of megabytes.
 */
const opened = new Map<string, Promise<Wallet>>();
/** One at a time, so that the memory it takes is taken once. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Opens an encrypted keystore. What it says is judged before anything is derived from it.
 *
 * @param whose names the key in the error, such as `operator's`
 * @throws ChannelFailure stop `keystore-invalid`, `keystore-locked`; neither password nor content is in it
 */
export async function keystoreSigner(key: KeystoreKey, whose: string): Promise<Signer> {
  const fault = judgeKeystore(key.keystore);
  if (fault !== null) {
    throw new ChannelFailure("stop", "keystore-invalid", `The ${whose} keystore ${fault}.`);
  }
  const name = createHash("sha256").update(`${key.keystore}\0${key.password}`).digest("hex");
  let wallet = opened.get(name);
  if (wallet === undefined) {
    if (opened.size >= MOST_OPEN) opened.clear();
    wallet = inTurn(() => decrypt(key, whose));
    opened.set(name, wallet);
    wallet.catch(() => opened.delete(name));
  }
  return walletSigner(await wallet);
}

async function decrypt({ keystore, password }: KeystoreKey, whose: string): Promise<Wallet> {
  useNativeScrypt();
  try {
    const { privateKey } = await decryptKeystoreJson(keystore, password);
    return new Wallet(privateKey);
  } catch {
    // Not the library's error: it may quote what it was given.
    throw new ChannelFailure(
      "stop",
      "keystore-locked",
      `The ${whose} keystore does not open: the password is another one, or the file was changed.`,
    );
  }
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => undefined); // whoever asked for it is told; the next one goes on
  return done;
}
