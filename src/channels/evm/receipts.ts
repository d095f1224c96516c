import type { Refusal } from "../channel.ts";
import { refusal } from "../refusals.ts";
import { tryCall } from "./contract.ts";
import { readHeader, type Header } from "./header.ts";
import { logsOfBlock } from "./logs.ts";
import type { EvmRpc } from "./rpc.ts";
import { asBigInt, asHex, asNumber, asRecord } from "./rpc-values.ts";
import type { Inclusion, StoredTransaction } from "./stored-transaction.ts";

/**
 * Looks for a transaction in the ledger's present history, under whichever of its versions was included.
 *
 * @param head the newest block known
 * @returns null when none of them is in a block of that history
 * @throws ChannelFailure
 */
export async function findInclusion(
  rpc: EvmRpc,
  transaction: StoredTransaction,
  head: Header,
): Promise<Inclusion | null> {
  const answers = await Promise.all(
    transaction.versions.map(({ hash }) => rpc.send("eth_getTransactionReceipt", [hash])),
  );
  for (const answer of answers) {
    if (answer === null) continue;
    const receipt = asRecord(answer, "receipt");
    const txn = asHex(receipt.transactionHash, "receipt's transaction", 32);
    const header = await headerOf(rpc, receipt, head);
    if (header === null) continue;
    const { height } = header;
    const accepted = asNumber(receipt.status, "receipt's status") === 1;
    const refused = accepted ? null : await reasonFor(rpc, transaction, txn, header);
    return { txn, height, refusal: refused, fee: feeIn(receipt) };
  }
  return findWithoutReceipt(rpc, transaction, head);
}

/** What was paid, by the receipt; not every client says at what price. */
function feeIn({ gasUsed, effectiveGasPrice }: Record<string, unknown>): bigint | null {
  if (typeof gasUsed !== "string" || typeof effectiveGasPrice !== "string") return null;
  return asBigInt(gasUsed, "receipt's gas") * asBigInt(effectiveGasPrice, "receipt's price");
}

/** The block that a receipt or a transaction says it is in, where that is in the ledger's present history. */
async function headerOf(rpc: EvmRpc, place: Record<string, unknown>, head: Header): Promise<Header | null> {
  const height = asNumber(place.blockNumber, "block number");
  const blockHash = asHex(place.blockHash, "block hash", 32);
  const header = height > head.height ? null : await readHeader(rpc, height);
  return header?.hash === blockHash ? header : null;
}

/**
 * A client may know that a transaction is in a block, and have no receipt of it: not yet, or not any more. What it did then
 * shows in the block's logs, since the contract says so of everything that it accepts.
 */
async function findWithoutReceipt(
  rpc: EvmRpc,
  transaction: StoredTransaction,
  head: Header,
): Promise<Inclusion | null> {
  const { versions, submission_key: key, to_address: to } = transaction;
  const answers = await Promise.all(versions.map(({ hash }) => rpc.send("eth_getTransactionByHash", [hash])));
  for (const [index, { hash: txn }] of versions.entries()) {
    const answer = answers[index] ?? null;
    if (answer === null) continue;
    const known = asRecord(answer, "transaction");
    const pending = known.blockNumber === null || known.blockNumber === undefined;
    const header = pending ? null : await headerOf(rpc, known, head);
    if (header === null) continue;
    const said = key === null || (await logsOfBlock(rpc, to, header)).some((log) => log.txn === txn);
    return {
      txn,
      height: header.height,
      refusal: said ? null : await reasonFor(rpc, transaction, txn, header),
      fee: null,
    };
  }
  return null;
}

/**
 * Why an included transaction was refused. The contract is asked again after that block, and after the one before, since
 * what the transaction met may have changed within its block. Asked once, while the ledger's client still has that state.
 */
async function reasonFor(
  rpc: EvmRpc,
  transaction: StoredTransaction,
  txn: string,
  header: Header,
): Promise<Refusal> {
  if (transaction.txn === txn && transaction.height === header.height && transaction.refusal !== null) {
    return transaction.refusal;
  }
  const { signer, to_address: to, data } = transaction;
  const call = { from: signer, to, data };
  const after = await tryCall(rpc, call, header);
  if (after !== null) return after;
  const parent = await readHeader(rpc, header.height - 1);
  const before = parent === null ? null : await tryCall(rpc, call, parent);
  return before ?? refusal("TransactionReverted");
}
