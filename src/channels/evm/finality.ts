import { ChannelFailure, type Finality } from "../channel.ts";
import { parseHeader, readHeader, type Header } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";

/** Looks that must all find a setting too weak before it is refused. */
const LOOKS = 3;
/** How clients say that they know no such tag: wrong parameters, no such method, or a block that they do not know. */
const TAG_UNKNOWN: ReadonlySet<number> = new Set([-32602, -32601, -39001]);

/**
 * The last height that the ledger can no longer take back, by the channel's declared finality; below 0 when there is none
 * yet.
 *
 * @param head the newest block known
 * @throws ChannelFailure retry `finality-unavailable` when the client does not say what is finalized
 */
export async function finalHeight(rpc: EvmRpc, finality: Finality, head: Header): Promise<number> {
  if (finality.kind === "immediate") return head.height;
  if (finality.kind === "confirmations") return head.height - finality.blocks;
  try {
    const finalised = await readHeader(rpc, "finalized");
    return finalised === null ? -1 : Math.min(finalised.height, head.height);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw unavailable(error);
  }
}

/**
 * Makes sure, as far as the ledger tells, that the declared finality is one that it has, and no weaker than its own.
 *
 * @throws ChannelFailure stop: `finality-unsupported` or `finality-too-weak`; retry while the ledger is out of reach
 */
export async function checkFinality(rpc: EvmRpc, finality: Finality): Promise<void> {
  if (finality.kind === "finalized") return checkTag(rpc);
  if (finality.kind === "confirmations" && !(Number.isSafeInteger(finality.blocks) && finality.blocks > 0)) {
    throw stop("finality-unsupported", "A number of confirmations is a whole number from 1 on.");
  }
  const blocks = finality.kind === "immediate" ? 0 : finality.blocks;
  let lag = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    lag = await finalizedLag(rpc);
    if (lag <= blocks) return;
  }
  const declared = blocks === 0 ? "immediate" : `confirmations:${blocks}`;
  throw stop(
    "finality-too-weak",
    `The ledger calls final what lies ${lag} blocks below its newest, which ${declared} does not wait for: write finality: finalized.`,
  );
}

/**
 * How far the ledger's own finalized block lies below its newest; 0 where it names none. Two answers are never of one
 * moment. A block that was there before cannot be too new for a finalized one that is asked for after it; a newest block
 * that comes with it in one request cannot be another client's. The smaller distance counts.
 */
async function finalizedLag(rpc: EvmRpc): Promise<number> {
  try {
    const before = await readHeader(rpc, "latest");
    const [latest, tagged] = await rpc.sendTogether(
      ["eth_getBlockByNumber", ["latest", false]],
      ["eth_getBlockByNumber", ["finalized", false]],
    );
    const head = parseHeader(latest);
    const finalised = parseHeader(tagged);
    if (before === null || head === null || finalised === null) return 0;
    return Math.max(0, Math.min(before.height, head.height) - finalised.height);
  } catch (error) {
    if (error instanceof RpcError) return 0; // the ledger has no such tag, and nothing to compare with
    throw error;
  }
}

async function checkTag(rpc: EvmRpc): Promise<void> {
  try {
    await readHeader(rpc, "finalized");
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (!TAG_UNKNOWN.has(error.errorCode)) throw unavailable(error);
    throw new ChannelFailure(
      "stop",
      "finality-unsupported",
      "The ledger does not say which block is finalized: configure `immediate` or `confirmations`, as its own rules say.",
      { cause: error },
    );
  }
}

/** A client that has only just started has nothing to say of it yet; so has one without its consensus client. */
function unavailable(cause: RpcError): ChannelFailure {
  return new ChannelFailure(
    "retry",
    "finality-unavailable",
    "The ledger's client does not say at present which block is finalized.",
    { cause },
  );
}

function stop(code: string, detail: string): ChannelFailure {
  return new ChannelFailure("stop", code, detail);
}
