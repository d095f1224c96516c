import { ChannelFailure, type Finality } from "../channel.ts";
import { readHeader, type Header } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";

/**
 * The last height that the ledger can no longer take back, by the channel's declared finality; below 0 when there is none
 * yet.
 *
 * @param head the newest block known
 * @throws ChannelFailure `finality-unsupported` when the ledger has no `finalized` tag
 */
export async function finalHeight(rpc: EvmRpc, finality: Finality, head: Header): Promise<number> {
  if (finality.kind === "immediate") return head.height;
  if (finality.kind === "confirmations") return head.height - finality.blocks;
  try {
    const finalised = await readHeader(rpc, "finalized");
    return finalised === null ? -1 : Math.min(finalised.height, head.height);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new ChannelFailure(
      "stop",
      "finality-unsupported",
      "The ledger does not say which block is finalized: configure `immediate` or `confirmations`, as its own rules say.",
      { cause: error },
    );
  }
}
