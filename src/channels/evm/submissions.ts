import { toQuantity } from "ethers";

import { ChannelFailure, type Progress, type Submission } from "../channel.ts";
import { stateUnavailable } from "./contract.ts";
import { encodeSubmission } from "./encode.ts";
import { suggestFees, withinCeiling } from "./fees.ts";
import { readHeader } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asNumber } from "./rpc-values.ts";
import type { Signer } from "./signer.ts";
import type { TransactionRepository } from "./transaction-repository.ts";

/** For a message that the ledger would refuse now but may take once it is its turn; hooks included. */
const GAS_WITHOUT_ESTIMATE = 600_000;
/** What a settlement takes when every word of it is written for the first time. */
const GAS_FOR_SETTLEMENT = 150_000;
const GAS_FOR_WORD = 32_000;
/**
 * Transactions that a signer may have in no block at a time. While the ledger stands still, what comes after them waits
 * unsigned: so it can still be withdrawn, or bundled, and the line is not looked through for nothing.
 */
const MOST_WAITING = 1_024;

/** What submissions are made with. */
export interface SubmissionOptions {
  readonly rpc: EvmRpc;
  readonly repository: TransactionRepository;
  readonly channelId: string;
  readonly chainId: number;
  /** The contract, lower-case. */
  readonly address: string;
  /** Signs; null on a node that only receives. */
  readonly operator: Signer | null;
  /** Wei per gas that is paid at most; null for no bound. */
  readonly feeCeiling: bigint | null;
  readonly now: () => number;
}

/**
 * Signs a submission and stores it, to be carried; the same key again changes nothing.
 *
 * @throws ChannelFailure retry: `no-operator-key` on a node that only receives, `signer-busy` while too many transactions of
 *   the signer wait for a block; as the operator's signer, or while the ledger is out of reach
 */
export async function storeSubmission(options: SubmissionOptions, submission: Submission): Promise<void> {
  const { rpc, repository, channelId, chainId, address, operator, feeCeiling, now } = options;
  const { key } = submission;
  if ((await repository.find(key)) !== undefined) return;
  if (operator === null) {
    throw new ChannelFailure(
      "retry",
      "no-operator-key",
      "This node has no key to send messages with on this channel.",
    );
  }
  const signer = operator.account;
  if (await repository.isBusy(signer, MOST_WAITING)) {
    throw new ChannelFailure(
      "retry",
      "signer-busy",
      `${MOST_WAITING} transactions of ${signer} wait for a block: what comes next waits for them.`,
    );
  }
  const data = encodeSubmission(submission);
  const head = await readHeader(rpc, "latest");
  if (head === null) throw stateUnavailable(0);
  const [count, suggested, gasLimit] = await Promise.all([
    rpc.send("eth_getTransactionCount", [signer, toQuantity(head.height)]),
    suggestFees(rpc, head),
    gasFor(rpc, { from: signer, to: address, data }, submission),
  ]);
  const fees = withinCeiling(suggested, feeCeiling);
  const nonceFloor = asNumber(count, "transaction count");
  await repository.add({ signer, channelId, key, to: address, data, gasLimit, nonceFloor }, now(), (nonce) =>
    operator.signTransaction({ chainId, nonce, to: address, data, gasLimit }, fees),
  );
}

/** Where a submission stands, by what is stored of it. */
export async function submissionProgress(repository: TransactionRepository, key: string): Promise<Progress> {
  const found = await repository.find(key);
  if (found === undefined) return { state: "absent" };
  const { txn, height, refusal } = found;
  if (found.state === "void") return height === null ? { state: "absent" } : { state: "absent", height };
  if (txn === null || height === null) return { state: "carried", txn: found.versions.at(-1)?.hash ?? "" };
  if (found.state === "open") return { state: "included", txn, height };
  return refusal === null ? { state: "accepted", txn, height } : { state: "refused", txn, height, refusal };
}

/**
 * An estimate by the ledger's newest state, and room for that state to change until the transaction is included. A
 * settlement gets room for all its words: one that costs nothing now, because it was settled before, costs the most once
 * a fork has taken that back.
 */
async function gasFor(
  rpc: EvmRpc,
  call: { from: string; to: string; data: string },
  submission: Submission,
): Promise<number> {
  const whole =
    submission.kind === "settlement" ? GAS_FOR_SETTLEMENT + GAS_FOR_WORD * submission.bits.length : 0;
  try {
    const estimate = asNumber(await rpc.send("eth_estimateGas", [call]), "gas estimate");
    return Math.max(whole, Math.ceil(estimate * 1.3) + 20_000);
  } catch (error) {
    if (error instanceof RpcError) return Math.max(whole, GAS_WITHOUT_ESTIMATE);
    throw error;
  }
}
