import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { id } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { TaskArguments } from "hardhat/types/tasks";
import { mock } from "node:test";

import config from "../../../hardhat.config.ts";
import ChannelModule from "../../../deploy/modules/Channel.ts";
import type { WireMessage } from "../../../src/domain/message.ts";
import type { Channel } from "../../../types/ethers-contracts/Channel.ts";
import { rejection } from "../../rejection.ts";
import { people, startConsortiumNetwork, type ConsortiumNetwork, type Person } from "./consortium-network.ts";

const { auAdmin, cnAdmin, consortium, operator } = people;
const AU = "homeaffairs.gov.au";
const CN = "customs.gov.cn";
const typeOf = (word: string) => `UN.CEFACT.Regulatory.CertificateOfOrigin.${word}`;
const FAR = "2100-01-01T00:00:00Z";

const created: WireMessage = {
  sender: AU,
  receiver: CN,
  subject: "urn:uuid:6f1c2a9e-0b7d-4c55-9a3e-000000000001",
  predicate: typeOf("created"),
  obj: "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
};
const acquitted: WireMessage = { ...created, sender: CN, receiver: AU, predicate: typeOf("acquitted") };

// Each test goes on where the one before it ended.
describe("the tasks for signed messages", () => {
  let network: ConsortiumNetwork;
  let channel: Channel;
  let address: string;
  let directory: string;

  const write = async (name: string, content: unknown) => {
    const file = join(directory, name);
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };
  const sign = async (words: TaskArguments) =>
    network.run("operator", "channel:sign-message", { channel: address, deadline: FAR, ...words });
  const relay = async (who: Person, file: string, propose = false) =>
    network.run(who, "channel:relay-message", { channel: address, file, propose });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-signed-"));
    network = await startConsortiumNetwork();
    const { ethers, ignition } = await (await network.hardhat("consortium")).network.create();
    const terms = { name: "Certificates", consortium: consortium.address, recoveryDelay: 60, test: true };
    const made = await ignition.deploy(ChannelModule, { parameters: { Channel: terms } });
    address = await made.channel.getAddress();
    channel = await ethers.getContractAt("Channel", address);
    const types = [
      { name: created.predicate, effect: "issue" },
      { name: acquitted.predicate, effect: "acquit", target: created.predicate },
    ];
    const run = async (who: Person, task: string, words: TaskArguments) =>
      network.run(who, task, { channel: address, propose: false, ...words });
    await run("consortium", "channel:register-types", { file: await write("types.json", types) });
    for (const [domain, jurisdiction, admin, who, predicate] of [
      [AU, "AU", auAdmin.address, "auAdmin", created.predicate],
      [CN, "CN", cnAdmin.address, "cnAdmin", acquitted.predicate],
    ] as const) {
      await run("consortium", "channel:admit", { domain, jurisdiction, admin });
      await run(who, "channel:accept", { domain, endpoint: `https://icl.${domain}` });
      await run(who, "channel:appoint-operator", { domain, predicate, account: operator.address });
    }
  });
  after(async () => {
    await network.close();
    await rm(directory, { recursive: true });
  });

  it("channel:sign-message and channel:relay-message: a stranger pays, the operator has said it", async () => {
    const file = await write("created.json", created);
    const signed = await write("signed.json", await sign({ file }));
    expect(await relay("stranger", signed)).to.match(/^Done: transaction 0x[0-9a-f]{64} in block \d+\.$/);
    const [sent] = await channel.queryFilter(channel.filters.MessageSent());
    expect(sent?.args.operator).to.equal(operator.address);
    expect(sent?.args.subject).to.equal(created.subject);
    expect(await channel.isIssued(id(AU), id(created.predicate), id(created.subject))).to.equal(true);
  });

  it("channel:relay-message says in words why the ledger refuses", async () => {
    const signed = join(directory, "signed.json");
    expect((await rejection(relay("stranger", signed))).message).to.include(
      "The ledger refuses: AuthorisationNonceUsed(",
    );
  });

  it("channel:sign-message carries what an acquittal is about", async () => {
    const about = join(directory, "created.json");
    const signed = await sign({ file: await write("acquitted.json", acquitted), about });
    await relay("stranger", await write("signed-acquittal.json", signed));
    const { obj, ...rest } = created;
    const state = await channel.stateOf({
      sender: id(rest.sender),
      receiver: id(rest.receiver),
      subject: rest.subject,
      predicate: id(rest.predicate),
      obj: (await channel.queryFilter(channel.filters.MessageSent()))[0]?.args.obj ?? expect.fail(obj),
      validUntil: 0,
    });
    expect(state.acquitted).to.equal(true);
  });

  it("channel:sign-message asks no network when it is told the chain", async () => {
    const accounts = [operator.privateKey];
    const nowhere = { type: "http", chainType: "l1", url: "http://127.0.0.1:9", accounts } as const;
    const offline = await createHardhatRuntimeEnvironment(
      { ...config, networks: { consortium: nowhere } },
      { network: "consortium" },
    );
    const lines: string[] = [];
    const printing = mock.method(console, "log", (line: string) => lines.push(line));
    const file = await write("second.json", { ...created, subject: "urn:uuid:second" });
    try {
      const words = { channel: address, file, deadline: FAR, ofChain: 31_337n };
      await offline.tasks.getTask("channel:sign-message").run(words);
    } finally {
      printing.mock.restore();
    }
    await relay("stranger", await write("signed-offline.json", lines.join("\n")));
    expect(await channel.isIssued(id(AU), id(created.predicate), id("urn:uuid:second"))).to.equal(true);
  });

  it("channel:cancel-nonce makes a signed message void", async () => {
    const file = await write("third.json", { ...created, subject: "urn:uuid:third" });
    const signed = await write("signed-third.json", await sign({ file, nonce: 12n }));
    const words = { channel: address, nonce: 12n, propose: false };
    await network.run("operator", "channel:cancel-nonce", words);
    expect((await rejection(relay("stranger", signed))).message).to.include("AuthorisationNonceUsed(");
  });

  it("channel:relay-message --propose prints the call, and sends nothing", async () => {
    const file = await write("fourth.json", { ...created, subject: "urn:uuid:fourth" });
    const signed = await write("signed-fourth.json", await sign({ file }));
    const call = JSON.parse(await relay("stranger", signed, true)) as Record<string, string>;
    expect(call).to.include({ to: address, value: "0" });
    expect(call.data).to.match(/^0x/);
    expect(await channel.isIssued(id(AU), id(created.predicate), id("urn:uuid:fourth"))).to.equal(false);
  });

  for (const [what, content, said] of [
    ["no JSON", "{", "cannot be read"],
    ["no object", "3", "this is no message"],
    ["a message without subject", { ...created, subject: undefined }, "subject is no text"],
    ["a hash that is none", { ...created, obj: "Qm" }, "multihash"],
    ["an expiry that is no text", { ...created, validUntil: 7 }, "validUntil is a date and time"],
    ["more than a message can be", " ".repeat(70_000), "too large"],
  ] as const) {
    it(`channel:sign-message refuses ${what}`, async () => {
      expect((await rejection(sign({ file: await write("wrong.json", content) }))).message).to.include(said);
    });
  }

  it("channel:relay-message refuses what was signed for another channel, or is not what signing prints", async () => {
    const signed = JSON.parse(await sign({ file: join(directory, "created.json") })) as object;
    for (const [change, said] of [
      [{ channel: operator.address }, "was signed for the channel"],
      [{ channel: "0x" }, "is no address"],
      [{ channel: 7 }, "channel is not"],
      [{ chainId: 31_337 }, "chainId is not"],
      [{ nonce: "-1" }, "nonce is not"],
      [{ deadline: "tomorrow" }, "deadline is not"],
      [{ signature: "0x0" }, "signature is not"],
      [{ signer: undefined }, "signer is not"],
    ] as const) {
      const file = await write("changed.json", { ...signed, ...change });
      expect((await rejection(relay("stranger", file))).message).to.include(said);
    }
  });
});
