import { ethers } from "ethers";

import type { Channel as LedgerChannel } from "../../../src/channels/channel.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import type { Domain } from "../../../src/domain/participant.ts";
import type { DatabaseLocation } from "../../../src/store/store.ts";
import type { Channel } from "../../../types/ethers-contracts/Channel.ts";
import { contractBatch, contractMessage } from "../../../src/channels/evm/encode.ts";
import type { Bench, BenchTerms } from "../bench.ts";
import { describeConformance } from "../conformance.ts";
import { eachStore, type StoreSource } from "../../store/each-store.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, nameHash, type TestChannel } from "./test-channel.ts";

interface Ground {
  readonly evm: LocalEvm;
  readonly channel: TestChannel;
  /** The state every test begins with. */
  snapshot: unknown;
}

async function timeOf(evm: LocalEvm): Promise<number> {
  const block = (await evm.send("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
  return Number(block.timestamp);
}

async function prepare(terms: BenchTerms): Promise<Ground> {
  const evm = await startLocalEvm();
  const now = await timeOf(evm);
  const channel = await deployTestChannel(evm, {
    ...(terms.opaqueSubjects === undefined ? {} : { opaqueSubjects: terms.opaqueSubjects }),
    ...(terms.validAfter === undefined ? {} : { validFrom: now + terms.validAfter }),
    ...(terms.validFor === undefined ? {} : { validUntil: now + terms.validFor }),
  });
  await evm.send("evm_setAutomine", [false]);
  return { evm, channel, snapshot: await evm.send("evm_snapshot") };
}

// Deploying takes longer than a test: each ledger is set up once, and goes back to its beginning after each test.
const grounds = new Map<string, Promise<Ground>>();

function groundFor(terms: BenchTerms): Promise<Ground> {
  const key = JSON.stringify(terms);
  const ground = grounds.get(key) ?? prepare(terms);
  grounds.set(key, ground);
  return ground;
}

async function createBench(source: StoreSource, terms: BenchTerms): Promise<Bench> {
  const ground = await groundFor(terms);
  const { evm, channel } = ground;

  const locations = new Map<Domain, DatabaseLocation>();
  // The state before each block, to go back to.
  const snapshots: unknown[] = [];
  let forks = 0;

  async function mine(count = 1): Promise<void> {
    for (let made = 0; made < count; made += 1) {
      snapshots.push(await evm.send("evm_snapshot"));
      await evm.send("evm_mine");
    }
  }

  async function act(sent: Promise<ethers.ContractTransactionResponse>): Promise<void> {
    await sent;
    await mine();
  }

  function as(participant: Domain): Channel {
    const admin = channel.admins.get(participant);
    if (admin === undefined) throw new Error(`${participant} has no admin`);
    return channel.contract.connect(admin);
  }

  return {
    async open(participant): Promise<LedgerChannel> {
      const location = locations.get(participant) ?? (await source.freshLocation());
      locations.set(participant, location);
      const store = await source.open(location, participant);
      return openEvmChannel(channel.options(participant, { kind: "confirmations", blocks: 2 }), { store });
    },
    mine,
    async fork(depth) {
      const snapshot = snapshots.splice(-depth)[0];
      await evm.send("evm_revert", [snapshot]);
      // Blocks that are made again have to differ from those that were taken back.
      forks += 1;
      await evm.send("hardhat_setPrevRandao", [ethers.zeroPadValue(ethers.toBeHex(forks), 32)]);
    },
    async advance(seconds) {
      await evm.send("evm_increaseTime", [seconds]);
    },
    setReachable: (reachable) => {
      evm.setReachable(reachable);
    },
    suspend: (participant) => act(channel.contract.suspend(nameHash(participant))),
    reinstate: (participant) => act(channel.contract.reinstate(nameHash(participant))),
    setEndpoint: (participant, endpoint) => act(as(participant).setEndpoint(nameHash(participant), endpoint)),
    dismissOperator: (participant, predicate) =>
      act(
        as(participant).dismissOperator(
          nameHash(participant),
          nameHash(predicate),
          channel.operators.get(participant)?.address ?? "",
        ),
      ),
    appointNodeKey: (participant, account) =>
      act(as(participant).appointNodeKey(nameHash(participant), account)),
    dismissNodeKey: (participant, account = channel.nodeKeys.get(participant)?.address ?? "") =>
      act(as(participant).dismissNodeKey(nameHash(participant), account)),
    closeMessageType: (predicate) => act(channel.contract.closeMessageType(nameHash(predicate))),
    invalidate: (issuance) => act(channel.contract.invalidate(contractMessage(issuance))),
    invalidateBatch: (header, bits) =>
      act(
        channel.contract.invalidateBatch(
          contractBatch(header),
          bits.map(({ word }) => word),
          bits.map(({ mask }) => mask),
        ),
      ),
    deprecate: () => act(channel.contract.deprecate(ethers.ZeroAddress)),
    retire: () => act(channel.contract.retire()),
    time: () => timeOf(evm),
    async close() {
      evm.setReachable(true);
      await evm.send("evm_revert", [ground.snapshot]);
      ground.snapshot = await evm.send("evm_snapshot");
    },
  };
}

eachStore("Channel on an EVM", (_openFresh, source) => {
  describeConformance("evm", (terms) => createBench(source, terms));

  after(async () => {
    for (const ground of grounds.values()) await (await ground).evm.close();
    grounds.clear();
  });
});
