import { toQuantity } from "ethers";

import { moved } from "./consistency.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex, asList, asRecord } from "./rpc-values.ts";

type Answer = Readonly<Record<string, unknown>>;

/**
 * The logs of every contract in one block, as its receipts hold them: for clients that give only so many logs at a time.
 *
 * @throws ChannelFailure `ledger-inconsistent` when the client does not know the block
 */
export async function logsInReceipts(
  rpc: EvmRpc,
  height: number,
  blockHash: string,
): Promise<readonly Answer[]> {
  const block = await rpc.send("eth_getBlockByHash", [blockHash, false]);
  if (block === null) throw moved();
  const transactions = asList(asRecord(block, "block").transactions, "list of transactions").map((hash) =>
    asHex(hash, "transaction", 32),
  );
  const receipts = await receiptsOf(rpc, height, transactions);
  if (receipts.length !== transactions.length) throw moved();
  if (receipts.some((receipt) => asHex(receipt.blockHash, "receipt's block", 32) !== blockHash))
    throw moved();
  return receipts.flatMap((receipt) =>
    asList(receipt.logs, "receipt's logs").map((log) => asRecord(log, "log")),
  );
}

async function receiptsOf(
  rpc: EvmRpc,
  height: number,
  transactions: readonly string[],
): Promise<readonly Answer[]> {
  try {
    const all = await rpc.send("eth_getBlockReceipts", [toQuantity(height)]);
    if (all === null) throw moved();
    return asList(all, "list of receipts").map((each) => asRecord(each, "receipt"));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
  const each = await Promise.all(transactions.map((hash) => rpc.send("eth_getTransactionReceipt", [hash])));
  if (each.includes(null)) throw moved();
  return each.map((receipt) => asRecord(receipt, "receipt"));
}
