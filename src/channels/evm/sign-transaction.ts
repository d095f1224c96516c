import { Transaction, type SigningKey } from "ethers";

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

/** The whole of a transaction but for its signature. It is void on every chain but its own (EIP-155). */
export function wholeTransaction(unsigned: UnsignedTransaction, fees: Fees): Transaction {
  const { chainId, nonce, to, data, gasLimit } = unsigned;
  return Transaction.from({
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
}

/** What is stored and broadcast of a transaction that has its signature. */
export function signedVersion(transaction: Transaction, { maxFee, maxPriorityFee }: Fees): SignedVersion {
  const { hash, serialized } = transaction;
  if (hash === null) throw new Error("A signed transaction has a hash");
  return { hash, raw: serialized, maxFee, maxPriorityFee };
}

/** Signs a transaction with a key that is at hand; asks nobody. */
export function signTransaction(
  { signingKey }: { readonly signingKey: SigningKey },
  unsigned: UnsignedTransaction,
  fees: Fees,
): SignedVersion {
  const transaction = wholeTransaction(unsigned, fees);
  transaction.signature = signingKey.sign(transaction.unsignedHash);
  return signedVersion(transaction, fees);
}
