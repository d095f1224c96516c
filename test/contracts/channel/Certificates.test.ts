import { expect } from "chai";
import { id } from "ethers";

import {
  acquittal,
  AU,
  batchOf,
  CN,
  created,
  createdInBulk,
  DAY,
  digest,
  FAR,
  issuanceOf,
  issuedCertificate,
  loadFixture,
  message,
  revocation,
  SG,
  time,
  type Message,
  workingChannel,
} from "../fixture.ts";

const key = (of: Message) => [of.sender, of.predicate, id(of.subject)] as const;

async function expiringCertificate() {
  const working = await workingChannel();
  const validUntil = BigInt(await time.latest()) + DAY;
  const issued = message("created", { validUntil });
  await working.channel.connect(working.auOperator).send(issued);
  return { ...working, issued, issuance: issuanceOf(issued), validUntil };
}

async function acquittedCertificate() {
  const fixture = await issuedCertificate();
  await fixture.channel.connect(fixture.cnOperator).sendAbout(acquittal(fixture.issued), fixture.issuance);
  return fixture;
}

async function revokedCertificate() {
  const fixture = await issuedCertificate();
  await fixture.channel.connect(fixture.auOperator).sendAbout(revocation(fixture.issued), fixture.issuance);
  return fixture;
}

describe("Certificates", () => {
  describe("issue", () => {
    it("creates the certificate under issuer, type and subject", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const issued = message("created");
      expect(await channel.isIssued(...key(issued))).to.equal(false);
      expect(await channel.stateOf(issued)).to.deep.equal([false, false, false, false]);
      await channel.connect(auOperator).send(issued);
      expect(await channel.isIssued(...key(issued))).to.equal(true);
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, false, false]);
    });

    it("refuses the same number again, whatever else the message says", async () => {
      const { channel, auOperator, issued } = await loadFixture(issuedCertificate);
      for (const change of [{}, { receiver: SG }, { obj: digest("other") }, { validUntil: 0n }]) {
        await expect(channel.connect(auOperator).send({ ...issued, ...change }))
          .to.be.revertedWithCustomError(channel, "CertificateAlreadyIssued")
          .withArgs(...key(issued));
      }
    });

    it("refuses the same number again after it was acquitted or revoked", async () => {
      for (const fixture of [acquittedCertificate, revokedCertificate]) {
        const { channel, auOperator, issued } = await loadFixture(fixture);
        await expect(channel.connect(auOperator).send(issued))
          .to.be.revertedWithCustomError(channel, "CertificateAlreadyIssued")
          .withArgs(...key(issued));
      }
    });

    it("keeps the numbers of every issuer, type and subject apart", async () => {
      const { channel, auOperator, cnOperator, issued } = await loadFixture(issuedCertificate);
      await channel.connect(cnOperator).send({ ...issued, sender: CN, receiver: AU });
      await channel.connect(auOperator).send({ ...issued, predicate: createdInBulk });
      await channel.connect(auOperator).send({ ...issued, subject: `${issued.subject}0` });
      expect(await channel.isIssued(CN, created, id(issued.subject))).to.equal(true);
      expect(await channel.isIssued(AU, createdInBulk, id(issued.subject))).to.equal(true);
      expect(await channel.isIssued(AU, created, id(`${issued.subject}0`))).to.equal(true);
    });

    it("refuses an expiry that is past, to the second", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const now = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(now);
      await expect(channel.connect(auOperator).send(message("created", { validUntil: now - 1n })))
        .to.be.revertedWithCustomError(channel, "CertificateExpired")
        .withArgs(now - 1n);
      await time.setNextBlockTimestamp(now + 1n);
      await channel.connect(auOperator).send(message("created", { validUntil: now + 1n }));
    });

    it("may be done directly for a batchable type, beside its batches", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const direct = message("createdInBulk");
      await channel.connect(auOperator).anchor(batchOf(2).header);
      await channel.connect(auOperator).send(direct);
      expect((await channel.stateOf(direct)).issued).to.equal(true);
    });
  });

  describe("acquit", () => {
    it("marks the certificate used, and tells the issuer", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const used = acquittal(issued);
      await expect(channel.connect(cnOperator).sendAbout(used, issuance))
        .to.emit(channel, "MessageSent")
        .withArgs(
          await channel.messageId(used),
          CN,
          AU,
          used.predicate,
          used.obj,
          0n,
          cnOperator,
          used.subject,
        );
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, false, false]);
    });

    it("is refused the second time", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(acquittedCertificate);
      await expect(
        channel.connect(cnOperator).sendAbout(acquittal(issued, { obj: digest("again") }), issuance),
      )
        .to.be.revertedWithCustomError(channel, "CertificateAlreadyAcquitted")
        .withArgs(...key(issued));
    });

    it("is refused after revocation", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(revokedCertificate);
      await expect(channel.connect(cnOperator).sendAbout(acquittal(issued), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateAlreadyRevoked")
        .withArgs(...key(issued));
    });

    it("works in the last second of validity, and not in the next", async () => {
      const first = await loadFixture(expiringCertificate);
      await time.setNextBlockTimestamp(first.validUntil);
      await first.channel.connect(first.cnOperator).sendAbout(acquittal(first.issued), first.issuance);
      const second = await loadFixture(expiringCertificate);
      await time.setNextBlockTimestamp(second.validUntil + 1n);
      await expect(
        second.channel.connect(second.cnOperator).sendAbout(acquittal(second.issued), second.issuance),
      )
        .to.be.revertedWithCustomError(second.channel, "CertificateExpired")
        .withArgs(second.validUntil);
    });

    it("is refused for a number that was never issued", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const unheard = { ...issued, subject: "urn:uuid:unheard" };
      await expect(channel.connect(cnOperator).sendAbout(acquittal(unheard), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(...key(unheard));
    });

    it("is refused to another agency, though it is permitted to acquit", async () => {
      const { channel, sgOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const stolen = acquittal(issued, { sender: SG });
      await expect(channel.connect(sgOperator).sendAbout(stolen, issuance))
        .to.be.revertedWithCustomError(channel, "CertificateNotReceiver")
        .withArgs(CN, SG);
      await expect(channel.connect(sgOperator).sendAbout(stolen, { ...issuance, receiver: SG }))
        .to.be.revertedWithCustomError(channel, "CertificateMismatch")
        .withArgs(...key(issued));
    });

    it("is refused to the issuer itself", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(
        channel.connect(auOperator).sendAbout(acquittal(issued, { sender: AU, receiver: CN }), issuance),
      )
        .to.be.revertedWithCustomError(channel, "CertificateNotReceiver")
        .withArgs(CN, AU);
    });

    it("is refused when any part of the resupplied issuing message is another", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      for (const change of [{ obj: digest("forged") }, { validUntil: FAR + 1n }, { validUntil: 0n }]) {
        await expect(channel.connect(cnOperator).sendAbout(acquittal(issued), { ...issuance, ...change }))
          .to.be.revertedWithCustomError(channel, "CertificateMismatch")
          .withArgs(...key(issued));
      }
    });

    it("is refused for a certificate of another type than its target", async () => {
      const { channel, cnOperator, auOperator } = await loadFixture(workingChannel);
      const other = message("createdInBulk");
      await channel.connect(auOperator).send(other);
      await expect(channel.connect(cnOperator).sendAbout(acquittal(other), issuanceOf(other)))
        .to.be.revertedWithCustomError(channel, "CertificateTypeMismatch")
        .withArgs(createdInBulk, created);
    });

    it("addresses the issuer, whoever else is named", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(channel.connect(cnOperator).sendAbout(acquittal(issued, { receiver: SG }), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(SG, created, id(issued.subject));
    });
  });

  describe("revoke", () => {
    it("marks the certificate invalid, and tells the receiver", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const word = revocation(issued);
      await expect(channel.connect(auOperator).sendAbout(word, issuance))
        .to.emit(channel, "MessageSent")
        .withArgs(
          await channel.messageId(word),
          AU,
          CN,
          word.predicate,
          word.obj,
          0n,
          auOperator,
          word.subject,
        );
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, true, false]);
    });

    it("works after acquittal, and both show", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(acquittedCertificate);
      await channel.connect(auOperator).sendAbout(revocation(issued), issuance);
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, true, false]);
    });

    it("works after expiry", async () => {
      const { channel, auOperator, issued, issuance, validUntil } = await loadFixture(expiringCertificate);
      await time.increaseTo(validUntil + 1n);
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, false, true]);
      await channel.connect(auOperator).sendAbout(revocation(issued), issuance);
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, true, true]);
    });

    it("is refused the second time", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(revokedCertificate);
      await expect(channel.connect(auOperator).sendAbout(revocation(issued), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateAlreadyRevoked")
        .withArgs(...key(issued));
    });

    it("is refused for a number that was never issued", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const unheard = { ...issued, subject: "urn:uuid:unheard" };
      await expect(channel.connect(auOperator).sendAbout(revocation(unheard), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(...key(unheard));
    });

    it("is refused to the receiver and to any other agency: their own number is meant", async () => {
      const { channel, cnOperator, sgOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(
        channel
          .connect(cnOperator)
          .sendAbout(revocation(issued, { sender: CN, receiver: SG }), { ...issuance, receiver: SG }),
      )
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(CN, created, id(issued.subject));
      await expect(channel.connect(sgOperator).sendAbout(revocation(issued, { sender: SG }), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(SG, created, id(issued.subject));
    });

    it("is refused when any part of the resupplied issuing message is another", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      for (const change of [{ obj: digest("forged") }, { validUntil: 0n }]) {
        await expect(channel.connect(auOperator).sendAbout(revocation(issued), { ...issuance, ...change }))
          .to.be.revertedWithCustomError(channel, "CertificateMismatch")
          .withArgs(...key(issued));
      }
      await expect(
        channel
          .connect(auOperator)
          .sendAbout(revocation(issued, { receiver: SG }), { ...issuance, receiver: SG }),
      )
        .to.be.revertedWithCustomError(channel, "CertificateMismatch")
        .withArgs(...key(issued));
    });

    it("names the certificate's receiver", async () => {
      const { channel, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(channel.connect(auOperator).sendAbout(revocation(issued, { receiver: SG }), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateReceiverMismatch")
        .withArgs(CN, SG);
    });

    it("is refused for a certificate of another type than its target", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const other = message("createdInBulk");
      await channel.connect(auOperator).send(other);
      await expect(channel.connect(auOperator).sendAbout(revocation(other), issuanceOf(other)))
        .to.be.revertedWithCustomError(channel, "CertificateTypeMismatch")
        .withArgs(createdInBulk, created);
    });
  });

  describe("invalidate", () => {
    it("lets the consortium invalidate a suspended issuer's certificate, by an event of its own", async () => {
      const { channel, consortium, issued } = await loadFixture(issuedCertificate);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(consortium).invalidate(issued))
        .to.emit(channel, "CertificateInvalidated")
        .withArgs(await channel.messageId(issued), AU, created)
        .and.to.not.emit(channel, "MessageSent");
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, true, false]);
    });

    it("cannot be undone by reinstating the issuer", async () => {
      const { channel, consortium, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await channel.connect(consortium).suspend(AU);
      await channel.connect(consortium).invalidate(issued);
      await channel.connect(consortium).reinstate(AU);
      await expect(channel.connect(cnOperator).sendAbout(acquittal(issued), issuance))
        .to.be.revertedWithCustomError(channel, "CertificateAlreadyRevoked")
        .withArgs(...key(issued));
    });

    it("is refused while the issuer is not suspended", async () => {
      const { channel, consortium, issued } = await loadFixture(issuedCertificate);
      await channel.connect(consortium).suspend(CN);
      await expect(channel.connect(consortium).invalidate(issued))
        .to.be.revertedWithCustomError(channel, "CertificateIssuerNotSuspended")
        .withArgs(AU);
    });

    it("is refused for what was not issued, was issued otherwise, or is revoked", async () => {
      const { channel, consortium, issued } = await loadFixture(revokedCertificate);
      const asConsortium = channel.connect(consortium);
      await asConsortium.suspend(AU);
      const unheard = { ...issued, subject: "urn:uuid:unheard" };
      await expect(asConsortium.invalidate(unheard))
        .to.be.revertedWithCustomError(channel, "CertificateUnknown")
        .withArgs(...key(unheard));
      await expect(asConsortium.invalidate({ ...issued, obj: digest("forged") }))
        .to.be.revertedWithCustomError(channel, "CertificateMismatch")
        .withArgs(...key(issued));
      await expect(asConsortium.invalidate(issued))
        .to.be.revertedWithCustomError(channel, "CertificateAlreadyRevoked")
        .withArgs(...key(issued));
    });
  });

  describe("stateOf", () => {
    it("knows nothing of a message that is not exactly the issuing one", async () => {
      const { channel, issued } = await loadFixture(acquittedCertificate);
      const forged: Partial<Message>[] = [
        { obj: digest("forged") },
        { receiver: SG },
        { validUntil: 1n },
        { sender: CN },
        { subject: "urn:uuid:unheard" },
        { predicate: createdInBulk },
      ];
      for (const change of forged) {
        expect(await channel.stateOf({ ...issued, ...change })).to.deep.equal([false, false, false, false]);
      }
    });

    it("says expired after the last second of validity", async () => {
      const { channel, issued, validUntil } = await loadFixture(expiringCertificate);
      await time.increaseTo(validUntil);
      expect((await channel.stateOf(issued)).expired).to.equal(false);
      await time.increaseTo(validUntil + 1n);
      expect((await channel.stateOf(issued)).expired).to.equal(true);
    });
  });
});
