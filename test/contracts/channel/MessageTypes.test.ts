import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import {
  acquittal,
  attached,
  batchOf,
  created,
  createdInBulk,
  Effect,
  ethers,
  freshChannel,
  issuanceOf,
  issuedCertificate,
  loadFixture,
  message,
  registerTypes,
  revoked,
  settlement,
  typeNames,
  unregistered,
  workingChannel,
} from "../fixture.ts";

async function registeredTypes() {
  const fresh = await freshChannel();
  await registerTypes(fresh.channel);
  const hook = await ethers.deployContract("HostileHook");
  return { ...fresh, hook: await hook.getAddress() };
}

describe("MessageTypes", () => {
  describe("registerMessageType", () => {
    it("registers a type under the hash of its name", async () => {
      const { channel, consortium } = await loadFixture(freshChannel);
      const registering = channel.connect(consortium);
      expect(
        await registering.registerMessageType.staticCall("a.b", Effect.inform, false, ZeroHash, ZeroAddress),
      ).to.equal(id("a.b"));
      await expect(registering.registerMessageType("a.b", Effect.inform, true, ZeroHash, ZeroAddress))
        .to.emit(channel, "MessageTypeRegistered")
        .withArgs(id("a.b"), "a.b", Effect.inform, true, ZeroHash, ZeroAddress);
      expect(await channel.messageType(id("a.b"))).to.deep.equal([
        Effect.inform,
        true,
        false,
        ZeroAddress,
        ZeroHash,
      ]);
    });

    it("keeps the whole hash of an acting type's target, and its hook", async () => {
      const { channel, consortium, hook } = await loadFixture(registeredTypes);
      await expect(
        channel.connect(consortium).registerMessageType("used", Effect.acquit, false, created, hook),
      )
        .to.emit(channel, "MessageTypeRegistered")
        .withArgs(id("used"), "used", Effect.acquit, false, created, hook);
      expect(await channel.messageType(id("used"))).to.deep.equal([
        Effect.acquit,
        false,
        false,
        hook,
        created,
      ]);
      expect((await channel.messageType(revoked)).target).to.equal(created);
    });

    it("takes any vocabulary: an IRI, a URN, a dotted name of 200 characters", async () => {
      const { channel, consortium } = await loadFixture(freshChannel);
      const registering = channel.connect(consortium);
      for (const name of [
        "https://vocabulary.uncefact.org/coo#created",
        "unece.un.org:coo:created",
        "a".repeat(200),
      ]) {
        await registering.registerMessageType(name, Effect.inform, false, ZeroHash, ZeroAddress);
        expect((await channel.messageType(id(name))).effect).to.equal(Effect.inform);
      }
    });

    it("takes a hook for an issuing type", async () => {
      const { channel, consortium, hook } = await loadFixture(registeredTypes);
      await channel.connect(consortium).registerMessageType("made", Effect.issue, false, ZeroHash, hook);
      expect((await channel.messageType(id("made"))).hook).to.equal(hook);
    });

    it("never changes a type, open or closed", async () => {
      const { channel, consortium } = await loadFixture(registeredTypes);
      const registering = channel.connect(consortium);
      await registering.closeMessageType(created);
      for (const word of ["created", "attached"] as const) {
        await expect(
          registering.registerMessageType(typeNames[word], Effect.inform, false, ZeroHash, ZeroAddress),
        )
          .to.be.revertedWithCustomError(channel, "MessageTypeAlreadyRegistered")
          .withArgs(id(typeNames[word]));
      }
    });

    describe("refuses", () => {
      const names = {
        "an empty name": "",
        "a name with a space": "a b",
        "a name outside ASCII": "é",
        "a name of 201 characters": "a".repeat(201),
      };
      for (const [what, name] of Object.entries(names)) {
        it(what, async () => {
          const { channel, consortium } = await loadFixture(registeredTypes);
          await expect(
            channel
              .connect(consortium)
              .registerMessageType(name, Effect.inform, false, ZeroHash, ZeroAddress),
          )
            .to.be.revertedWithCustomError(channel, "MessageTypeInvalid")
            .withArgs(id(name));
        });
      }

      interface Case {
        effect: bigint;
        batchable?: boolean;
        target?: string;
        hook?: "contract" | "account";
      }
      const cases: Record<string, Case> = {
        "a type without effect": { effect: Effect.none },
        "a type without effect on an issuing type": { effect: Effect.none, target: created },
        "an informing type with a target": { effect: Effect.inform, target: created },
        "an issuing type with a target": { effect: Effect.issue, target: created },
        "an acquitting type without a target": { effect: Effect.acquit },
        "a revoking type without a target": { effect: Effect.revoke },
        "an acquitting type whose target does not issue": { effect: Effect.acquit, target: attached },
        "a revoking type whose target does not exist": { effect: Effect.revoke, target: unregistered },
        "an acquitting type as batchable": { effect: Effect.acquit, target: created, batchable: true },
        "a revoking type as batchable": { effect: Effect.revoke, target: created, batchable: true },
        "a hook on a batchable type": { effect: Effect.issue, batchable: true, hook: "contract" },
        "a hook on an informing type": { effect: Effect.inform, hook: "contract" },
        "a hook on a revoking type": { effect: Effect.revoke, target: created, hook: "contract" },
        "a hook without code": { effect: Effect.issue, hook: "account" },
      };
      for (const [what, { effect, batchable = false, target = ZeroHash, hook }] of Object.entries(cases)) {
        it(what, async () => {
          const fixture = await loadFixture(registeredTypes);
          const { channel, consortium } = fixture;
          const address =
            hook === undefined ? ZeroAddress : hook === "contract" ? fixture.hook : fixture.stranger.address;
          await expect(
            channel.connect(consortium).registerMessageType("new", effect, batchable, target, address),
          )
            .to.be.revertedWithCustomError(channel, "MessageTypeInvalid")
            .withArgs(id("new"));
        });
      }

      it("an effect that does not exist", async () => {
        const { channel, consortium } = await loadFixture(registeredTypes);
        const asConsortium = channel.connect(consortium);
        await expect(
          asConsortium.registerMessageType("new", 5n, false, ZeroHash, ZeroAddress),
        ).to.be.revertedWithoutReason(ethers);
      });
    });
  });

  describe("closeMessageType", () => {
    it("closes a type for good", async () => {
      const { channel, consortium } = await loadFixture(registeredTypes);
      await expect(channel.connect(consortium).closeMessageType(created))
        .to.emit(channel, "MessageTypeClosed")
        .withArgs(created);
      expect((await channel.messageType(created)).closed).to.equal(true);
      await expect(channel.connect(consortium).closeMessageType(created))
        .to.be.revertedWithCustomError(channel, "MessageTypeAlreadyClosed")
        .withArgs(created);
    });

    it("refuses a type that does not exist", async () => {
      const { channel, consortium } = await loadFixture(registeredTypes);
      await expect(channel.connect(consortium).closeMessageType(unregistered))
        .to.be.revertedWithCustomError(channel, "MessageTypeUnknown")
        .withArgs(unregistered);
    });

    it("stops messages of that type, in every way of sending", async () => {
      const { channel, consortium, auOperator, cnOperator } = await loadFixture(workingChannel);
      const { header } = batchOf(2);
      await channel.connect(auOperator).anchor(header);
      const types = ["attached", "acquitted", "createdInBulk", "acquittedInBulk"] as const;
      for (const word of types) await channel.connect(consortium).closeMessageType(id(typeNames[word]));
      const issued = message("created");
      await channel.connect(auOperator).send(issued);
      const refused = {
        attached: channel.connect(auOperator).send(message("attached")),
        acquitted: channel.connect(cnOperator).sendAbout(acquittal(issued), issuanceOf(issued)),
        createdInBulk: channel.connect(auOperator).anchor(batchOf(3).header),
        acquittedInBulk: channel.connect(cnOperator).settle(header, settlement("acquittedInBulk", { 0: 1n })),
      };
      for (const word of types) {
        await expect(refused[word])
          .to.be.revertedWithCustomError(channel, "MessageTypeClosedToMessages")
          .withArgs(id(typeNames[word]));
      }
    });

    it("leaves certificates of a closed issuing type to be acquitted and revoked", async () => {
      const { channel, consortium, auOperator, cnOperator, issued, issuance } =
        await loadFixture(issuedCertificate);
      await channel.connect(consortium).closeMessageType(created);
      await channel.connect(cnOperator).sendAbout(acquittal(issued), issuance);
      await channel.connect(auOperator).sendAbout(message("revoked", { subject: issued.subject }), issuance);
      expect(await channel.stateOf(issued)).to.deep.equal([true, true, true, false]);
    });
  });

  it("answers with nothing for a type that does not exist", async () => {
    const { channel } = await loadFixture(registeredTypes);
    expect(await channel.messageType(unregistered)).to.deep.equal([
      Effect.none,
      false,
      false,
      ZeroAddress,
      ZeroHash,
    ]);
    expect((await channel.messageType(createdInBulk)).batchable).to.equal(true);
  });
});
