import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { cast, ChannelStatus, deployChannel, ethers, loadFixture } from "./fixture.ts";

const coder = AbiCoder.defaultAbiCoder();
const channelInterface = (await ethers.getContractFactory("Channel")).interface;
const selector = (name: "status" | "predecessor" | "successor" | "isIssued" | "name") =>
  (channelInterface.getFunction(name) ?? expect.fail(`A channel has no function ${name}.`)).selector;

/** A contract that answers as a channel does: with these answers, and otherwise as one that is active and alone. */
async function deployFalseChannel(answers: Partial<Record<Parameters<typeof selector>[0], string>> = {}) {
  const pretender = await ethers.deployContract("FalseChannel");
  const all = {
    status: coder.encode(["uint8"], [ChannelStatus.active]),
    predecessor: coder.encode(["address"], [ZeroAddress]),
    successor: coder.encode(["address"], [ZeroAddress]),
    isIssued: coder.encode(["bool"], [false]),
    name: coder.encode(["string"], ["False"]),
    ...answers,
  };
  for (const [name, answer] of Object.entries(all))
    await pretender.setAnswer(selector(name as keyof typeof all), answer);
  return pretender;
}

async function emptyDirectory() {
  const all = await cast();
  const directory = await ethers.deployContract("ChannelDirectory", [all.consortium]);
  return { directory, asOwner: directory.connect(all.consortium), ...all };
}

/** Three channels in line, all listed; the first is deprecated in favour of the second, the second of the third. */
async function lineOfThree() {
  const empty = await emptyDirectory();
  const first = await deployChannel({ name: "First" });
  const second = await deployChannel({ name: "Second", predecessor: first });
  const third = await deployChannel({ name: "Third", predecessor: second });
  for (const channel of [first, second, third]) await empty.asOwner.list(channel);
  await first.connect(empty.consortium).deprecate(second);
  await second.connect(empty.consortium).deprecate(third);
  return { ...empty, first, second, third };
}

describe("ChannelDirectory", () => {
  describe("list", () => {
    it("lists a channel, with its name and the hash of its code to pin", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      const channel = await deployChannel({ name: "Certificates of origin" });
      const codeHash = keccak256(await ethers.provider.getCode(channel));
      expect(await directory.isListed(channel)).to.equal(false);
      await expect(asOwner.list(channel))
        .to.emit(directory, "ChannelListed")
        .withArgs(channel, "Certificates of origin", codeHash);
      expect(await directory.isListed(channel)).to.equal(true);
      expect(await directory.count()).to.equal(1n);
    });

    it("refuses a channel that is listed", async () => {
      const { directory, asOwner, first } = await loadFixture(lineOfThree);
      await expect(asOwner.list(first))
        .to.be.revertedWithCustomError(directory, "DirectoryChannelAlreadyListed")
        .withArgs(first);
    });

    it("refuses an account without code, and a contract that is no channel", async () => {
      const { directory, asOwner, stranger } = await loadFixture(emptyDirectory);
      const hook = await ethers.deployContract("HostileHook");
      for (const address of [stranger, hook, directory, ZeroAddress]) {
        await expect(asOwner.list(address))
          .to.be.revertedWithCustomError(directory, "DirectoryChannelInvalid")
          .withArgs(address);
      }
    });

    const wrongAnswers = {
      "no status": { status: "0x" },
      "a status that does not exist": { status: coder.encode(["uint8"], [3]) },
      "a status of a byte": { status: "0x00" },
      "a status of two words": { status: coder.encode(["uint8", "uint8"], [0, 0]) },
      "no predecessor": { predecessor: "0x" },
      "a predecessor that is no address": { predecessor: `0x${"f".repeat(64)}` },
      "no successor": { successor: "0x" },
      "a successor that is no address": { successor: `0x${"f".repeat(64)}` },
      "no name": { name: "0x" },
      "nothing about its numbers": { isIssued: "0x" },
      "neither yes nor no about its numbers": { isIssued: coder.encode(["uint8"], [2]) },
    };
    for (const [what, answers] of Object.entries(wrongAnswers)) {
      it(`refuses what answers with ${what}`, async () => {
        const { directory, asOwner } = await loadFixture(emptyDirectory);
        const pretender = await deployFalseChannel(answers);
        await expect(asOwner.list(pretender))
          .to.be.revertedWithCustomError(directory, "DirectoryChannelInvalid")
          .withArgs(pretender);
      });
    }

    it("refuses what reverts with data that could pass for an answer", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      for (const name of ["status", "predecessor", "successor", "isIssued"] as const) {
        const pretender = await deployFalseChannel();
        await pretender.setRefusal(selector(name), ZeroHash);
        await expect(asOwner.list(pretender))
          .to.be.revertedWithCustomError(directory, "DirectoryChannelInvalid")
          .withArgs(pretender);
      }
    });
  });

  describe("delist", () => {
    it("takes a channel off, for a reason", async () => {
      const { directory, asOwner, second } = await loadFixture(lineOfThree);
      await expect(asOwner.delist(second, "Compromised consortium key"))
        .to.emit(directory, "ChannelDelisted")
        .withArgs(second, "Compromised consortium key");
      expect(await directory.isListed(second)).to.equal(false);
      expect(await directory.count()).to.equal(2n);
    });

    it("forgets the successions from and to the channel", async () => {
      const { directory, asOwner, first, second, third } = await loadFixture(lineOfThree);
      await directory.recordSuccession(first);
      await directory.recordSuccession(second);
      expect(await directory.latest(first)).to.equal(await third.getAddress());
      await asOwner.delist(second, "Mistake");
      expect(await directory.latest(first)).to.equal(await first.getAddress());
      await expect(directory.latest(second))
        .to.be.revertedWithCustomError(directory, "DirectoryChannelNotListed")
        .withArgs(second);
      await asOwner.list(second);
      expect(await directory.latest(first)).to.equal(await second.getAddress());
    });

    it("keeps the others listed, in whatever order channels go and come back", async () => {
      const { directory, asOwner, first, second, third } = await loadFixture(lineOfThree);
      const addresses = async (...listed: (typeof first)[]) =>
        Promise.all(listed.map(async (channel) => channel.getAddress()));
      await asOwner.delist(first, "Mistake");
      expect([...(await directory.channels(0, 9))]).to.have.members(await addresses(second, third));
      await asOwner.delist(third, "Mistake");
      expect([...(await directory.channels(0, 9))]).to.have.members(await addresses(second));
      await asOwner.list(first);
      await asOwner.delist(second, "Mistake");
      expect([...(await directory.channels(0, 9))]).to.have.members(await addresses(first));
      await asOwner.delist(first, "Mistake");
      expect(await directory.count()).to.equal(0n);
      for (const channel of [first, second, third]) expect(await directory.isListed(channel)).to.equal(false);
    });

    it("refuses a channel that is not listed", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      const channel = await deployChannel();
      await expect(asOwner.delist(channel, "Mistake"))
        .to.be.revertedWithCustomError(directory, "DirectoryChannelNotListed")
        .withArgs(channel);
    });

    it("wants a reason of 1 to 200 characters", async () => {
      const { directory, asOwner, first } = await loadFixture(lineOfThree);
      for (const reason of ["", "r".repeat(201)]) {
        await expect(asOwner.delist(first, reason))
          .to.be.revertedWithCustomError(directory, "DirectoryReasonInvalid")
          .withArgs(reason);
      }
      await asOwner.delist(first, "r".repeat(200));
    });
  });

  describe("recordSuccession", () => {
    it("records what the channel says of itself, whoever calls", async () => {
      const { directory, stranger, first, second } = await loadFixture(lineOfThree);
      await expect(directory.connect(stranger).recordSuccession(first))
        .to.emit(directory, "SuccessionRecorded")
        .withArgs(first, second);
      expect(await directory.latest(first)).to.equal(await second.getAddress());
    });

    it("says nothing the second time", async () => {
      const { directory, first } = await loadFixture(lineOfThree);
      await directory.recordSuccession(first);
      await expect(directory.recordSuccession(first)).to.not.emit(directory, "SuccessionRecorded");
    });

    it("refuses a channel that is not listed", async () => {
      const { directory, asOwner, first } = await loadFixture(lineOfThree);
      await asOwner.delist(first, "Mistake");
      await expect(directory.recordSuccession(first))
        .to.be.revertedWithCustomError(directory, "DirectoryChannelNotListed")
        .withArgs(first);
    });

    it("refuses a channel without a successor, or whose successor is not listed", async () => {
      const { directory, asOwner, first, second, third } = await loadFixture(lineOfThree);
      await expect(directory.recordSuccession(third))
        .to.be.revertedWithCustomError(directory, "DirectorySuccessionInvalid")
        .withArgs(third, ZeroAddress);
      await asOwner.delist(second, "Mistake");
      await expect(directory.recordSuccession(first))
        .to.be.revertedWithCustomError(directory, "DirectorySuccessionInvalid")
        .withArgs(first, second);
    });

    it("refuses a false channel that names a successor while it is active", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      const pretender = await deployFalseChannel();
      const successor = await deployChannel({ predecessor: pretender });
      await pretender.setAnswer(
        selector("successor"),
        coder.encode(["address"], [await successor.getAddress()]),
      );
      await asOwner.list(pretender);
      await asOwner.list(successor);
      await expect(directory.recordSuccession(pretender))
        .to.be.revertedWithCustomError(directory, "DirectorySuccessionInvalid")
        .withArgs(pretender, successor);
    });

    it("refuses a false channel that names a successor which names another predecessor", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      const successor = await deployChannel();
      const pretender = await deployFalseChannel({
        status: coder.encode(["uint8"], [ChannelStatus.deprecated]),
        successor: coder.encode(["address"], [await successor.getAddress()]),
      });
      await asOwner.list(pretender);
      await asOwner.list(successor);
      await expect(directory.recordSuccession(pretender))
        .to.be.revertedWithCustomError(directory, "DirectorySuccessionInvalid")
        .withArgs(pretender, successor);
    });
  });

  describe("latest", () => {
    it("follows the line to its end", async () => {
      const { directory, first, second, third } = await loadFixture(lineOfThree);
      expect(await directory.latest(first)).to.equal(await first.getAddress());
      await directory.recordSuccession(first);
      await directory.recordSuccession(second);
      for (const channel of [first, second, third]) {
        expect(await directory.latest(channel)).to.equal(await third.getAddress());
      }
    });

    it("refuses a channel that is not listed", async () => {
      const { directory } = await loadFixture(emptyDirectory);
      const channel = await deployChannel();
      await expect(directory.latest(channel))
        .to.be.revertedWithCustomError(directory, "DirectoryChannelNotListed")
        .withArgs(channel);
    });

    it("ends, though false channels name each other in a ring", async () => {
      const { directory, asOwner } = await loadFixture(emptyDirectory);
      const [one, other] = [await deployFalseChannel(), await deployFalseChannel()];
      const ring = [
        [one, other],
        [other, one],
      ] as const;
      for (const [from, to] of ring) {
        const address = coder.encode(["address"], [await to.getAddress()]);
        await from.setAnswer(selector("status"), coder.encode(["uint8"], [ChannelStatus.deprecated]));
        await from.setAnswer(selector("successor"), address);
        await from.setAnswer(selector("predecessor"), address);
        await asOwner.list(from);
      }
      for (const [from] of ring) await directory.recordSuccession(from);
      await expect(directory.latest(one))
        .to.be.revertedWithCustomError(directory, "DirectorySuccessionInvalid")
        .withArgs(one, other);
    });
  });

  describe("channels", () => {
    it("gives the list in pages", async () => {
      const { directory, first, second, third } = await loadFixture(lineOfThree);
      const all = await Promise.all([first, second, third].map(async (channel) => channel.getAddress()));
      expect(await directory.count()).to.equal(3n);
      expect([...(await directory.channels(0, 100))]).to.have.members(all);
      const pages = [...(await directory.channels(0, 2)), ...(await directory.channels(2, 2))];
      expect(pages).to.have.members(all);
    });

    it("gives an empty page past the end, and for a limit of nothing", async () => {
      const { directory } = await loadFixture(lineOfThree);
      const most = 2n ** 256n - 1n;
      expect(await directory.channels(3, 1)).to.deep.equal([]);
      expect(await directory.channels(most, most)).to.deep.equal([]);
      expect(await directory.channels(0, 0)).to.deep.equal([]);
      expect(await directory.channels(1, most)).to.have.length(2);
    });
  });

  describe("the owner", () => {
    it("alone lists, delists, and gives the directory away", async () => {
      const { directory, first, ...all } = await loadFixture(lineOfThree);
      for (const other of [
        all.deployer,
        all.auAdmin,
        all.auOperator,
        all.auNode,
        all.relayer,
        all.stranger,
      ]) {
        await expect(directory.connect(other).list(first))
          .to.be.revertedWithCustomError(directory, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(directory.connect(other).delist(first, "Spite"))
          .to.be.revertedWithCustomError(directory, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(directory.connect(other).transferOwnership(other))
          .to.be.revertedWithCustomError(directory, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(directory.connect(other).renounceOwnership())
          .to.be.revertedWithCustomError(directory, "OwnableUnauthorizedAccount")
          .withArgs(other);
      }
    });

    it("hands over in two steps", async () => {
      const { directory, asOwner, newcomer, stranger, consortium } = await loadFixture(emptyDirectory);
      await expect(asOwner.transferOwnership(newcomer))
        .to.emit(directory, "OwnershipTransferStarted")
        .withArgs(consortium, newcomer);
      expect(await directory.pendingOwner()).to.equal(newcomer.address);
      expect(await directory.owner()).to.equal(consortium.address);
      await expect(directory.connect(stranger).acceptOwnership())
        .to.be.revertedWithCustomError(directory, "OwnableUnauthorizedAccount")
        .withArgs(stranger);
      await expect(directory.connect(newcomer).acceptOwnership())
        .to.emit(directory, "OwnershipTransferred")
        .withArgs(consortium, newcomer);
      expect(await directory.owner()).to.equal(newcomer.address);
    });

    it("cannot be nobody from the start", async () => {
      const { directory } = await loadFixture(emptyDirectory);
      const factory = await ethers.getContractFactory("ChannelDirectory");
      await expect(factory.deploy(ZeroAddress))
        .to.be.revertedWithCustomError(directory, "OwnableInvalidOwner")
        .withArgs(ZeroAddress);
    });
  });
});
