import { expect } from "chai";
import type { TransactionResponse } from "ethers";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import {
  acquittal,
  attachedInBulk,
  AU,
  authorise,
  batchOf,
  cast,
  ChannelStatus,
  CN,
  DAY,
  deployChannel,
  issuanceOf,
  loadFixture,
  message,
  noIssuance,
  ParticipantStatus,
  registerTypes,
  revocation,
  seatParticipants,
  settlement,
  time,
} from "./fixture.ts";

// The table of PROTOCOL §4: what a channel takes in each state of its own and of the two sides.

const issued = message("created");
const issuance = issuanceOf(issued);
const anchored = batchOf(3);

async function channelWithEnd() {
  const validUntil = BigInt(await time.latest()) + DAY;
  const channel = await deployChannel({ validUntil });
  await registerTypes(channel);
  await seatParticipants(channel);
  const { auOperator } = await cast();
  await channel.connect(auOperator).send(issued);
  await channel.connect(auOperator).anchor(anchored.header);
  return channel;
}

type Attempt = (channel: Channel) => Promise<TransactionResponse>;

async function bySignature(channel: Channel, of: ReturnType<typeof message>, about: typeof issuance) {
  const { auOperator, cnOperator, relayer } = await cast();
  const by = of.sender === AU ? auOperator : cnOperator;
  return channel.connect(relayer).sendBySig(of, about, await authorise(channel, of, { by }));
}

const creating: Record<string, Attempt> = {
  inform: async (channel) => channel.connect((await cast()).auOperator).send(message("attached")),
  issue: async (channel) =>
    channel.connect((await cast()).auOperator).send(message("created", { subject: "next" })),
  "inform by signature": async (channel) => bySignature(channel, message("attached"), noIssuance),
  "issue by signature": async (channel) =>
    bySignature(channel, message("created", { subject: "next" }), noIssuance),
  "anchor certificates": async (channel) =>
    channel.connect((await cast()).auOperator).anchor(batchOf(4).header),
  "anchor notices": async (channel) =>
    channel.connect((await cast()).auOperator).anchor(batchOf(4, { predicate: attachedInBulk }).header),
};
/** What the issuer does about its certificates, and what the receiver does. */
const revoking: Record<string, Attempt> = {
  revoke: async (channel) =>
    channel.connect((await cast()).auOperator).sendAbout(revocation(issued), issuance),
  "revoke by signature": async (channel) => bySignature(channel, revocation(issued), issuance),
  "settle revocations": async (channel) =>
    channel
      .connect((await cast()).auOperator)
      .settle(anchored.header, settlement("revokedInBulk", { 0: 1n })),
};
const acquitting: Record<string, Attempt> = {
  acquit: async (channel) =>
    channel.connect((await cast()).cnOperator).sendAbout(acquittal(issued), issuance),
  "acquit by signature": async (channel) => bySignature(channel, acquittal(issued), issuance),
  "settle acquittals": async (channel) =>
    channel
      .connect((await cast()).cnOperator)
      .settle(anchored.header, settlement("acquittedInBulk", { 0: 1n })),
};

type Refusal = readonly [error: string, ...values: readonly unknown[]];
interface Row {
  readonly reach: (channel: Channel) => Promise<unknown>;
  readonly creating: Refusal | "taken";
  readonly acquitting: Refusal | "taken";
  readonly revoking: Refusal | "taken";
}

const asConsortium = async (channel: Channel) => channel.connect((await cast()).consortium);
const deprecate = async (channel: Channel) =>
  (await asConsortium(channel)).deprecate(await deployChannel({ predecessor: channel }));
const suspend = (participant: string) => async (channel: Channel) =>
  (await asConsortium(channel)).suspend(participant);
const pastValidity = async (channel: Channel) => time.increaseTo((await channel.validUntil()) + 1n);
const notActive = (participant: string): Refusal => [
  "ParticipantNotActive",
  participant,
  ParticipantStatus.suspended,
];
const outside: Refusal = ["ChannelOutsideValidity"];
const deprecated: Refusal = ["ChannelNotActive", ChannelStatus.deprecated];
const retired: Refusal = ["ChannelNotActive", ChannelStatus.retired];

const table: Record<string, Row> = {
  "active, within validity": {
    reach: async () => Promise.resolve(),
    creating: "taken",
    acquitting: "taken",
    revoking: "taken",
  },
  "in the last second of its validity": {
    reach: async (channel) => time.setNextBlockTimestamp(await channel.validUntil()),
    creating: "taken",
    acquitting: "taken",
    revoking: "taken",
  },
  deprecated: { reach: deprecate, creating: deprecated, acquitting: "taken", revoking: "taken" },
  "past its validity": { reach: pastValidity, creating: outside, acquitting: "taken", revoking: "taken" },
  "deprecated and past its validity": {
    reach: async (channel) => {
      await deprecate(channel);
      await pastValidity(channel);
    },
    creating: deprecated,
    acquitting: "taken",
    revoking: "taken",
  },
  retired: {
    reach: async (channel) => {
      await deprecate(channel);
      await (await asConsortium(channel)).retire();
    },
    creating: retired,
    acquitting: retired,
    revoking: retired,
  },
  // Australia sends what creates and what revokes; China sends what acquits.
  "open, Australia suspended": {
    reach: suspend(AU),
    creating: notActive(AU),
    acquitting: "taken",
    revoking: notActive(AU),
  },
  "open, China suspended": {
    reach: suspend(CN),
    creating: notActive(CN),
    acquitting: notActive(CN),
    revoking: "taken",
  },
};

describe("the states table", () => {
  for (const [state, row] of Object.entries(table)) {
    describe(`a channel that is ${state}`, () => {
      const groups = [
        [creating, row.creating],
        [acquitting, row.acquitting],
        [revoking, row.revoking],
      ] as const;
      for (const [attempts, outcome] of groups) {
        for (const [what, attempt] of Object.entries(attempts)) {
          if (outcome === "taken") {
            it(`lets them ${what}`, async () => {
              const channel = await loadFixture(channelWithEnd);
              await row.reach(channel);
              const receipt = await (await attempt(channel)).wait();
              expect(receipt?.logs.length).to.equal(1);
            });
          } else {
            it(`refuses to ${what}`, async () => {
              const channel = await loadFixture(channelWithEnd);
              const validity = [await channel.validFrom(), await channel.validUntil()];
              await row.reach(channel);
              const [error, ...values] = outcome;
              await expect(attempt(channel))
                .to.be.revertedWithCustomError(channel, error)
                .withArgs(...(outcome === outside ? validity : values));
            });
          }
        }
      }
    });
  }

  it("opens with the first second of validity, and takes nothing before", async () => {
    const { consortium, auOperator, cnOperator } = await cast();
    const validFrom = BigInt(await time.latest()) + DAY;
    const channel = await deployChannel({ validFrom });
    await registerTypes(channel);
    await seatParticipants(channel);
    const settling = settlement("acquittedInBulk", { 0: 1n });
    for (const early of [
      channel.connect(auOperator).send(message("attached")),
      channel.connect(auOperator).anchor(batchOf(2).header),
      channel.connect(cnOperator).sendAbout(acquittal(issued), issuance),
      channel.connect(cnOperator).settle(anchored.header, settling),
      channel.connect(consortium).invalidate(issued),
      channel.connect(consortium).invalidateBatch(anchored.header, [0n], [1n]),
    ]) {
      await expect(early)
        .to.be.revertedWithCustomError(channel, "ChannelOutsideValidity")
        .withArgs(validFrom, 0n);
    }
    await time.setNextBlockTimestamp(validFrom);
    await channel.connect(auOperator).send(message("attached"));
  });

  it("settles from the first second of validity on", async () => {
    const { cnOperator } = await cast();
    const validFrom = BigInt(await time.latest()) + DAY;
    const channel = await deployChannel({ validFrom });
    await registerTypes(channel);
    await seatParticipants(channel);
    // Nothing can have been issued yet: what is refused is the certificate, not the time. A given gas limit makes the block.
    await time.setNextBlockTimestamp(validFrom);
    await expect(
      channel.connect(cnOperator).sendAbout(acquittal(issued), issuance, { gasLimit: 1_000_000 }),
    ).to.be.revertedWithCustomError(channel, "CertificateUnknown");
    expect(BigInt(await time.latest())).to.equal(validFrom);
  });

  it("lets the consortium invalidate on a deprecated channel, and not on a retired one", async () => {
    const channel = await loadFixture(channelWithEnd);
    const { consortium } = await cast();
    await deprecate(channel);
    await pastValidity(channel);
    await channel.connect(consortium).suspend(AU);
    await channel.connect(consortium).invalidate(issued);
    await channel.connect(consortium).invalidateBatch(anchored.header, [0n], [1n]);
    await channel.connect(consortium).retire();
    for (const late of [
      channel.connect(consortium).invalidate(issued),
      channel.connect(consortium).invalidateBatch(anchored.header, [0n], [0b10n]),
    ]) {
      await expect(late)
        .to.be.revertedWithCustomError(channel, "ChannelNotActive")
        .withArgs(ChannelStatus.retired);
    }
  });

  it("lets anybody read the state of certificates, whatever the channel's", async () => {
    const channel = await loadFixture(channelWithEnd);
    await deprecate(channel);
    await (await asConsortium(channel)).retire();
    expect((await channel.stateOf(issued)).issued).to.equal(true);
    expect((await channel.leafState(anchored.header, 0)).issued).to.equal(true);
  });
});
