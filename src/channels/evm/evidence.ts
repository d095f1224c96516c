import { encodeRlp, getBytes, toBeHex, toQuantity } from "ethers";

import { ChannelFailure, type EvidencePlace, type Finality, type LedgerEvidence } from "../channel.ts";
import { headerBytes, receiptBytes, transactionBytes } from "./block-records.ts";
import { readEnds } from "./contract.ts";
import { readEvent, textArg } from "./contract-events.ts";
import type { EvmProof } from "./evidence-form.ts";
import { proveInTrie } from "./merkle-patricia.ts";
import { readRight, rightSlot } from "./right.ts";
import { RlpFault } from "./rlp.ts";
import { TrieFault } from "./merkle-patricia.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex, asList, asNumber, asRecord } from "./rpc-values.ts";

/** The channel whose events are proved. */
export interface EvidenceOptions {
  readonly chainId: number;
  readonly genesisHash: string;
  /** Lower-case. */
  readonly address: string;
  readonly codeHash: string;
  readonly finality: Finality;
}

type Answer = Readonly<Record<string, unknown>>;

/** Blocks with more transactions than this are not proved from: the client would be asked for each one's receipt. */
const MOST_TRANSACTIONS = 10_000;

/**
 * Proves that an event is in the ledger's final history: the block's header, and from it the ways to the transaction, to
 * its receipt, and, where the client gives the state of that block, to the operator's right.
 *
 * @throws ChannelFailure `evidence-unavailable`
 */
export async function evmEvidence(
  rpc: EvmRpc,
  options: EvidenceOptions,
  place: EvidencePlace,
): Promise<LedgerEvidence> {
  const { final } = await readEnds(rpc, options.finality);
  const { height, index } = place.position;
  if (height > final.height) throw unavailable(`block ${height} is not final`);
  const block = await blockAt(rpc, height);
  const header = headerBytes(block);
  if (header === null) throw unavailable(`the header of block ${height} does not have the block's hash`);
  const transactions = asList(block.transactions, "list of transactions").map((each) =>
    asRecord(each, "transaction"),
  );
  const position = transactions.findIndex(({ hash }) => hash === place.txn);
  if (position === -1) throw unavailable(`block ${height} does not hold the transaction`);
  const receipts = await receiptsOf(rpc, height, transactions);
  const log = asList(receipts[position]?.logs, "receipt's logs").findIndex(
    (each) => asNumber(asRecord(each, "log").logIndex, "log index") === index,
  );
  if (log === -1) throw unavailable(`the transaction has no event ${index}`);
  const proof: EvmProof = {
    chainId: options.chainId,
    genesisHash: options.genesisHash.toLowerCase(),
    address: options.address,
    codeHash: options.codeHash.toLowerCase(),
    finality: options.finality,
    block: { number: height, hash: asHex(block.hash, "block hash", 32), header },
    transaction: {
      hash: asHex(place.txn, "transaction", 32),
      index: position,
      ...provenTransaction(transactions, position, block),
    },
    receipt: { ...provenReceipt(receipts, position, block), log },
    right: await rightAt(rpc, options, block, receipts[position] ?? {}, log),
  };
  return { technology: "evm", proof: { ...proof } };
}

async function blockAt(rpc: EvmRpc, height: number): Promise<Answer> {
  return asRecord(await rpc.send("eth_getBlockByNumber", [toQuantity(height), true]), "block");
}

/** All receipts of a block, in one answer where the client can, else one by one. */
async function receiptsOf(
  rpc: EvmRpc,
  height: number,
  transactions: readonly Answer[],
): Promise<readonly Answer[]> {
  if (transactions.length > MOST_TRANSACTIONS) throw unavailable("its block holds too many transactions");
  try {
    const all = await rpc.send("eth_getBlockReceipts", [toQuantity(height)]);
    return asList(all, "list of receipts").map((each) => asRecord(each, "receipt"));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  return Promise.all(
    transactions.map(async ({ hash }) =>
      asRecord(await rpc.send("eth_getTransactionReceipt", [hash]), "receipt"),
    ),
  );
}

function trieKey(index: number): Uint8Array {
  return getBytes(encodeRlp(index === 0 ? "0x" : toBeHex(index)));
}

function prove(records: readonly string[], position: number): ReturnType<typeof proveInTrie> {
  const entries = records.map((record, index) => ({ key: trieKey(index), value: getBytes(record) }));
  return proveInTrie(entries, trieKey(position));
}

function provenReceipt(
  receipts: readonly Answer[],
  position: number,
  block: Answer,
): Pick<EvmProof["receipt"], "bytes" | "proof"> {
  const written = receipts.map(receiptBytes);
  const { root, proof } = prove(written, position);
  if (root !== block.receiptsRoot)
    throw unavailable("the receipts of its block do not have the block's root");
  return { bytes: written[position] ?? "0x", proof };
}

function provenTransaction(
  transactions: readonly Answer[],
  position: number,
  block: Answer,
): Pick<EvmProof["transaction"], "bytes" | "proof"> {
  const written = transactions.flatMap((each) => transactionBytes(each) ?? []);
  if (written.length === transactions.length) {
    const { root, proof } = prove(written, position);
    if (root === block.transactionsRoot) return { bytes: written[position] ?? null, proof };
  }
  return { bytes: null, proof: [] };
}

/** Clients keep the state of old blocks only where they are told to, so this may fail on a healthy ledger. */
async function rightAt(
  rpc: EvmRpc,
  { address }: EvidenceOptions,
  block: Answer,
  receipt: Answer,
  log: number,
): Promise<EvmProof["right"]> {
  const logs = asList(receipt.logs, "receipt's logs");
  const { topics, data } = asRecord(logs[log], "log");
  const event = readEvent({
    height: 0,
    blockHash: "",
    txn: "",
    index: 0,
    topics: asList(topics, "log topics").map((topic) => asHex(topic, "log topic", 32)),
    data: asHex(data, "log data"),
  });
  const operator = textArg(event, "operator");
  if (operator === "") return { kind: "event", why: "The event is not one of an operator's." };
  const slot = rightSlot(textArg(event, "sender"), textArg(event, "predicate"), operator);
  try {
    const answer = asRecord(await rpc.send("eth_getProof", [address, [slot], block.number]), "proof");
    const [storage] = asList(answer.storageProof, "storage proof");
    const proofs = {
      accountProof: nodes(answer.accountProof),
      storageProof: nodes(asRecord(storage, "storage proof").proof),
    };
    const right = readRight(asHex(block.stateRoot, "state root", 32), address, slot, proofs);
    if (right?.held === true) return { kind: "state", ...proofs };
    return { kind: "event", why: "The right was taken away within the same block." };
  } catch (error) {
    if (error instanceof RpcError || error instanceof TrieFault || error instanceof RlpFault) {
      return { kind: "event", why: "The ledger's client does not give the state of that block." };
    }
    throw error;
  }
}

function nodes(value: unknown): readonly string[] {
  return asList(value, "proof").map((node) => asHex(node, "node of a proof"));
}

function unavailable(why: string): ChannelFailure {
  return new ChannelFailure("retry", "evidence-unavailable", `The ledger cannot be proved from now: ${why}.`);
}
