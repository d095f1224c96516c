import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { TransactionResponse } from "ethers";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import {
  acquittal,
  AU,
  authorise,
  batchOf,
  CN,
  CONSORTIUM,
  created,
  domains,
  Effect,
  endpointOf,
  issuanceOf,
  loadFixture,
  message,
  NOBODY,
  noIssuance,
  ParticipantStatus,
  predicates,
  RECOVERY_DELAY,
  revocation,
  settlement,
  SG,
  time,
  type Account,
  type Role,
  type Word,
  workingChannel,
} from "./fixture.ts";

// Every right, tried by everybody who does not hold it.

const issued = message("created");
const issuance = issuanceOf(issued);
const anchored = batchOf(3);

/** A channel where every call below would be taken from whom it is meant for. */
async function everythingPossible() {
  const working = await workingChannel();
  const { channel, consortium, auAdmin, auOperator, newcomer } = working;
  await channel.connect(auOperator).send(issued);
  await channel.connect(auOperator).anchor(anchored.header);
  await channel.connect(consortium).admit("customs.example.org", "0x5858", newcomer);
  await channel.connect(auAdmin).transferAdmin(AU, newcomer);
  await channel.connect(consortium).announceRecovery(CN, newcomer);
  await time.increase(RECOVERY_DELAY);
  return working;
}

type Attempt = (channel: Channel) => Promise<TransactionResponse>;
type Strangers = readonly Role[];

const consortiumOnly: Record<string, Attempt> = {
  admit: (channel) => channel.admit("agriculture.gov.au", "0x4155", channel.target),
  withdrawInvitation: (channel) => channel.withdrawInvitation(NOBODY),
  suspend: (channel) => channel.suspend(CN),
  reinstate: (channel) => channel.reinstate(SG),
  announceRecovery: (channel) => channel.announceRecovery(AU, channel.target),
  registerMessageType: (channel) =>
    channel.registerMessageType("new", Effect.inform, false, ZeroHash, ZeroAddress),
  closeMessageType: (channel) => channel.closeMessageType(created),
  deprecate: (channel) => channel.deprecate(ZeroAddress),
  retire: (channel) => channel.retire(),
  invalidate: (channel) => channel.invalidate(issued),
  invalidateBatch: (channel) => channel.invalidateBatch(anchored.header, [0n], [1n]),
  beginDefaultAdminTransfer: (channel) => channel.beginDefaultAdminTransfer(channel.target),
  cancelDefaultAdminTransfer: (channel) => channel.cancelDefaultAdminTransfer(),
  changeDefaultAdminDelay: (channel) => channel.changeDefaultAdminDelay(1n),
  rollbackDefaultAdminDelay: (channel) => channel.rollbackDefaultAdminDelay(),
};
const notConsortium: Strangers = [
  "deployer",
  "auAdmin",
  "auOperator",
  "auNode",
  "cnAdmin",
  "queryOperator",
  "formerOperator",
  "relayer",
  "stranger",
];

const adminOnly: Record<string, Attempt> = {
  accept: (channel) => channel.accept(AU, endpointOf(domains.au)),
  setEndpoint: (channel) => channel.setEndpoint(AU, endpointOf(domains.au)),
  appointOperator: (channel) => channel.appointOperator(AU, created, channel.target),
  dismissOperator: (channel) => channel.dismissOperator(AU, created, channel.target),
  appointNodeKey: (channel) => channel.appointNodeKey(AU, channel.target),
  dismissNodeKey: (channel) => channel.dismissNodeKey(AU, channel.target),
  transferAdmin: (channel) => channel.transferAdmin(AU, channel.target),
};
const notAdmin: Strangers = [
  "deployer",
  "consortium",
  "auOperator",
  "auNode",
  "cnAdmin",
  "cnOperator",
  "queryOperator",
  "formerOperator",
  "relayer",
  "stranger",
  "newcomer",
];

interface Sending {
  readonly word: Word;
  readonly sender: string;
  /** The account that may. */
  readonly operator: Role;
  readonly attempt: Attempt;
}
const sendings: Record<string, Sending> = {
  inform: {
    word: "attached",
    sender: AU,
    operator: "auOperator",
    attempt: (channel) => channel.send(message("attached")),
  },
  issue: {
    word: "created",
    sender: AU,
    operator: "auOperator",
    attempt: (channel) => channel.send(message("created", { subject: "next" })),
  },
  acquit: {
    word: "acquitted",
    sender: CN,
    operator: "cnOperator",
    attempt: (channel) => channel.sendAbout(acquittal(issued), issuance),
  },
  revoke: {
    word: "revoked",
    sender: AU,
    operator: "auOperator",
    attempt: (channel) => channel.sendAbout(revocation(issued), issuance),
  },
  anchor: {
    word: "createdInBulk",
    sender: AU,
    operator: "auOperator",
    attempt: (channel) => channel.anchor(batchOf(4).header),
  },
  "settle acquittals": {
    word: "acquittedInBulk",
    sender: CN,
    operator: "cnOperator",
    attempt: (channel) => channel.settle(anchored.header, settlement("acquittedInBulk", { 0: 1n })),
  },
  "settle revocations": {
    word: "revokedInBulk",
    sender: AU,
    operator: "auOperator",
    attempt: (channel) => channel.settle(anchored.header, settlement("revokedInBulk", { 0: 1n })),
  },
};
const everybody: Strangers = [
  "deployer",
  "consortium",
  "auAdmin",
  "auOperator",
  "auNode",
  "cnAdmin",
  "cnOperator",
  "cnNode",
  "sgAdmin",
  "sgOperator",
  "sgNode",
  "queryOperator",
  "formerOperator",
  "relayer",
  "stranger",
];
const signed: Record<string, { readonly of: ReturnType<typeof message>; readonly about: typeof issuance }> = {
  inform: { of: message("attached"), about: noIssuance },
  issue: { of: message("created", { subject: "next" }), about: noIssuance },
  acquit: { of: acquittal(issued), about: issuance },
  revoke: { of: revocation(issued), about: issuance },
};

describe("strangers", () => {
  describe("to what is the consortium's alone", () => {
    for (const [right, attempt] of Object.entries(consortiumOnly)) {
      for (const who of notConsortium) {
        it(`${right} is refused to ${who}`, async () => {
          const { channel, ...all } = await loadFixture(everythingPossible);
          await expect(attempt(channel.connect(all[who])))
            .to.be.revertedWithCustomError(channel, "AccessControlUnauthorizedAccount")
            .withArgs(all[who], CONSORTIUM);
        });
      }
    }
  });

  describe("to what is a participant's own admin's alone", () => {
    for (const [right, attempt] of Object.entries(adminOnly)) {
      for (const who of notAdmin) {
        it(`${right} is refused to ${who}`, async () => {
          const { channel, ...all } = await loadFixture(everythingPossible);
          await expect(attempt(channel.connect(all[who])))
            .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
            .withArgs(AU, all[who]);
        });
      }
    }

    it("nobody is admin of a participant that does not exist", async () => {
      const { channel, consortium } = await loadFixture(everythingPossible);
      await expect(channel.connect(consortium).appointNodeKey(ZeroHash, consortium))
        .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
        .withArgs(ZeroHash, consortium);
    });
  });

  describe("to an admin's seat", () => {
    const seats: Record<string, { attempt: Attempt; participant: string; allowed: Strangers }> = {
      acceptAdmin: { attempt: (channel) => channel.acceptAdmin(AU), participant: AU, allowed: ["newcomer"] },
      completeRecovery: {
        attempt: (channel) => channel.completeRecovery(CN),
        participant: CN,
        allowed: ["newcomer"],
      },
      cancelRecovery: {
        attempt: (channel) => channel.cancelRecovery(CN),
        participant: CN,
        allowed: ["cnAdmin", "consortium"],
      },
    };
    for (const [right, { attempt, participant, allowed }] of Object.entries(seats)) {
      for (const who of [...everybody, "newcomer" as const]) {
        const may = allowed.includes(who);
        it(`${right} is ${may ? "open" : "refused"} to ${who}`, async () => {
          const { channel, ...all } = await loadFixture(everythingPossible);
          const attempted = attempt(channel.connect(all[who]));
          if (may) expect((await (await attempted).wait())?.status).to.equal(1);
          else {
            await expect(attempted)
              .to.be.revertedWithCustomError(channel, "ParticipantAdminUnauthorized")
              .withArgs(participant, all[who]);
          }
        });
      }
    }
  });

  describe("to sending", () => {
    for (const [right, { word, sender, operator, attempt }] of Object.entries(sendings)) {
      for (const who of everybody.filter((role) => role !== operator)) {
        it(`${right} is refused to ${who}`, async () => {
          const { channel, ...all } = await loadFixture(everythingPossible);
          await expect(attempt(channel.connect(all[who])))
            .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
            .withArgs(all[who], sender, predicates[word]);
        });
      }

      it(`${right} is refused to the suspended participant's operator`, async () => {
        const { channel, ...all } = await loadFixture(everythingPossible);
        await channel.connect(all.consortium).suspend(sender);
        await expect(attempt(channel.connect(all[operator])))
          .to.be.revertedWithCustomError(channel, "ParticipantNotActive")
          .withArgs(sender, ParticipantStatus.suspended);
      });

      it(`${right} is open to ${operator}`, async () => {
        const { channel, ...all } = await loadFixture(everythingPossible);
        const receipt = await (await attempt(channel.connect(all[operator]))).wait();
        expect(receipt?.status).to.equal(1);
      });
    }
  });

  describe("to sending by signature", () => {
    for (const [right, { of, about }] of Object.entries(signed)) {
      const operator = of.sender === AU ? "auOperator" : "cnOperator";
      for (const who of everybody.filter((role) => role !== operator)) {
        it(`${right} is refused with the signature of ${who}, though the operator relays it`, async () => {
          const { channel, ...all } = await loadFixture(everythingPossible);
          const by: Account = all[who];
          const authorisation = await authorise(channel, of, { by });
          await expect(channel.connect(all[operator]).sendBySig(of, about, authorisation))
            .to.be.revertedWithCustomError(channel, "OperatorUnauthorized")
            .withArgs(by, of.sender, of.predicate);
        });
      }
    }
  });
});
