import { expect } from "chai";
import { encodeBytes32String, id, ZeroAddress, zeroPadValue, type Addressable } from "ethers";

import type { Channel } from "../../../types/ethers-contracts/Channel.ts";
import {
  acquittal,
  AU,
  batchOf,
  cast,
  ChannelStatus,
  created,
  DAY,
  deployChannel,
  ethers,
  FAR,
  freshChannel,
  issuanceOf,
  loadFixture,
  message,
  RECOVERY_DELAY,
  registerTypes,
  revocation,
  seatParticipants,
  time,
  workingChannel,
} from "../fixture.ts";

const { active, deprecated, retired } = ChannelStatus;

async function workingSuccessor(predecessor: Addressable): Promise<Channel> {
  const channel = await deployChannel({ predecessor });
  await registerTypes(channel);
  await seatParticipants(channel);
  return channel;
}

/** One channel with an issued number, and a successor that is ready but that the first has not handed over to. */
async function successorInWaiting() {
  const working = await workingChannel();
  const issued = message("created");
  await working.channel.connect(working.auOperator).send(issued);
  return { ...working, issued, successor: await workingSuccessor(working.channel) };
}

async function successorInOffice() {
  const waiting = await successorInWaiting();
  await waiting.channel.connect(waiting.consortium).deprecate(waiting.successor);
  return waiting;
}

describe("Lifecycle", () => {
  describe("a channel's terms", () => {
    it("are announced and stay as they were given", async () => {
      const predecessor = await deployChannel();
      const channel = await deployChannel({
        name: "Certificates of origin 2027",
        validFrom: 1n,
        validUntil: FAR,
        test: true,
        opaqueSubjects: true,
        recoveryDelay: 60n,
        predecessor,
      });
      const [deployed] = await channel.queryFilter(channel.filters.ChannelCreated());
      expect(deployed?.args).to.deep.equal([
        "Certificates of origin 2027",
        true,
        true,
        1n,
        FAR,
        60n,
        await predecessor.getAddress(),
      ]);
      const { consortium } = await cast();
      expect(await channel.name()).to.equal("Certificates of origin 2027");
      expect(await channel.isTest()).to.equal(true);
      expect(await channel.opaqueSubjects()).to.equal(true);
      expect(await channel.validFrom()).to.equal(1n);
      expect(await channel.validUntil()).to.equal(FAR);
      expect(await channel.recoveryDelay()).to.equal(60n);
      expect(await channel.predecessor()).to.equal(await predecessor.getAddress());
      expect(await channel.successor()).to.equal(ZeroAddress);
      expect(await channel.status()).to.equal(active);
      expect(await channel.defaultAdmin()).to.equal(consortium.address);
      expect(await channel.defaultAdminDelay()).to.equal(2n * DAY);
    });

    it("may leave out end, predecessor, test and opaque subjects", async () => {
      const { channel } = await loadFixture(freshChannel);
      expect(await channel.validUntil()).to.equal(0n);
      expect(await channel.predecessor()).to.equal(ZeroAddress);
      expect(await channel.isTest()).to.equal(false);
      expect(await channel.opaqueSubjects()).to.equal(false);
      expect(await channel.recoveryDelay()).to.equal(RECOVERY_DELAY);
    });

    it("are refused without a consortium", async () => {
      const { channel } = await loadFixture(freshChannel);
      await expect(deployChannel({ consortium: ZeroAddress }))
        .to.be.revertedWithCustomError(channel, "AccessControlInvalidDefaultAdmin")
        .withArgs(ZeroAddress);
    });

    it("are refused with a name that is empty or longer than 200 characters", async () => {
      const { channel } = await loadFixture(freshChannel);
      for (const name of ["", "a".repeat(201)]) {
        await expect(deployChannel({ name }))
          .to.be.revertedWithCustomError(channel, "ChannelArgumentInvalid")
          .withArgs(encodeBytes32String("name"));
      }
      expect(await (await deployChannel({ name: "a".repeat(200) })).name()).to.have.length(200);
    });

    it("are refused with a validity that is over, or ends before it begins", async () => {
      const { channel } = await loadFixture(freshChannel);
      const now = BigInt(await time.latest());
      for (const terms of [
        { validFrom: FAR, validUntil: FAR },
        { validFrom: FAR, validUntil: FAR - 1n },
        { validFrom: 1n, validUntil: now },
      ]) {
        await expect(deployChannel(terms))
          .to.be.revertedWithCustomError(channel, "ChannelArgumentInvalid")
          .withArgs(encodeBytes32String("validUntil"));
      }
    });

    it("are refused with a validity that ends in the very second", async () => {
      const { channel } = await loadFixture(freshChannel);
      const now = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(now);
      await expect(deployChannel({ validFrom: 1n, validUntil: now }))
        .to.be.revertedWithCustomError(channel, "ChannelArgumentInvalid")
        .withArgs(encodeBytes32String("validUntil"));
      expect(await (await deployChannel({ validFrom: 1n, validUntil: now + 1n })).validUntil()).to.equal(
        now + 1n,
      );
    });

    it("may name a predecessor that is retired", async () => {
      const { channel, consortium } = await loadFixture(freshChannel);
      await channel.connect(consortium).deprecate(ZeroAddress);
      await channel.connect(consortium).retire();
      const successor = await deployChannel({ predecessor: channel });
      expect(await successor.predecessor()).to.equal(await channel.getAddress());
    });

    it("are refused with a predecessor that is no channel", async () => {
      const { channel, stranger } = await loadFixture(freshChannel);
      const hook = await ethers.deployContract("HostileHook");
      for (const predecessor of [stranger, hook]) {
        await expect(deployChannel({ predecessor }))
          .to.be.revertedWithCustomError(channel, "ChannelArgumentInvalid")
          .withArgs(encodeBytes32String("predecessor"));
      }
    });
  });

  describe("deprecate", () => {
    it("names the successor", async () => {
      const { channel, consortium, successor } = await loadFixture(successorInWaiting);
      await expect(channel.connect(consortium).deprecate(successor))
        .to.emit(channel, "ChannelDeprecated")
        .withArgs(successor);
      expect(await channel.status()).to.equal(deprecated);
      expect(await channel.successor()).to.equal(await successor.getAddress());
    });

    it("may name nobody, and a successor later", async () => {
      const { channel, consortium, successor } = await loadFixture(successorInWaiting);
      await expect(channel.connect(consortium).deprecate(ZeroAddress))
        .to.emit(channel, "ChannelDeprecated")
        .withArgs(ZeroAddress);
      expect(await channel.successor()).to.equal(ZeroAddress);
      await expect(channel.connect(consortium).deprecate(successor))
        .to.emit(channel, "ChannelDeprecated")
        .withArgs(successor);
    });

    it("never names another successor, nor comes after retirement", async () => {
      const { channel, consortium } = await loadFixture(successorInOffice);
      const second = await deployChannel({ predecessor: channel });
      await expect(channel.connect(consortium).deprecate(second))
        .to.be.revertedWithCustomError(channel, "ChannelStatusMismatch")
        .withArgs(deprecated);
      await channel.connect(consortium).retire();
      await expect(channel.connect(consortium).deprecate(ZeroAddress))
        .to.be.revertedWithCustomError(channel, "ChannelStatusMismatch")
        .withArgs(retired);
    });

    it("never comes after retirement, though no successor was named", async () => {
      const { channel, consortium } = await loadFixture(freshChannel);
      await channel.connect(consortium).deprecate(ZeroAddress);
      await channel.connect(consortium).retire();
      await expect(channel.connect(consortium).deprecate(ZeroAddress))
        .to.be.revertedWithCustomError(channel, "ChannelStatusMismatch")
        .withArgs(retired);
      expect(await channel.status()).to.equal(retired);
    });

    it("refuses a successor that does not name this channel as its predecessor", async () => {
      const { channel, consortium, stranger } = await loadFixture(workingChannel);
      const unrelated = await deployChannel();
      const hook = await ethers.deployContract("HostileHook");
      for (const successor of [unrelated, channel, hook, stranger]) {
        await expect(channel.connect(consortium).deprecate(successor))
          .to.be.revertedWithCustomError(channel, "ChannelSuccessorInvalid")
          .withArgs(successor);
      }
      expect(await channel.status()).to.equal(active);
    });
  });

  describe("retire", () => {
    it("ends a deprecated channel", async () => {
      const { channel, consortium } = await loadFixture(successorInOffice);
      await expect(channel.connect(consortium).retire()).to.emit(channel, "ChannelRetired");
      expect(await channel.status()).to.equal(retired);
    });

    it("is refused to an active channel, and the second time", async () => {
      const { channel, consortium } = await loadFixture(workingChannel);
      await expect(channel.connect(consortium).retire())
        .to.be.revertedWithCustomError(channel, "ChannelStatusMismatch")
        .withArgs(active);
      await channel.connect(consortium).deprecate(ZeroAddress);
      await channel.connect(consortium).retire();
      await expect(channel.connect(consortium).retire())
        .to.be.revertedWithCustomError(channel, "ChannelStatusMismatch")
        .withArgs(retired);
    });
  });

  describe("succession", () => {
    it("refuses to issue on the successor while the predecessor is active", async () => {
      const { channel, successor, auOperator } = await loadFixture(successorInWaiting);
      for (const issuing of [
        successor.connect(auOperator).send(message("created", { subject: "new" })),
        successor.connect(auOperator).anchor(batchOf(2).header),
      ]) {
        await expect(issuing)
          .to.be.revertedWithCustomError(successor, "ChannelPredecessorActive")
          .withArgs(channel);
      }
    });

    it("lets the successor inform before that", async () => {
      const { successor, auOperator } = await loadFixture(successorInWaiting);
      await expect(successor.connect(auOperator).send(message("attached"))).to.emit(successor, "MessageSent");
    });

    it("refuses to issue on a successor that the predecessor did not choose", async () => {
      const { channel, auOperator } = await loadFixture(successorInOffice);
      const pretender = await workingSuccessor(channel);
      await expect(pretender.connect(auOperator).send(message("created", { subject: "new" })))
        .to.be.revertedWithCustomError(pretender, "ChannelPredecessorActive")
        .withArgs(channel);
    });

    it("refuses to issue on a successor while the predecessor is deprecated in favour of nobody", async () => {
      const { channel, consortium, successor, auOperator } = await loadFixture(successorInWaiting);
      await channel.connect(consortium).deprecate(ZeroAddress);
      await expect(successor.connect(auOperator).send(message("created", { subject: "new" })))
        .to.be.revertedWithCustomError(successor, "ChannelPredecessorActive")
        .withArgs(channel);
    });

    it("issues new numbers on the successor, and anchors", async () => {
      const { successor, auOperator } = await loadFixture(successorInOffice);
      for (const subject of ["new", "newer"]) {
        await expect(successor.connect(auOperator).send(message("created", { subject }))).to.emit(
          successor,
          "MessageSent",
        );
      }
      await expect(successor.connect(auOperator).anchor(batchOf(2).header)).to.emit(
        successor,
        "BatchAnchored",
      );
    });

    it("is settled with the first issue: what the predecessor says of itself later changes nothing", async () => {
      const pretender = await ethers.deployContract("FalseChannel");
      const asChannel = (await ethers.getContractFactory("Channel")).interface;
      const answer = async (name: "status" | "predecessor" | "successor" | "isIssued", value: string) =>
        pretender.setAnswer(
          asChannel.getFunction(name)?.selector ?? expect.fail(name),
          zeroPadValue(value, 32),
        );
      await answer("status", "0x01");
      await answer("predecessor", "0x00");
      await answer("successor", "0x00");
      await answer("isIssued", "0x00");
      const channel = await workingSuccessor(pretender);
      await answer("successor", await channel.getAddress());
      const { auOperator } = await cast();
      // One that names its successor and is active all the same has not handed over.
      await answer("status", "0x00");
      await expect(channel.connect(auOperator).send(message("created", { subject: "first" })))
        .to.be.revertedWithCustomError(channel, "ChannelPredecessorActive")
        .withArgs(pretender);
      await answer("status", "0x01");
      await channel.connect(auOperator).send(message("created", { subject: "first" }));
      await answer("status", "0x00");
      await expect(channel.connect(auOperator).send(message("created", { subject: "second" }))).to.emit(
        channel,
        "MessageSent",
      );
    });

    it("refuses the predecessor's numbers, also after it retired", async () => {
      const { channel, consortium, successor, auOperator, issued } = await loadFixture(successorInOffice);
      expect(await successor.isIssued(AU, created, id(issued.subject))).to.equal(true);
      for (const step of ["deprecated", "retired"]) {
        if (step === "retired") await channel.connect(consortium).retire();
        await expect(successor.connect(auOperator).send({ ...issued, obj: ethers.id(step) }))
          .to.be.revertedWithCustomError(successor, "CertificateAlreadyIssued")
          .withArgs(AU, created, id(issued.subject));
      }
    });

    it("leaves the predecessor's certificates to be acquitted and revoked there", async () => {
      const { channel, successor, auOperator, cnOperator, issued } = await loadFixture(successorInOffice);
      await expect(
        successor.connect(cnOperator).sendAbout(acquittal(issued), issuanceOf(issued)),
      ).to.be.revertedWithCustomError(successor, "CertificateUnknown");
      await channel.connect(cnOperator).sendAbout(acquittal(issued), issuanceOf(issued));
      await channel.connect(auOperator).sendAbout(revocation(issued), issuanceOf(issued));
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, true, false]);
      expect((await successor.stateOf(issued)).issued).to.equal(false);
    });

    it("remembers numbers over a chain of three", async () => {
      const { consortium, successor, auOperator, issued } = await loadFixture(successorInOffice);
      const second = message("created", { subject: "second" });
      await successor.connect(auOperator).send(second);
      const third = await workingSuccessor(successor);
      await successor.connect(consortium).deprecate(third);
      for (const { subject } of [issued, second]) {
        expect(await third.isIssued(AU, created, id(subject))).to.equal(true);
        await expect(third.connect(auOperator).send(message("created", { subject })))
          .to.be.revertedWithCustomError(third, "CertificateAlreadyIssued")
          .withArgs(AU, created, id(subject));
      }
      await expect(third.connect(auOperator).send(message("created", { subject: "third" }))).to.emit(
        third,
        "MessageSent",
      );
      expect(await third.isIssued(AU, created, id("fourth"))).to.equal(false);
    });
  });
});
