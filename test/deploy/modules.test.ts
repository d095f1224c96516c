import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import ChannelModule from "../../deploy/modules/Channel.ts";
import ChannelDirectoryModule from "../../deploy/modules/ChannelDirectory.ts";
import { channelWithTypes } from "../../deploy/modules/ChannelWithTypes.ts";
import TariffQuotaModule from "../../deploy/modules/TariffQuota.ts";
import { rejection } from "../rejection.ts";
import { readMessageTypes } from "../../scripts/tasks/message-types.ts";
import {
  people,
  startConsortiumNetwork,
  type ConsortiumNetwork,
} from "../scripts/tasks/consortium-network.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shippedTypes = readMessageTypes(join(root, "deploy/message-types.json"));
const { consortium, stranger } = people;

interface Example {
  readonly Channel: Record<string, string | number | boolean>;
  readonly ChannelDirectory: Record<string, string>;
  readonly TariffQuota: Record<string, string>;
}
const example = JSON.parse(await readFile(join(root, "deploy/parameters.example.json"), "utf8")) as Example;

describe("the deployment modules", () => {
  let network: ConsortiumNetwork;
  let deployments = 0;
  before(async () => {
    network = await startConsortiumNetwork();
  });
  after(async () => network.close());

  /** Deploys as the consortium, in a deployment of its own. */
  async function onNetwork<T>(
    act: (
      connection: Awaited<ReturnType<Awaited<ReturnType<ConsortiumNetwork["hardhat"]>>["network"]["create"]>>,
      deploymentId: string,
    ) => Promise<T>,
  ): Promise<T> {
    const hre = await network.hardhat("consortium");
    const connection = await hre.network.create();
    deployments += 1;
    try {
      return await act(connection, `deployment-${deployments}`);
    } finally {
      await connection.close();
    }
  }

  it("make a channel with the terms of the example file", async () => {
    await onNetwork(async ({ ignition, ethers }, deploymentId) => {
      const parameters = { Channel: { ...example.Channel, consortium: consortium.address } };
      const made = await ignition.deploy(ChannelModule, { parameters, deploymentId });
      const channel = await ethers.getContractAt("Channel", await made.channel.getAddress());
      expect({
        name: await channel.name(),
        consortium: await channel.defaultAdmin(),
        adminDelay: Number(await channel.defaultAdminDelay()),
        recoveryDelay: Number(await channel.recoveryDelay()),
        validFrom: Number(await channel.validFrom()),
        validUntil: Number(await channel.validUntil()),
        test: await channel.isTest(),
        opaqueSubjects: await channel.opaqueSubjects(),
        predecessor: await channel.predecessor(),
      }).to.deep.equal(parameters.Channel);
    });
  });

  it("make a production channel with long delays where only name and consortium are given", async () => {
    await onNetwork(async ({ ignition, ethers }, deploymentId) => {
      const parameters = { Channel: { name: "Short", consortium: stranger.address } };
      const made = await ignition.deploy(ChannelModule, { parameters, deploymentId });
      const channel = await ethers.getContractAt("Channel", await made.channel.getAddress());
      expect(await channel.isTest()).to.equal(false);
      expect(await channel.opaqueSubjects()).to.equal(true);
      expect(await channel.recoveryDelay()).to.equal(604_800n);
      expect(await channel.defaultAdminDelay()).to.equal(259_200n);
      expect(await channel.defaultAdmin()).to.equal(stranger.address);
      expect(await channel.predecessor()).to.equal(ZeroAddress);
    });
  });

  it("refuse to guess who the consortium is", async () => {
    await onNetwork(async ({ ignition }, deploymentId) => {
      expect(
        (
          await rejection(
            ignition.deploy(ChannelModule, { parameters: { Channel: { name: "Whose?" } }, deploymentId }),
          )
        ).message,
      ).to.match(/consortium/);
    });
  });

  it("make a channel with its message types, and a successor to it", async () => {
    await onNetwork(async ({ ignition, ethers }, deploymentId) => {
      const terms = { name: "First", consortium: consortium.address };
      const types = channelWithTypes(shippedTypes);
      const made = await ignition.deploy(types, { parameters: { Channel: terms }, deploymentId });
      const first = await ethers.getContractAt("Channel", await made.channel.getAddress());
      const effects = await Promise.all(
        shippedTypes.map(async ({ name }) => Number((await first.messageType(id(name))).effect)),
      );
      expect(effects).to.deep.equal([2, 3, 4, 1, 1, 1, 1, 1]);
      const predecessor = await first.getAddress();
      const next = await ignition.deploy(types, {
        parameters: { Channel: { ...terms, name: "Second", predecessor } },
        deploymentId: `${deploymentId}-next`,
      });
      const second = await ethers.getContractAt("Channel", await next.channel.getAddress());
      expect(await second.predecessor()).to.equal(predecessor);
    });
  });

  it("make a directory and a tariff quota for the owner named", async () => {
    await onNetwork(async ({ ignition, ethers }, deploymentId) => {
      const owner = stranger.address;
      const made = await ignition.deploy(ChannelDirectoryModule, {
        parameters: { ChannelDirectory: { ...example.ChannelDirectory, owner } },
        deploymentId,
      });
      const directory = await ethers.getContractAt("ChannelDirectory", await made.directory.getAddress());
      expect(await directory.owner()).to.equal(owner);
      const { channel } = example.TariffQuota;
      const next = await ignition.deploy(TariffQuotaModule, {
        parameters: { TariffQuota: { ...example.TariffQuota, owner } },
        deploymentId,
      });
      const quota = await ethers.getContractAt("TariffQuota", await next.quota.getAddress());
      expect(await quota.owner()).to.equal(owner);
      expect(await quota.channel()).to.equal(channel);
    });
  });

  it("deploy from the command line, with address and key out of the environment", async function () {
    // It compiles first, where that was not done for deployment.
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), "icl-parameters-"));
    const parameters = join(folder, "parameters.json");
    const deploymentId = `test-${process.pid}`;
    await writeFile(
      parameters,
      JSON.stringify({ Channel: { ...example.Channel, consortium: consortium.address } }),
    );
    try {
      const cli = join(createRequire(import.meta.url).resolve("hardhat/package.json"), "../dist/src/cli.js");
      const task = ["ignition", "deploy", "deploy/modules/ChannelWithTypes.ts", "--network", "consortium"];
      const child = spawn(
        process.execPath,
        [cli, ...task, "--parameters", parameters, "--deployment-id", deploymentId],
        {
          cwd: root,
          env: { ...process.env, ICL_RPC_URL: network.rpcUrl, ICL_ACCOUNT_KEY: consortium.privateKey },
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let printed = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
      const [code] = (await once(child, "close")) as [number];
      expect(code, printed).to.equal(0);
      const channel = /Channel#Channel - (0x[0-9a-fA-F]{40})/.exec(printed)?.[1] ?? expect.fail(printed);
      const shown = await network.run("observer", "channel:show", { channel, fromBlock: 0 });
      for (const { name } of shippedTypes) expect(shown).to.include(name);
    } finally {
      await rm(folder, { recursive: true });
      await rm(join(root, "deploy/deployments", deploymentId), { recursive: true, force: true });
    }
  });
});

describe("a file of message types", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "icl-types-"));
  });
  after(async () => rm(folder, { recursive: true }));

  async function read(value: unknown) {
    const file = join(folder, "types.json");
    await writeFile(file, JSON.stringify(value));
    return readMessageTypes(file);
  }

  it("gives names, effects, targets, batchability and hooks", async () => {
    const type = { name: "a", effect: "acquit", target: "b", batchable: false, hook: stranger.address };
    expect(await read([type, { name: "b", effect: "issue" }])).to.deep.equal([
      type,
      { name: "b", effect: "issue", batchable: false },
    ]);
  });

  const wrong: [unknown, RegExp][] = [
    [{}, /are a list/],
    [[1], /1: is not an object/],
    [[{ effect: "issue" }], /1: has no name/],
    [
      [
        { name: "a", effect: "issue" },
        { name: "b", effect: "destroy" },
      ],
      /2: effect is one of/,
    ],
    [[{ name: "a", effect: "toString" }], /1: effect is one of/],
    [[{ name: "a", effect: "inform", batchable: "yes" }], /1: batchable is true or false/],
    [[{ name: "a", effect: "acquit", target: 1 }], /1: target is the name/],
    [[{ name: "a", effect: "issue", hook: 1 }], /1: hook is an address/],
    [[{ name: "a", effect: "issue", kind: 1 }], /1: nobody knows the member "kind"/],
  ];
  for (const [value, sentence] of wrong) {
    it(`is refused as ${JSON.stringify(value)}`, async () => {
      expect((await rejection(read(value))).message).to.match(sentence);
    });
  }
});
