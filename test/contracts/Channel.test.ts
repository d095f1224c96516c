import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import {
  acquittal,
  acquitted,
  attached,
  AU,
  batchOf,
  cast,
  CN,
  created,
  deployChannel,
  digest,
  Effect,
  ethers,
  FAR,
  issuanceOf,
  issuedCertificate,
  loadFixture,
  message,
  messageIdOf,
  NOBODY,
  noIssuance,
  ParticipantStatus,
  predicates,
  queried,
  registerTypes,
  revocation,
  seatParticipants,
  SG,
  unregistered,
  workingChannel,
} from "./fixture.ts";
import { opaqueSubjects, rightSubjects, tellingSubjects, wrongSubjects } from "../vectors/names.ts";

async function opaqueChannel() {
  const channel = await deployChannel({ opaqueSubjects: true });
  await registerTypes(channel);
  await seatParticipants(channel);
  return { channel, ...(await cast()) };
}

/** A channel with an issuing type and, about it, an acquitting and a revoking one; the first two ask a hook. */
async function hookedChannel() {
  const working = await workingChannel();
  const { channel, consortium, auAdmin, auOperator, cnAdmin, cnOperator } = working;
  const hook = await ethers.deployContract("HostileHook");
  const hooked = {
    created: id("hooked.created"),
    acquitted: id("hooked.acquitted"),
    revoked: id("hooked.revoked"),
  };
  const asConsortium = channel.connect(consortium);
  await asConsortium.registerMessageType("hooked.created", Effect.issue, false, ZeroHash, hook);
  await asConsortium.registerMessageType("hooked.acquitted", Effect.acquit, false, hooked.created, hook);
  await asConsortium.registerMessageType("hooked.revoked", Effect.revoke, false, hooked.created, ZeroAddress);
  await channel.connect(auAdmin).appointOperator(AU, hooked.created, auOperator);
  await channel.connect(auAdmin).appointOperator(AU, hooked.revoked, auOperator);
  await channel.connect(cnAdmin).appointOperator(CN, hooked.acquitted, cnOperator);
  const issued = message("created", { predicate: hooked.created });
  const used = acquittal(issued, { predicate: hooked.acquitted });
  return { ...working, hook, hooked, issued, used };
}

async function hookedCertificate() {
  const fixture = await hookedChannel();
  await fixture.channel.connect(fixture.auOperator).send(fixture.issued);
  return fixture;
}

describe("Channel", () => {
  describe("send", () => {
    it("announces an informing message, and no more", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const word = message("attached");
      expect(await channel.connect(auOperator).send.staticCall(word)).to.equal(messageIdOf(word));
      await expect(channel.connect(auOperator).send(word))
        .to.emit(channel, "MessageSent")
        .withArgs(messageIdOf(word), AU, CN, attached, word.obj, 0n, auOperator, word.subject);
      expect(await channel.isIssued(AU, attached, id(word.subject))).to.equal(false);
    });

    it("announces an issuing message with its expiry", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const word = message("created", { validUntil: FAR });
      await expect(channel.connect(auOperator).send(word))
        .to.emit(channel, "MessageSent")
        .withArgs(messageIdOf(word), AU, CN, created, word.obj, FAR, auOperator, word.subject);
    });

    it("takes the same informing message again: it has the same id", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      const word = message("attached");
      for (const time of [1, 2]) {
        await expect(channel.connect(auOperator).send(word), `time ${time}`)
          .to.emit(channel, "MessageSent")
          .withArgs(messageIdOf(word), AU, CN, attached, word.obj, 0n, auOperator, word.subject);
      }
    });

    it("carries messages both ways", async () => {
      const { channel, cnOperator } = await loadFixture(workingChannel);
      await expect(
        channel.connect(cnOperator).send(message("created", { sender: CN, receiver: AU })),
      ).to.emit(channel, "MessageSent");
    });

    it("refuses a type that nobody registered", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auOperator).send(message("attached", { predicate: unregistered })))
        .to.be.revertedWithCustomError(channel, "MessageTypeUnknown")
        .withArgs(unregistered);
    });

    it("refuses types that act on a certificate: they say which", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      for (const [word, effect] of [
        ["acquitted", Effect.acquit],
        ["revoked", Effect.revoke],
      ] as const) {
        await expect(channel.connect(auOperator).send(message(word)))
          .to.be.revertedWithCustomError(channel, "MessageEffectMismatch")
          .withArgs(predicates[word], effect);
      }
    });

    it("refuses a message to oneself", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auOperator).send(message("attached", { receiver: AU })))
        .to.be.revertedWithCustomError(channel, "MessageReceiverIsSender")
        .withArgs(AU);
    });

    it("refuses a receiver that does not take part, or has not accepted", async () => {
      const { channel, consortium, auOperator, newcomer } = await loadFixture(workingChannel);
      const nobody = message("attached", { receiver: NOBODY });
      await expect(channel.connect(auOperator).send(nobody))
        .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
        .withArgs(NOBODY, ParticipantStatus.unknown);
      await channel.connect(consortium).admit("customs.example.org", "0x5858", newcomer);
      await expect(channel.connect(auOperator).send(nobody))
        .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
        .withArgs(NOBODY, ParticipantStatus.invited);
    });

    it("refuses a sender that does not take part", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auOperator).send(message("attached", { sender: NOBODY })))
        .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
        .withArgs(auOperator, NOBODY, attached);
    });

    it("refuses an expiry on an informing message", async () => {
      const { channel, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auOperator).send(message("attached", { validUntil: FAR })))
        .to.be.revertedWithCustomError(channel, "MessageExpiryNotAllowed")
        .withArgs(attached);
    });
  });

  describe("sendAbout", () => {
    it("answers with the message's id", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      const used = acquittal(issued);
      expect(await channel.connect(cnOperator).sendAbout.staticCall(used, issuance)).to.equal(
        messageIdOf(used),
      );
    });

    it("refuses types that inform or issue", async () => {
      const { channel, auOperator, issuance } = await loadFixture(issuedCertificate);
      for (const [word, effect] of [
        ["attached", Effect.inform],
        ["created", Effect.issue],
      ] as const) {
        await expect(channel.connect(auOperator).sendAbout(message(word), issuance))
          .to.be.revertedWithCustomError(channel, "MessageEffectMismatch")
          .withArgs(predicates[word], effect);
      }
    });

    it("refuses a type that nobody registered", async () => {
      const { channel, cnOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(
        channel.connect(cnOperator).sendAbout(acquittal(issued, { predicate: unregistered }), issuance),
      )
        .to.be.revertedWithCustomError(channel, "MessageTypeUnknown")
        .withArgs(unregistered);
    });

    it("refuses an expiry, and a message to oneself", async () => {
      const { channel, cnOperator, auOperator, issued, issuance } = await loadFixture(issuedCertificate);
      await expect(channel.connect(cnOperator).sendAbout(acquittal(issued, { validUntil: FAR }), issuance))
        .to.be.revertedWithCustomError(channel, "MessageExpiryNotAllowed")
        .withArgs(acquitted);
      await expect(channel.connect(auOperator).sendAbout(revocation(issued, { receiver: AU }), issuance))
        .to.be.revertedWithCustomError(channel, "MessageReceiverIsSender")
        .withArgs(AU);
    });

    it("refuses to act on what does not issue", async () => {
      const { channel, cnOperator, issued } = await loadFixture(issuedCertificate);
      await expect(
        channel.connect(cnOperator).sendAbout(acquittal(issued), { ...noIssuance, predicate: attached }),
      )
        .to.be.revertedWithCustomError(channel, "CertificateTypeMismatch")
        .withArgs(attached, created);
    });
  });

  describe("a subject", () => {
    for (const [what, subject] of Object.entries(rightSubjects)) {
      it(`${what} is taken`, async () => {
        const { channel, auOperator } = await loadFixture(workingChannel);
        await expect(channel.connect(auOperator).send(message("created", { subject }))).to.emit(
          channel,
          "MessageSent",
        );
      });
    }

    for (const [what, subject] of Object.entries(wrongSubjects)) {
      it(`${what} is refused`, async () => {
        const { channel, auOperator } = await loadFixture(workingChannel);
        for (const word of ["created", "attached"] as const) {
          await expect(channel.connect(auOperator).send(message(word, { subject })))
            .to.be.revertedWithCustomError(channel, "MessageSubjectInvalid")
            .withArgs(subject);
        }
      });
    }

    for (const subject of opaqueSubjects) {
      it(`like ${subject} is opaque`, async () => {
        const { channel, auOperator } = await loadFixture(opaqueChannel);
        await expect(channel.connect(auOperator).send(message("created", { subject }))).to.emit(
          channel,
          "MessageSent",
        );
      });
    }

    for (const subject of tellingSubjects) {
      it(`like ${subject} is refused where subjects must be opaque`, async () => {
        const { channel, auOperator } = await loadFixture(opaqueChannel);
        await expect(channel.connect(auOperator).send(message("created", { subject })))
          .to.be.revertedWithCustomError(channel, "MessageSubjectNotOpaque")
          .withArgs(subject);
      });
    }
  });

  describe("a hook", () => {
    it("is asked once about an issue and once about an acquittal, and never about a revocation", async () => {
      const { channel, hook, hooked, auOperator, cnOperator, issued, used } =
        await loadFixture(hookedChannel);
      await channel.connect(auOperator).send(issued);
      expect(await hook.asked()).to.equal(1n);
      await channel.connect(cnOperator).sendAbout(used, issuanceOf(issued));
      expect(await hook.asked()).to.equal(2n);
      await hook.refuse(true);
      await channel
        .connect(auOperator)
        .sendAbout(revocation(issued, { predicate: hooked.revoked }), issuanceOf(issued));
      expect(await hook.asked()).to.equal(2n);
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, true, false]);
    });

    it("refuses a message by reverting with its own error", async () => {
      const { channel, hook, auOperator, issued } = await loadFixture(hookedChannel);
      await hook.refuse(true);
      await expect(channel.connect(auOperator).send(issued)).to.be.revertedWithCustomError(hook, "Refused");
      expect((await channel.stateOf(issued)).issued).to.equal(false);
    });

    it("refuses an acquittal, which leaves the certificate unused", async () => {
      const { channel, hook, cnOperator, issued, used } = await loadFixture(hookedCertificate);
      await hook.refuse(true);
      await expect(
        channel.connect(cnOperator).sendAbout(used, issuanceOf(issued)),
      ).to.be.revertedWithCustomError(hook, "Refused");
      expect(await channel.stateOf(issued)).to.deep.equal([true, false, false, false]);
      await hook.refuse(false);
      await channel.connect(cnOperator).sendAbout(used, issuanceOf(issued));
    });

    it("refuses a message by any answer but its selector", async () => {
      const { channel, hook, auOperator, issued } = await loadFixture(hookedChannel);
      for (const answer of ["0x00000000", "0xffffffff"]) {
        await hook.answerWith(answer);
        await expect(channel.connect(auOperator).send(issued))
          .to.be.revertedWithCustomError(channel, "MessageHookRefused")
          .withArgs(hook, answer);
      }
    });

    it("finds everything written when it calls back: it cannot issue the number again", async () => {
      const { channel, hook, hooked, auAdmin, auOperator, issued } = await loadFixture(hookedChannel);
      await channel.connect(auAdmin).appointOperator(AU, hooked.created, hook);
      await hook.attackWith(channel, channel.interface.encodeFunctionData("send", [issued]));
      await channel.connect(auOperator).send(issued);
      expect(await hook.succeeded()).to.equal(false);
      expect(await hook.returned()).to.equal(
        channel.interface.encodeErrorResult("CertificateAlreadyIssued", [
          AU,
          hooked.created,
          id(issued.subject),
        ]),
      );
      expect(await hook.asked()).to.equal(1n);
    });

    it("finds everything written when it calls back: it cannot acquit a second time", async () => {
      const { channel, hook, hooked, cnAdmin, cnOperator, issued, used } =
        await loadFixture(hookedCertificate);
      await channel.connect(cnAdmin).appointOperator(CN, hooked.acquitted, hook);
      await hook.attackWith(
        channel,
        channel.interface.encodeFunctionData("sendAbout", [used, issuanceOf(issued)]),
      );
      await channel.connect(cnOperator).sendAbout(used, issuanceOf(issued));
      expect(await hook.succeeded()).to.equal(false);
      expect(await hook.returned()).to.equal(
        channel.interface.encodeErrorResult("CertificateAlreadyAcquitted", [
          AU,
          hooked.created,
          id(issued.subject),
        ]),
      );
    });

    it("has no right of its own when it calls back", async () => {
      const { channel, hook, auOperator, issued } = await loadFixture(hookedChannel);
      await hook.attackWith(channel, channel.interface.encodeFunctionData("suspend", [CN]));
      await channel.connect(auOperator).send(issued);
      expect(await hook.succeeded()).to.equal(false);
      expect((await channel.participant(CN)).status).to.equal(ParticipantStatus.active);
    });

    it("may send a message of its own where it was appointed: both are announced, once each", async () => {
      const { channel, hook, auAdmin, auOperator, issued } = await loadFixture(hookedChannel);
      await channel.connect(auAdmin).appointOperator(AU, queried, hook);
      const word = message("queried");
      await hook.attackWith(channel, channel.interface.encodeFunctionData("send", [word]));
      await channel.connect(auOperator).send(issued);
      expect(await hook.succeeded()).to.equal(true);
      const events = await channel.queryFilter(channel.filters.MessageSent(), "latest");
      expect(events.map(({ args }) => args.id)).to.deep.equal([messageIdOf(issued), messageIdOf(word)]);
    });
  });

  describe("several channels on one network", () => {
    it("share nothing: a certificate of one is unknown to another", async () => {
      const { channel, auOperator, issued, issuance, cnOperator } = await loadFixture(issuedCertificate);
      const other = await deployChannel();
      await registerTypes(other);
      await seatParticipants(other);
      expect((await other.stateOf(issued)).issued).to.equal(false);
      await expect(
        other.connect(cnOperator).sendAbout(acquittal(issued), issuance),
      ).to.be.revertedWithCustomError(other, "CertificateUnknown");
      await other.connect(auOperator).send(issued);
      await channel.connect(cnOperator).sendAbout(acquittal(issued), issuance);
      expect((await other.stateOf(issued)).acquitted).to.equal(false);
    });
  });

  it("answers ERC-165 for what OpenZeppelin's roles promise", async () => {
    const { channel } = await loadFixture(workingChannel);
    expect(await channel.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await channel.supportsInterface("0x7965db0b")).to.equal(true);
    expect(await channel.supportsInterface("0xffffffff")).to.equal(false);
  });

  it("takes no ether and no unknown call", async () => {
    const { channel, stranger } = await loadFixture(workingChannel);
    const to = await channel.getAddress();
    await expect(stranger.sendTransaction({ to, value: 1n })).to.revert(ethers);
    await expect(stranger.sendTransaction({ to, data: "0x12345678" })).to.revert(ethers);
  });

  it("has ids that depend on every member of a message and of a batch", async () => {
    const { channel } = await loadFixture(workingChannel);
    const word = message("created");
    const ids = await Promise.all(
      [
        word,
        { ...word, sender: SG },
        { ...word, receiver: SG },
        { ...word, subject: "x" },
        { ...word, predicate: attached },
        { ...word, obj: digest("x") },
        { ...word, validUntil: 1n },
      ].map(async (each) => channel.messageId(each)),
    );
    const { header } = batchOf(1);
    const batchIds = await Promise.all(
      [
        header,
        { ...header, sender: SG },
        { ...header, receiver: SG },
        { ...header, predicate: attached },
        { ...header, validUntil: 1n },
        { ...header, root: digest("x") },
        { ...header, count: 2n },
        { ...header, body: digest("x") },
      ].map(async (each) => channel.batchId(each)),
    );
    expect(new Set([...ids, ...batchIds]).size).to.equal(15);
  });
});
