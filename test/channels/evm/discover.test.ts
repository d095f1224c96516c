import { expect } from "chai";
import { ethers } from "ethers";

import { ChannelFailure } from "../../../src/channels/channel.ts";
import { discover, networkOfDirectory, type DirectoryOptions } from "../../../src/channels/discover.ts";
import type { Finding } from "../../../src/channels/directory.ts";
import { openChannel } from "../../../src/channels/open-channel.ts";
import { FalseChannel__factory } from "../../../types/ethers-contracts/factories/test/FalseChannel__factory.ts";
import { ChannelDirectory__factory } from "../../../types/ethers-contracts/factories/ChannelDirectory__factory.ts";
import { rejection } from "../../rejection.ts";
import { eachStore } from "../../store/each-store.ts";
import { au } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, type TestChannel } from "./test-channel.ts";
import { deployTestDirectory, keysOn, type TestDirectory } from "./test-directory.ts";

eachStore("Finding channels in a directory on an EVM", (openFresh) => {
  let evm: LocalEvm;
  let one: TestChannel;
  let two: TestChannel;
  let directory: TestDirectory;
  let options: DirectoryOptions;

  before(async function () {
    this.timeout(60_000);
    evm = await startLocalEvm();
    one = await deployTestChannel(evm);
    two = await deployTestChannel(evm, { opaqueSubjects: true });
    directory = await deployTestDirectory(evm, one);
    await directory.list(one);
    options = { ...directory.pins, ...keysOn(one, au), codeHashes: [], consortiums: [] };
  });

  after(() => evm.close());

  const idOf = ({ address }: { readonly address: string }) => `eip155:31337:${address.toLowerCase()}`;

  const look = (
    changes: Partial<DirectoryOptions> = {},
    query: { readonly named?: readonly string[]; readonly known?: readonly string[] } = {},
  ) => discover({ ...options, ...changes }, { named: query.named ?? [], known: new Set(query.known ?? []) });

  const said = (findings: readonly Finding[]) =>
    findings.map((each) => `${each.id} ${each.verdict === "refused" ? each.code : each.verdict}`);

  const falseChannel = async () => {
    const contract = await new FalseChannel__factory(one.consortium).deploy();
    await contract.waitForDeployment();
    const { interface: face } = one.contract;
    const word = ethers.zeroPadValue("0x", 32);
    for (const name of ["status", "predecessor", "successor", "isIssued"] as const) {
      await (await contract.setAnswer(face.getFunction(name).selector, word)).wait();
    }
    const text = ethers.AbiCoder.defaultAbiCoder().encode(["string"], ["customs.gov.cn"]);
    await (await contract.setAnswer(face.getFunction("name").selector, text)).wait();
    return { address: (await contract.getAddress()).toLowerCase() };
  };

  it("lets in a listed channel that this release knows the code of, ready to be opened", async () => {
    const findings = await look();
    expect(said(findings)).to.deep.equal([`${idOf(one)} allowed`]);
    expect(networkOfDirectory(options)).to.equal("eip155:31337");
    const [found] = findings;
    if (found?.verdict !== "allowed") throw new Error("The channel was not let in.");
    const opening = found.options;
    const own = one.options(au, { kind: "immediate" });
    expect(opening).to.deep.include({ codeHash: own.codeHash, fromBlock: own.fromBlock });
    const channel = await openChannel(opening, { store: await openFresh() });
    expect(channel.description).to.include({ id: idOf(one), name: "Certificates of origin" });
    expect((await channel.read(null)).events.length).to.be.greaterThan(10);
    await channel.close();
  });

  it("does not look again at what is known", async () => {
    expect(await look({}, { known: [idOf(one)] })).to.deep.equal([]);
  });

  it("judges a channel that is named and not listed by the same conditions", async () => {
    expect(said(await look({}, { known: [idOf(one)], named: [idOf(two)] }))).to.deep.equal([
      `${idOf(two)} allowed`,
    ]);
    const elsewhere = [`eip155:1:${two.address.toLowerCase()}`, "memory:two"];
    expect(await look({}, { known: [idOf(one)], named: elsewhere })).to.deep.equal([]);
  });

  it("leaves out one of other code, though it is listed, unless the operator allows that very code", async () => {
    const forged = await falseChannel();
    const second = await deployTestDirectory(evm, one);
    const contract = ChannelDirectory__factory.connect(second.address, one.consortium);
    await (await contract.list(forged.address)).wait();
    const asking = { ...second.pins };
    expect(said(await look(asking))).to.deep.equal([`${idOf(forged)} code-unknown`]);
    const code = (await evm.send("eth_getCode", [forged.address, "latest"])) as string;
    const codeHashes = [ethers.keccak256(code).toUpperCase().replace("0X", "0x")];
    // Allowed, it still has to say when it began, and who leads it where that is asked.
    expect(said(await look({ ...asking, codeHashes }))).to.deep.equal([`${idOf(forged)} creation-unknown`]);
    const consortiums = [one.consortium.address];
    expect(said(await look({ ...asking, codeHashes, consortiums }))).to.deep.equal([
      `${idOf(forged)} consortium-unknown`,
    ]);
  });

  it("leaves out one that another consortium leads, where the operator names some", async () => {
    const known = { known: [] as string[], named: [idOf(two)] };
    const consortiums = [one.consortium.address.toLowerCase()];
    expect(said(await look({ consortiums }, known))).to.deep.equal([
      `${idOf(one)} allowed`,
      `${idOf(two)} consortium-unknown`,
    ]);
  });

  it("leaves out one that began before the block that is read from", async () => {
    const { fromBlock } = one.options(au, { kind: "immediate" });
    expect(said(await look({ fromBlock: fromBlock + 1 }))).to.deep.equal([`${idOf(one)} creation-unknown`]);
    expect(said(await look({ fromBlock }))).to.deep.equal([`${idOf(one)} allowed`]);
  });

  it("waits for finality, of the listing and of the channel", async () => {
    const finality = { kind: "confirmations", blocks: 2 } as const;
    const late = await deployTestChannel(evm);
    await evm.send("evm_mine");
    await evm.send("evm_mine");
    await directory.list(late);
    expect(said(await look({ finality }))).to.deep.equal([`${idOf(one)} allowed`]);
    await evm.send("evm_mine");
    await evm.send("evm_mine");
    expect(said(await look({ finality }))).to.deep.equal([`${idOf(one)} allowed`, `${idOf(late)} allowed`]);
    await directory.delist(late);
    const unborn = `eip155:31337:0x${"42".repeat(20)}`;
    expect(said(await look({}, { named: [unborn] }))).to.include(`${unborn} pending`);
  });

  it("believes no directory but the one configured", async () => {
    const codeOf = async (changes: Partial<DirectoryOptions>) => {
      const failure = await rejection(look(changes));
      if (!(failure instanceof ChannelFailure)) throw failure;
      return `${failure.action} ${failure.code}`;
    };
    const forged = await falseChannel();
    expect(await codeOf({ address: forged.address })).to.equal("stop wrong-contract");
    expect(await codeOf({ genesisHash: ethers.id("another") })).to.equal("stop wrong-genesis");
    expect(await codeOf({ chainId: 1 })).to.equal("stop wrong-chain");
    evm.setReachable(false);
    expect(await codeOf({})).to.equal("retry ledger-unreachable");
    evm.setReachable(true);
    evm.intercept(({ method }) =>
      Promise.resolve(
        method === "eth_call" ? { error: { code: -32000, message: "missing trie node" } } : null,
      ),
    );
    expect(await codeOf({})).to.equal("retry state-unavailable");
    evm.intercept(null);
  });
});
