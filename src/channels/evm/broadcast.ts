import type { JsonRpcPayload } from "ethers";

import type { EvmRpc } from "./rpc.ts";

/**
 * Offers a signed transaction to the ledger, in a request of its own: a client that lets one wait, lets nothing else wait
 * that is asked at the same moment. What it answers proves nothing about the transaction's fate.
 *
 * @throws ChannelFailure when the client is out of reach; RpcError when it turns the transaction away
 */
export async function broadcast(rpc: EvmRpc, raw: string): Promise<void> {
  const payload: JsonRpcPayload = { jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] };
  const [answer] = await rpc._send(payload);
  if (answer !== undefined && "error" in answer) throw rpc.getRpcError(payload, answer);
}
