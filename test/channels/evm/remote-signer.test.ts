import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { ethers } from "ethers";

import { ChannelFailure, type Channel, type Finality } from "../../../src/channels/channel.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import type { ChannelWarning, EvmChannelOptions } from "../../../src/channels/evm/evm-options.ts";
import { RemoteSigner } from "../../../src/channels/evm/remote-signer.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import type { Fault } from "../../../src/operations/fault.ts";
import type { Store } from "../../../src/store/store.ts";
import { eventually } from "../../eventually.ts";
import { startAnvil, type Anvil } from "../../faults/anvil.ts";
import { rejection } from "../../rejection.ts";
import { eachStore } from "../../store/each-store.ts";
import { Follower } from "../bench.ts";
import { attached, au, message, messageTypes, submission } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { openRpcDoor, type RpcDoor } from "./rpc-door.ts";
import { deployTestChannel, fundedWallet, nameHash, type TestChannel } from "./test-channel.ts";

const immediate: Finality = { kind: "immediate" };
const TOKEN = "t".repeat(40);
const payload = new TextEncoder().encode("ICL a token's claims");

type Question = Readonly<Record<string, string>>;

/** What an honest signer signs when it is asked so. */
function asked(question: Question): ethers.TransactionLike {
  const { to, gas, value, data, nonce, chainId, maxFeePerGas, maxPriorityFeePerGas, gasPrice } = question;
  return {
    ...{ to: to ?? null, gasLimit: gas ?? 0, value: value ?? 0, data: data ?? "0x", chainId: chainId ?? 0 },
    nonce: Number(nonce),
    ...(gasPrice === undefined
      ? { type: 2, maxFeePerGas: maxFeePerGas ?? 0, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0 }
      : { type: 0, gasPrice }),
  };
}

/** Lies of a signer that has the key and signs something else. */
const changes: Readonly<Record<string, (honest: ethers.TransactionLike) => ethers.TransactionLike>> = {
  "the nonce": (honest) => ({ ...honest, nonce: (honest.nonce ?? 0) + 1 }),
  "the receiver": (honest) => ({ ...honest, to: `0x${"12".repeat(20)}` }),
  "the contract call": (honest) => ({ ...honest, data: `${honest.data ?? "0x"}00` }),
  "the value": (honest) => ({ ...honest, value: 1 }),
  "the gas limit": (honest) => ({ ...honest, gasLimit: BigInt(honest.gasLimit ?? 0) + 1n }),
  "the fee": (honest) => ({ ...honest, maxFeePerGas: BigInt(honest.maxFeePerGas ?? 0) * 1_000n }),
  "the tip": (honest) => ({ ...honest, maxPriorityFeePerGas: 0 }),
  "the chain": (honest) => ({ ...honest, chainId: 1 }),
  "the access list": (honest) => ({
    ...honest,
    accessList: [{ address: `0x${"34".repeat(20)}`, storageKeys: [] }],
  }),
  "the kind of transaction": ({ maxFeePerGas, maxPriorityFeePerGas, ...honest }) => ({
    ...honest,
    ...(maxPriorityFeePerGas === undefined ? {} : { type: 0 }),
    gasPrice: maxFeePerGas ?? 0,
  }),
};

eachStore("a remote signer", (openFresh) => {
  /** Holds the key, and is no ledger here. */
  let anvil: Anvil;
  let evm: LocalEvm;
  let ground: TestChannel;
  let account: string;
  let signer: RpcDoor;
  let store: Store;
  let warnings: ChannelWarning[];
  let faults: Fault[];
  let opened: Channel[];

  before(async function () {
    this.timeout(120_000);
    anvil = await startAnvil();
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
    account = ((await anvil.send("eth_accounts")) as string[]).at(-1) ?? "";
    await evm.send("hardhat_setBalance", [account, ethers.toQuantity(ethers.parseEther("100"))]);
    await appoint(account);
  });

  beforeEach(async () => {
    signer = await openRpcDoor((method, params) => anvil.send(method, params));
    store = await openFresh();
    warnings = [];
    faults = [];
    opened = [];
  });

  afterEach(async () => {
    for (const channel of opened) await channel.close();
    await signer.close();
  });

  after(async () => {
    await anvil.close();
    await evm.close();
  });

  async function appoint(address: string): Promise<void> {
    const admin = ground.admins.get(au);
    if (admin === undefined) throw new Error("Nobody is Australia's admin.");
    const contract = ground.contract.connect(admin);
    for (const { predicate } of messageTypes) {
      await (await contract.appointOperator(nameHash(au), nameHash(predicate), address)).wait();
    }
    await (await contract.appointNodeKey(nameHash(au), address)).wait();
  }

  const remote = (more: { readonly answerMilliseconds?: number; readonly address?: string } = {}) => ({
    remote: { url: signer.rpcUrl, address: account, token: TOKEN, ...more },
  });

  async function open(changed: Partial<EvmChannelOptions> = {}): Promise<Channel> {
    const keys = { operatorKey: remote(), nodeKey: remote() };
    const channel = await openEvmChannel(
      { ...ground.options(au, immediate), ...keys, ...changed },
      { store, warn: (warning) => warnings.push(warning), countFault: (fault) => faults.push(fault) },
    );
    opened.push(channel);
    return channel;
  }

  const inform = (subject: string) =>
    submission(message({ predicate: attached, subject: parseSubject(`urn:uuid:${subject}`) }));

  /** The signer lies with the key itself; it is the last of the twenty that anvil publishes. */
  const key = () =>
    ethers.HDNodeWallet.fromMnemonic(
      ethers.Mnemonic.fromPhrase(`${"test ".repeat(11)}junk`),
      "m/44'/60'/0'/0/9",
    );

  function lie(method: string, answer: (params: readonly unknown[]) => unknown): void {
    signer.intercept(async (request) =>
      request.method === method ? { result: await answer(request.params) } : null,
    );
  }

  const stored = () => store.db.selectFrom("evm_transaction").selectAll().execute();

  async function arrives(channel: Channel, key_: string): Promise<void> {
    await eventually(async () => (await channel.progress(key_)).state === "accepted");
  }

  it("signs what goes to the ledger, and what the node says to others", async () => {
    const channel = await open();
    const sent = [1, 2, 3].map((number) => inform(`remote-${store.dialect}-${number}`));
    await Promise.all(sent.map((each) => channel.submit(each)));
    for (const each of sent) await arrives(channel, each.key);
    const { messages } = await new Follower(channel).follow();
    expect(messages.filter(({ operator }) => operator === account.toLowerCase())).to.have.length.at.least(3);
    expect((await stored()).map(({ signer: by }) => by)).to.deep.equal(sent.map(() => account.toLowerCase()));

    const signed = await channel.signAsNode(payload);
    expect(signed.account).to.equal(account.toLowerCase());
    expect(await channel.isNodeSignature(au, payload, signed)).to.equal(true);
    expect(signer.authorizations).to.include(`Bearer ${TOKEN}`);
    expect(warnings).to.deep.equal([]);
  });

  it("is not believed when it signs something else, whatever that is; nothing of it is kept", async () => {
    const channel = await open();
    const sent = inform(`lies-${store.dialect}`);
    for (const [what, change] of Object.entries(changes)) {
      lie("eth_signTransaction", ([question]) => key().signTransaction(change(asked(question as Question))));
      const failure = await rejection(channel.submit(sent));
      expect(failure, what).to.include({ action: "retry", code: "signer-untrusted" });
    }
    const stranger = ethers.Wallet.createRandom();
    const others: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
      "another key": ([question]) => stranger.signTransaction(asked(question as Question)),
      "no signature": ([question]) => ethers.Transaction.from(asked(question as Question)).unsignedSerialized,
      "more than the transaction": async ([question]) =>
        `${await key().signTransaction(asked(question as Question))}00`,
      "no bytes": () => "yes",
      nothing: () => null,
    };
    for (const [what, answer] of Object.entries(others)) {
      lie("eth_signTransaction", answer);
      const failure = await rejection(channel.submit(sent));
      expect(failure, what).to.include({ action: "retry", code: "signer-untrusted" });
    }
    expect(await stored()).to.deep.equal([]);
    expect(faults).to.deep.equal(
      [...Object.keys(changes), ...Object.keys(others)].map(() => "signer_failures"),
    );
    expect(warnings.filter(({ alarm }) => alarm === true)).to.have.length(1);

    signer.intercept(null);
    await channel.submit(sent);
    await arrives(channel, sent.key);
    expect(await stored()).to.have.length(1);
  });

  it("is not believed when it signs a node's word with another key, or another word", async () => {
    const channel = await open();
    const stranger = ethers.Wallet.createRandom();
    const honest = await key().signMessage(payload);
    const { r, s, v } = ethers.Signature.from(honest);
    const order = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const mirrored = ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
    const lies = [
      await stranger.signMessage(payload),
      await key().signMessage("another word"),
      mirrored,
      honest.slice(0, -4),
      { signature: honest },
      "0x",
    ];
    for (const answer of lies) {
      lie("eth_sign", () => answer);
      expect(await rejection(channel.signAsNode(payload))).to.include({ code: "signer-untrusted" });
    }
  });

  it("out of reach, loses nothing, holds up nobody else, and is told once as an alarm", async () => {
    const local = await fundedWallet(evm);
    await appoint(local.address);
    const other = await open({ operatorKey: local.privateKey, nodeKey: local.privateKey });
    const channel = await open();
    signer.setReachable(false);
    const sent = inform(`away-${store.dialect}`);
    const lines = Array.from({ length: 20 }, () => rejection(channel.submit(sent)));
    for (const failure of await Promise.all(lines)) {
      expect(failure).to.include({ action: "retry", code: "signer-unreachable" });
    }
    expect(await rejection(channel.signAsNode(payload))).to.include({ code: "signer-unreachable" });
    const unaffected = inform(`beside-${store.dialect}`);
    await other.submit(unaffected);
    await arrives(other, unaffected.key);
    expect((await channel.read(null)).events).not.to.be.empty;
    const alarms = warnings.filter(({ code }) => code === "signer-unreachable");
    expect(alarms.map(({ alarm }) => alarm)).to.deep.equal([true, true]); // one for each key
    expect(faults).to.include("signer_failures");

    signer.setReachable(true);
    await eventually(async () => {
      try {
        await channel.submit(sent);
        return true;
      } catch (error) {
        if (error instanceof ChannelFailure && error.code === "signer-unreachable") return false;
        throw error;
      }
    });
    await arrives(channel, sent.key);
    expect((await stored()).filter(({ submission_key: each }) => each === sent.key)).to.have.length(1);
  });

  it("that refuses is told of without its words, and tells at the start that it lacks the account", async () => {
    const channel = await open();
    signer.intercept(() =>
      Promise.resolve({ error: { code: -32_000, message: `locked, token ${TOKEN}, key 0x1234` } }),
    );
    const failure = await rejection(channel.submit(inform(`refused-${store.dialect}`)));
    expect(failure).to.include({ action: "retry", code: "signer-refused" });
    expect(failure.message).to.contain("-32000").and.not.to.contain("locked");
    signer.intercept(null);
    await open({ operatorKey: remote({ address: `0x${"77".repeat(20)}` }) });
    await eventually(() => warnings.some(({ code }) => code === "signer-without-account"));
    expect(JSON.stringify(warnings)).not.to.contain(TOKEN);
  });

  it("is waited for within bounds of time and length, and follows nobody elsewhere", async () => {
    const answers: Readonly<Record<string, RequestListener>> = {
      silence: () => undefined,
      "an answer without end": (_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write("9".repeat(65_536)));
        };
        response.on("drain", more);
        more();
      },
      "a redirect": (_request, response) => response.writeHead(302, { location: signer.rpcUrl }).end(),
      "no JSON": (_request, response) => response.end("<html>"),
      "half an answer": (_request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{");
        response.destroy();
      },
      "another's answer": (_request, response) => response.end('{"jsonrpc":"2.0","id":77,"result":"0x"}'),
    };
    for (const [what, answer] of Object.entries(answers)) {
      const server = createServer(answer).listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const bounded = new RemoteSigner(
        { remote: { url, address: account, answerMilliseconds: 500 } },
        { whose: "node's" },
      );
      const failure = await rejection(bounded.signPayload(payload));
      expect(failure, what).to.include({ action: "retry", code: "signer-unreachable" });
      bounded.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
