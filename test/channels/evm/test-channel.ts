import { ethers } from "ethers";

import type { EvmChannelOptions } from "../../../src/channels/evm/evm-options.ts";
import type { Finality } from "../../../src/channels/channel.ts";
import type { Domain } from "../../../src/domain/participant.ts";
import type { Predicate } from "../../../src/domain/predicate.ts";
import type { Channel } from "../../../types/ethers-contracts/Channel.ts";
import { Channel__factory } from "../../../types/ethers-contracts/factories/Channel__factory.ts";
import { au, cn, endpointOf, messageTypes, nz, sg } from "../fixtures.ts";
import type { LocalEvm } from "./local-evm.ts";

const effects = { inform: 1, issue: 2, acquit: 3, revoke: 4 } as const;
const jurisdictions = [
  [au, "AU"],
  [cn, "CN"],
  [sg, "SG"],
  [nz, "NZ"],
] as const;

/** What a node opens a test channel with: its keys are at hand. */
export interface TestChannelOptions extends Omit<EvmChannelOptions, "formerOperatorKeys"> {
  readonly operatorKey: string;
  readonly nodeKey: string;
}

/** A channel deployed on a local EVM, and the keys of everybody who acts on it. */
export interface TestChannel {
  readonly address: string;
  readonly contract: Channel;
  readonly consortium: ethers.BaseWallet;
  readonly admins: ReadonlyMap<Domain, ethers.BaseWallet>;
  readonly operators: ReadonlyMap<Domain, ethers.BaseWallet>;
  readonly nodeKeys: ReadonlyMap<Domain, ethers.BaseWallet>;
  /** What a participant's node opens this channel with. */
  options(participant: Domain, finality: Finality): TestChannelOptions;
}

/** Terms that differ from an open-ended test channel's; seconds since 1970. */
export interface TestTerms {
  readonly opaqueSubjects?: boolean;
  readonly validFrom?: number;
  readonly validUntil?: number;
  /** Not a test channel: its certificates mean something. */
  readonly production?: boolean;
  /** Who leads it, sits on it and acts on it is the same as on this channel; others are made up where left out. */
  readonly as?: TestChannel;
  /** The channel it takes over from; it has the same people. */
  readonly succeeds?: TestChannel;
}

/** The hash by which the contract knows a domain or a predicate. */
export function nameHash(name: Domain | Predicate): string {
  return ethers.id(name);
}

/** A key of its own, with funds. */
export async function fundedWallet(evm: LocalEvm): Promise<ethers.BaseWallet> {
  const wallet = ethers.Wallet.createRandom();
  await evm.send("hardhat_setBalance", [wallet.address, ethers.toQuantity(ethers.parseEther("100"))]);
  return wallet;
}

/**
 * Deploys a channel, registers the message types of the tests, seats Australia, China and Singapore, and invites New
 * Zealand. The EVM must be mining a block for each transaction.
 */
export async function deployTestChannel(evm: LocalEvm, terms: TestTerms = {}): Promise<TestChannel> {
  const provider = new ethers.JsonRpcProvider(evm.rpcUrl, evm.chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  const same = terms.succeeds ?? terms.as;
  const consortium = same?.consortium ?? (await fundedWallet(evm)).connect(provider);
  const done = async (sent: Promise<ethers.ContractTransactionResponse>) => (await sent).wait();
  const contract = await new Channel__factory(consortium).deploy({
    name: "Certificates of origin",
    consortium: consortium.address,
    adminDelay: 0,
    recoveryDelay: terms.production === true ? 86_400 : 60,
    validFrom: terms.validFrom ?? 0,
    validUntil: terms.validUntil ?? 0,
    test: terms.production !== true,
    opaqueSubjects: terms.opaqueSubjects ?? false,
    predecessor: terms.succeeds?.address ?? ethers.ZeroAddress,
  });
  const deployment = await contract.deploymentTransaction()?.wait();
  const fromBlock = deployment?.blockNumber ?? 0;
  for (const { predicate, effect, batchable, target } of messageTypes) {
    const targetHash = target === null ? ethers.ZeroHash : nameHash(target);
    await done(
      contract.registerMessageType(predicate, effects[effect], batchable, targetHash, ethers.ZeroAddress),
    );
  }
  const admins = new Map<Domain, ethers.BaseWallet>();
  const operators = new Map<Domain, ethers.BaseWallet>();
  const nodeKeys = new Map<Domain, ethers.BaseWallet>();
  for (const [domain, country] of jurisdictions) {
    const admin = same?.admins.get(domain) ?? (await fundedWallet(evm)).connect(provider);
    admins.set(domain, admin);
    operators.set(domain, same?.operators.get(domain) ?? (await fundedWallet(evm)));
    nodeKeys.set(domain, same?.nodeKeys.get(domain) ?? (await fundedWallet(evm)));
    await done(contract.admit(domain, ethers.hexlify(ethers.toUtf8Bytes(country)), admin.address));
    if (domain !== nz) await seat(domain, contract.connect(admin));
  }

  async function seat(domain: Domain, asAdmin: Channel): Promise<void> {
    await done(asAdmin.accept(nameHash(domain), endpointOf(domain)));
    for (const { predicate } of messageTypes) {
      const operator = operators.get(domain)?.address ?? "";
      await done(asAdmin.appointOperator(nameHash(domain), nameHash(predicate), operator));
    }
    await done(asAdmin.appointNodeKey(nameHash(domain), nodeKeys.get(domain)?.address ?? ""));
  }

  const address = await contract.getAddress();
  const code = (await evm.send("eth_getCode", [address, "latest"])) as string;
  return {
    address,
    contract,
    consortium,
    admins,
    operators,
    nodeKeys,
    options: (participant, finality) => ({
      technology: "evm",
      rpcUrl: evm.rpcUrl,
      chainId: evm.chainId,
      genesisHash: evm.genesisHash,
      address,
      codeHash: ethers.keccak256(code),
      fromBlock,
      finality,
      operatorKey: keyOf(operators, participant),
      nodeKey: keyOf(nodeKeys, participant),
      pollMilliseconds: 25,
      stallMilliseconds: 60_000,
    }),
  };
}

function keyOf(wallets: ReadonlyMap<Domain, ethers.BaseWallet>, participant: Domain): string {
  const wallet = wallets.get(participant);
  if (wallet === undefined) throw new Error(`${participant} has no key`);
  return wallet.privateKey;
}
