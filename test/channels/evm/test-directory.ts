import { ethers } from "ethers";

import { ChannelDirectory__factory } from "../../../types/ethers-contracts/factories/ChannelDirectory__factory.ts";
import type { EvmDirectoryConfig } from "../../../src/config.ts";
import type { Domain } from "../../../src/domain/participant.ts";
import type { LocalEvm } from "./local-evm.ts";
import type { TestChannel } from "./test-channel.ts";

/** A directory deployed on a local EVM. */
export interface TestDirectory {
  readonly address: string;
  /** What pins it, for a node's configuration. */
  readonly pins: Pick<
    EvmDirectoryConfig,
    "technology" | "rpcUrl" | "chainId" | "genesisHash" | "address" | "codeHash" | "fromBlock" | "finality"
  >;
  list(channel: TestChannel): Promise<void>;
  delist(channel: TestChannel): Promise<void>;
}

/** The participant's keys on a channel, as options. */
export function keysOn(
  channel: TestChannel,
  participant: Domain,
): { readonly operatorKey: string; readonly nodeKey: string } {
  const { operatorKey, nodeKey } = channel.options(participant, { kind: "immediate" });
  return { operatorKey, nodeKey };
}

/** Deploys an empty directory, owned by whoever leads `channel`. */
export async function deployTestDirectory(evm: LocalEvm, channel: TestChannel): Promise<TestDirectory> {
  const owner = channel.consortium;
  const contract = await new ChannelDirectory__factory(owner).deploy(owner.address);
  await contract.waitForDeployment();
  const address = await contract.getAddress();
  const code = (await evm.send("eth_getCode", [address, "latest"])) as string;
  return {
    address,
    pins: {
      ...{ technology: "evm", rpcUrl: evm.rpcUrl, chainId: evm.chainId, genesisHash: evm.genesisHash },
      ...{ address, codeHash: ethers.keccak256(code), fromBlock: 0, finality: { kind: "immediate" } },
    },
    async list(listed) {
      await (await contract.list(listed.address)).wait();
    },
    async delist(listed) {
      await (await contract.delist(listed.address, "for a test")).wait();
    },
  };
}
