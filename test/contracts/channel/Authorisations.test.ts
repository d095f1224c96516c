import { expect } from "chai";

import {
  acquittal,
  attached,
  AU,
  authorise,
  CN,
  created,
  DAY,
  deployChannel,
  ethers,
  FAR,
  issuanceOf,
  issuedCertificate,
  loadFixture,
  message,
  noIssuance,
  ParticipantStatus,
  registerTypes,
  revocation,
  seatParticipants,
  time,
  workingChannel,
} from "../fixture.ts";

async function walletOperator() {
  const working = await workingChannel();
  const wallet = await (await ethers.deployContract("SignatureWallet", [working.newcomer])).getAddress();
  await working.channel.connect(working.auAdmin).appointOperator(AU, created, wallet);
  return { ...working, wallet };
}

describe("Authorisations", () => {
  describe("sendBySig", () => {
    it("informs, relayed by anyone; the operator is who signed", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator });
      expect(await channel.connect(relayer).sendBySig.staticCall(word, noIssuance, authorisation)).to.equal(
        await channel.messageId(word),
      );
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.emit(channel, "MessageSent")
        .withArgs(await channel.messageId(word), AU, CN, attached, word.obj, 0n, auOperator, word.subject);
      expect(await channel.isNonceUsed(auOperator, authorisation.nonce)).to.equal(true);
    });

    it("issues, acquits and revokes", async () => {
      const { channel, auOperator, cnOperator, relayer } = await loadFixture(workingChannel);
      const relaying = channel.connect(relayer);
      const issued = message("created", { validUntil: FAR });
      const issuance = issuanceOf(issued);
      const used = acquittal(issued);
      const invalid = revocation(issued);
      await relaying.sendBySig(issued, noIssuance, await authorise(channel, issued, { by: auOperator }));
      await relaying.sendBySig(used, issuance, await authorise(channel, used, { by: cnOperator }));
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, false, false]);
      await relaying.sendBySig(
        invalid,
        issuance,
        await authorise(channel, invalid, { by: auOperator, nonce: 8n }),
      );
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, true, false]);
    });

    it("judges acquittals and revocations as if sent directly", async () => {
      const { channel, auOperator, cnOperator, relayer, issued, issuance } =
        await loadFixture(issuedCertificate);
      const stolen = acquittal(issued, { sender: AU, receiver: CN });
      await expect(
        channel
          .connect(relayer)
          .sendBySig(stolen, issuance, await authorise(channel, stolen, { by: auOperator })),
      )
        .to.be.revertedWithCustomError(channel, "CertificateNotReceiver")
        .withArgs(CN, AU);
      const used = acquittal(issued);
      await expect(
        channel
          .connect(relayer)
          .sendBySig(
            used,
            { ...issuance, validUntil: 0n },
            await authorise(channel, used, { by: cnOperator }),
          ),
      ).to.be.revertedWithCustomError(channel, "CertificateMismatch");
    });

    it("is refused with a signature for another chain", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator, chainId: 1n });
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(auOperator);
    });

    it("is refused with a signature for another channel", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const other = await deployChannel();
      await registerTypes(other);
      await seatParticipants(other);
      const word = message("attached");
      const authorisation = await authorise(other, word, { by: auOperator });
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(auOperator);
      await expect(other.connect(relayer).sendBySig(word, noIssuance, authorisation)).to.emit(
        other,
        "MessageSent",
      );
    });

    it("is refused a second time", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator });
      await channel.connect(relayer).sendBySig(word, noIssuance, authorisation);
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationNonceUsed")
        .withArgs(auOperator, authorisation.nonce);
    });

    it("takes nonces in any order, each once, whatever the message", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const relaying = channel.connect(relayer);
      const send = async (subject: string, nonce: bigint) => {
        const word = message("attached", { subject });
        return relaying.sendBySig(
          word,
          noIssuance,
          await authorise(channel, word, { by: auOperator, nonce }),
        );
      };
      const last = 2n ** 256n - 1n;
      for (const nonce of [last, 256n, 0n, 255n]) {
        await expect(send(`n-${nonce}`, nonce)).to.emit(channel, "MessageSent");
        expect(await channel.isNonceUsed(auOperator, nonce)).to.equal(true);
      }
      expect(await channel.isNonceUsed(auOperator, 1n)).to.equal(false);
      await expect(send("another", 256n))
        .to.be.revertedWithCustomError(channel, "AuthorisationNonceUsed")
        .withArgs(auOperator, 256n);
    });

    it("works in the last second before the deadline, and not in the next", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const deadline = BigInt(await time.latest()) + DAY;
      const [first, second] = [message("attached"), message("attached", { subject: "late" })];
      const early = await authorise(channel, first, { by: auOperator, deadline });
      const late = await authorise(channel, second, { by: auOperator, deadline, nonce: 8n });
      await time.setNextBlockTimestamp(deadline);
      await channel.connect(relayer).sendBySig(first, noIssuance, early);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(channel.connect(relayer).sendBySig(second, noIssuance, late))
        .to.be.revertedWithCustomError(channel, "AuthorisationExpired")
        .withArgs(deadline);
    });

    it("is refused when anything that was signed is changed", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator });
      const tampered = [
        [{ ...word, subject: "other" }, authorisation],
        [{ ...word, obj: noIssuance.obj }, authorisation],
        [{ ...word, sender: CN, receiver: AU }, authorisation],
        [word, { ...authorisation, nonce: 8n }],
        [word, { ...authorisation, deadline: FAR + 1n }],
        [word, { ...authorisation, signature: `${authorisation.signature.slice(0, -2)}00` }],
        [word, { ...authorisation, signature: "0x" }],
      ] as const;
      for (const [changed, with_] of tampered) {
        await expect(channel.connect(relayer).sendBySig(changed, noIssuance, with_))
          .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
          .withArgs(auOperator);
      }
    });

    it("is refused when somebody else signed in the operator's name", async () => {
      const { channel, auOperator, stranger, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const forged = await authorise(channel, word, { by: stranger, signer: auOperator.address });
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, forged))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(auOperator);
      await expect(channel.connect(auOperator).sendBySig(word, noIssuance, forged))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(auOperator);
    });

    it("gives no right to who signs without one", async () => {
      const { channel, stranger, auOperator } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: stranger });
      await expect(channel.connect(auOperator).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
        .withArgs(stranger, AU, attached);
    });

    it("is refused once the signer was dismissed, or its participant suspended", async () => {
      const { channel, consortium, auAdmin, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator });
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
        .withArgs(AU, ParticipantStatus.suspended);
      await channel.connect(consortium).reinstate(AU);
      await channel.connect(auAdmin).dismissOperator(AU, attached, auOperator);
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
        .withArgs(auOperator, AU, attached);
    });

    it("uses no nonce up when it is refused", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached", { receiver: AU });
      const authorisation = await authorise(channel, word, { by: auOperator });
      await expect(
        channel.connect(relayer).sendBySig(word, noIssuance, authorisation),
      ).to.be.revertedWithCustomError(channel, "MessageReceiverIsSender");
      expect(await channel.isNonceUsed(auOperator, authorisation.nonce)).to.equal(false);
    });

    it("takes a contract wallet's word for its owner's signature (ERC-1271)", async () => {
      const { channel, wallet, newcomer, relayer } = await loadFixture(walletOperator);
      const issued = message("created");
      const authorisation = await authorise(channel, issued, { by: newcomer, signer: wallet });
      await expect(channel.connect(relayer).sendBySig(issued, noIssuance, authorisation))
        .to.emit(channel, "MessageSent")
        .withArgs(await channel.messageId(issued), AU, CN, created, issued.obj, 0n, wallet, issued.subject);
    });

    it("refuses what the contract wallet does not stand by", async () => {
      const { channel, wallet, stranger, relayer } = await loadFixture(walletOperator);
      const issued = message("created");
      const authorisation = await authorise(channel, issued, { by: stranger, signer: wallet });
      await expect(channel.connect(relayer).sendBySig(issued, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(wallet);
    });

    it("refuses a contract that is no wallet", async () => {
      const { channel, newcomer, relayer } = await loadFixture(walletOperator);
      const issued = message("created");
      const authorisation = await authorise(channel, issued, {
        by: newcomer,
        signer: await channel.getAddress(),
      });
      await expect(channel.connect(relayer).sendBySig(issued, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationSignatureInvalid")
        .withArgs(channel);
    });
  });

  describe("cancelNonce", () => {
    it("makes a signature of the caller's own unusable", async () => {
      const { channel, auOperator, relayer } = await loadFixture(workingChannel);
      const word = message("attached");
      const authorisation = await authorise(channel, word, { by: auOperator });
      await expect(channel.connect(auOperator).cancelNonce(authorisation.nonce))
        .to.emit(channel, "NonceCancelled")
        .withArgs(auOperator, authorisation.nonce);
      expect(await channel.isNonceUsed(auOperator, authorisation.nonce)).to.equal(true);
      await expect(channel.connect(relayer).sendBySig(word, noIssuance, authorisation))
        .to.be.revertedWithCustomError(channel, "AuthorisationNonceUsed")
        .withArgs(auOperator, authorisation.nonce);
    });

    it("touches nobody else's", async () => {
      const { channel, auOperator, stranger } = await loadFixture(workingChannel);
      await channel.connect(stranger).cancelNonce(7n);
      expect(await channel.isNonceUsed(auOperator, 7n)).to.equal(false);
    });

    it("is refused for a nonce that is used", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await channel.connect(auOperator).cancelNonce(7n);
      await expect(channel.connect(auOperator).cancelNonce(7n))
        .to.be.revertedWithCustomError(channel, "AuthorisationNonceUsed")
        .withArgs(auOperator, 7n);
    });
  });

  it("tells wallets its EIP-712 domain", async () => {
    const { channel } = await loadFixture(workingChannel);
    const domain = await channel.eip712Domain();
    const { chainId } = await ethers.provider.getNetwork();
    expect([...domain].slice(1, 5)).to.deep.equal([
      "Inter Customs Ledger",
      "1",
      chainId,
      await channel.getAddress(),
    ]);
  });
});
