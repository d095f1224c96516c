import { expect } from "chai";
import { ethers } from "ethers";

import type { Channel } from "../../../src/channels/channel.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import type { SigningAccount } from "../../../src/channels/signing-account.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import type { Store } from "../../../src/store/store.ts";
import { eventually } from "../../eventually.ts";
import { eachStore } from "../../store/each-store.ts";
import { au, message, submission } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, nameHash, type TestChannel } from "./test-channel.ts";

eachStore("The accounts that sign on an EVM", (openFresh) => {
  let evm: LocalEvm;
  let ground: TestChannel;
  let store: Store;
  let channel: Channel;

  before(async function () {
    this.timeout(60_000);
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
  });

  beforeEach(async () => {
    store = await openFresh();
    channel = await openEvmChannel(
      { ...ground.options(au, { kind: "confirmations", blocks: 1 }), stallMilliseconds: 300 },
      { store, warn: () => undefined },
    );
  });

  afterEach(async () => {
    await channel.close();
    evm.intercept(null);
    await evm.send("evm_setAutomine", [true]);
  });

  after(() => evm.close());

  const operator = async (): Promise<SigningAccount> => {
    const accounts = (await channel.signingAccounts()) ?? [];
    const found = accounts.find(({ use }) => use === "operator");
    if (found === undefined) throw new Error("There is no operator.");
    return found;
  };
  const send = (subject: string) => channel.submit(submission(message({ subject: parseSubject(subject) })));
  const balanceOf = (account: string, to: bigint) =>
    evm.send("hardhat_setBalance", [account, ethers.toQuantity(to)]);

  it("are told with what is in flight, what was paid, and what the balance is good for", async function () {
    this.timeout(60_000);
    const before = await operator();
    expect(before).to.include({ unit: "wei", nextNonce: null, failure: null, inFlightTotal: 0 });
    expect(before.spent).to.include({ amount: "0", transactions: 0, complete: true });
    expect(before.ledger?.lastsFor).to.be.greaterThan(10);

    await evm.send("evm_setAutomine", [false]);
    await send("one");
    await send("two");
    // The ledger comes to cost more than what they offer, and so the first in line comes to pay more.
    await evm.send("hardhat_setNextBlockBaseFeePerGas", [ethers.toQuantity(10n ** 11n)]);
    await evm.send("evm_mine");
    await eventually(async () => ((await operator()).inFlight[0]?.raises ?? 0) > 0);
    const busy = await operator();
    const nonce = busy.ledger?.nonce ?? -1;
    expect(busy).to.include({ inFlightTotal: 2, nextNonce: nonce + 2 });
    expect(busy.inFlight.map((each) => each.nonce)).to.deep.equal([nonce, nonce + 1]);
    expect(busy.inFlight[0]).to.include({ included: false });
    expect(busy.inFlight[0]?.txn).to.match(/^0x[0-9a-f]{64}$/);
    expect(busy.inFlight[0]?.carries).to.be.a("string");

    const paidBefore = BigInt(busy.ledger?.balance ?? "0");
    await evm.send("evm_setAutomine", [true]);
    const mined = async () => {
      await evm.send("evm_mine");
      return (await operator()).inFlightTotal === 0;
    };
    await eventually(mined);
    const done = await operator();
    expect(done.spent).to.include({ transactions: 2, complete: true });
    expect(BigInt(done.spent?.amount ?? "0")).to.equal(paidBefore - BigInt(done.ledger?.balance ?? "0"));
    expect(done.ledger?.nonce).to.equal(done.nextNonce);
  });

  it("are told to run dry, and to last for ever where gas is free", async () => {
    const { account } = await operator();
    const { balance } = (await operator()).ledger ?? { balance: "0" };
    await balanceOf(account, 0n);
    expect((await operator()).ledger).to.include({ balance: "0", lastsFor: 0 });
    evm.intercept(async ({ method }, pass) => {
      if (method === "eth_maxPriorityFeePerGas") return { error: { code: -32601, message: "not found" } };
      if (method !== "eth_getBlockByNumber") return null;
      return { result: { ...((await pass()) as object), baseFeePerGas: "0x0" } };
    });
    const free = (await operator()).ledger;
    await balanceOf(account, BigInt(balance));
    expect(free).to.include({ balance: "0", lastsFor: null });
  });

  it("are told with what is stored while the ledger is out of reach", async () => {
    await evm.send("evm_setAutomine", [false]);
    await send("three");
    evm.setReachable(false);
    try {
      const away = await operator();
      expect(away).to.include({ ledger: null, failure: "ledger-unreachable", inFlightTotal: 1 });
    } finally {
      evm.setReachable(true);
    }
  });

  it("lose a right that they renounced, which no dismissal tells, and the node learns of a new admin", async function () {
    this.timeout(60_000);
    const own = async () =>
      (await channel.rights())?.participants.find(({ participant }) => participant === au);
    const before = await own();
    const wallet = ground.operators.get(au)?.connect(ground.consortium.provider);
    const admin = ground.admins.get(au);
    if (wallet === undefined || admin === undefined || before === undefined)
      throw new Error("Nobody is seated.");
    expect(before.admin).to.equal(admin.address.toLowerCase());
    expect((await channel.rights())?.consortium).to.deep.equal([ground.consortium.address.toLowerCase()]);
    const predicate = before.operators[0]?.predicates[0];
    if (predicate === undefined) throw new Error("The operator may send nothing.");

    const role = ethers.keccak256(ethers.concat([nameHash(au), nameHash(predicate)]));
    await (await ground.contract.connect(wallet).renounceRole(role, wallet.address)).wait();
    const next = ethers.Wallet.createRandom(ground.consortium.provider);
    await balanceOf(next.address, ethers.parseEther("1"));
    await (await ground.contract.connect(admin).transferAdmin(nameHash(au), next.address)).wait();
    await (await ground.contract.connect(next).acceptAdmin(nameHash(au))).wait();
    await evm.send("evm_mine");
    const after = await own();
    expect(after?.operators[0]?.predicates).to.deep.equal(
      before.operators[0]?.predicates.filter((each) => each !== predicate),
    );
    expect(after?.admin).to.equal(next.address.toLowerCase());
  });
});
