import { network } from "hardhat";

import type { ContractTransactionResponse, TransactionResponse } from "ethers";

/** Gas by operation. */
export type Figures = Record<string, number>;

/** The one in-process EVM on which ours and theirs are measured. */
export type Chain = Awaited<ReturnType<typeof openChain>>;

/** One of its accounts, able to sign. */
export type Account = Awaited<ReturnType<Chain["ethers"]["getSigner"]>>;

/** Starts a fresh EVM by the rules of the Prague hard fork, whatever the project's default network follows. */
export async function openChain() {
  return await network.create({ network: "default", override: { hardfork: "prague" } });
}

/**
 * The gas a transaction used, out of its receipt.
 *
 * @throws Error when it was not mined; a reverted one throws by itself
 */
export async function gasOf(
  sent: Promise<ContractTransactionResponse | TransactionResponse>,
): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("A measured transaction was not mined.");
  return Number(receipt.gasUsed);
}

/** One item's share of what many cost together, rounded up to a tenth. */
export function share(gas: number, items: number): number {
  return Math.ceil((gas * 10) / items) / 10;
}

/** The chain's prefunded accounts, given names in their order. */
export async function accounts<const Name extends string>(chain: Chain, ...names: readonly Name[]) {
  const signers = await chain.ethers.getSigners();
  const entries = names.map((name, place) => {
    const signer = signers[place];
    if (signer === undefined) throw new Error(`No account is left for ${name}.`);
    return [name, signer] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Account>;
}
