import { toQuantity, type Wallet } from "ethers";

import { ChannelFailure, type Finality } from "../channel.ts";
import { readEnds } from "./contract.ts";
import type { ChannelWarning } from "./evm-options.ts";
import { raiseFees, suggestFees } from "./fees.ts";
import type { Header } from "./header.ts";
import { findInclusion } from "./receipts.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asNumber } from "./rpc-values.ts";
import { signTransaction } from "./sign-transaction.ts";
import type { StoredTransaction, TransactionRepository } from "./transaction-repository.ts";

/** Transactions of one signer given to the ledger at a time; clients keep 64 of a signer's for certain. */
const WINDOW = 64;
const LOOKED_AFTER = 4 * WINDOW;
const REBROADCAST_MS = 15_000;
/** The first in line is offered more often: some clients turn away what comes before its turn. */
const REBROADCAST_FIRST_MS = 2_000;
/** What a transfer to oneself costs. */
const FILLER_GAS = 21_000;

/** What the carrier works with. */
export interface CarrierOptions {
  readonly rpc: EvmRpc;
  readonly repository: TransactionRepository;
  readonly channelId: string;
  readonly chainId: number;
  readonly finality: Finality;
  /** Signs replacements; null on a node that only receives. */
  readonly wallet: Wallet | null;
  readonly stallMilliseconds: number;
  readonly now: () => number;
  readonly warn: (warning: ChannelWarning) => void;
}

interface Outlook {
  readonly head: Header;
  readonly final: Header;
  /** The signer's first nonce that no included transaction has. */
  readonly nextNonce: number;
}

/**
 * Carries stored transactions to the ledger for as long as it takes: broadcasts them again, raises their fee, fills gaps,
 * and follows them into a final block. Everything it knows is in the database and on the ledger, so it may stop anywhere
 * and go on anywhere, also on several replicas at once. Each signer is looked after on its own, so that none waits for
 * another.
 */
export class Carrier {
  readonly #options: CarrierOptions;
  #lastWarning = "";

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /** Looks after every transaction under way once. Never throws: what failed is tried again the next time. */
  async lookAfterAll(): Promise<void> {
    const { repository, channelId } = this.#options;
    try {
      const signers = await repository.signersUnderWay(channelId);
      await Promise.all(signers.map((signer) => this.#guarded(() => this.#lookAfter(signer))));
    } catch (error) {
      this.#report(error);
    }
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#report(error);
    }
  }

  async #lookAfter(signer: string): Promise<void> {
    const { rpc, repository, finality, channelId } = this.#options;
    const { head, final } = await readEnds(rpc, finality);
    const nextNonce = await this.#transactionCount(signer, head);
    const outlook: Outlook = { head, final, nextNonce };
    const transactions = await repository.underWay(signer, channelId, nextNonce, LOOKED_AFTER);
    const consumed = transactions.filter(({ nonce }) => nonce < nextNonce);
    const waiting = transactions.filter(({ nonce }) => nonce >= nextNonce);
    await Promise.all(consumed.map((transaction) => this.#guarded(() => this.#follow(transaction, outlook))));
    await this.#carry(signer, waiting, outlook);
  }

  /** The nonce is used up on the ledger: by a version of this transaction, or by a stranger. */
  async #follow(transaction: StoredTransaction, { head, final }: Outlook): Promise<void> {
    const { rpc, repository } = this.#options;
    const inclusion = await findInclusion(rpc, transaction, head);
    if (inclusion !== null) {
      if (inclusion.height <= final.height) await repository.settled(transaction, inclusion);
      else if (transaction.txn !== inclusion.txn || transaction.height !== inclusion.height) {
        await repository.included(transaction, inclusion);
      }
    } else if (transaction.nonce < (await this.#transactionCount(transaction.signer, final))) {
      await repository.voided(transaction);
    } else if (transaction.txn !== null) {
      await repository.takenBack(transaction);
    }
  }

  /** The nonce is free: the transaction has to get into a block yet, for the first time or once more. */
  async #carry(signer: string, waiting: readonly StoredTransaction[], outlook: Outlook): Promise<void> {
    const { repository } = this.#options;
    await this.#fillGaps(signer, waiting, outlook);
    for (const transaction of waiting) {
      if (transaction.nonce >= outlook.nextNonce + WINDOW) break;
      if (transaction.txn !== null) {
        await repository.takenBack(transaction);
        await this.#broadcast({ ...transaction, touched_at: 0 }, outlook);
      } else if (!(await this.#raise(transaction, outlook))) {
        await this.#broadcast(transaction, outlook);
      }
    }
  }

  async #broadcast(transaction: StoredTransaction, { nextNonce }: Outlook): Promise<void> {
    const { repository, now } = this.#options;
    const newest = transaction.versions.at(-1);
    const pause = transaction.nonce === nextNonce ? REBROADCAST_FIRST_MS : REBROADCAST_MS;
    if (newest === undefined || transaction.touched_at + pause > now()) return;
    if (await repository.touch(transaction, now())) await this.#send(transaction, newest.raw);
  }

  async #send(transaction: StoredTransaction, raw: string): Promise<void> {
    const { rpc, repository, now, stallMilliseconds } = this.#options;
    try {
      await rpc.send("eth_sendRawTransaction", [raw]);
    } catch (error) {
      if (error instanceof ChannelFailure) {
        await repository.untouch(transaction);
        throw error;
      }
      if (!(error instanceof RpcError)) throw error;
      // It may be known already, or included this moment: only the ledger's state tells. What lasts is worth a word.
      if (now() - transaction.created_at >= stallMilliseconds) {
        this.#warn(
          "transaction-not-taken",
          `Nonce ${transaction.nonce} of ${transaction.signer}: ${error.message}`,
        );
      }
    }
  }

  /** Raises the fee of what has been first in line for too long. Says whether it did. */
  async #raise(transaction: StoredTransaction, { head, nextNonce }: Outlook): Promise<boolean> {
    const { rpc, repository, wallet, chainId, now, stallMilliseconds } = this.#options;
    const newest = transaction.versions.at(-1);
    if (newest === undefined || transaction.nonce !== nextNonce || transaction.touched_at === 0) return false;
    if (now() - newest.createdAt < stallMilliseconds || !isKeyOf(wallet, transaction.signer)) return false;
    const fees = raiseFees(newest, await suggestFees(rpc, head));
    if (fees === null) return false;
    const { nonce, to_address: to, data, gas_limit: gasLimit } = transaction;
    const version = signTransaction(wallet, { chainId, nonce, to, data, gasLimit }, fees);
    if (await repository.replace(transaction, version, now())) await this.#send(transaction, version.raw);
    return true;
  }

  /**
   * Transactions wait behind a nonce that none of ours has: it was taken by another's transaction, which the ledger then
   * lost. After a while a transfer to oneself takes that place.
   */
  async #fillGaps(
    signer: string,
    waiting: readonly StoredTransaction[],
    { head, nextNonce }: Outlook,
  ): Promise<void> {
    const { rpc, repository, wallet, chainId, channelId, now, stallMilliseconds } = this.#options;
    const first = waiting[0];
    if (first === undefined || first.nonce === nextNonce || !isKeyOf(wallet, signer)) return;
    if (now() - first.created_at < stallMilliseconds) return;
    const end = Math.min(first.nonce, nextNonce + WINDOW);
    const taken = await repository.noncesBetween(signer, nextNonce, end);
    const fees = await suggestFees(rpc, head);
    for (let nonce = nextNonce; nonce < end; nonce += 1) {
      if (taken.has(nonce)) continue;
      const filler = { chainId, nonce, to: signer, data: "0x", gasLimit: FILLER_GAS };
      const version = signTransaction(wallet, filler, fees);
      await repository.addFiller({ signer, channelId, nonce, gasLimit: FILLER_GAS }, now(), version);
      this.#warn(
        "nonce-gap-filled",
        `Nonce ${nonce} of ${signer} was left out and held up later transactions.`,
      );
    }
  }

  async #transactionCount(signer: string, at: Header): Promise<number> {
    const answer = await this.#options.rpc.send("eth_getTransactionCount", [signer, toQuantity(at.height)]);
    return asNumber(answer, "transaction count");
  }

  #report(error: unknown): void {
    // A ledger out of reach shows wherever the channel is asked; here it only means to try again.
    if (error instanceof ChannelFailure && error.action === "retry") return;
    this.#warn("carrying-failed", error instanceof Error ? error.message : "Unknown error");
  }

  #warn(code: string, detail: string): void {
    if (detail === this.#lastWarning) return;
    this.#lastWarning = detail;
    this.#options.warn({ channelId: this.#options.channelId, code, detail });
  }
}

function isKeyOf(wallet: Wallet | null, signer: string): wallet is Wallet {
  return wallet?.address.toLowerCase() === signer;
}
