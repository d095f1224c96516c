import { ethers } from "ethers";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import type { ChannelDirectory } from "../../types/ethers-contracts/ChannelDirectory.ts";
import { ChannelDirectory__factory } from "../../types/ethers-contracts/factories/ChannelDirectory__factory.ts";
import { Channel__factory } from "../../types/ethers-contracts/factories/Channel__factory.ts";
import type { Account, Accounts } from "./account.ts";
import { developmentTypes } from "./vocabulary.ts";

/** What the consortium of a development network has set up. */
export interface Consortium {
  readonly directory: ChannelDirectory;
  readonly channel: Channel;
  readonly channelAddress: string;
  readonly directoryAddress: string;
  /** Block of the channel's creation. */
  readonly channelBlock: number;
  /** The consortium's own account, which admits and suspends. */
  readonly account: Account;
}

/** Accounts of a seated participant. */
export interface Seat {
  readonly admin: Account;
  /** Sends every message type for the participant. */
  readonly operator: Account;
  /** Speaks for the participant's node. */
  readonly nodeKey: Account;
}

const effects = { inform: 1n, issue: 2n, acquit: 3n, revoke: 4n } as const;

/** The hash by which the ledger knows a domain or a predicate. */
export function nameHash(name: string): string {
  return ethers.id(name);
}

async function done(sent: Promise<ethers.ContractTransactionResponse>): Promise<void> {
  const receipt = await (await sent).wait();
  if (receipt?.status !== 1) throw new Error("A transaction of the consortium's was not taken.");
}

/**
 * Deploys the directory and one test channel, lists the channel, and registers the development vocabulary.
 *
 * @param accounts where the consortium's account comes from
 */
export async function foundConsortium(accounts: Accounts): Promise<Consortium> {
  const account = await accounts.create("consortium");
  const { signer } = account;
  const directory = await new ChannelDirectory__factory(signer).deploy(signer.address);
  await directory.waitForDeployment();
  const channel = await new Channel__factory(signer).deploy({
    name: "Certificates of origin, development",
    consortium: signer.address,
    adminDelay: 0,
    recoveryDelay: 60,
    validFrom: 0,
    validUntil: 0,
    test: true,
    opaqueSubjects: false,
    predecessor: ethers.ZeroAddress,
  });
  const receipt = await channel.deploymentTransaction()?.wait();
  if (receipt?.status !== 1) throw new Error("The channel was not deployed.");
  const [channelAddress, directoryAddress] = await Promise.all([
    channel.getAddress(),
    directory.getAddress(),
  ]);
  await done(directory.list(channelAddress));
  for (const { predicate, effect, target, batchable = false } of developmentTypes) {
    const targetHash = target === undefined ? ethers.ZeroHash : nameHash(target);
    await done(
      channel.registerMessageType(predicate, effects[effect], batchable, targetHash, ethers.ZeroAddress),
    );
  }
  return { directory, channel, channelAddress, directoryAddress, channelBlock: receipt.blockNumber, account };
}

/**
 * The consortium admits a participant; the participant's own admin accepts, announces its node's address and appoints
 * one account as operator for every message type and another as the node's key.
 *
 * @param participant its domain, such as `customs.gov.cn`
 * @param jurisdiction ISO 3166-1 alpha-2
 * @param endpoint base URL of its node without trailing slash
 */
export async function seatParticipant(
  consortium: Consortium,
  accounts: Accounts,
  { participant, jurisdiction, endpoint }: { participant: string; jurisdiction: string; endpoint: string },
): Promise<Seat> {
  const admin = await accounts.create(`${participant}-admin`);
  const operator = await accounts.create(`${participant}-operator`);
  const nodeKey = await accounts.create(`${participant}-node`);
  const id = nameHash(participant);
  await done(
    consortium.channel.admit(
      participant,
      ethers.hexlify(ethers.toUtf8Bytes(jurisdiction)),
      admin.signer.address,
    ),
  );
  const asAdmin = consortium.channel.connect(admin.signer);
  await done(asAdmin.accept(id, endpoint));
  for (const { predicate } of developmentTypes) {
    await done(asAdmin.appointOperator(id, nameHash(predicate), operator.signer.address));
  }
  await done(asAdmin.appointNodeKey(id, nodeKey.signer.address));
  return { admin, operator, nodeKey };
}
