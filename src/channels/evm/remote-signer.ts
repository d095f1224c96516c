import { Signature, toQuantity, Transaction, verifyMessage } from "ethers";

import { ChannelFailure } from "../channel.ts";
import type { RemoteKey } from "./evm-key.ts";
import type { Fees } from "./fees.ts";
import {
  signedVersion,
  wholeTransaction,
  type SignedVersion,
  type UnsignedTransaction,
} from "./sign-transaction.ts";
import { SignerConnection } from "./signer-connection.ts";
import type { Signer } from "./signer.ts";

/** What a remote signer tells of. */
export interface RemoteSignerOptions {
  /** Names the key in failures, such as `operator's`. */
  readonly whose: string;
  /** Told of each time that it did not sign, or signed something else. */
  readonly onFailure?: (failure: ChannelFailure) => void;
}

const HEX = /^0x(?:[0-9a-fA-F]{2})+$/;
/** Of the names of fields that a signer may have changed. */
const FIELDS = [
  "type",
  "chainId",
  "nonce",
  "to",
  "value",
  "data",
  "gasLimit",
  "gasPrice",
  "maxFeePerGas",
  "maxPriorityFeePerGas",
] as const;

/**
 * Signs by a service that holds the key and speaks Ethereum's JSON-RPC (`eth_accounts`, `eth_signTransaction`,
 * `eth_sign`). What it answers is not believed: it is decoded, its signer recovered, and each field compared with what was
 * asked for. So a signer that is broken, or broken into, can keep back a signature and make none that was not wanted.
 */
export class RemoteSigner implements Signer {
  readonly account: string;
  readonly #connection: SignerConnection;
  readonly #whose: string;
  readonly #onFailure: (failure: ChannelFailure) => void;

  constructor({ remote }: RemoteKey, options: RemoteSignerOptions) {
    this.account = remote.address.toLowerCase();
    this.#connection = new SignerConnection(remote);
    this.#whose = options.whose;
    this.#onFailure = options.onFailure ?? (() => undefined);
  }

  signTransaction(unsigned: UnsignedTransaction, fees: Fees): Promise<SignedVersion> {
    return this.#watched(async () => {
      const wanted = wholeTransaction(unsigned, fees);
      const answer = await this.#connection.ask("eth_signTransaction", [this.#question(wanted)]);
      return signedVersion(this.#checked(wanted, rawOf(answer)), fees);
    });
  }

  signPayload(payload: Uint8Array): Promise<Uint8Array> {
    return this.#watched(async () => {
      const hex = `0x${Buffer.from(payload).toString("hex")}`;
      const answer = await this.#connection.ask("eth_sign", [this.account, hex]);
      const signature = typeof answer === "string" && HEX.test(answer) ? answer : "0x";
      const bytes = signatureBytes(this.account, payload, signature);
      if (bytes === null)
        throw this.#untrusted("its signature is not this account's over what was to be signed");
      return bytes;
    });
  }

  /** Asks whether the service has the account at all, so that a mistake shows before a message waits for it. Never throws. */
  async look(): Promise<void> {
    try {
      await this.#watched(async () => {
        const accounts = await this.#connection.ask("eth_accounts", []);
        const has =
          Array.isArray(accounts) &&
          accounts.some((each) => typeof each === "string" && each.toLowerCase() === this.account);
        if (has) return;
        throw new ChannelFailure(
          "retry",
          "signer-without-account",
          `The remote signer of the ${this.#whose} key does not list ${this.account}: give it that key, or correct the address.`,
        );
      });
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      // It was told, and shows again when something is to be signed.
    }
  }

  close(): void {
    this.#connection.close();
  }

  #question(wanted: Transaction): Readonly<Record<string, unknown>> {
    return {
      from: this.account,
      to: wanted.to,
      gas: toQuantity(wanted.gasLimit),
      value: toQuantity(wanted.value),
      data: wanted.data,
      nonce: toQuantity(wanted.nonce),
      chainId: toQuantity(wanted.chainId),
      ...(wanted.type === 2
        ? {
            maxFeePerGas: toQuantity(wanted.maxFeePerGas ?? 0n),
            maxPriorityFeePerGas: toQuantity(wanted.maxPriorityFeePerGas ?? 0n),
          }
        : { gasPrice: toQuantity(wanted.gasPrice ?? 0n) }),
    };
  }

  /** The signed transaction, once it is sure that it is the one wanted, and nothing besides. */
  #checked(wanted: Transaction, raw: string | null): Transaction {
    const signed = raw === null ? null : parsed(raw);
    if (signed === null) throw this.#untrusted("its answer is no signed transaction");
    const changed = FIELDS.find((field) => signed[field] !== wanted[field]);
    if (changed !== undefined) throw this.#untrusted(`it changed ${changed}`);
    // What has no name above, such as an access list, is part of the hash that is signed.
    if (signed.unsignedHash !== wanted.unsignedHash) throw this.#untrusted("it signed another transaction");
    if (signed.from?.toLowerCase() !== this.account) throw this.#untrusted("it signed with another key");
    return signed;
  }

  #untrusted(why: string): ChannelFailure {
    return new ChannelFailure(
      "retry",
      "signer-untrusted",
      `The remote signer of the ${this.#whose} key is not believed: ${why}. Nothing of it was used; look into the signer.`,
    );
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ChannelFailure && !this.#connection.closed) this.#onFailure(error);
      throw error;
    }
  }
}

/** Some signers answer with the bytes, others with an object that has them as `raw`. */
function rawOf(answer: unknown): string | null {
  const raw: unknown = typeof answer === "object" && answer !== null && "raw" in answer ? answer.raw : answer;
  return typeof raw === "string" && HEX.test(raw) ? raw : null;
}

function parsed(raw: string): Transaction | null {
  try {
    const transaction = Transaction.from(raw);
    // The very bytes: what is stored and broadcast is written anew from what was understood of them.
    return transaction.isSigned() && transaction.serialized === raw.toLowerCase() ? transaction : null;
  } catch (error) {
    if (error instanceof Error) return null; // bytes that are no transaction
    throw error;
  }
}

/** The 65 bytes of an account's signature over a payload; null for anything else. */
function signatureBytes(account: string, payload: Uint8Array, hex: string): Uint8Array | null {
  try {
    const signature = Signature.from(hex);
    if (verifyMessage(payload, signature).toLowerCase() !== account) return null;
    return new Uint8Array(Buffer.from(signature.serialized.slice(2), "hex"));
  } catch (error) {
    if (error instanceof Error) return null; // not the form of a signature, or of a point on the curve
    throw error;
  }
}
