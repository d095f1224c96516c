import { Transaction, type Wallet } from "ethers";

import type { Fees } from "./fees.ts";

/** What a transaction does, whatever fee it offers. */
export interface UnsignedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: string;
  /** Calldata in hexadecimal. */
  readonly data: string;
  readonly gasLimit: number;
}

/** A signed transaction, ready to be broadcast any number of times. */
export interface SignedVersion {
  readonly hash: string;
  readonly raw: string;
  readonly maxFee: bigint;
  readonly maxPriorityFee: bigint;
}

/** Signs a transaction; asks nobody. A transaction signed for one chain is void on every other (EIP-155). */
export function signTransaction(wallet: Wallet, unsigned: UnsignedTransaction, fees: Fees): SignedVersion {
  const { chainId, nonce, to, data, gasLimit } = unsigned;
  const transaction = Transaction.from({
    chainId,
    nonce,
    to,
    data,
    gasLimit,
    value: 0,
    ...(fees.dynamic
      ? { type: 2, maxFeePerGas: fees.maxFee, maxPriorityFeePerGas: fees.maxPriorityFee }
      : { type: 0, gasPrice: fees.maxFee }),
  });
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  const { hash, serialized } = transaction;
  if (hash === null) throw new Error("A signed transaction has a hash");
  return { hash, raw: serialized, maxFee: fees.maxFee, maxPriorityFee: fees.maxPriorityFee };
}
