import { expect } from "chai";
import { AbiCoder, encodeBytes32String, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import {
  AU,
  CN,
  codeOf,
  CONSORTIUM,
  created,
  DAY,
  deployChannel,
  domains,
  endpointOf,
  freshChannel,
  loadFixture,
  message,
  ParticipantStatus,
  RECOVERY_DELAY,
  registerTypes,
  time,
  unregistered,
  workingChannel,
} from "../fixture.ts";
import { rightDomains, wrongDomains } from "../../vectors/names.ts";

const { invited, active, suspended, unknown } = ParticipantStatus;

async function invitedParticipant() {
  const fresh = await freshChannel();
  await registerTypes(fresh.channel);
  await fresh.channel.connect(fresh.consortium).admit(domains.au, codeOf("AU"), fresh.auAdmin);
  return fresh;
}

async function suspendedParticipant() {
  const working = await workingChannel();
  await working.channel.connect(working.consortium).suspend(AU);
  return working;
}

async function announcedRecovery() {
  const working = await workingChannel();
  await working.channel.connect(working.consortium).announceRecovery(AU, working.newcomer);
  return { ...working, notBefore: BigInt(await time.latest()) + RECOVERY_DELAY };
}

describe("Participants", () => {
  describe("admit", () => {
    it("invites a participant under the hash of its domain", async () => {
      const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
      await expect(channel.connect(consortium).admit(domains.au, codeOf("AU"), auAdmin))
        .to.emit(channel, "ParticipantInvited")
        .withArgs(AU, domains.au, codeOf("AU"), auAdmin);
      expect(await channel.participant(AU)).to.deep.equal([auAdmin.address, invited, codeOf("AU")]);
    });

    it("answers with the participant's id", async () => {
      const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
      const answer = await channel.connect(consortium).admit.staticCall(domains.au, codeOf("AU"), auAdmin);
      expect(answer).to.equal(AU);
    });

    for (const [why, domain] of Object.entries(wrongDomains)) {
      it(`refuses a domain that ${why}`, async () => {
        const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
        await expect(channel.connect(consortium).admit(domain, codeOf("AU"), auAdmin))
          .to.be.revertedWithCustomError(channel, "ParticipantDomainInvalid")
          .withArgs(domain);
      });
    }

    for (const [why, domain] of Object.entries(rightDomains)) {
      it(`admits a domain that ${why}`, async () => {
        const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
        await channel.connect(consortium).admit(domain, codeOf("AU"), auAdmin);
        expect((await channel.participant(id(domain))).status).to.equal(invited);
      });
    }

    for (const code of ["au", "Au", "aU", "A1", "1A", "A[", "[A", "A@", "@A"]) {
      it(`refuses "${code}" for a jurisdiction`, async () => {
        const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
        await expect(channel.connect(consortium).admit(domains.au, codeOf(code), auAdmin))
          .to.be.revertedWithCustomError(channel, "ParticipantJurisdictionInvalid")
          .withArgs(codeOf(code));
      });
    }

    for (const code of ["AA", "AZ", "ZA", "ZZ"]) {
      it(`takes "${code}" for a jurisdiction`, async () => {
        const { channel, consortium, auAdmin } = await loadFixture(freshChannel);
        await channel.connect(consortium).admit(domains.au, codeOf(code), auAdmin);
        expect((await channel.participant(AU)).jurisdiction).to.equal(codeOf(code));
      });
    }

    it("refuses nobody as an admin", async () => {
      const { channel, consortium } = await loadFixture(freshChannel);
      await expect(channel.connect(consortium).admit(domains.au, codeOf("AU"), ZeroAddress))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminInvalid")
        .withArgs(ZeroAddress);
    });

    it("refuses a domain that is invited already", async () => {
      const { channel, consortium, stranger } = await loadFixture(invitedParticipant);
      await expect(channel.connect(consortium).admit(domains.au, codeOf("AU"), stranger))
        .to.be.revertedWithCustomError(channel, "ParticipantAlreadyInvited")
        .withArgs(AU);
    });

    it("refuses a domain that has its seat, suspended or not", async () => {
      const { channel, consortium, stranger } = await loadFixture(suspendedParticipant);
      const admitting = channel.connect(consortium);
      for (const [domain, code] of [
        [domains.au, "AU"],
        [domains.cn, "CN"],
      ] as const) {
        await expect(admitting.admit(domain, codeOf(code), stranger))
          .to.be.revertedWithCustomError(channel, "ParticipantAlreadyInvited")
          .withArgs(id(domain));
      }
    });

    it("admits several participants of one jurisdiction", async () => {
      const { channel, consortium, stranger } = await loadFixture(workingChannel);
      await channel.connect(consortium).admit("agriculture.gov.au", codeOf("AU"), stranger);
      expect((await channel.participant(id("agriculture.gov.au"))).jurisdiction).to.equal(codeOf("AU"));
    });
  });

  describe("withdrawInvitation", () => {
    it("forgets the invited, and lets the domain be admitted again", async () => {
      const { channel, consortium, auAdmin, newcomer } = await loadFixture(invitedParticipant);
      await expect(channel.connect(consortium).withdrawInvitation(AU))
        .to.emit(channel, "InvitationWithdrawn")
        .withArgs(AU);
      expect(await channel.participant(AU)).to.deep.equal([ZeroAddress, unknown, "0x0000"]);
      await expect(channel.connect(auAdmin).accept(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, auAdmin);
      await channel.connect(consortium).admit(domains.au, codeOf("AU"), newcomer);
      expect((await channel.participant(AU)).admin).to.equal(newcomer.address);
    });

    it("refuses where there is no open invitation", async () => {
      const { channel, consortium } = await loadFixture(workingChannel);
      await expect(channel.connect(consortium).withdrawInvitation(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, active);
      await expect(channel.connect(consortium).withdrawInvitation(unregistered))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(unregistered, unknown);
    });
  });

  describe("accept", () => {
    it("seats the participant and announces its endpoint", async () => {
      const { channel, auAdmin } = await loadFixture(invitedParticipant);
      await expect(channel.connect(auAdmin).accept(AU, endpointOf(domains.au)))
        .to.emit(channel, "ParticipantAccepted")
        .withArgs(AU)
        .and.to.emit(channel, "EndpointChanged")
        .withArgs(AU, endpointOf(domains.au));
      expect((await channel.participant(AU)).status).to.equal(active);
    });

    it("refuses to be done twice", async () => {
      const { channel, auAdmin } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).accept(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, active);
    });

    it("does not lift a suspension", async () => {
      const { channel, auAdmin } = await loadFixture(suspendedParticipant);
      await expect(channel.connect(auAdmin).accept(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
    });

    it("refuses a seat with a malformed endpoint", async () => {
      const { channel, auAdmin } = await loadFixture(invitedParticipant);
      await expect(channel.connect(auAdmin).accept(AU, "gopher://icl"))
        .to.be.revertedWithCustomError(channel, "ParticipantEndpointInvalid")
        .withArgs("gopher://icl");
    });
  });

  describe("setEndpoint", () => {
    it("announces the new endpoint", async () => {
      const { channel, auAdmin } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).setEndpoint(AU, "https://icl2.homeaffairs.gov.au:8443/node"))
        .to.emit(channel, "EndpointChanged")
        .withArgs(AU, "https://icl2.homeaffairs.gov.au:8443/node");
    });

    const wrong = {
      "is empty": "",
      "is plain HTTP": "http://icl.homeaffairs.gov.au",
      "has another scheme": "ftp://icl.homeaffairs.gov.au",
      "ends with a slash": "https://icl.homeaffairs.gov.au/",
      "is a bare scheme": "https://",
      "has a space": "https://icl.homeaffairs .gov.au",
      "has a line break": "https://icl.homeaffairs.gov.au\n",
      "has a character outside ASCII": "https://icl.homeaffairs.gov.au/é",
      "has 201 characters": `https://${"a".repeat(193)}`,
    };
    for (const [why, endpoint] of Object.entries(wrong)) {
      it(`refuses an endpoint that ${why}`, async () => {
        const { channel, auAdmin } = await loadFixture(workingChannel);
        await expect(channel.connect(auAdmin).setEndpoint(AU, endpoint))
          .to.be.revertedWithCustomError(channel, "ParticipantEndpointInvalid")
          .withArgs(endpoint);
      });
    }

    it("takes an endpoint of 200 characters", async () => {
      const { channel, auAdmin } = await loadFixture(workingChannel);
      const endpoint = `https://${"a".repeat(192)}`;
      await expect(channel.connect(auAdmin).setEndpoint(AU, endpoint))
        .to.emit(channel, "EndpointChanged")
        .withArgs(AU, endpoint);
    });

    it("takes plain HTTP on a test channel only", async () => {
      const { consortium, auAdmin } = await loadFixture(freshChannel);
      const channel = await deployChannel({ test: true, recoveryDelay: 1n });
      await channel.connect(consortium).admit(domains.au, codeOf("AU"), auAdmin);
      await expect(channel.connect(auAdmin).accept(AU, "http://127.0.0.1:8080"))
        .to.emit(channel, "EndpointChanged")
        .withArgs(AU, "http://127.0.0.1:8080");
      await expect(channel.connect(auAdmin).setEndpoint(AU, "ftp://127.0.0.1:8080"))
        .to.be.revertedWithCustomError(channel, "ParticipantEndpointInvalid")
        .withArgs("ftp://127.0.0.1:8080");
    });

    it("refuses a participant that has not accepted, or is suspended", async () => {
      const first = await loadFixture(invitedParticipant);
      await expect(first.channel.connect(first.auAdmin).setEndpoint(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(first.channel, "ParticipantStatusMismatch")
        .withArgs(AU, invited);
      const second = await loadFixture(suspendedParticipant);
      await expect(second.channel.connect(second.auAdmin).setEndpoint(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(second.channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
    });
  });

  describe("suspend and reinstate", () => {
    it("stops a participant, and lets it go on", async () => {
      const { channel, consortium, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(consortium).suspend(AU))
        .to.emit(channel, "ParticipantSuspended")
        .withArgs(AU);
      expect((await channel.participant(AU)).status).to.equal(suspended);
      await expect(channel.connect(auOperator).send(message("attached")))
        .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
        .withArgs(AU, suspended);
      await expect(channel.connect(consortium).reinstate(AU))
        .to.emit(channel, "ParticipantReinstated")
        .withArgs(AU);
      expect((await channel.participant(AU)).status).to.equal(active);
      await expect(channel.connect(auOperator).send(message("attached"))).to.emit(channel, "MessageSent");
    });

    it("stops only the one that is suspended", async () => {
      const { channel, sgOperator } = await loadFixture(suspendedParticipant);
      const other = message("attached", { sender: id(domains.sg) });
      await expect(channel.connect(sgOperator).send(other)).to.emit(channel, "MessageSent");
    });

    it("keeps one stopped when another is reinstated", async () => {
      const { channel, consortium, auOperator } = await loadFixture(suspendedParticipant);
      await channel.connect(consortium).suspend(CN);
      await channel.connect(consortium).reinstate(CN);
      await expect(channel.connect(auOperator).send(message("attached")))
        .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
        .withArgs(AU, suspended);
    });

    it("refuses to suspend whom it cannot", async () => {
      const { channel, consortium } = await loadFixture(suspendedParticipant);
      for (const [participant, status] of [
        [AU, suspended],
        [unregistered, unknown],
      ] as const) {
        await expect(channel.connect(consortium).suspend(participant))
          .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
          .withArgs(participant, status);
      }
    });

    it("refuses to reinstate whom nobody suspended", async () => {
      const { channel, consortium } = await loadFixture(invitedParticipant);
      await expect(channel.connect(consortium).reinstate(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, invited);
    });
  });

  describe("operators", () => {
    it("are appointed by type", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointOperator(AU, created, newcomer))
        .to.emit(channel, "OperatorAppointed")
        .withArgs(AU, created, newcomer);
      expect(await channel.isOperator(AU, created, newcomer)).to.equal(true);
      expect(await channel.isOperator(AU, unregistered, newcomer)).to.equal(false);
      expect(await channel.isOperator(CN, created, newcomer)).to.equal(false);
      expect(await channel.isNodeKey(AU, newcomer)).to.equal(false);
    });

    it("are dismissed by type", async () => {
      const { channel, auAdmin, auOperator } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).dismissOperator(AU, created, auOperator))
        .to.emit(channel, "OperatorDismissed")
        .withArgs(AU, created, auOperator);
      expect(await channel.isOperator(AU, created, auOperator)).to.equal(false);
      await expect(channel.connect(auOperator).send(message("created")))
        .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
        .withArgs(auOperator, AU, created);
      await expect(channel.connect(auOperator).send(message("attached"))).to.emit(channel, "MessageSent");
    });

    it("are appointed and dismissed again without a word", async () => {
      const { channel, auAdmin, auOperator, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointOperator(AU, created, auOperator)).to.not.emit(
        channel,
        "OperatorAppointed",
      );
      await expect(channel.connect(auAdmin).dismissOperator(AU, created, newcomer)).to.not.emit(
        channel,
        "OperatorDismissed",
      );
    });

    it("cannot be nobody", async () => {
      const { channel, auAdmin } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointOperator(AU, created, ZeroAddress))
        .to.be.revertedWithCustomError(channel, "OperatorInvalid")
        .withArgs(ZeroAddress);
    });

    it("cannot be appointed for a type that does not exist", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointOperator(AU, unregistered, newcomer))
        .to.be.revertedWithCustomError(channel, "MessageTypeUnknown")
        .withArgs(unregistered);
    });

    it("cannot be appointed before the seat is taken, nor while it is suspended", async () => {
      const first = await loadFixture(invitedParticipant);
      await expect(first.channel.connect(first.auAdmin).appointOperator(AU, created, first.newcomer))
        .to.be.revertedWithCustomError(first.channel, "ParticipantStatusMismatch")
        .withArgs(AU, invited);
      const second = await loadFixture(suspendedParticipant);
      await expect(second.channel.connect(second.auAdmin).appointOperator(AU, created, second.newcomer))
        .to.be.revertedWithCustomError(second.channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
    });

    it("can be dismissed while their participant is suspended", async () => {
      const { channel, auAdmin, auOperator } = await loadFixture(suspendedParticipant);
      await expect(channel.connect(auAdmin).dismissOperator(AU, created, auOperator))
        .to.emit(channel, "OperatorDismissed")
        .withArgs(AU, created, auOperator);
    });
  });

  describe("node keys", () => {
    it("are appointed, and send nothing by that", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointNodeKey(AU, newcomer))
        .to.emit(channel, "NodeKeyAppointed")
        .withArgs(AU, newcomer);
      expect(await channel.isNodeKey(AU, newcomer)).to.equal(true);
      expect(await channel.isNodeKey(CN, newcomer)).to.equal(false);
      expect(await channel.isOperator(AU, created, newcomer)).to.equal(false);
    });

    it("are dismissed, also while their participant is suspended", async () => {
      const { channel, consortium, auAdmin, auNode, newcomer } = await loadFixture(workingChannel);
      await channel.connect(auAdmin).appointNodeKey(AU, newcomer);
      await expect(channel.connect(auAdmin).dismissNodeKey(AU, newcomer))
        .to.emit(channel, "NodeKeyDismissed")
        .withArgs(AU, newcomer);
      expect(await channel.isNodeKey(AU, newcomer)).to.equal(false);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(auAdmin).dismissNodeKey(AU, auNode))
        .to.emit(channel, "NodeKeyDismissed")
        .withArgs(AU, auNode);
    });

    it("speak for an active participant only", async () => {
      const { channel, consortium, auNode } = await loadFixture(workingChannel);
      expect(await channel.isNodeKey(AU, auNode)).to.equal(true);
      await channel.connect(consortium).suspend(AU);
      expect(await channel.isNodeKey(AU, auNode)).to.equal(false);
      await channel.connect(consortium).reinstate(AU);
      expect(await channel.isNodeKey(AU, auNode)).to.equal(true);
    });

    it("are appointed and dismissed again without a word", async () => {
      const { channel, auAdmin, auNode, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointNodeKey(AU, auNode)).to.not.emit(
        channel,
        "NodeKeyAppointed",
      );
      await expect(channel.connect(auAdmin).dismissNodeKey(AU, newcomer)).to.not.emit(
        channel,
        "NodeKeyDismissed",
      );
    });

    it("cannot be nobody, nor be appointed for a suspended participant", async () => {
      const { channel, consortium, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointNodeKey(AU, ZeroAddress))
        .to.be.revertedWithCustomError(channel, "OperatorInvalid")
        .withArgs(ZeroAddress);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(auAdmin).appointNodeKey(AU, newcomer))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
    });
  });

  describe("transferAdmin and acceptAdmin", () => {
    it("hand the seat over once the new admin accepts", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).transferAdmin(AU, newcomer))
        .to.emit(channel, "AdminTransferStarted")
        .withArgs(AU, newcomer);
      expect((await channel.participant(AU)).admin).to.equal(auAdmin.address);
      await expect(channel.connect(newcomer).acceptAdmin(AU))
        .to.emit(channel, "AdminTransferred")
        .withArgs(AU, auAdmin, newcomer);
      expect((await channel.participant(AU)).admin).to.equal(newcomer.address);
      await expect(channel.connect(auAdmin).setEndpoint(AU, endpointOf(domains.au)))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, auAdmin);
    });

    it("can be called off by naming nobody", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await channel.connect(auAdmin).transferAdmin(AU, newcomer);
      await channel.connect(auAdmin).transferAdmin(AU, ZeroAddress);
      await expect(channel.connect(newcomer).acceptAdmin(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, newcomer);
    });

    it("cannot be accepted twice", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await channel.connect(auAdmin).transferAdmin(AU, newcomer);
      await channel.connect(newcomer).acceptAdmin(AU);
      await expect(channel.connect(newcomer).acceptAdmin(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, newcomer);
    });

    it("wait for the end of a suspension", async () => {
      const { channel, consortium, auAdmin, newcomer } = await loadFixture(workingChannel);
      await channel.connect(auAdmin).transferAdmin(AU, newcomer);
      await channel.connect(consortium).suspend(AU);
      await expect(channel.connect(newcomer).acceptAdmin(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
      await expect(channel.connect(auAdmin).transferAdmin(AU, newcomer))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, suspended);
    });

    it("end an announced recovery", async () => {
      const { channel, auAdmin, newcomer, stranger, notBefore } = await loadFixture(announcedRecovery);
      await channel.connect(auAdmin).transferAdmin(AU, stranger);
      await expect(channel.connect(stranger).acceptAdmin(AU))
        .to.emit(channel, "RecoveryCancelled")
        .withArgs(AU);
      await time.increaseTo(notBefore);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.be.revertedWithCustomError(channel, "RecoveryNotAnnounced")
        .withArgs(AU);
    });

    it("speak of no recovery where none was announced", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await channel.connect(auAdmin).transferAdmin(AU, newcomer);
      await expect(channel.connect(newcomer).acceptAdmin(AU)).to.not.emit(channel, "RecoveryCancelled");
    });
  });

  describe("recovery", () => {
    it("seats the announced admin after the delay", async () => {
      const { channel, consortium, auAdmin, newcomer } = await loadFixture(workingChannel);
      const now = BigInt(await time.latest()) + 10n;
      const notBefore = now + RECOVERY_DELAY;
      await time.setNextBlockTimestamp(now);
      await expect(channel.connect(consortium).announceRecovery(AU, newcomer))
        .to.emit(channel, "RecoveryAnnounced")
        .withArgs(AU, newcomer, notBefore);
      await time.setNextBlockTimestamp(notBefore);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.emit(channel, "AdminTransferred")
        .withArgs(AU, auAdmin, newcomer);
      expect((await channel.participant(AU)).admin).to.equal(newcomer.address);
    });

    it("is refused a second before the delay has passed", async () => {
      const { channel, newcomer, notBefore } = await loadFixture(announcedRecovery);
      await time.setNextBlockTimestamp(notBefore - 1n);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.be.revertedWithCustomError(channel, "RecoveryTooEarly")
        .withArgs(AU, notBefore);
    });

    it("is completed by the announced admin only", async () => {
      const { channel, consortium, auAdmin, stranger, notBefore } = await loadFixture(announcedRecovery);
      await time.increaseTo(notBefore);
      for (const other of [consortium, auAdmin, stranger]) {
        await expect(channel.connect(other).completeRecovery(AU))
          .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
          .withArgs(AU, other);
      }
    });

    it("is cancelled by the present admin", async () => {
      const { channel, auAdmin, newcomer, notBefore } = await loadFixture(announcedRecovery);
      await expect(channel.connect(auAdmin).cancelRecovery(AU))
        .to.emit(channel, "RecoveryCancelled")
        .withArgs(AU);
      await time.increaseTo(notBefore);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.be.revertedWithCustomError(channel, "RecoveryNotAnnounced")
        .withArgs(AU);
    });

    it("is cancelled by the consortium", async () => {
      const { channel, consortium } = await loadFixture(announcedRecovery);
      await expect(channel.connect(consortium).cancelRecovery(AU))
        .to.emit(channel, "RecoveryCancelled")
        .withArgs(AU);
    });

    it("is cancelled by nobody else, not even the announced admin", async () => {
      const { channel, newcomer, cnAdmin, auOperator, auNode } = await loadFixture(announcedRecovery);
      for (const other of [newcomer, cnAdmin, auOperator, auNode]) {
        await expect(channel.connect(other).cancelRecovery(AU))
          .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
          .withArgs(AU, other);
      }
    });

    it("cannot be cancelled where none was announced", async () => {
      const { channel, auAdmin } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).cancelRecovery(AU))
        .to.be.revertedWithCustomError(channel, "RecoveryNotAnnounced")
        .withArgs(AU);
    });

    it("announced anew waits anew, for the newly named", async () => {
      const { channel, consortium, newcomer, stranger, notBefore } = await loadFixture(announcedRecovery);
      await time.increaseTo(notBefore - DAY);
      await channel.connect(consortium).announceRecovery(AU, stranger);
      await time.increaseTo(notBefore);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, newcomer);
      await expect(channel.connect(stranger).completeRecovery(AU)).to.be.revertedWithCustomError(
        channel,
        "RecoveryTooEarly",
      );
    });

    it("can be used once", async () => {
      const { channel, newcomer, notBefore } = await loadFixture(announcedRecovery);
      await time.increaseTo(notBefore);
      await channel.connect(newcomer).completeRecovery(AU);
      await expect(channel.connect(newcomer).completeRecovery(AU))
        .to.be.revertedWithCustomError(channel, "RecoveryNotAnnounced")
        .withArgs(AU);
    });

    it("ends a hand-over that the lost admin had started", async () => {
      const { channel, auAdmin, newcomer, stranger, notBefore } = await loadFixture(announcedRecovery);
      await channel.connect(auAdmin).transferAdmin(AU, stranger);
      await time.increaseTo(notBefore);
      await channel.connect(newcomer).completeRecovery(AU);
      await expect(channel.connect(stranger).acceptAdmin(AU))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(AU, stranger);
    });

    it("works for a suspended participant, and leaves it suspended", async () => {
      const { channel, consortium, newcomer } = await loadFixture(suspendedParticipant);
      await channel.connect(consortium).announceRecovery(AU, newcomer);
      await time.increase(RECOVERY_DELAY);
      await channel.connect(newcomer).completeRecovery(AU);
      expect(await channel.participant(AU)).to.deep.equal([newcomer.address, suspended, codeOf("AU")]);
    });

    it("is refused for a participant that has not taken its seat", async () => {
      const { channel, consortium, newcomer } = await loadFixture(invitedParticipant);
      await expect(channel.connect(consortium).announceRecovery(AU, newcomer))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(AU, invited);
      await expect(channel.connect(consortium).announceRecovery(CN, newcomer))
        .to.be.revertedWithCustomError(channel, "ParticipantStatusMismatch")
        .withArgs(CN, unknown);
    });

    it("is refused in favour of nobody, or of the present admin", async () => {
      const { channel, consortium, auAdmin } = await loadFixture(workingChannel);
      for (const admin of [ZeroAddress, auAdmin.address]) {
        await expect(channel.connect(consortium).announceRecovery(AU, admin))
          .to.be.revertedWithCustomError(channel, "ParticipantAdminInvalid")
          .withArgs(admin);
      }
    });

    it("has a delay that is not zero, and a day at least on a production channel", async () => {
      const { channel } = await loadFixture(freshChannel);
      expect(await channel.recoveryDelay()).to.equal(RECOVERY_DELAY);
      expect(await channel.MIN_RECOVERY_DELAY()).to.equal(DAY);
      for (const terms of [{ recoveryDelay: DAY - 1n }, { recoveryDelay: 0n, test: true }]) {
        await expect(deployChannel(terms))
          .to.be.revertedWithCustomError(channel, "ChannelArgumentInvalid")
          .withArgs(encodeBytes32String("recoveryDelay"));
      }
      expect(await (await deployChannel({ recoveryDelay: DAY })).recoveryDelay()).to.equal(DAY);
      expect(await (await deployChannel({ recoveryDelay: 1n, test: true })).recoveryDelay()).to.equal(1n);
    });
  });

  describe("OpenZeppelin's roles", () => {
    const role = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [AU, created]));
    const nobody = `0x${"f".repeat(64)}`;

    it("are administered by nobody, but for the consortium's own", async () => {
      const { channel } = await loadFixture(workingChannel);
      expect(await channel.getRoleAdmin(CONSORTIUM)).to.equal(CONSORTIUM);
      expect(await channel.getRoleAdmin(role)).to.equal(nobody);
      expect(await channel.getRoleAdmin(nobody)).to.equal(nobody);
    });

    it("give neither consortium nor admin a way around the participant", async () => {
      const { channel, consortium, auAdmin, auOperator, stranger } = await loadFixture(workingChannel);
      expect(await channel.hasRole(role, auOperator)).to.equal(true);
      for (const account of [consortium, auAdmin, stranger]) {
        await expect(channel.connect(account).grantRole(role, stranger))
          .to.be.revertedWithCustomError(channel, "AccessControlUnauthorizedAccount")
          .withArgs(account, nobody);
        await expect(channel.connect(account).revokeRole(role, auOperator))
          .to.be.revertedWithCustomError(channel, "AccessControlUnauthorizedAccount")
          .withArgs(account, nobody);
        await expect(channel.connect(account).grantRole(nobody, account))
          .to.be.revertedWithCustomError(channel, "AccessControlUnauthorizedAccount")
          .withArgs(account, nobody);
      }
    });

    it("let an operator renounce a right of its own, and only its own", async () => {
      const { channel, auOperator, stranger } = await loadFixture(workingChannel);
      await expect(channel.connect(stranger).renounceRole(role, auOperator)).to.be.revertedWithCustomError(
        channel,
        "AccessControlBadConfirmation",
      );
      await channel.connect(auOperator).renounceRole(role, auOperator);
      expect(await channel.isOperator(AU, created, auOperator)).to.equal(false);
    });

    it("announce every right given and taken, as OpenZeppelin's tools expect", async () => {
      const { channel, auAdmin, newcomer } = await loadFixture(workingChannel);
      await expect(channel.connect(auAdmin).appointOperator(AU, created, newcomer))
        .to.emit(channel, "RoleGranted")
        .withArgs(role, newcomer, auAdmin);
      await expect(channel.connect(auAdmin).dismissOperator(AU, created, newcomer))
        .to.emit(channel, "RoleRevoked")
        .withArgs(role, newcomer, auAdmin);
    });

    it("hand the consortium over in two steps, after the delay", async () => {
      const { channel, consortium, newcomer, stranger } = await loadFixture(workingChannel);
      await expect(channel.connect(consortium).grantRole(ZeroHash, newcomer)).to.be.revertedWithCustomError(
        channel,
        "AccessControlEnforcedDefaultAdminRules",
      );
      await expect(channel.connect(consortium).beginDefaultAdminTransfer(newcomer)).to.emit(
        channel,
        "DefaultAdminTransferScheduled",
      );
      expect((await channel.pendingDefaultAdmin()).newAdmin).to.equal(newcomer.address);
      await expect(channel.connect(newcomer).acceptDefaultAdminTransfer()).to.be.revertedWithCustomError(
        channel,
        "AccessControlEnforcedDefaultAdminDelay",
      );
      await time.increase(2n * DAY + 1n);
      await expect(channel.connect(stranger).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(channel, "AccessControlInvalidDefaultAdmin")
        .withArgs(stranger);
      await channel.connect(newcomer).acceptDefaultAdminTransfer();
      expect(await channel.defaultAdmin()).to.equal(newcomer.address);
      await expect(channel.connect(consortium).suspend(AU))
        .to.be.revertedWithCustomError(channel, "AccessControlUnauthorizedAccount")
        .withArgs(consortium, CONSORTIUM);
      await channel.connect(newcomer).suspend(AU);
    });
  });
});
