import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";

import type { Channel, Finality, Progress } from "../../../src/channels/channel.ts";
import { encodeSubmission } from "../../../src/channels/evm/encode.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import type { ChannelWarning, EvmChannelOptions } from "../../../src/channels/evm/evm-options.ts";
import { signTransaction } from "../../../src/channels/evm/sign-transaction.ts";
import { TransactionRepository } from "../../../src/channels/evm/transaction-repository.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import type { Store } from "../../../src/store/store.ts";
import { eachStore } from "../../store/each-store.ts";
import { Follower } from "../bench.ts";
import { anchorOf, attached, au, batch, message, revoked, settlementOf, submission } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import {
  deployTestChannel,
  fundedWallet,
  nameHash,
  type TestChannel,
  type TestChannelOptions,
} from "./test-channel.ts";

const immediate: Finality = { kind: "immediate" };

eachStore("Transactions on an EVM", (openFresh, source) => {
  let evm: LocalEvm;
  let ground: TestChannel;
  let snapshot: unknown;
  let options: TestChannelOptions;
  let store: Store;
  let warnings: ChannelWarning[];
  let opened: Channel[];

  before(async () => {
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
    snapshot = await evm.send("evm_snapshot");
  });

  beforeEach(async () => {
    options = ground.options(au, immediate);
    store = await openFresh();
    warnings = [];
    opened = [];
  });

  afterEach(async () => {
    for (const channel of opened) await channel.close();
    evm.intercept(null);
    await evm.send("evm_revert", [snapshot]);
    await evm.send("evm_setAutomine", [true]);
    snapshot = await evm.send("evm_snapshot");
  });

  after(() => evm.close());

  async function open(changes: Partial<EvmChannelOptions> = {}, on = store): Promise<Channel> {
    const channel = await openEvmChannel(
      { ...options, ...changes },
      { store: on, warn: (warning) => warnings.push(warning) },
    );
    opened.push(channel);
    return channel;
  }

  function inform(subject: string) {
    return submission(message({ predicate: attached, subject: parseSubject(subject) }));
  }

  async function until(channel: Channel, key: string, state: Progress["state"]): Promise<Progress> {
    for (let looks = 0; looks < 500; looks += 1) {
      const progress = await channel.progress(key);
      if (progress.state === state) return progress;
      await delay(20);
    }
    throw new Error(`${key} never came to ${state}: ${JSON.stringify(await channel.progress(key))}`);
  }

  function operator(): ethers.Wallet {
    return new ethers.Wallet(options.operatorKey);
  }

  /** A transaction as a node leaves it that dies between storing and broadcasting. */
  async function storeOnly(
    subject: string,
    particulars: { nonceFloor?: number; gasLimit?: number; wallet?: ethers.Wallet } = {},
  ): Promise<string> {
    const wallet = particulars.wallet ?? operator();
    const signer = wallet.address.toLowerCase();
    const sent = inform(subject);
    const to = ground.address.toLowerCase();
    const gasLimit = particulars.gasLimit ?? 300_000;
    const data = encodeSubmission(sent);
    const fees = { dynamic: true, maxFee: 10n ** 10n, maxPriorityFee: 10n ** 9n };
    const { chainId } = evm;
    const nonceFloor = particulars.nonceFloor ?? 0;
    const channelId = `eip155:${chainId}:${to}`;
    await new TransactionRepository(store, chainId).add(
      { signer, channelId, key: sent.key, to, data, gasLimit, nonceFloor },
      Date.now(),
      (nonce) => signTransaction(wallet, { chainId, nonce, to, data, gasLimit }, fees),
    );
    return sent.key;
  }

  async function subjectsOnLedger(channel: Channel): Promise<string[]> {
    const { messages } = await new Follower(channel).follow();
    return messages.map(({ message: { subject } }) => subject).sort();
  }

  async function rows() {
    return store.db.selectFrom("evm_transaction").selectAll().orderBy("nonce").execute();
  }

  it("go out once when the node died between storing and broadcasting", async () => {
    const key = await storeOnly("left-behind");
    const channel = await open();
    await until(channel, key, "accepted");
    await channel.close();
    const again = await open();
    await delay(100);
    expect(await subjectsOnLedger(again)).to.deep.equal(["left-behind"]);
    expect(await evm.send("eth_getTransactionCount", [operator().address, "latest"])).to.equal("0x1");
  });

  it("are stored before anybody sees them", async () => {
    const stored: boolean[] = [];
    const channel = await open();
    evm.intercept(async ({ method, params }) => {
      if (method !== "eth_sendRawTransaction") return null;
      const broadcast = await store.db
        .selectFrom("evm_broadcast")
        .select("hash")
        .where("raw", "=", params[0] as string)
        .execute();
      stored.push(broadcast.length === 1);
      return null;
    });
    const sent = inform("stored-first");
    await channel.submit(sent);
    await until(channel, sent.key, "accepted");
    expect(stored).to.deep.equal([true]);
  });

  it("land exactly once each, fifty submitted at a time by one signer", async () => {
    const channel = await open();
    const sent = Array.from({ length: 50 }, (_, index) =>
      inform(`parallel-${String(index).padStart(2, "0")}`),
    );
    await Promise.all(sent.map((each) => channel.submit(each)));
    for (const { key } of sent) await until(channel, key, "accepted");
    expect(await subjectsOnLedger(channel)).to.deep.equal(sent.map(({ message: { subject } }) => subject));
    expect((await rows()).map(({ nonce }) => nonce)).to.deep.equal(sent.map((_, index) => index));
  });

  it("land exactly once each when replicas of a node share a signer and a database", async () => {
    const location = await source.freshLocation();
    const replicas = await Promise.all([1, 2, 3].map(async () => open({}, await source.open(location))));
    const sent = Array.from({ length: 24 }, (_, index) =>
      inform(`replica-${String(index).padStart(2, "0")}`),
    );
    // Each is handed to two of them.
    const handed = sent.flatMap((each, index) =>
      replicas.filter((_, replica) => replica !== index % 3).map((replica) => replica.submit(each)),
    );
    await Promise.all(handed);
    const [first] = replicas;
    if (first === undefined) throw new Error("No replica");
    for (const { key } of sent) await until(first, key, "accepted");
    expect(await subjectsOnLedger(first)).to.deep.equal(sent.map(({ message: { subject } }) => subject));
  });

  it("are void when a stranger consumed their nonce, and may be submitted again", async () => {
    const key = await storeOnly("overtaken");
    const wallet = operator();
    const foreign = await wallet.signTransaction({
      chainId: evm.chainId,
      nonce: 0,
      to: wallet.address,
      gasLimit: 21_000,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
      type: 2,
    });
    await evm.send("eth_sendRawTransaction", [foreign]);
    const channel = await open();
    await until(channel, key, "absent");
    expect((await rows()).map(({ state }) => state)).to.deep.equal(["void"]);
    const again = { ...inform("overtaken"), key: `${key}:again` };
    await channel.submit(again);
    await until(channel, again.key, "accepted");
    expect(await subjectsOnLedger(channel)).to.deep.equal(["overtaken"]);
  });

  it("get a higher fee at the same nonce when they are stuck", async () => {
    await evm.send("evm_setAutomine", [false]);
    const channel = await open({ stallMilliseconds: 300 });
    const sent = inform("stuck");
    await channel.submit(sent);
    const before = await until(channel, sent.key, "carried");
    await evm.send("hardhat_setNextBlockBaseFeePerGas", [ethers.toQuantity(10n ** 11n)]);
    await evm.send("evm_mine");
    expect((await channel.progress(sent.key)).state).to.equal("carried");
    for (let tries = 0; tries < 100 && (await channel.progress(sent.key)).state === "carried"; tries += 1) {
      await delay(50);
      if ((await versions()).length > 1) await evm.send("evm_mine");
    }
    const after = await until(channel, sent.key, "accepted");
    expect(before.state === "carried" && after.state === "accepted" && before.txn !== after.txn).to.equal(
      true,
    );
    const signed = (await versions()).map(({ raw }) => ethers.Transaction.from(raw));
    expect(new Set(signed.map(({ nonce }) => nonce)).size).to.equal(1);
    expect(signed.at(-1)?.maxFeePerGas ?? 0n).to.be.greaterThan(10n ** 11n);
    expect(await subjectsOnLedger(channel)).to.deep.equal(["stuck"]);
  });

  async function versions() {
    return store.db.selectFrom("evm_broadcast").selectAll().orderBy("created_at").execute();
  }

  it("fill a nonce that was left out, so that what waits behind it goes on", async () => {
    const key = await storeOnly("behind-a-gap", { nonceFloor: 2 });
    const channel = await open({ stallMilliseconds: 200 });
    await until(channel, key, "accepted");
    const stored = await rows();
    expect(stored.map(({ nonce, submission_key }) => [nonce, submission_key])).to.deep.equal([
      [0, null],
      [1, null],
      [2, key],
    ]);
    expect(warnings.map(({ code }) => code)).to.include("nonce-gap-filled");
  });

  it("of a former key are carried on, and hold up nothing of the present one", async () => {
    const old = ethers.Wallet.createRandom();
    const former = new ethers.Wallet(old.privateKey);
    await evm.send("hardhat_setBalance", [former.address, ethers.toQuantity(10n ** 18n)]);
    const admin = ground.admins.get(au);
    if (admin === undefined) throw new Error("Australia has no admin");
    const appointment = await ground.contract
      .connect(admin)
      .appointOperator(nameHash(au), nameHash(attached), former.address);
    await appointment.wait();
    const carried = await storeOnly("of-the-former-key", { wallet: former });
    const stuck = await storeOnly("stuck-for-good", { wallet: former, nonceFloor: 9 });
    const channel = await open({ stallMilliseconds: 100 });
    const sent = inform("of-the-present-key");
    await channel.submit(sent);
    await until(channel, sent.key, "accepted");
    await until(channel, carried, "accepted");
    expect((await channel.progress(stuck)).state).to.equal("carried");
  });

  it("that ran out of gas are refused without a reason of the contract's, so that trying again may help", async () => {
    const key = await storeOnly("starved", { gasLimit: 30_000 });
    const channel = await open();
    const progress = await until(channel, key, "refused");
    expect(progress.state === "refused" && progress.refusal).to.include({
      code: "TransactionReverted",
      nature: "dependent",
    });
  });

  it("that the ledger's client does not take are offered again, and reported after a while", async () => {
    evm.intercept(({ method }) =>
      Promise.resolve(
        method === "eth_sendRawTransaction"
          ? { error: { code: -32000, message: "insufficient funds" } }
          : null,
      ),
    );
    const key = await storeOnly("unfunded");
    await store.db.updateTable("evm_transaction").set({ created_at: 0 }).execute();
    const channel = await open();
    for (let looks = 0; looks < 100 && warnings.length === 0; looks += 1) await delay(20);
    expect(warnings[0]).to.include({ code: "transaction-not-taken" });
    expect(warnings[0]?.detail).to.include("insufficient funds");
    expect((await channel.progress(key)).state).to.equal("carried");
    evm.intercept(null);
    await store.db.updateTable("evm_transaction").set({ touched_at: 0 }).execute();
    await until(channel, key, "accepted");
  });

  it("go on by themselves after the ledger was out of reach", async () => {
    const key = await storeOnly("patient");
    const channel = await open();
    evm.setReachable(false);
    await delay(150);
    evm.setReachable(true);
    await until(channel, key, "accepted");
    expect(warnings).to.deep.equal([]);
  });

  it("are of the old kind where the ledger knows no base fee", async () => {
    evm.intercept(async ({ method }, pass) => {
      if (method !== "eth_getBlockByNumber") return null;
      return { result: { ...((await pass()) as object), baseFeePerGas: undefined } };
    });
    const channel = await open();
    const sent = inform("legacy");
    await channel.submit(sent);
    await until(channel, sent.key, "accepted");
    expect((await versions()).map(({ raw }) => ethers.Transaction.from(raw).type)).to.deep.equal([0]);
  });

  it("cost nothing where gas is free", async () => {
    evm.intercept(async ({ method }, pass) => {
      if (method === "eth_maxPriorityFeePerGas") return { error: { code: -32601, message: "not found" } };
      if (method === "eth_sendRawTransaction") return { result: ethers.id("taken") };
      if (method !== "eth_getBlockByNumber") return null;
      return { result: { ...((await pass()) as object), baseFeePerGas: "0x0" } };
    });
    const channel = await open({ stallMilliseconds: 50 });
    const sent = inform("free");
    await channel.submit(sent);
    await delay(300);
    const signed = (await versions()).map(({ raw }) => ethers.Transaction.from(raw));
    expect(
      signed.map(({ maxFeePerGas }) => maxFeePerGas),
      "no raise above nothing",
    ).to.deep.equal([0n]);
  });

  it("have gas for all the words of a settlement, also for those that were settled already", async () => {
    const channel = await open();
    const formed = batch(16_384);
    const every = Array.from({ length: 16_384 }, (_, index) => index);
    const settlements = [
      settlementOf(formed, revoked, every.slice(1), { obj: message().obj }),
      // One bit is left: an estimate sees one word of 64 written.
      settlementOf(formed, revoked, every),
    ];
    for (const sent of [anchorOf(formed), ...settlements]) {
      await channel.submit(sent);
      await until(channel, sent.key, "accepted");
    }
    const [, first, second] = await rows();
    const receipt = (await evm.send("eth_getTransactionReceipt", [first?.txn])) as { gasUsed: string };
    expect(Number(second?.gas_limit)).to.be.at.least(Number(receipt.gasUsed));
    // And not so much that a block has no room for it.
    expect(Number(second?.gas_limit)).to.be.at.most(2 * Number(receipt.gasUsed));
  });

  it("never leave a key in the database", async () => {
    const channel = await open();
    const sent = inform("secret");
    await channel.submit(sent);
    await until(channel, sent.key, "accepted");
    const everything = JSON.stringify([await rows(), await versions()]);
    expect(everything).not.to.include(options.operatorKey.slice(2));
  });

  it("are not raised by a replica that holds another key", async () => {
    const stranger = await fundedWallet(evm);
    await storeOnly("not-mine", { nonceFloor: 3 });
    await open({ operatorKey: stranger.privateKey, stallMilliseconds: 50 });
    await delay(300);
    expect((await rows()).map(({ nonce }) => nonce)).to.deep.equal([3]);
  });
});
