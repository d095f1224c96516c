import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  anchoredBatch,
  attachedInBulk,
  AU,
  batched,
  batchIdOf,
  batchOf,
  CN,
  created,
  createdInBulk,
  DAY,
  digest,
  Effect,
  ethers,
  FAR,
  loadFixture,
  predicates,
  settlement,
  SG,
  time,
  type Batch,
  typeNames,
  workingChannel,
} from "../fixture.ts";

const ALL = (1n << 256n) - 1n;
/** The last word of a batch of 300 holds the certificates 256 to 299. */
const REST = (1n << 44n) - 1n;
const fingerprintOf = (header: Batch) => BigInt(batchIdOf(header)) & ((1n << 240n) - 1n);

async function expiringBatch() {
  const working = await workingChannel();
  const validUntil = BigInt(await time.latest()) + DAY;
  const batch = batchOf(3, { validUntil });
  await working.channel.connect(working.auOperator).anchor(batch.header);
  return { ...working, ...batch, validUntil };
}

describe("Batches", () => {
  describe("anchor", () => {
    it("announces the batch and keeps a fingerprint of its header", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(300, { validUntil: FAR });
      const { sender, receiver, predicate, validUntil, root, count, body } = header;
      expect(await channel.batch(sender, root)).to.deep.equal([0n, false]);
      expect(await channel.connect(auOperator).anchor.staticCall(header)).to.equal(batchIdOf(header));
      await expect(channel.connect(auOperator).anchor(header))
        .to.emit(channel, "BatchAnchored")
        .withArgs(batchIdOf(header), sender, receiver, predicate, validUntil, root, count, body, auOperator);
      expect(await channel.batch(sender, root)).to.deep.equal([fingerprintOf(header), false]);
    });

    it("takes a batch of informing messages", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(2, { predicate: attachedInBulk });
      await expect(channel.connect(auOperator).anchor(header)).to.emit(channel, "BatchAnchored");
    });

    it("refuses a root that the sender anchored before, whatever else the header says", async () => {
      const { channel, auOperator, header } = await loadFixture(anchoredBatch);
      for (const change of [{}, { receiver: SG }, { count: 1n }, { body: digest("other") }]) {
        await expect(channel.connect(auOperator).anchor({ ...header, ...change }))
          .to.be.revertedWithCustomError(channel, "BatchAlreadyAnchored")
          .withArgs(AU, header.root);
      }
    });

    it("lets another sender anchor the same root: nobody can take a root away", async () => {
      const { channel, sgOperator, header } = await loadFixture(anchoredBatch);
      const theirs = { ...header, sender: SG };
      await channel.connect(sgOperator).anchor(theirs);
      expect(await channel.batch(SG, header.root)).to.deep.equal([fingerprintOf(theirs), false]);
      expect(await channel.batch(AU, header.root)).to.deep.equal([fingerprintOf(header), false]);
    });

    it("takes 1 to 65,536 messages", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const most = await channel.MAX_BATCH();
      expect(most).to.equal(65_536n);
      const { header } = batchOf(1);
      for (const count of [0n, most + 1n]) {
        await expect(channel.connect(auOperator).anchor({ ...header, count }))
          .to.be.revertedWithCustomError(channel, "BatchCountInvalid")
          .withArgs(count);
      }
      await channel.connect(auOperator).anchor({ ...header, count: most });
    });

    it("refuses a type that is not batchable", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(2, { predicate: created });
      await expect(channel.connect(auOperator).anchor(header))
        .to.be.revertedWithCustomError(channel, "BatchNotBatchable")
        .withArgs(created);
    });

    it("refuses a batch to oneself", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auOperator).anchor(batchOf(2, { receiver: AU }).header))
        .to.be.revertedWithCustomError(channel, "MessageReceiverIsSender")
        .withArgs(AU);
    });

    it("refuses a past expiry, to the second, and any expiry for an informing type", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const now = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(now);
      await expect(channel.connect(auOperator).anchor(batchOf(2, { validUntil: now - 1n }).header))
        .to.be.revertedWithCustomError(channel, "CertificateExpired")
        .withArgs(now - 1n);
      await time.setNextBlockTimestamp(now + 1n);
      await channel.connect(auOperator).anchor(batchOf(2, { validUntil: now + 1n }).header);
      await expect(
        channel.connect(auOperator).anchor(batchOf(2, { predicate: attachedInBulk, validUntil: FAR }).header),
      )
        .to.be.revertedWithCustomError(channel, "MessageExpiryNotAllowed")
        .withArgs(attachedInBulk);
    });
  });

  describe("settle", () => {
    it("acquits exactly the bits named", async () => {
      const { channel, cnOperator, header } = await loadFixture(anchoredBatch);
      const settled = settlement("acquittedInBulk", { 0: 0b1011n, 1: 1n << 43n });
      expect(await channel.connect(cnOperator).settle.staticCall(header, settled)).to.deep.equal([
        0b1011n,
        1n << 43n,
      ]);
      await expect(channel.connect(cnOperator).settle(header, settled))
        .to.emit(channel, "BatchSettled")
        .withArgs(
          batchIdOf(header),
          CN,
          AU,
          settled.predicate,
          settled.obj,
          cnOperator,
          [0n, 1n],
          [0b1011n, 1n << 43n],
        );
      const acquittedAt = await Promise.all(
        [0, 1, 2, 3, 299].map(async (index) => (await channel.leafState(header, index)).acquitted),
      );
      expect(acquittedAt).to.deep.equal([true, true, false, true, true]);
    });

    it("revokes exactly the bits named, and marks the batch", async () => {
      const { channel, auOperator, header } = await loadFixture(anchoredBatch);
      const settled = settlement("revokedInBulk", { 1: 0b10n });
      await expect(channel.connect(auOperator).settle(header, settled))
        .to.emit(channel, "BatchSettled")
        .withArgs(batchIdOf(header), AU, CN, settled.predicate, settled.obj, auOperator, [1n], [0b10n]);
      expect(await channel.batch(AU, header.root)).to.deep.equal([fingerprintOf(header), true]);
      expect(await channel.leafState(header, 257)).to.deep.equal([true, false, true, false]);
      expect(await channel.leafState(header, 256)).to.deep.equal([true, false, false, false]);
    });

    it("revokes more of a batch that has revocations already", async () => {
      const { channel, auOperator, header } = await loadFixture(anchoredBatch);
      await channel.connect(auOperator).settle(header, settlement("revokedInBulk", { 0: 1n }));
      await channel.connect(auOperator).settle(header, settlement("revokedInBulk", { 0: 0b11n, 1: 1n }));
      expect((await channel.leafState(header, 1)).revoked).to.equal(true);
      expect((await channel.leafState(header, 256)).revoked).to.equal(true);
    });

    it("applies what is eligible and reports it: nothing twice, nothing revoked acquitted", async () => {
      const { channel, auOperator, cnOperator, header } = await loadFixture(anchoredBatch);
      await channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: 0b0011n }));
      await channel.connect(auOperator).settle(header, settlement("revokedInBulk", { 0: 0b0110n }));
      const settled = settlement("acquittedInBulk", { 0: 0b1111n });
      await expect(channel.connect(cnOperator).settle(header, settled))
        .to.emit(channel, "BatchSettled")
        .withArgs(batchIdOf(header), CN, AU, settled.predicate, settled.obj, cnOperator, [0n], [0b1000n]);
      const states = await Promise.all([0, 1, 2, 3].map(async (index) => channel.leafState(header, index)));
      expect(states.map(({ acquitted, revoked }) => [acquitted, revoked])).to.deep.equal([
        [true, false],
        [true, true],
        [false, true],
        [true, false],
      ]);
    });

    it("leaves a word out that has nothing eligible, and applies the others", async () => {
      const { channel, cnOperator, header } = await loadFixture(anchoredBatch);
      await channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: ALL }));
      const settled = settlement("acquittedInBulk", { 0: ALL, 1: REST });
      expect(await channel.connect(cnOperator).settle.staticCall(header, settled)).to.deep.equal([0n, REST]);
      await channel.connect(cnOperator).settle(header, settled);
    });

    it("counts a word that is named twice once", async () => {
      const { channel, cnOperator, header } = await loadFixture(anchoredBatch);
      const twice = { ...settlement("acquittedInBulk", {}), words: [0n, 0n], masks: [0b01n, 0b11n] };
      expect(await channel.connect(cnOperator).settle.staticCall(header, twice)).to.deep.equal([
        0b01n,
        0b10n,
      ]);
    });

    it("is refused when nothing was eligible", async () => {
      const { channel, cnOperator, auOperator, header } = await loadFixture(anchoredBatch);
      await channel.connect(auOperator).settle(header, settlement("revokedInBulk", { 0: 1n }));
      for (const [operator, word, mask] of [
        [cnOperator, "acquittedInBulk", 1n],
        [auOperator, "revokedInBulk", 1n],
        [cnOperator, "acquittedInBulk", 0n],
      ] as const) {
        await expect(channel.connect(operator).settle(header, settlement(word, { 0: mask })))
          .to.be.revertedWithCustomError(channel, "SettlementEmpty")
          .withArgs(AU, header.root);
      }
    });

    it("never sets a bit at or above the batch's count", async () => {
      const { channel, cnOperator, header } = await loadFixture(anchoredBatch);
      const beyond: [Record<number, bigint>, bigint][] = [
        [{ 1: REST + 1n }, 300n],
        [{ 1: ALL }, 511n],
        [{ 2: 1n }, 512n],
        [{ 2: 0n }, 512n],
        [{ 255: 1n << 255n }, 65_535n],
      ];
      for (const [masks, index] of beyond) {
        await expect(channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", masks)))
          .to.be.revertedWithCustomError(channel, "BatchIndexOutOfRange")
          .withArgs(index, 300n);
      }
      await channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: ALL, 1: REST }));
    });

    it("takes the whole last word when it is full", async () => {
      const { channel, auOperator, cnOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(256);
      await channel.connect(auOperator).anchor(header);
      await channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: ALL }));
      expect((await channel.leafState(header, 255)).acquitted).to.equal(true);
    });

    it("wants a mask for every word, and at least one", async () => {
      const { channel, cnOperator, header } = await loadFixture(anchoredBatch);
      const empty = settlement("acquittedInBulk", {});
      for (const [words, masks] of [
        [[], []],
        [[0n], []],
        [[0n], [1n, 1n]],
      ] as bigint[][][]) {
        await expect(
          channel.connect(cnOperator).settle(header, { ...empty, words: words ?? [], masks: masks ?? [] }),
        )
          .to.be.revertedWithCustomError(channel, "SettlementInvalid")
          .withArgs(words?.length, masks?.length);
      }
    });

    it("acquits in the last second of validity, not in the next, while revocation goes on", async () => {
      const first = await loadFixture(expiringBatch);
      const acquitting = settlement("acquittedInBulk", { 0: 1n });
      await time.setNextBlockTimestamp(first.validUntil);
      await first.channel.connect(first.cnOperator).settle(first.header, acquitting);
      const { channel, header, auOperator, cnOperator, validUntil } = await loadFixture(expiringBatch);
      await time.setNextBlockTimestamp(validUntil + 1n);
      await expect(channel.connect(cnOperator).settle(header, acquitting))
        .to.be.revertedWithCustomError(channel, "CertificateExpired")
        .withArgs(validUntil);
      await channel.connect(auOperator).settle(header, settlement("revokedInBulk", { 0: 1n }));
      expect(await channel.leafState(header, 0)).to.deep.equal([true, false, true, true]);
    });

    it("leaves a certificate unexpired in the last second of validity", async () => {
      const { channel, header, validUntil } = await loadFixture(expiringBatch);
      await time.increaseTo(validUntil);
      expect((await channel.leafState(header, 0)).expired).to.equal(false);
      await time.increaseTo(validUntil + 1n);
      expect((await channel.leafState(header, 0)).expired).to.equal(true);
    });

    it("is refused to another agency than the receiver, though it is permitted to acquit", async () => {
      const { channel, sgOperator, header } = await loadFixture(anchoredBatch);
      await expect(
        channel
          .connect(sgOperator)
          .settle({ ...header, receiver: SG }, settlement("acquittedInBulk", { 0: 1n })),
      )
        .to.be.revertedWithCustomError(channel, "BatchMismatch")
        .withArgs(AU, header.root);
    });

    it("is refused for a header that was not anchored, or not so", async () => {
      const { channel, auOperator, cnOperator, header } = await loadFixture(anchoredBatch);
      const acquitting = settlement("acquittedInBulk", { 0: 1n });
      await expect(channel.connect(cnOperator).settle({ ...header, root: digest("unheard") }, acquitting))
        .to.be.revertedWithCustomError(channel, "BatchUnknown")
        .withArgs(AU, digest("unheard"));
      for (const change of [{ count: 301n }, { validUntil: 0n }, { body: digest("other") }]) {
        await expect(channel.connect(cnOperator).settle({ ...header, ...change }, acquitting))
          .to.be.revertedWithCustomError(channel, "BatchMismatch")
          .withArgs(AU, header.root);
        await expect(
          channel
            .connect(auOperator)
            .settle({ ...header, ...change }, settlement("revokedInBulk", { 0: 1n })),
        )
          .to.be.revertedWithCustomError(channel, "BatchMismatch")
          .withArgs(AU, header.root);
      }
    });

    it("is refused with a type that does not act on the batch's", async () => {
      const { channel, auOperator, cnOperator, header } = await loadFixture(anchoredBatch);
      for (const [operator, word] of [
        [cnOperator, "acquitted"],
        [auOperator, "revoked"],
      ] as const) {
        await expect(channel.connect(operator).settle(header, settlement(word, { 0: 1n })))
          .to.be.revertedWithCustomError(channel, "CertificateTypeMismatch")
          .withArgs(createdInBulk, created);
      }
      for (const [word, effect] of [
        ["attachedInBulk", Effect.inform],
        ["createdInBulk", Effect.issue],
      ] as const) {
        await expect(channel.connect(auOperator).settle(header, settlement(word, { 0: 1n })))
          .to.be.revertedWithCustomError(channel, "MessageEffectMismatch")
          .withArgs(predicates[word], effect);
      }
    });

    it("is refused for a batch of informing messages: nothing can target it", async () => {
      const { channel, auOperator, cnOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(2, { predicate: attachedInBulk });
      await channel.connect(auOperator).anchor(header);
      await expect(channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: 1n })))
        .to.be.revertedWithCustomError(channel, "CertificateTypeMismatch")
        .withArgs(attachedInBulk, createdInBulk);
    });

    it("is refused with an acquitting type that has a hook, which is asked one by one", async () => {
      const { channel, consortium, cnAdmin, cnOperator, header } = await loadFixture(anchoredBatch);
      const hook = await ethers.deployContract("HostileHook");
      const name = `${typeNames.acquittedInBulk}.quota`;
      const hooked = ethers.id(name);
      await channel.connect(consortium).registerMessageType(name, Effect.acquit, false, createdInBulk, hook);
      await channel.connect(cnAdmin).appointOperator(CN, hooked, cnOperator);
      await expect(
        channel
          .connect(cnOperator)
          .settle(header, { ...settlement("acquittedInBulk", { 0: 1n }), predicate: hooked }),
      )
        .to.be.revertedWithCustomError(channel, "BatchNotBatchable")
        .withArgs(hooked);
    });
  });

  describe("invalidateBatch", () => {
    it("lets the consortium invalidate a suspended issuer's certificates, by an event of its own", async () => {
      const { channel, consortium, header } = await loadFixture(anchoredBatch);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(consortium).invalidateBatch(header, [0n, 1n], [1n, REST]))
        .to.emit(channel, "BatchInvalidated")
        .withArgs(batchIdOf(header), AU, createdInBulk, [0n, 1n], [1n, REST])
        .and.to.not.emit(channel, "BatchSettled");
      expect(await channel.leafState(header, 299)).to.deep.equal([true, false, true, false]);
      expect((await channel.batch(AU, header.root)).anyRevoked).to.equal(true);
    });

    it("is refused while the issuer is not suspended", async () => {
      const { channel, consortium, header } = await loadFixture(anchoredBatch);
      await expect(channel.connect(consortium).invalidateBatch(header, [0n], [1n]))
        .to.be.revertedWithCustomError(channel, "CertificateIssuerNotSuspended")
        .withArgs(AU);
    });

    it("is refused for a batch that holds no certificates", async () => {
      const { channel, consortium, auOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(2, { predicate: attachedInBulk });
      await channel.connect(auOperator).anchor(header);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(consortium).invalidateBatch(header, [0n], [1n]))
        .to.be.revertedWithCustomError(channel, "BatchNotIssuing")
        .withArgs(attachedInBulk);
    });

    it("is refused for what is not there, or is revoked already", async () => {
      const { channel, consortium, header } = await loadFixture(anchoredBatch);
      const asConsortium = channel.connect(consortium);
      await asConsortium.suspend(AU);
      await asConsortium.invalidateBatch(header, [0n], [1n]);
      await expect(asConsortium.invalidateBatch(header, [0n], [1n]))
        .to.be.revertedWithCustomError(channel, "SettlementEmpty")
        .withArgs(AU, header.root);
      await expect(asConsortium.invalidateBatch(header, [1n], [ALL]))
        .to.be.revertedWithCustomError(channel, "BatchIndexOutOfRange")
        .withArgs(511n, 300n);
      await expect(asConsortium.invalidateBatch({ ...header, count: 301n }, [0n], [1n]))
        .to.be.revertedWithCustomError(channel, "BatchMismatch")
        .withArgs(AU, header.root);
      await expect(asConsortium.invalidateBatch({ ...header, root: ZeroHash }, [0n], [1n]))
        .to.be.revertedWithCustomError(channel, "BatchUnknown")
        .withArgs(AU, ZeroHash);
    });
  });

  describe("the light client's views", () => {
    it("tell a certificate's state by its place", async () => {
      const { channel, header } = await loadFixture(anchoredBatch);
      expect(await channel.leafState(header, 0)).to.deep.equal([true, false, false, false]);
      expect(await channel.leafState(header, 299)).to.deep.equal([true, false, false, false]);
      await expect(channel.leafState(header, 300))
        .to.be.revertedWithCustomError(channel, "BatchIndexOutOfRange")
        .withArgs(300n, 300n);
    });

    it("answer for issuing types only", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const { header, messages, tree } = batchOf(2, { predicate: attachedInBulk });
      await channel.connect(auOperator).anchor(header);
      await expect(channel.leafState(header, 0))
        .to.be.revertedWithCustomError(channel, "BatchNotIssuing")
        .withArgs(attachedInBulk);
      await expect(channel.verify(messages[0] ?? expect.fail(), header, 0, tree.getProof(0)))
        .to.be.revertedWithCustomError(channel, "BatchNotIssuing")
        .withArgs(attachedInBulk);
    });

    it("verify every message of the batch at its place", async () => {
      const { channel, cnOperator, header, messages, tree } = await loadFixture(anchoredBatch);
      await channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 1: 1n }));
      for (const index of [0, 1, 128, 255, 256, 299]) {
        const presented = messages[index] ?? expect.fail();
        expect(await channel.verify(presented, header, index, tree.getProof(index))).to.deep.equal([
          true,
          index === 256,
          false,
          false,
        ]);
      }
    });

    it("refuse a message at another place, with another proof, or altered", async () => {
      const { channel, header, messages, tree } = await loadFixture(anchoredBatch);
      const first = messages[0] ?? expect.fail();
      const proof = tree.getProof(0);
      const presented = {
        "at another place": channel.verify(first, header, 1, proof),
        "with another's proof": channel.verify(first, header, 0, tree.getProof(1)),
        "with a shortened proof": channel.verify(first, header, 0, proof.slice(1)),
        "with another document": channel.verify({ ...first, obj: digest("forged") }, header, 0, proof),
        "with another subject": channel.verify(batched(0, { subject: "x" }), header, 0, proof),
      };
      for (const [how, refused] of Object.entries(presented)) {
        await expect(refused, how)
          .to.be.revertedWithCustomError(channel, "BatchProofInvalid")
          .withArgs(AU, header.root, how === "at another place" ? 1n : 0n);
      }
    });

    it("refuse a leaf of the tree whose message is not what the header says", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const strays: Partial<Batch>[] = [
        { sender: SG },
        { receiver: SG },
        { predicate: created },
        { validUntil: FAR },
      ];
      for (const [place, stray] of strays.entries()) {
        const { header, messages, tree } = batchOf(2 + place, stray);
        const honest = { ...header, sender: AU, receiver: CN, predicate: createdInBulk, validUntil: 0n };
        await channel.connect(auOperator).anchor(honest);
        await expect(channel.verify(messages[0] ?? expect.fail(), honest, 0, tree.getProof(0)))
          .to.be.revertedWithCustomError(channel, "BatchProofInvalid")
          .withArgs(AU, header.root, 0n);
      }
    });

    it("refuse a header that was not anchored, or not so", async () => {
      const { channel, header, messages, tree } = await loadFixture(anchoredBatch);
      const first = messages[0] ?? expect.fail();
      const unheard = { ...header, sender: SG };
      await expect(channel.leafState(unheard, 0))
        .to.be.revertedWithCustomError(channel, "BatchUnknown")
        .withArgs(SG, header.root);
      await expect(channel.verify(first, { ...header, count: 1n }, 0, tree.getProof(0)))
        .to.be.revertedWithCustomError(channel, "BatchMismatch")
        .withArgs(AU, header.root);
    });
  });
});
