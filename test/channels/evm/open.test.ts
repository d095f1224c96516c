import { inspect } from "node:util";

import { expect } from "chai";
import { ethers } from "ethers";

import { ChannelFailure, type Finality } from "../../../src/channels/channel.ts";
import type { EvmChannelOptions } from "../../../src/channels/evm/evm-options.ts";
import { openChannel } from "../../../src/channels/open-channel.ts";
import type { Store } from "../../../src/store/store.ts";
import { rejection } from "../../rejection.ts";
import { eachStore } from "../../store/each-store.ts";
import { au, message, submission } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, type TestChannel, type TestChannelOptions } from "./test-channel.ts";

const immediate: Finality = { kind: "immediate" };

eachStore("Opening a channel on an EVM", (openFresh) => {
  let evm: LocalEvm;
  let channel: TestChannel;
  let options: TestChannelOptions;
  let store: Store;

  before(async () => {
    evm = await startLocalEvm();
    channel = await deployTestChannel(evm);
    options = channel.options(au, immediate);
  });

  beforeEach(async () => {
    store = await openFresh();
  });

  afterEach(() => {
    evm.intercept(null);
    evm.setReachable(true);
  });

  after(() => evm.close());

  async function refusal(changed: Partial<EvmChannelOptions>): Promise<string> {
    const failure = await rejection(openChannel({ ...options, ...changed }, { store }));
    if (!(failure instanceof ChannelFailure)) throw failure;
    expect(failure.message).to.match(/^[A-Z].*\.$/);
    return `${failure.action} ${failure.code}`;
  }

  it("opens the channel it is told of, named by network and address", async () => {
    const opened = await openChannel({ ...options, address: ethers.getAddress(options.address) }, { store });
    expect(opened.description).to.deep.include({
      id: `eip155:31337:${channel.address.toLowerCase()}`,
      network: "eip155:31337",
      technology: "evm",
      limits: { subjectLength: 200, batchSize: Number(await channel.contract.MAX_BATCH()) },
    });
    await opened.close();
  });

  it("refuses another chain", async () => {
    expect(await refusal({ chainId: 1 })).to.equal("stop wrong-chain");
  });

  it("refuses a chain of the same number with another beginning", async () => {
    expect(await refusal({ genesisHash: ethers.id("another") })).to.equal("stop wrong-genesis");
  });

  it("refuses a contract that only claims to be the channel", async () => {
    const forged = await deployTestChannel(evm, { opaqueSubjects: true });
    expect(await refusal({ address: forged.address })).to.equal("stop wrong-contract");
  });

  it("refuses an address without code, and one with a wrong checksum", async () => {
    expect(await refusal({ address: `0x${"11".repeat(20)}` })).to.equal("stop wrong-contract");
    const wrong = ethers
      .getAddress(channel.address)
      .replace(/[a-fA-F](?=[^a-fA-F]*$)/, (letter) =>
        letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
      );
    expect(await refusal({ address: wrong })).to.equal("stop wrong-contract");
  });

  it("refuses a finality that the ledger does not have", async () => {
    evm.intercept(({ method, params }) =>
      Promise.resolve(
        method === "eth_getBlockByNumber" && params[0] === "finalized"
          ? { error: { code: -39001, message: "Unknown block" } }
          : null,
      ),
    );
    expect(await refusal({ finality: { kind: "finalized" } })).to.equal("stop finality-unsupported");
    expect(await refusal({ finality: { kind: "confirmations", blocks: 0 } })).to.equal(
      "stop finality-unsupported",
    );
  });

  it("waits for a client that does not say yet what is final, as one that has just started", async () => {
    evm.intercept(({ method, params }) =>
      Promise.resolve(
        method === "eth_getBlockByNumber" && params[0] === "finalized"
          ? { error: { code: -32000, message: "finalized block not found" } }
          : null,
      ),
    );
    expect(await refusal({ finality: { kind: "finalized" } })).to.equal("retry finality-unavailable");
  });

  it("refuses a key that is none, without repeating it", async () => {
    const key = `0x${"7".repeat(63)}z`;
    expect(await refusal({ nodeKey: key })).to.equal("stop key-invalid");
    const failure = await rejection(openChannel({ ...options, operatorKey: key }, { store }));
    expect(`${failure.message}${failure.stack ?? ""}${String(failure.cause)}`).not.to.include("7777");
  });

  it("is worth trying again while the ledger is out of reach, and names no address with a credential", async () => {
    evm.setReachable(false);
    const rpcUrl = options.rpcUrl.replace("http://", "http://node:hunter2@");
    const failure = await rejection(openChannel({ ...options, rpcUrl }, { store }));
    expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
    expect(`${failure.message}${failure.stack ?? ""}${JSON.stringify(failure)}`).not.to.include("hunter2");
  });

  it("presents the credential of the ledger's address as basic authorization", async () => {
    const opened = await openChannel(
      { ...options, rpcUrl: options.rpcUrl.replace("http://", "http://node:hunter%202@") },
      { store },
    );
    expect(evm.authorizations.at(-1)).to.equal(`Basic ${Buffer.from("node:hunter 2").toString("base64")}`);
    await opened.close();
  });

  it("receives without an operator's key, and sends nothing", async () => {
    const receiving: Partial<EvmChannelOptions> = { ...options };
    Reflect.deleteProperty(receiving, "operatorKey");
    const opened = await openChannel(receiving as EvmChannelOptions, { store });
    const judgement = await opened.judge(submission(message()));
    expect(!judgement.accepted && judgement.refusal.code).to.equal("OperatorUnauthorized");
    const failure = await rejection(opened.submit(submission(message())));
    expect(failure).to.include({ action: "retry", code: "no-operator-key" });
    expect((await opened.read(null)).events).not.to.be.empty;
    await opened.close();
  });

  it("knows no certificate as of a final block that is older than the contract", async () => {
    const opened = await openChannel(
      { ...options, finality: { kind: "confirmations", blocks: 9_999 } },
      { store },
    );
    expect(await opened.certificateState(message())).to.include({ issued: false, revoked: false });
    expect(await opened.judge(submission(message({ receiver: au })))).to.deep.include({
      accepted: false,
      final: false,
    });
    await opened.close();
  });

  it("keeps no key where it could be printed", async () => {
    const opened = await openChannel(options, { store });
    const printed = inspect(opened, { depth: 10, showHidden: true });
    expect(printed).not.to.include(options.nodeKey.slice(2));
    expect(printed).not.to.include(options.operatorKey.slice(2));
    await opened.close();
  });
});
