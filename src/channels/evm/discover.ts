import { isError, keccak256, toQuantity } from "ethers";

import { Channel__factory } from "../../../types/ethers-contracts/factories/Channel__factory.ts";
import { IChannelDirectory__factory } from "../../../types/ethers-contracts/factories/interfaces/IChannelDirectory__factory.ts";
import { ChannelFailure } from "../channel.ts";
import type { DirectoryQuery, Finding } from "../directory.ts";
import { connectLedger } from "./connect.ts";
import { ofOneClient } from "./consistency.ts";
import { readEnds } from "./contract.ts";
import { channelInterface } from "./contract-events.ts";
import type { EvmChannelOptions } from "./evm-options.ts";
import { checkFinality } from "./finality.ts";
import { isKnownCode } from "./known-code.ts";
import { LogRanges } from "./logs.ts";
import { checkPins, networkOf } from "./pins.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex } from "./rpc-values.ts";

/** A directory contract, the conditions under which its channels are opened, and the keys to open them with. */
export interface EvmDirectoryOptions extends Omit<
  EvmChannelOptions,
  "address" | "codeHash" | "fromBlock" | "pollMilliseconds" | "stallMilliseconds"
> {
  /** Address of the directory's contract: `0x` and 40 hexadecimal digits. */
  readonly address: string;
  /** Keccak-256 of the directory's code. */
  readonly codeHash: string;
  /** Nothing before this block is read for a channel. */
  readonly fromBlock: number;
  /** Keccak-256 of further code that a channel may have, besides that of a channel contract this release knows. */
  readonly codeHashes: readonly string[];
  /** Accounts of which one must be the channel's consortium; empty for any. */
  readonly consortiums: readonly string[];
  /** How often transactions under way on its channels are looked after; the plug-in's own where left out. */
  readonly pollMilliseconds?: number;
}

const PAGE = 100;
/** More than any agreement needs; each channel that is opened is followed for good. */
const MOST_CHANNELS = 1_000;
const WIDEST = 1_000_000;
const CREATED = channelInterface.getEvent("ChannelCreated").topicHash;

/** The network that a directory's channels are on. */
export function directoryNetwork({ chainId }: EvmDirectoryOptions): string {
  return networkOf(chainId);
}

/**
 * Reads a directory as of the ledger's last final block, and judges each channel that it lists, or that is named: whether
 * its code is known, whose channel it is, and in which block it began.
 *
 * @throws ChannelFailure stop: as `checkPins` and `checkFinality` for the directory's own; retry while the ledger is out of reach
 */
export async function discoverEvmChannels(
  options: EvmDirectoryOptions,
  query: DirectoryQuery,
): Promise<readonly Finding[]> {
  const pins = { ...options, fromBlock: 0 };
  // A look is short: whoever answers now is asked, and nobody is watched.
  const rpc = connectLedger(pins, { probeMilliseconds: null });
  try {
    await checkPins(rpc, pins);
    await checkFinality(rpc, options.finality);
    return await ofOneClient(rpc, () => findChannels(rpc, options, query));
  } catch (error) {
    if (error instanceof ChannelFailure) throw error;
    // The client cannot answer for the final block: it has dropped its state, or the directory is younger.
    throw new ChannelFailure(
      "retry",
      "state-unavailable",
      `The ledger's client does not answer for the directory at ${options.address}.`,
      { cause: error },
    );
  } finally {
    rpc.destroy();
  }
}

async function findChannels(
  rpc: EvmRpc,
  options: EvmDirectoryOptions,
  query: DirectoryQuery,
): Promise<readonly Finding[]> {
  const { final } = await readEnds(rpc, options.finality);
  const prefix = `${networkOf(options.chainId)}:`;
  const listed = await listedChannels(rpc, options.address, final.height);
  const named = query.named.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  const findings: Finding[] = [];
  for (const address of new Set([...listed, ...named])) {
    const id = `${prefix}${address}`;
    if (!query.known.has(id)) findings.push(await judgeChannel(rpc, options, { id, address }, final.height));
  }
  return findings;
}

async function listedChannels(rpc: EvmRpc, directory: string, height: number): Promise<readonly string[]> {
  const { channels } = IChannelDirectory__factory.connect(directory, rpc);
  const found: string[] = [];
  for (let offset = 0; offset < MOST_CHANNELS; offset += PAGE) {
    const page = await channels(offset, PAGE, { blockTag: height });
    found.push(...page.map((address) => address.toLowerCase()));
    if (page.length < PAGE) break;
  }
  return found;
}

async function judgeChannel(
  rpc: EvmRpc,
  options: EvmDirectoryOptions,
  { id, address }: { readonly id: string; readonly address: string },
  height: number,
): Promise<Finding> {
  const code = asHex(await rpc.send("eth_getCode", [address, toQuantity(height)]), "code");
  // Deployed, but not finally; or named before its client has come so far.
  if (code === "0x") return { id, verdict: "pending" };
  const codeHash = keccak256(code);
  if (!isKnownCode(code) && !options.codeHashes.some((hash) => hash.toLowerCase() === codeHash)) {
    return {
      ...{ id, verdict: "refused", code: "code-unknown" },
      detail: `The channel at ${address} has code of hash ${codeHash}, which is neither a channel contract's that this release knows nor allowed by codeHashes.`,
    };
  }
  const { consortiums } = options;
  if (consortiums.length > 0) {
    const consortium = await consortiumOf(rpc, address, height);
    if (!consortiums.some((each) => each.toLowerCase() === consortium)) {
      return {
        ...{ id, verdict: "refused", code: "consortium-unknown" },
        detail: `The channel at ${address} is led by ${consortium ?? "nobody"}, which consortiums does not name.`,
      };
    }
  }
  const fromBlock = await creationBlock(rpc, address, options.fromBlock, height);
  if (fromBlock === null) {
    return {
      ...{ id, verdict: "refused", code: "creation-unknown" },
      detail: `The channel at ${address} was not created from block ${options.fromBlock} on: set fromBlock lower.`,
    };
  }
  return { id, verdict: "allowed", options: { ...channelOptions(options), address, codeHash, fromBlock } };
}

/** The account that leads a channel; null where a contract of other code does not say. */
async function consortiumOf(rpc: EvmRpc, address: string, height: number): Promise<string | null> {
  try {
    return (await Channel__factory.connect(address, rpc).defaultAdmin({ blockTag: height })).toLowerCase();
  } catch (error) {
    if (isError(error, "BAD_DATA") || (error instanceof RpcError && error.data !== null)) return null;
    throw error;
  }
}

/** The block in which a channel announced its own creation. */
async function creationBlock(
  rpc: EvmRpc,
  address: string,
  fromBlock: number,
  height: number,
): Promise<number | null> {
  const ranges = new LogRanges(rpc, address, { topics: [[CREATED]], span: WIDEST });
  for (let from = fromBlock; from <= height;) {
    const { logs, covered } = await ranges.read(from, height);
    const [created] = logs;
    if (created !== undefined) return created.height;
    from = covered + 1;
  }
  return null;
}

/** What a directory says of all its channels. */
function channelOptions(
  options: EvmDirectoryOptions,
): Omit<EvmChannelOptions, "address" | "codeHash" | "fromBlock"> {
  const { technology, rpcUrl, otherRpcUrls, chainId, genesisHash, finality } = options;
  const { operatorKey, formerOperatorKeys, nodeKey, maxFeeGwei, pollMilliseconds } = options;
  return {
    ...{ technology, rpcUrl, chainId, genesisHash, finality, nodeKey },
    ...(otherRpcUrls === undefined ? {} : { otherRpcUrls }),
    ...(operatorKey === undefined ? {} : { operatorKey }),
    ...(formerOperatorKeys === undefined ? {} : { formerOperatorKeys }),
    ...(maxFeeGwei === undefined ? {} : { maxFeeGwei }),
    ...(pollMilliseconds === undefined ? {} : { pollMilliseconds }),
  };
}
