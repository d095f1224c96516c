import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { id } from "ethers";
import type { TaskArguments } from "hardhat/types/tasks";

import { rejection } from "../../rejection.ts";
import ChannelModule from "../../../deploy/modules/Channel.ts";
import ChannelDirectoryModule from "../../../deploy/modules/ChannelDirectory.ts";
import type { Channel } from "../../../types/ethers-contracts/Channel.ts";
import { people, startConsortiumNetwork, type ConsortiumNetwork, type Person } from "./consortium-network.ts";

const { auAdmin, consortium, node, operator, stranger } = people;
const AU = "homeaffairs.gov.au";
const created = "UN.CEFACT.Regulatory.CertificateOfOrigin.created";
const typesFile = join(fileURLToPath(new URL("../../..", import.meta.url)), "deploy/message-types.json");
const NOBODY = "0x0000000000000000000000000000000000000000";

// Each test goes on where the one before it ended, as a consortium does.
describe("the tasks for a consortium and its participants", () => {
  let network: ConsortiumNetwork;
  let channel: Channel;
  let directory: string;
  let address: string;

  before(async () => {
    network = await startConsortiumNetwork();
    const { ethers, ignition } = await (await network.hardhat("consortium")).network.create();
    const terms = { name: "Certificates", consortium: consortium.address, recoveryDelay: 60, test: true };
    const parameters = { Channel: terms, ChannelDirectory: { owner: consortium.address } };
    const made = await ignition.deploy(ChannelModule, { parameters });
    address = await made.channel.getAddress();
    channel = await ethers.getContractAt("Channel", address);
    const listed = await ignition.deploy(ChannelDirectoryModule, { parameters });
    directory = await listed.directory.getAddress();
  });
  after(async () => network.close());

  const run = async (who: Person | "observer", task: string, words: TaskArguments = {}, propose = false) =>
    network.run(who, task, { channel: address, propose, ...words });
  const statusOf = async (domain: string) => (await channel.participant(id(domain))).status;

  it("channel:admit invites a participant by its domain and country", async () => {
    const said = await run("consortium", "channel:admit", {
      domain: AU,
      jurisdiction: "AU",
      admin: auAdmin.address,
    });
    expect(said).to.match(/^Done: transaction 0x[0-9a-f]{64} in block \d+\.$/);
    expect(await channel.participant(id(AU))).to.deep.equal([auAdmin.address, 1n, "0x4155"]);
  });

  it("channel:admit says in words why the ledger refuses", async () => {
    const words = { domain: AU, jurisdiction: "AU", admin: auAdmin.address };
    expect((await rejection(run("consortium", "channel:admit", words))).message).to.include(
      `The ledger refuses: ParticipantAlreadyInvited(participant: ${id(AU)}).`,
    );
    expect((await rejection(run("stranger", "channel:admit", words))).message).to.include(
      `The ledger refuses: AccessControlUnauthorizedAccount(account: ${stranger.address}`,
    );
  });

  it("channel:withdraw-invitation takes an invitation back", async () => {
    const domain = "agriculture.gov.au";
    await run("consortium", "channel:admit", { domain, jurisdiction: "AU", admin: auAdmin.address });
    await run("consortium", "channel:withdraw-invitation", { domain });
    expect(await statusOf(domain)).to.equal(0n);
  });

  it("channel:register-types registers a file's types, once", async () => {
    expect(
      (await run("consortium", "channel:register-types", { file: typesFile })).split("\n"),
    ).to.have.length(8);
    expect((await channel.messageType(id(created))).effect).to.equal(2n);
    const again = await run("consortium", "channel:register-types", { file: typesFile });
    expect(again.split("\n").every((line) => line.endsWith("is registered already."))).to.equal(true);
  });

  it("channel:register-type registers one", async () => {
    await run("consortium", "channel:register-type", {
      predicate: "used",
      effect: "acquit",
      target: created,
      hook: NOBODY,
      batchable: false,
    });
    const type = await channel.messageType(id("used"));
    expect([type.effect, type.target]).to.deep.equal([3n, id(created)]);
    await run("consortium", "channel:register-type", {
      predicate: "listed",
      effect: "issue",
      hook: NOBODY,
      batchable: true,
    });
    expect((await channel.messageType(id("listed"))).batchable).to.equal(true);
  });

  it("channel:close-type closes one", async () => {
    await run("consortium", "channel:close-type", { predicate: "used" });
    expect((await channel.messageType(id("used"))).closed).to.equal(true);
  });

  it("channel:accept takes the participant's seat", async () => {
    await run("auAdmin", "channel:accept", { domain: AU, endpoint: "https://icl.homeaffairs.gov.au" });
    expect(await statusOf(AU)).to.equal(2n);
  });

  it("channel:set-endpoint announces another address", async () => {
    await run("auAdmin", "channel:set-endpoint", { domain: AU, endpoint: "https://node.homeaffairs.gov.au" });
    const [, last] = await channel.queryFilter(channel.filters.EndpointChanged());
    expect(last?.args.endpoint).to.equal("https://node.homeaffairs.gov.au");
  });

  it("channel:appoint-operator and channel:dismiss-operator give and take a right to send", async () => {
    const words = { domain: AU, predicate: created, account: operator.address };
    await run("auAdmin", "channel:appoint-operator", words);
    expect(await channel.isOperator(id(AU), id(created), operator)).to.equal(true);
    await run("auAdmin", "channel:dismiss-operator", words);
    expect(await channel.isOperator(id(AU), id(created), operator)).to.equal(false);
    expect((await rejection(run("consortium", "channel:appoint-operator", words))).message).to.include(
      "The ledger refuses: ParticipantAdminUnauthorized(",
    );
  });

  it("channel:appoint-node and channel:dismiss-node give and take a node's key", async () => {
    const words = { domain: AU, account: node.address };
    await run("auAdmin", "channel:appoint-node", words);
    expect(await channel.isNodeKey(id(AU), node)).to.equal(true);
    await run("auAdmin", "channel:dismiss-node", words);
    expect(await channel.isNodeKey(id(AU), node)).to.equal(false);
  });

  it("channel:suspend and channel:reinstate stop a participant and let it go on", async () => {
    await run("consortium", "channel:suspend", { domain: AU });
    expect(await statusOf(AU)).to.equal(3n);
    await run("consortium", "channel:reinstate", { domain: AU });
    expect(await statusOf(AU)).to.equal(2n);
  });

  it("channel:transfer-admin and channel:accept-admin hand a seat over", async () => {
    await run("auAdmin", "channel:transfer-admin", { domain: AU, admin: people.cnAdmin.address });
    await run("cnAdmin", "channel:accept-admin", { domain: AU });
    expect((await channel.participant(id(AU))).admin).to.equal(people.cnAdmin.address);
    await run("cnAdmin", "channel:transfer-admin", { domain: AU, admin: auAdmin.address });
    await run("auAdmin", "channel:accept-admin", { domain: AU });
  });

  it("channel:announce-recovery, channel:cancel-recovery and channel:complete-recovery replace a lost admin", async () => {
    const words = { domain: AU, admin: stranger.address };
    await run("consortium", "channel:announce-recovery", words);
    expect(
      (await rejection(run("stranger", "channel:complete-recovery", { domain: AU }))).message,
    ).to.include("The ledger refuses: RecoveryTooEarly(");
    await run("auAdmin", "channel:cancel-recovery", { domain: AU });
    await run("consortium", "channel:announce-recovery", words);
    const { provider } = await (await network.hardhat("observer")).network.create();
    await provider.request({ method: "evm_increaseTime", params: [60] });
    await run("stranger", "channel:complete-recovery", { domain: AU });
    expect((await channel.participant(id(AU))).admin).to.equal(stranger.address);
  });

  it("channel:suspend --propose prints the call for another wallet, and sends nothing", async () => {
    const said = await run("observer", "channel:suspend", { domain: AU }, true);
    expect(JSON.parse(said)).to.deep.equal({
      to: address,
      value: "0",
      data: channel.interface.encodeFunctionData("suspend", [id(AU)]),
    });
    expect(await statusOf(AU)).to.equal(2n);
    expect((await rejection(run("observer", "channel:suspend", { domain: AU }))).message).to.include(
      "no account to sign with",
    );
  });

  const misspelt: [string, TaskArguments, string][] = [
    ["channel:suspend", { domain: "Customs.gov.cn" }, '"Customs.gov.cn" is no domain'],
    [
      "channel:admit",
      { domain: "a.cn", jurisdiction: "China", admin: auAdmin.address },
      '"China" is no jurisdiction',
    ],
    ["channel:admit", { domain: "a.cn", jurisdiction: "CN", admin: "0x12" }, '"0x12" is no address'],
    [
      "channel:register-type",
      { predicate: "x", effect: "destroy", hook: NOBODY, batchable: false },
      '"destroy" is no effect',
    ],
    ["channel:suspend", { channel: NOBODY, domain: AU }, "There is no contract at"],
    ["channel:suspend", { channel: "0x12", domain: AU }, '"0x12" is no address'],
  ];
  for (const [task, words, sentence] of misspelt) {
    it(`${task} refuses ${JSON.stringify(words)} before it sends anything`, async () => {
      expect((await rejection(run("consortium", task, words))).message).to.include(sentence);
    });
  }

  it("directory:list, directory:show and directory:delist keep the list of channels", async () => {
    await run("consortium", "directory:list", { directory });
    expect(await network.run("observer", "directory:show", { directory })).to.equal(
      `${address} Certificates`,
    );
    await run("consortium", "directory:delist", { directory, reason: "A mistake" });
    expect(await network.run("observer", "directory:show", { directory })).to.equal("");
    expect((await rejection(run("stranger", "directory:list", { directory }))).message).to.include(
      "The ledger refuses: OwnableUnauthorizedAccount(",
    );
  });

  it("channel:show tells terms, status, types and participants", async () => {
    const shown = await network.run("observer", "channel:show", { channel: address, fromBlock: 0 });
    const lines = shown.split("\n");
    expect(lines[0]).to.equal("Certificates");
    expect(lines).to.include("  status       active");
    expect(lines).to.include("  kind         test");
    expect(lines).to.include(`  ${created}: issue (batchable)`);
    expect(lines).to.include(`  used: acquit of ${created} (closed)`);
    expect(lines).to.include("  listed: issue (batchable)");
    expect(lines).to.include(
      `  ${AU} (AU): active, admin ${stranger.address}, node https://node.homeaffairs.gov.au`,
    );
    expect(shown).to.not.include("agriculture.gov.au");
  });

  it("channel:pins gives what a node's configuration says of a channel", async () => {
    const { ethers } = await (await network.hardhat("observer")).network.create();
    const created = await channel.deploymentTransaction()?.wait();
    const made = created ?? (await channel.queryFilter(channel.filters.ChannelCreated()))[0];
    expect(await network.run("observer", "channel:pins", { channel: address, fromBlock: 0 })).to.equal(
      [
        "- technology: evm",
        "  chainId: 31337",
        `  genesisHash: "${(await ethers.provider.getBlock(0))?.hash ?? ""}"`,
        `  address: "${address}"`,
        `  codeHash: "${ethers.keccak256(await ethers.provider.getCode(address))}"`,
        `  fromBlock: ${made?.blockNumber ?? "unknown"}`,
      ].join("\n"),
    );
  });

  it("channel:deprecate, directory:record-succession and channel:retire end a channel's life", async () => {
    const { ignition } = await (await network.hardhat("consortium")).network.create();
    const terms = { name: "Next", consortium: consortium.address, predecessor: address };
    const made = await ignition.deploy(ChannelModule, {
      parameters: { Channel: terms },
      deploymentId: "next",
    });
    const successor = await made.channel.getAddress();
    for (const listed of [address, successor]) {
      await run("consortium", "directory:list", { directory, channel: listed });
    }
    await run("consortium", "channel:deprecate", { successor });
    await run("stranger", "directory:record-succession", { directory });
    expect(await network.run("observer", "directory:show", { directory })).to.equal(
      `${address} Certificates, succeeded by ${successor}\n${successor} Next`,
    );
    await run("consortium", "channel:retire");
    const shown = await network.run("observer", "channel:show", { channel: address, fromBlock: 0 });
    expect(shown).to.include("  status       retired").and.to.include(`  successor    ${successor}`);
    const next = await network.run("observer", "channel:show", { channel: successor, fromBlock: 0 });
    expect(next).to.include(`  predecessor  ${address}`).and.to.include("  kind         production");
  });

  it("channel:register-types refuses a channel where a type of the file means something else", async () => {
    const { ignition } = await (await network.hardhat("consortium")).network.create();
    const terms = { name: "Other", consortium: consortium.address };
    const made = await ignition.deploy(ChannelModule, {
      parameters: { Channel: terms },
      deploymentId: "other",
    });
    const other = { channel: await made.channel.getAddress() };
    await run("consortium", "channel:register-type", {
      ...other,
      predicate: created,
      effect: "inform",
      hook: NOBODY,
      batchable: false,
    });
    expect(
      (await rejection(run("consortium", "channel:register-types", { ...other, file: typesFile }))).message,
    ).to.include(`${created} is registered on this channel with other data`);
  });
});
