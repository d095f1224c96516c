import type { Fees } from "./fees.ts";
import type { SignedVersion, UnsignedTransaction } from "./sign-transaction.ts";

/**
 * An account that signs, wherever its key is: in this process, or with a service that never gives it away. Signing changes
 * nothing and may be repeated; it may take as long as a question over the network, so it is never done inside a database
 * transaction.
 */
export interface Signer {
  /** The address, in lower case. */
  readonly account: string;

  /**
   * Signs a transaction exactly as it is.
   *
   * @throws ChannelFailure retry where the key cannot be asked now, or what came back is not what was asked for
   */
  signTransaction(unsigned: UnsignedTransaction, fees: Fees): Promise<SignedVersion>;

  /**
   * Signs a payload as a personal message (EIP-191, version 0x45), which can be no transaction.
   *
   * @returns 65 bytes
   * @throws ChannelFailure as for a transaction
   */
  signPayload(payload: Uint8Array): Promise<Uint8Array>;

  /** Ends what is under way; nothing is signed any more by a service. */
  close(): void;
}
