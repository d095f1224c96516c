import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import {
  acquittal,
  AU,
  CN,
  created,
  DAY,
  Effect,
  ethers,
  issuanceOf,
  loadFixture,
  message,
  messageIdOf,
  revocation,
  SG,
  time,
  workingChannel,
} from "../fixture.ts";

const acquitted = id("quota.acquitted");

/** A channel whose acquittals consume a quota; for China's imports from Australia, two in a period of a day. */
async function quotaOfTwo() {
  const working = await workingChannel();
  const { channel, consortium, cnAdmin, cnOperator, sgAdmin, sgOperator } = working;
  const quota = await ethers.deployContract("TariffQuota", [channel, consortium]);
  await channel
    .connect(consortium)
    .registerMessageType("quota.acquitted", Effect.acquit, false, created, quota);
  await channel.connect(cnAdmin).appointOperator(CN, acquitted, cnOperator);
  await channel.connect(sgAdmin).appointOperator(SG, acquitted, sgOperator);
  const opensAt = BigInt(await time.latest()) + DAY;
  const closesAt = opensAt + DAY;
  const asOwner = quota.connect(consortium);
  await asOwner.addPeriod(CN, AU, acquitted, opensAt, closesAt, 2n);
  /** Issues a certificate, ready to be acquitted. */
  const issue = async (subject: string) => {
    const issued = message("created", { subject });
    await channel.connect(working.auOperator).send(issued);
    return { used: acquittal(issued, { predicate: acquitted }), issued, issuance: issuanceOf(issued) };
  };
  return { ...working, quota, asOwner, opensAt, closesAt, issue };
}

async function openQuotaOfTwo() {
  const fixture = await quotaOfTwo();
  await time.increaseTo(fixture.opensAt);
  return fixture;
}

describe("TariffQuota", () => {
  it("counts each acquittal against the open period", async () => {
    const { channel, quota, cnOperator, issue, opensAt, closesAt } = await loadFixture(openQuotaOfTwo);
    for (const used of [1n, 2n]) {
      const certificate = await issue(`n-${used}`);
      await expect(channel.connect(cnOperator).sendAbout(certificate.used, certificate.issuance))
        .to.emit(quota, "QuotaConsumed")
        .withArgs(messageIdOf(certificate.used), CN, AU, acquitted, used, 2n);
    }
    expect(await quota.periods(CN, AU, acquitted)).to.deep.equal([[opensAt, closesAt, 2n, 2n]]);
  });

  it("refuses the acquittal past the limit, which leaves the certificate unused", async () => {
    const { channel, quota, cnOperator, issue } = await loadFixture(openQuotaOfTwo);
    for (const subject of ["n-1", "n-2"]) {
      const { used, issuance } = await issue(subject);
      await channel.connect(cnOperator).sendAbout(used, issuance);
    }
    const { used, issued, issuance } = await issue("n-3");
    await expect(channel.connect(cnOperator).sendAbout(used, issuance))
      .to.be.revertedWithCustomError(quota, "TariffQuotaExhausted")
      .withArgs(CN, AU, acquitted, 2n);
    expect((await channel.stateOf(issued)).acquitted).to.equal(false);
  });

  it("does not count an acquittal that the channel refuses", async () => {
    const { channel, quota, cnOperator, issue } = await loadFixture(openQuotaOfTwo);
    const { used, issuance } = await issue("n-1");
    await channel.connect(cnOperator).sendAbout(used, issuance);
    await expect(channel.connect(cnOperator).sendAbout(used, issuance)).to.be.revertedWithCustomError(
      channel,
      "CertificateAlreadyAcquitted",
    );
    const [period] = await quota.periods(CN, AU, acquitted);
    expect(period?.used).to.equal(1n);
  });

  it("is never in the way of a revocation", async () => {
    const { channel, auOperator, issue } = await loadFixture(quotaOfTwo);
    const { issued, issuance } = await issue("n-1");
    await channel.connect(auOperator).sendAbout(revocation(issued), issuance);
    expect((await channel.stateOf(issued)).revoked).to.equal(true);
  });

  it("refuses before the period opens and after it closes, to the second", async () => {
    const { channel, quota, cnOperator, issue, opensAt, closesAt } = await loadFixture(quotaOfTwo);
    const [first, second, third] = [await issue("n-1"), await issue("n-2"), await issue("n-3")];
    const acquit = ({ used, issuance }: typeof first) =>
      channel.connect(cnOperator).sendAbout(used, issuance);
    await time.setNextBlockTimestamp(opensAt - 1n);
    await expect(acquit(first))
      .to.be.revertedWithCustomError(quota, "TariffQuotaNotOpen")
      .withArgs(CN, AU, acquitted);
    await time.setNextBlockTimestamp(opensAt);
    await acquit(first);
    await time.setNextBlockTimestamp(closesAt);
    await acquit(second);
    await time.setNextBlockTimestamp(closesAt + 1n);
    await expect(acquit(third))
      .to.be.revertedWithCustomError(quota, "TariffQuotaNotOpen")
      .withArgs(CN, AU, acquitted);
  });

  it("refuses where no quota was set for importer and exporter", async () => {
    const { channel, quota, auOperator, sgOperator } = await loadFixture(openQuotaOfTwo);
    const issued = message("created", { receiver: SG });
    await channel.connect(auOperator).send(issued);
    await expect(
      channel.connect(sgOperator).sendAbout(acquittal(issued, { predicate: acquitted }), issuanceOf(issued)),
    )
      .to.be.revertedWithCustomError(quota, "TariffQuotaNotOpen")
      .withArgs(SG, AU, acquitted);
  });

  it("starts anew with the next period", async () => {
    const { channel, quota, asOwner, cnOperator, issue, closesAt } = await loadFixture(openQuotaOfTwo);
    await asOwner.addPeriod(CN, AU, acquitted, closesAt + 1n, closesAt + DAY, 1n);
    const [first, second] = [await issue("n-1"), await issue("n-2")];
    await channel.connect(cnOperator).sendAbout(first.used, first.issuance);
    await time.increaseTo(closesAt + 1n);
    await expect(channel.connect(cnOperator).sendAbout(second.used, second.issuance))
      .to.emit(quota, "QuotaConsumed")
      .withArgs(messageIdOf(second.used), CN, AU, acquitted, 1n, 1n);
    const periods = await quota.periods(CN, AU, acquitted);
    expect(periods.map(({ used }) => used)).to.deep.equal([1n, 1n]);
  });

  it("finds the open period among later ones", async () => {
    const { channel, quota, asOwner, cnOperator, issue, closesAt } = await loadFixture(openQuotaOfTwo);
    for (const day of [1n, 2n, 3n]) {
      const opens = closesAt + day * DAY;
      await asOwner.addPeriod(CN, AU, acquitted, opens, opens + DAY - 1n, 1n);
    }
    const { used, issuance } = await issue("n-1");
    await channel.connect(cnOperator).sendAbout(used, issuance);
    const periods = await quota.periods(CN, AU, acquitted);
    expect(periods.map((period) => period.used)).to.deep.equal([1n, 0n, 0n, 0n]);
  });

  describe("addPeriod", () => {
    it("adds a period and says so", async () => {
      const { quota, asOwner } = await loadFixture(quotaOfTwo);
      await expect(asOwner.addPeriod(SG, AU, acquitted, 100n, 100n, 0n))
        .to.emit(quota, "PeriodAdded")
        .withArgs(SG, AU, acquitted, 100n, 100n, 0n);
      expect(await quota.periods(SG, AU, acquitted)).to.deep.equal([[100n, 100n, 0n, 0n]]);
    });

    it("refuses a period that ends before it begins, or begins before the last one has ended", async () => {
      const { quota, asOwner, opensAt, closesAt } = await loadFixture(quotaOfTwo);
      for (const [opens, closes] of [
        [closesAt + 2n, closesAt + 1n],
        [closesAt, closesAt + DAY],
        [opensAt - 2n, opensAt - 1n],
      ] as const) {
        await expect(asOwner.addPeriod(CN, AU, acquitted, opens, closes, 1n))
          .to.be.revertedWithCustomError(quota, "TariffQuotaPeriodInvalid")
          .withArgs(opens, closes);
      }
    });
  });

  describe("changeLimit", () => {
    it("raises and lowers a period's limit, also below what was used", async () => {
      const { channel, quota, asOwner, cnOperator, issue, opensAt } = await loadFixture(openQuotaOfTwo);
      const [first, second] = [await issue("n-1"), await issue("n-2")];
      await channel.connect(cnOperator).sendAbout(first.used, first.issuance);
      await expect(asOwner.changeLimit(CN, AU, acquitted, opensAt, 0n))
        .to.emit(quota, "LimitChanged")
        .withArgs(CN, AU, acquitted, opensAt, 0n);
      await expect(channel.connect(cnOperator).sendAbout(second.used, second.issuance))
        .to.be.revertedWithCustomError(quota, "TariffQuotaExhausted")
        .withArgs(CN, AU, acquitted, 0n);
      await asOwner.changeLimit(CN, AU, acquitted, opensAt, 3n);
      await channel.connect(cnOperator).sendAbout(second.used, second.issuance);
    });

    it("refuses a period that does not exist", async () => {
      const { quota, asOwner, opensAt } = await loadFixture(quotaOfTwo);
      for (const moment of [opensAt - 1n, opensAt + 1n]) {
        await expect(asOwner.changeLimit(CN, AU, acquitted, moment, 3n))
          .to.be.revertedWithCustomError(quota, "TariffQuotaPeriodUnknown")
          .withArgs(moment);
      }
      await expect(asOwner.changeLimit(SG, AU, acquitted, opensAt, 3n))
        .to.be.revertedWithCustomError(quota, "TariffQuotaPeriodUnknown")
        .withArgs(opensAt);
    });
  });

  describe("strangers", () => {
    it("cannot set quotas, nor give the hook away", async () => {
      const { quota, opensAt, ...all } = await loadFixture(quotaOfTwo);
      for (const other of [
        all.deployer,
        all.cnAdmin,
        all.cnOperator,
        all.auAdmin,
        all.relayer,
        all.stranger,
      ]) {
        await expect(quota.connect(other).addPeriod(SG, AU, acquitted, 1n, 2n, 3n))
          .to.be.revertedWithCustomError(quota, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(quota.connect(other).changeLimit(CN, AU, acquitted, opensAt, 3n))
          .to.be.revertedWithCustomError(quota, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(quota.connect(other).transferOwnership(other))
          .to.be.revertedWithCustomError(quota, "OwnableUnauthorizedAccount")
          .withArgs(other);
        await expect(quota.connect(other).renounceOwnership())
          .to.be.revertedWithCustomError(quota, "OwnableUnauthorizedAccount")
          .withArgs(other);
      }
    });

    it("cannot consume them: only the channel tells of messages", async () => {
      const { quota, ...all } = await loadFixture(openQuotaOfTwo);
      for (const other of [all.consortium, all.cnOperator, all.stranger]) {
        await expect(quota.connect(other).onMessage(id("m"), CN, AU, acquitted, id("s")))
          .to.be.revertedWithCustomError(quota, "TariffQuotaCallerUnauthorized")
          .withArgs(other);
      }
    });
  });

  it("changes its owner in two steps", async () => {
    const { quota, asOwner, newcomer, stranger } = await loadFixture(quotaOfTwo);
    await asOwner.transferOwnership(newcomer);
    expect(await quota.pendingOwner()).to.equal(newcomer.address);
    await expect(quota.connect(stranger).acceptOwnership())
      .to.be.revertedWithCustomError(quota, "OwnableUnauthorizedAccount")
      .withArgs(stranger);
    await quota.connect(newcomer).acceptOwnership();
    expect(await quota.owner()).to.equal(newcomer.address);
  });

  it("says whose acquittals it counts, and whose it is", async () => {
    const { quota, channel, consortium } = await loadFixture(quotaOfTwo);
    expect(await quota.channel()).to.equal(await channel.getAddress());
    expect(await quota.owner()).to.equal(consortium.address);
    const factory = await ethers.getContractFactory("TariffQuota");
    await expect(factory.deploy(channel, ZeroAddress))
      .to.be.revertedWithCustomError(quota, "OwnableInvalidOwner")
      .withArgs(ZeroAddress);
  });
});
