import { isAddress, keccak256 } from "ethers";

import { SUBJECT_LENGTH } from "../../domain/subject.ts";
import { ChannelFailure, type ChannelDescription } from "../channel.ts";
import { contractViews, stateUnavailable } from "./contract.ts";
import type { EvmChannelOptions } from "./evm-options.ts";
import { readHeader } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex, asNumber } from "./rpc-values.ts";

/** What tells a contract on a ledger from all others. */
export type EvmPins = Pick<
  EvmChannelOptions,
  "chainId" | "genesisHash" | "address" | "codeHash" | "fromBlock"
>;

function stop(code: string, detail: string): ChannelFailure {
  return new ChannelFailure("stop", code, detail);
}

/**
 * Makes sure that the ledger and the contract are the ones configured: anyone can run a ledger, and deploy a contract that
 * claims to be a channel (PROTOCOL §6).
 *
 * @throws ChannelFailure stop: `wrong-chain`, `wrong-genesis` or `wrong-contract`; retry while the ledger is out of reach
 */
export async function checkPins(rpc: EvmRpc, options: EvmPins): Promise<void> {
  const { chainId, genesisHash, address, codeHash } = options;
  if (!isAddress(address))
    throw stop("wrong-contract", "The contract's address is malformed, or its checksum wrong.");
  const chain = asNumber(await rpc.send("eth_chainId", []), "chain id");
  if (chain !== chainId) throw stop("wrong-chain", `The ledger is chain ${chain}, not ${chainId}.`);
  const genesis = await readHeader(rpc, 0);
  if (genesis?.hash !== genesisHash.toLowerCase()) {
    throw stop(
      "wrong-genesis",
      `The ledger begins with block ${genesis?.hash ?? "unknown"}, not ${genesisHash}.`,
    );
  }
  const head = await readHeader(rpc, "latest");
  if (head === null) throw stateUnavailable(0);
  const code = asHex(await rpc.send("eth_getCode", [address, "latest"]), "code");
  // Without code there: the client may not have come as far as the contract's block.
  if (code === "0x" && head.height < options.fromBlock) throw stateUnavailable(options.fromBlock);
  if (keccak256(code) !== codeHash.toLowerCase()) {
    throw stop(
      "wrong-contract",
      `The code at ${address} is not the one configured: its hash is ${keccak256(code)}.`,
    );
  }
}

/**
 * Reads a channel's unchangeable terms.
 *
 * @throws ChannelFailure
 */
export async function describeChannel(rpc: EvmRpc, options: EvmChannelOptions): Promise<ChannelDescription> {
  const { chainId, finality } = options;
  const address = options.address.toLowerCase();
  const network = networkOf(chainId);
  const views = contractViews(rpc, address);
  try {
    const [name, test, opaqueSubjects, validFrom, validUntil, predecessor, batchSize] = await Promise.all([
      views.name(),
      views.isTest(),
      views.opaqueSubjects(),
      views.validFrom(),
      views.validUntil(),
      views.predecessor(),
      views.MAX_BATCH(),
    ]);
    return {
      id: `${network}:${address}`,
      name,
      technology: "evm",
      network,
      type: test ? "test" : "production",
      opaqueSubjects,
      validFrom: Number(validFrom),
      validUntil: validUntil === 0n ? null : Number(validUntil),
      predecessor: BigInt(predecessor) === 0n ? null : `${network}:${predecessor.toLowerCase()}`,
      finality,
      limits: { subjectLength: SUBJECT_LENGTH, batchSize: Number(batchSize) },
    };
  } catch (error) {
    throw error instanceof RpcError ? stateUnavailable(0, error) : error;
  }
}

/** The name of an EVM network (CAIP-2). */
export function networkOf(chainId: number): string {
  return `eip155:${chainId}`;
}
