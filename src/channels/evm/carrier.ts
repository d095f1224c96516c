import { toQuantity } from "ethers";

import type { CountFault } from "../../operations/fault.ts";
import { ChannelFailure, type Finality } from "../channel.ts";
import { broadcast } from "./broadcast.ts";
import { moved } from "./consistency.ts";
import { readEnds } from "./contract.ts";
import { demandedFees, raiseFees, suggestFees, withinCeiling, type Fees } from "./fees.ts";
import { readHeader, type Header } from "./header.ts";
import type { QuietWarnings } from "./quiet-warnings.ts";
import { findInclusion } from "./receipts.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asBigInt, asNumber } from "./rpc-values.ts";
import type { SignedVersion, UnsignedTransaction } from "./sign-transaction.ts";
import type { Signer } from "./signer.ts";
import type { StoredTransaction, StoredVersion } from "./stored-transaction.ts";
import type { TransactionRepository } from "./transaction-repository.ts";

/** Transactions of one signer given to the ledger at a time; clients keep 64 of a signer's for certain. */
const WINDOW = 64;
/** Transactions asked after at a time. */
const LOOKED_AFTER = 4 * WINDOW;
const REBROADCAST_MS = 15_000;
/** The first in line is offered more often: some clients turn away what comes before its turn. */
const REBROADCAST_FIRST_MS = 2_000;
/** What a transfer to oneself costs. */
const FILLER_GAS = 21_000;
/** How long a round waits for the slowest signer, which is then left to its own pace. */
const ROUND_MS = 1_000;

/** What the carrier works with. */
export interface CarrierOptions {
  readonly rpc: EvmRpc;
  readonly repository: TransactionRepository;
  readonly channelId: string;
  readonly chainId: number;
  readonly finality: Finality;
  /**
   * Sign replacements, by account: the operator's key, and those before it whose transactions are brought to their end. Empty
   * on a node that only receives.
   */
  readonly signers: ReadonlyMap<string, Signer>;
  /** Wei per gas that is paid at most; null for no bound. */
  readonly feeCeiling: bigint | null;
  readonly stallMilliseconds: number;
  readonly now: () => number;
  readonly warnings: QuietWarnings;
  readonly countFault: CountFault;
}

interface Outlook {
  readonly head: Header;
  readonly final: Header;
  /** The signer's first nonce that no included transaction has. */
  readonly nextNonce: number;
  /** What the ledger suggests to pay now; asked once. */
  readonly suggested: () => Promise<Fees>;
  /** Whether the history in which the signer was last looked after is the ledger's no more, or has not begun here. */
  readonly forked: boolean;
}

/** What is remembered of a signer between two looks; nothing is lost when it is forgotten. */
interface Memory {
  /** The newest block when it was last looked after. */
  seen: Header | null;
  /** Whether what is in blocks has to be asked after anew, because that went wrong. */
  owed: boolean;
  /** The version that the client turned away, when it was the first in line's turn and funds were not the cause. */
  refused: string | null;
  /** What the client wants, though the ledger suggests less. */
  demanded: Fees | null;
}

/**
 * Carries stored transactions to the ledger for as long as it takes: broadcasts them again, raises their fee, fills gaps,
 * and follows them into a final block. Everything it knows is in the database and on the ledger, so it may stop anywhere
 * and go on anywhere, also on several replicas at once. Each signer is looked after on its own, so that none waits for
 * another.
 */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #atWork = new Map<string, Promise<void>>();
  readonly #memories = new Map<string, Memory>();

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /**
   * Looks after every transaction under way once. Never throws: what failed is tried again the next time. A signer whose
   * transactions take long is not waited for.
   */
  async lookAfterAll(): Promise<void> {
    const { repository, channelId } = this.#options;
    await this.#guarded(async () => {
      const signers = await repository.signersUnderWay(channelId);
      const idle = [...this.#memories.keys()].filter((signer) => !signers.includes(signer));
      for (const signer of idle) this.#memories.delete(signer);
      await withinRound(signers.map((signer) => this.#begin(signer)));
    });
  }

  /** Resolves when nothing is under way any more that the last look began. */
  async rest(): Promise<void> {
    await Promise.all(this.#atWork.values());
  }

  /** @returns whether it went well */
  async #guarded(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#report(error);
      return false;
    }
  }

  #begin(signer: string): Promise<void> {
    const begun = this.#atWork.get(signer);
    if (begun !== undefined) return begun;
    const work = this.#guarded(() => this.#lookAfter(signer)).then(() => {
      this.#atWork.delete(signer);
    });
    this.#atWork.set(signer, work);
    return work;
  }

  async #lookAfter(signer: string): Promise<void> {
    const { rpc, repository, finality } = this.#options;
    const { head, final } = await readEnds(rpc, finality);
    const nextNonce = await this.#transactionCount(signer, head);
    let fees: Promise<Fees> | null = null;
    const suggested = () => (fees ??= suggestFees(rpc, head));
    const forked = await this.#hasForked(this.#memoryOf(signer).seen);
    const outlook: Outlook = { head, final, nextNonce, suggested, forked };
    await this.#followAll(signer, outlook);
    await this.#carry(signer, await repository.waiting(signer, nextNonce, WINDOW), outlook);
  }

  /**
   * What is in a block is asked after when that block has become final, or when the ledger forked; and what nobody knows to
   * be in one, always.
   */
  async #followAll(signer: string, outlook: Outlook): Promise<void> {
    const { repository, channelId } = this.#options;
    const { head, nextNonce } = outlook;
    const memory = this.#memoryOf(signer);
    const final = outlook.forked || memory.owed ? null : outlook.final.height;
    let well = true;
    let after = -1;
    for (;;) {
      const range = { nextNonce, after, final };
      const consumed = await repository.consumed(signer, channelId, range, LOOKED_AFTER);
      const followed = await Promise.all(
        consumed.map((each) => this.#guarded(() => this.#follow(each, outlook))),
      );
      well &&= followed.every((each) => each);
      after = consumed.at(-1)?.nonce ?? after;
      if (consumed.length < LOOKED_AFTER) break;
    }
    memory.seen = head;
    memory.owed = !well;
  }

  async #hasForked(seen: Header | null): Promise<boolean> {
    return seen === null || (await readHeader(this.#options.rpc, seen.height))?.hash !== seen.hash;
  }

  /** The nonce is used up on the ledger: by a version of this transaction, or by a stranger. */
  async #follow(transaction: StoredTransaction, { head, final }: Outlook): Promise<void> {
    const { rpc, repository } = this.#options;
    const { client } = rpc;
    const inclusion = await findInclusion(rpc, transaction, head);
    if (inclusion !== null) {
      if (inclusion.height <= final.height) await repository.settled(transaction, inclusion);
      else if (transaction.txn !== inclusion.txn || transaction.height !== inclusion.height) {
        await repository.included(transaction, inclusion);
      }
      return;
    }
    const used = await this.#transactionCount(transaction.signer, final);
    // That one client knows of no inclusion, and another counts the nonce as used, says nothing of either's ledger.
    if (rpc.client !== client) throw moved();
    if (transaction.nonce < used) {
      await repository.voided(transaction, final.height);
    } else if (transaction.txn !== null) {
      await this.#takeBack(transaction);
    }
  }

  /** The nonce is free: the transaction has to get into a block yet, for the first time or once more. */
  async #carry(signer: string, waiting: readonly StoredTransaction[], outlook: Outlook): Promise<void> {
    const { head, nextNonce } = outlook;
    await this.#fillGaps(signer, waiting, outlook);
    for (const transaction of waiting) {
      if (transaction.nonce >= nextNonce + WINDOW) break;
      const { height } = transaction;
      if (height !== null && height <= head.height) {
        await this.#takeBack(transaction);
        await this.#broadcast({ ...transaction, touched_at: 0 }, outlook);
      } else if (height !== null || !(await this.#raise(transaction, outlook))) {
        // A client whose newest block is below that of the transaction is behind: nothing is known to be taken back.
        await this.#broadcast(transaction, outlook);
      }
    }
  }

  async #takeBack(transaction: StoredTransaction): Promise<void> {
    const { repository, channelId, countFault } = this.#options;
    if (await repository.takenBack(transaction)) countFault("transactions_taken_back", channelId);
  }

  async #broadcast(transaction: StoredTransaction, outlook: Outlook): Promise<void> {
    const { repository, now } = this.#options;
    const newest = transaction.versions.at(-1);
    const pause = transaction.nonce === outlook.nextNonce ? REBROADCAST_FIRST_MS : REBROADCAST_MS;
    if (newest === undefined) return;
    // What was in a block that is gone may be in no client's pool any more.
    if (!outlook.forked && transaction.touched_at + pause > now()) return;
    if (await repository.touch(transaction, now())) await this.#send(transaction, newest, outlook);
  }

  async #send(
    transaction: StoredTransaction,
    version: Omit<StoredVersion, "createdAt">,
    { nextNonce }: Outlook,
  ): Promise<void> {
    const { rpc, repository, now, stallMilliseconds } = this.#options;
    const memory = this.#memoryOf(transaction.signer);
    try {
      await broadcast(rpc, version.raw);
      if (memory.refused === version.hash) memory.refused = null;
    } catch (error) {
      if (error instanceof ChannelFailure) {
        await repository.untouch(transaction);
        throw error;
      }
      if (!(error instanceof RpcError)) throw error;
      // It may be known already, or included this moment: only the ledger's state tells. What lasts is worth a word.
      if (now() - transaction.created_at < stallMilliseconds) return;
      if ((await rpc.send("eth_getTransactionByHash", [version.hash])) !== null) return;
      const funded = await this.#canPay(transaction, version);
      if (transaction.nonce === nextNonce) memory.refused = funded ? version.hash : null;
      const what = `Nonce ${transaction.nonce} of ${transaction.signer}`;
      if (funded) {
        this.#warn("transaction-not-taken", transaction.signer, `${what}: ${error.message}`);
      } else {
        this.#warn("signer-without-funds", transaction.signer, `${what}: the account has too little to pay.`);
      }
    }
  }

  async #canPay(
    { signer, gas_limit: gasLimit }: StoredTransaction,
    { maxFee }: Pick<StoredVersion, "maxFee">,
  ): Promise<boolean> {
    const answer = await this.#options.rpc.send("eth_getBalance", [signer, "latest"]);
    return asBigInt(answer, "balance") >= BigInt(gasLimit) * maxFee;
  }

  /**
   * Raises the fee of what has been first in line for too long; and, behind it, of what cannot get in for what it offers.
   * Says whether it did.
   */
  async #raise(transaction: StoredTransaction, outlook: Outlook): Promise<boolean> {
    const { repository, signers, chainId, channelId, feeCeiling, now, stallMilliseconds, countFault } =
      this.#options;
    const { signer, nonce, to_address: to, data, gas_limit: gasLimit } = transaction;
    const newest = transaction.versions.at(-1);
    const key = signers.get(signer);
    if (newest === undefined || transaction.touched_at === 0 || key === undefined) return false;
    if (now() - newest.createdAt < stallMilliseconds) return false;
    const wanted = await this.#wantedFees(transaction, newest, outlook);
    if (wanted === null) return false;
    const fees = raiseFees(newest, wanted, feeCeiling);
    if (fees === "enough") return false;
    if (fees === "ceiling") {
      this.#warn(
        "fee-ceiling",
        signer,
        `Nonce ${nonce} of ${signer} needs a higher fee than maxFeeGwei allows, and waits until the ledger asks for less.`,
      );
      return false;
    }
    const version = await signed(key, { chainId, nonce, to, data, gasLimit }, fees);
    if (version === null) return false;
    if (!(await repository.replace(transaction, version, now()))) return true;
    countFault("fee_bumps", channelId);
    await this.#send({ ...transaction, touched_at: now() }, version, outlook);
    return true;
  }

  /** What a stalled transaction should offer; null where its turn has not come, and a higher offer may not be needed. */
  async #wantedFees(
    { signer, nonce }: StoredTransaction,
    newest: StoredVersion,
    { head, nextNonce, suggested }: Outlook,
  ): Promise<Fees | null> {
    const memory = this.#memoryOf(signer);
    const present = await suggested();
    if (nonce === nextNonce && memory.refused === newest.hash) {
      memory.demanded = demandedFees(newest, present, this.#options.feeCeiling);
    }
    const { demanded } = memory;
    if (demanded !== null && demanded.maxPriorityFee > newest.maxPriorityFee) return demanded;
    if (demanded !== null && demanded.maxFee > newest.maxFee) return demanded;
    return nonce === nextNonce || newest.maxFee < (head.baseFee ?? 0n) ? present : null;
  }

  /**
   * Transactions wait behind a nonce that none of ours has: it was taken by another's transaction, which the ledger then
   * lost. After a while a transfer to oneself takes that place.
   */
  async #fillGaps(
    signer: string,
    waiting: readonly StoredTransaction[],
    { nextNonce, suggested }: Outlook,
  ): Promise<void> {
    const { repository, signers, chainId, channelId, feeCeiling, now, stallMilliseconds, countFault } =
      this.#options;
    const key = signers.get(signer);
    const first = waiting[0];
    if (first === undefined || first.nonce === nextNonce || key === undefined) return;
    if (now() - first.created_at < stallMilliseconds) return;
    const end = Math.min(first.nonce, nextNonce + WINDOW);
    const taken = await repository.noncesBetween(signer, nextNonce, end);
    const fees = withinCeiling(await suggested(), feeCeiling);
    for (let nonce = nextNonce; nonce < end; nonce += 1) {
      if (taken.has(nonce)) continue;
      const filler = { chainId, nonce, to: signer, data: "0x", gasLimit: FILLER_GAS };
      const version = await signed(key, filler, fees);
      if (version === null) return;
      const place = { signer, channelId, nonce, gasLimit: FILLER_GAS };
      if (!(await repository.addFiller(place, now(), version))) continue;
      countFault("nonce_gaps", channelId);
      this.#warn(
        "nonce-gap-filled",
        `${signer} ${nonce}`,
        `Nonce ${nonce} of ${signer} was left out and held up later transactions.`,
      );
    }
  }

  async #transactionCount(signer: string, at: Header): Promise<number> {
    const answer = await this.#options.rpc.send("eth_getTransactionCount", [signer, toQuantity(at.height)]);
    return asNumber(answer, "transaction count");
  }

  #memoryOf(signer: string): Memory {
    const memory = this.#memories.get(signer) ?? { seen: null, owed: false, refused: null, demanded: null };
    this.#memories.set(signer, memory);
    return memory;
  }

  #report(error: unknown): void {
    // A ledger out of reach shows wherever the channel is asked; here it only means to try again.
    if (error instanceof ChannelFailure && error.action === "retry") return;
    this.#warn("carrying-failed", "", error instanceof Error ? error.message : "Unknown error");
  }

  /** @param about tells warnings of one code apart */
  #warn(code: string, about: string, detail: string): void {
    this.#options.warnings.warn({ code, detail }, about);
  }
}

/** @returns null where the key cannot be asked now: what is signed already goes on, and it is asked again */
async function signed(key: Signer, unsigned: UnsignedTransaction, fees: Fees): Promise<SignedVersion | null> {
  try {
    return await key.signTransaction(unsigned, fees);
  } catch (error) {
    if (error instanceof ChannelFailure && error.action === "retry") return null;
    throw error;
  }
}

/** Waits until all is done, or a round is over. */
async function withinRound(works: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ROUND_MS);
  });
  await Promise.race([Promise.all(works), over]);
  clearTimeout(timer);
}
