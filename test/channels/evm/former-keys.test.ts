import { expect } from "chai";
import { ethers } from "ethers";

import type { Channel, Finality } from "../../../src/channels/channel.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import type { EvmKey } from "../../../src/channels/evm/evm-key.ts";
import type { ChannelWarning, EvmChannelOptions } from "../../../src/channels/evm/evm-options.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import type { Store } from "../../../src/store/store.ts";
import { eventually } from "../../eventually.ts";
import { rejection } from "../../rejection.ts";
import { eachStore } from "../../store/each-store.ts";
import { Follower } from "../bench.ts";
import { attached, au, message, messageTypes, submission } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, fundedWallet, nameHash, type TestChannel } from "./test-channel.ts";

const immediate: Finality = { kind: "immediate" };

eachStore("Former operator keys on an EVM", (openFresh, source) => {
  let evm: LocalEvm;
  let ground: TestChannel;
  let next: ethers.BaseWallet;
  let store: Store;
  let opened: Channel[];
  let warnings: ChannelWarning[];

  before(async () => {
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
    next = await fundedWallet(evm);
    const contract = ground.contract.connect(ground.admins.get(au) ?? expect.fail("No admin."));
    for (const { predicate } of messageTypes) {
      await (await contract.appointOperator(nameHash(au), nameHash(predicate), next.address)).wait();
    }
  });

  beforeEach(async () => {
    store = await openFresh();
    opened = [];
    warnings = [];
  });

  afterEach(async () => {
    for (const channel of opened) await channel.close();
    await evm.send("evm_setAutomine", [true]);
    await evm.send("evm_mine");
  });

  after(() => evm.close());

  const former = () => ground.options(au, immediate).operatorKey;

  async function open(changes: Partial<EvmChannelOptions> = {}, on = store): Promise<Channel> {
    const options = { ...ground.options(au, immediate), stallMilliseconds: 100, ...changes };
    const channel = await openEvmChannel(options, { store: on, warn: (warning) => warnings.push(warning) });
    opened.push(channel);
    return channel;
  }

  const inform = (subject: string) =>
    submission(message({ predicate: attached, subject: parseSubject(`${subject}-${store.dialect}`) }));

  const arrives = (channel: Channel, key: string) =>
    eventually(async () => (await channel.progress(key)).state === "accepted");

  const versions = () => store.db.selectFrom("evm_broadcast").selectAll().orderBy("created_at").execute();

  /** Leaves something behind that the former key has signed, and that the base fee has outgrown. */
  async function leaveBehind(subject: string) {
    await evm.send("evm_setAutomine", [false]);
    const before = await open();
    const sent = inform(subject);
    await before.submit(sent);
    await before.close();
    const [version] = await versions();
    await evm.send("hardhat_dropTransaction", [version?.hash]);
    const outgrown = BigInt(version?.max_fee ?? "0") * 2n;
    await evm.send("hardhat_setNextBlockBaseFeePerGas", [ethers.toQuantity(outgrown)]);
    await evm.send("evm_mine");
    return sent;
  }

  it("bring what they signed to its end, raise its fee, and sign nothing new", async () => {
    const sent = await leaveBehind("left-behind");
    const channel = await open({ operatorKey: next.privateKey, formerOperatorKeys: [former()] });
    await eventually(async () => (await versions()).length > 1);
    const later = inform("new");
    await channel.submit(later);
    await evm.send("evm_setAutomine", [true]);
    await evm.send("evm_mine");
    await arrives(channel, sent.key);
    await arrives(channel, later.key);
    const { messages } = await new Follower(channel).follow();
    const mine = messages.filter(({ message: { subject } }) =>
      [sent, later].some((each) => each.message.subject === subject),
    );
    const before = new ethers.Wallet(former()).address.toLowerCase();
    expect(mine.map(({ operator }) => operator)).to.have.members([before, next.address.toLowerCase()]);
  });

  it("that are with a signer out of reach keep back only what they would have to sign", async () => {
    const sent = await leaveBehind("unreachable");
    const away: EvmKey = {
      remote: { url: "http://127.0.0.1:9", address: new ethers.Wallet(former()).address },
    };
    const channel = await open({ operatorKey: next.privateKey, formerOperatorKeys: [away] });
    const later = inform("beside");
    await channel.submit(later);
    // Offered again with the fee that it has, which the ledger takes once it asks for less.
    await eventually(() => warnings.some(({ code }) => code === "signer-unreachable"));
    await evm.send("hardhat_setNextBlockBaseFeePerGas", ["0x1"]);
    await evm.send("evm_setAutomine", [true]);
    await evm.send("evm_mine");
    await arrives(channel, later.key);
    await eventually(async () => {
      await evm.send("hardhat_setNextBlockBaseFeePerGas", ["0x1"]);
      await evm.send("evm_mine");
      return (await channel.progress(sent.key)).state === "accepted";
    });
    expect((await versions()).filter(({ signer }) => signer !== next.address.toLowerCase())).to.have.length(
      1,
    );
  });

  it("may be held by one replica while another still sends with them", async () => {
    const location = await source.freshLocation();
    const [one, two] = [await source.open(location), await source.open(location)];
    const first = await open({}, one);
    const second = await open({ operatorKey: next.privateKey, formerOperatorKeys: [former()] }, two);
    const sent = Array.from({ length: 12 }, (_, number) => inform(`mixed-${number}`));
    await Promise.all(sent.flatMap((each) => [first.submit(each), second.submit(each)]));
    for (const { key } of sent) await arrives(second, key);
    const { messages } = await new Follower(second).follow();
    const subjects = messages.map(({ message: { subject } }) => subject as string);
    for (const { message: each } of sent) {
      expect(subjects.filter((subject) => subject === each.subject)).to.have.length(1);
    }
  });

  it("that name the operator's key itself are refused", async () => {
    const failure = await rejection(open({ formerOperatorKeys: [former()] }));
    expect(failure).to.include({ action: "stop", code: "key-invalid" });
    expect(failure.message).to.contain("formerOperatorKeys");
  });
});
