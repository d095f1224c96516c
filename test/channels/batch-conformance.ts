import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { BatchEvent, Channel, SettlementEvent, Submission } from "../../src/channels/channel.ts";
import { batchId, type BatchHeader } from "../../src/domain/batch.ts";
import type { CertificateState } from "../../src/domain/certificate.ts";
import { toHex, toWord } from "../../src/domain/hex.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import type { Predicate } from "../../src/domain/predicate.ts";
import {
  carriedTo,
  contentOf,
  Follower,
  judgedAs,
  send as sendOn,
  type Bench,
  type BenchTerms,
} from "./bench.ts";
import {
  acquitted,
  anchorOf,
  attached,
  au,
  batch,
  bitsOf,
  cn,
  created,
  message,
  nz,
  phytosanitary,
  revoked,
  settlementOf,
  sg,
  submission,
  type TestBatch,
} from "./fixtures.ts";

const FAR = 4_102_444_800;
const evidence = multihashOf("e1".repeat(32));
const nothing: CertificateState = { issued: false, acquitted: false, revoked: false, expired: false };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => from + place);

/** What a plug-in must do with batches; part of `describeConformance`. */
export function describeBatchConformance(
  name: string,
  createBench: (terms: BenchTerms) => Promise<Bench>,
): void {
  describe(`Channel conformance, batches: ${name}`, function () {
    this.timeout(60_000);
    let bench: Bench;
    let ours: Channel;
    let theirs: Channel;

    async function start(terms: BenchTerms = {}): Promise<void> {
      bench = await createBench(terms);
      ours = await bench.open(au);
      theirs = await bench.open(cn);
    }

    afterEach(async () => {
      await ours.close();
      await theirs.close();
      await bench.close();
    });

    const send = (channel: Channel, sent: Submission) => sendOn(bench, channel, sent);

    async function done(channel: Channel, sent: Submission): Promise<void> {
      expect((await send(channel, sent)).state).to.equal("accepted");
    }

    async function anchored(count: number, changes: Parameters<typeof batch>[1] = {}): Promise<TestBatch> {
      const formed = batch(count, changes);
      await done(ours, anchorOf(formed));
      return formed;
    }

    const batchesOf = (follower: Follower): BatchEvent[] =>
      follower.events.filter((event) => event.kind === "batch");
    const settlementsOf = (follower: Follower): SettlementEvent[] =>
      follower.events.filter((event) => event.kind === "settlement");

    describe("on an open channel", () => {
      beforeEach(() => start());

      it("says how many messages a batch may have", () => {
        const { batchSize } = ours.description.limits;
        expect(batchSize).to.equal(65_536);
      });

      it("carries a batch from its sender to everybody, as it was anchored", async () => {
        const formed = batch(300, { validUntil: FAR });
        const sent = anchorOf(formed);
        expect(await ours.judge(sent)).to.deep.equal({ accepted: true });
        const progress = await send(ours, sent);
        expect(progress.state).to.equal("accepted");
        for (const channel of [ours, theirs]) {
          const events = batchesOf(await new Follower(channel).follow());
          expect(events).to.have.length(1);
          const [event] = events;
          expect(event).to.deep.include({ id: batchId(formed.header), header: formed.header });
          expect(event?.operator).to.be.a("string").that.is.not.empty;
          if (progress.state !== "accepted") continue;
          expect(event?.txn).to.equal(progress.txn);
          expect(event?.position.height).to.equal(progress.height);
        }
      });

      it("issues every certificate of a batch, by its place", async () => {
        const { header } = await anchored(300, { validUntil: FAR });
        const issued = { ...nothing, issued: true };
        for (const index of [0, 255, 256, 299]) {
          expect(await theirs.batchedCertificateState(header, index)).to.deep.equal(issued);
        }
      });

      it("knows nothing of a certificate of an unknown batch, another header, or no such place", async () => {
        const { header } = await anchored(3);
        expect(await theirs.batchedCertificateState(batch(3, { series: 1 }).header, 0)).to.deep.equal(
          nothing,
        );
        const others: readonly BatchHeader[] = [
          { ...header, receiver: sg },
          { ...header, validUntil: FAR },
          { ...header, count: 4 },
          { ...header, body: evidence },
        ];
        for (const other of others) {
          expect(await theirs.batchedCertificateState(other, 0)).to.deep.equal(nothing);
        }
        for (const index of [3, 256, 65_536, -1, 0.5]) {
          expect(await theirs.batchedCertificateState(header, index)).to.deep.equal(nothing);
        }
      });

      it("does not take a batch's certificates for ones that were issued alone", async () => {
        const { messages } = await anchored(2);
        for (const each of messages) expect(await theirs.certificateState(each)).to.deep.equal(nothing);
      });

      it("takes a batch that informs, and knows no certificate in it", async () => {
        const { header } = await anchored(2, { predicate: attached });
        expect(batchesOf(await new Follower(theirs).follow()).map((event) => event.header)).to.deep.equal([
          header,
        ]);
        expect(await theirs.batchedCertificateState(header, 0)).to.deep.equal(nothing);
      });

      it("anchors a root of one sender once, whatever else the header says", async () => {
        const { header } = await anchored(2);
        for (const again of [header, { ...header, receiver: sg }, { ...header, count: 1 }]) {
          expect(await judgedAs(ours, anchorOf({ header: again }, 2))).to.equal(
            "BatchAlreadyAnchored permanent",
          );
        }
        const theirOwn = { ...header, sender: cn, receiver: au };
        await done(theirs, anchorOf({ header: theirOwn }));
        expect(batchesOf(await new Follower(ours).follow()).map((event) => event.header)).to.deep.equal([
          header,
          theirOwn,
        ]);
      });

      it("says from when on it is final that a batch is anchored already", async () => {
        const first = anchorOf(batch(2));
        await ours.submit(first);
        const included = await carriedTo(bench, ours, first.key, ["included"]);
        const early = await ours.judge(anchorOf(batch(2), 2));
        expect(early).to.deep.include({ accepted: false, final: false });
        expect(!early.accepted && included.state === "included" && early.height >= included.height).to.equal(
          true,
        );
        await carriedTo(bench, ours, first.key, ["accepted"]);
        expect(await ours.judge(anchorOf(batch(2), 2))).to.deep.include({ accepted: false, final: true });
      });

      it("tells why an anchor that was sent all the same is refused, once that is final", async () => {
        await anchored(2);
        const progress = await send(ours, anchorOf(batch(2), 2));
        expect(progress.state).to.equal("refused");
        expect(progress.state === "refused" && progress.refusal.code).to.equal("BatchAlreadyAnchored");
        expect(batchesOf(await new Follower(ours).follow())).to.have.length(1);
      });

      it("knows where an anchor and a settlement stand", async () => {
        const formed = batch(2);
        const anchor = anchorOf(formed);
        const settlement = settlementOf(formed, acquitted, [0]);
        for (const [channel, sent] of [
          [ours, anchor],
          [theirs, settlement],
        ] as const) {
          expect(await channel.progress(sent.key)).to.deep.equal({ state: "absent" });
          await channel.submit(sent);
          const carried = await channel.progress(sent.key);
          expect(carried.state).to.equal("carried");
          const included = await carriedTo(bench, channel, sent.key, ["included"]);
          const { events } = await new Follower(channel).follow();
          expect(included).to.deep.equal({
            state: "included",
            txn: events.at(-1)?.txn,
            height: events.at(-1)?.position.height,
          });
          expect((await carriedTo(bench, channel, sent.key, ["accepted"])).state).to.equal("accepted");
        }
      });

      it("writes once what is submitted twice under one key", async () => {
        const formed = await anchored(2);
        const sent = settlementOf(formed, acquitted, [0, 1]);
        await Promise.all([theirs.submit(sent), theirs.submit(sent)]);
        await done(theirs, sent);
        await theirs.submit(sent);
        await ours.submit(anchorOf(formed));
        await bench.mine(3);
        await delay(100);
        await bench.mine(3);
        const follower = await new Follower(ours).follow();
        expect(batchesOf(follower)).to.have.length(1);
        expect(settlementsOf(follower)).to.have.length(1);
      });

      it("goes on after a restart with the anchor it took charge of, once", async () => {
        const sent = anchorOf(batch(2));
        await ours.submit(sent);
        await ours.close();
        ours = await bench.open(au);
        expect((await carriedTo(bench, ours, sent.key, ["accepted"])).state).to.equal("accepted");
        await bench.mine(3);
        expect(batchesOf(await new Follower(ours).follow())).to.have.length(1);
      });

      it("refuses a batch that no state of the ledger will ever allow", async () => {
        const { header } = batch(2);
        const refused = (changes: Partial<BatchHeader>) =>
          judgedAs(ours, anchorOf({ header: { ...header, ...changes } }));
        expect(await refused({ predicate: phytosanitary })).to.equal("BatchNotBatchable permanent");
        expect(await refused({ predicate: acquitted })).to.equal("BatchNotBatchable permanent");
        expect(await refused({ receiver: au })).to.equal("MessageReceiverIsSender permanent");
        expect(await refused({ count: 0 })).to.equal("BatchCountInvalid permanent");
        expect(await refused({ count: 65_537 })).to.equal("BatchCountInvalid permanent");
        expect(await refused({ count: 65_536 })).to.equal("accepted");
        expect(await refused({ validUntil: 1_000_000_000 })).to.equal("CertificateExpired permanent");
        expect(await refused({ predicate: attached, validUntil: FAR })).to.equal(
          "MessageExpiryNotAllowed permanent",
        );
        await bench.closeMessageType(created);
        expect(await refused({})).to.equal("MessageTypeClosedToMessages permanent");
      });

      it("refuses a batch for the time being where others can still mend it", async () => {
        const { header } = batch(2);
        const refused = (changes: Partial<BatchHeader>) =>
          judgedAs(ours, anchorOf({ header: { ...header, ...changes } }));
        expect(await refused({ receiver: nz })).to.equal("ParticipantNotActive dependent");
        expect(await refused({ sender: cn, receiver: au })).to.equal("OperatorUnauthorized dependent");
        expect(await refused({ predicate: "unece.un.org:coo:created" as Predicate })).to.equal(
          "OperatorUnauthorized dependent",
        );
        await bench.dismissOperator(au, created);
        expect(await refused({})).to.equal("OperatorUnauthorized dependent");
      });

      it("lets the receiver acquit exactly the certificates named", async () => {
        const formed = await anchored(300);
        const named = [0, 3, 255, 256, 299];
        const sent = settlementOf(formed, acquitted, named, { obj: evidence });
        expect(await theirs.judge(sent)).to.deep.equal({ accepted: true });
        const progress = await send(theirs, sent);
        expect(progress.state).to.equal("accepted");
        for (const channel of [ours, theirs]) {
          const events = settlementsOf(await new Follower(channel).follow());
          expect(events).to.have.length(1);
          const [event] = events;
          expect(event?.txn).to.equal(progress.state === "accepted" && progress.txn);
          expect(event?.operator).to.be.a("string").that.is.not.empty;
          expect({ ...(event === undefined ? {} : contentOf(event)), operator: "" }).to.deep.equal({
            kind: "settlement",
            id: batchId(formed.header),
            sender: cn,
            receiver: au,
            predicate: acquitted,
            obj: evidence,
            operator: "",
            applied: bitsOf(named),
          });
        }
        const issued = { ...nothing, issued: true };
        for (const index of named) {
          expect(await ours.batchedCertificateState(formed.header, index)).to.deep.equal({
            ...issued,
            acquitted: true,
          });
        }
        for (const index of [1, 254, 257, 298]) {
          expect(await ours.batchedCertificateState(formed.header, index)).to.deep.equal(issued);
        }
      });

      it("lets the issuer revoke, before or after the acquittal", async () => {
        const formed = await anchored(3);
        await done(theirs, settlementOf(formed, acquitted, [0]));
        await done(ours, settlementOf(formed, revoked, [0, 1]));
        const states = await Promise.all(
          [0, 1, 2].map((index) => theirs.batchedCertificateState(formed.header, index)),
        );
        const issued = { ...nothing, issued: true };
        expect(states).to.deep.equal([
          { ...issued, acquitted: true, revoked: true },
          { ...issued, revoked: true },
          issued,
        ]);
        const [, revocation] = settlementsOf(await new Follower(theirs).follow());
        expect(revocation).to.deep.include({ sender: au, receiver: cn, predicate: revoked });
      });

      it("applies what is eligible and reports exactly that", async () => {
        const formed = await anchored(300);
        await done(theirs, settlementOf(formed, acquitted, [0, 1, ...range(256, 300)]));
        await done(ours, settlementOf(formed, revoked, [1, 2]));
        await done(theirs, settlementOf(formed, acquitted, [0, 1, 2, 3, 256, 299]));
        await done(ours, settlementOf(formed, revoked, [0, 1, 2, 299]));
        const applied = settlementsOf(await new Follower(ours).follow()).map((event) => event.applied);
        expect(applied).to.deep.equal([
          bitsOf([0, 1, ...range(256, 300)]),
          bitsOf([1, 2]),
          bitsOf([3]),
          bitsOf([0, 299]),
        ]);
      });

      it("settles 64 words at once", async () => {
        const formed = await anchored(16_384);
        const progress = await send(theirs, settlementOf(formed, acquitted, range(0, 16_384)));
        expect(progress.state).to.equal("accepted");
        const [event] = settlementsOf(await new Follower(ours).follow());
        expect(event?.applied).to.deep.equal(bitsOf(range(0, 16_384)));
        const again = settlementOf(formed, revoked, range(0, 16_384));
        expect((await send(ours, again)).state).to.equal("accepted");
      });

      it("carries a settlement of 64 words handed over before its batch is anchored", async () => {
        const formed = batch(16_384);
        const settlement = settlementOf(formed, revoked, range(0, 16_384));
        await ours.submit(anchorOf(formed));
        await ours.submit(settlement);
        expect((await carriedTo(bench, ours, settlement.key, ["accepted", "refused"])).state).to.equal(
          "accepted",
        );
      });

      it("refuses a settlement that finds nothing to do, also when it was sent all the same", async () => {
        const formed = await anchored(3);
        await done(theirs, settlementOf(formed, acquitted, [0]));
        await done(ours, settlementOf(formed, revoked, [1]));
        const nothingLeft = settlementOf(formed, acquitted, [0, 1], { obj: evidence });
        expect(await judgedAs(theirs, nothingLeft)).to.equal("SettlementEmpty permanent");
        const twice = settlementOf(formed, revoked, [1], { attempt: 2 });
        expect(await judgedAs(ours, twice)).to.equal("SettlementEmpty permanent");
        const noBits = { ...nothingLeft, bits: [{ word: 0, mask: toHex(toWord(0)) }] };
        expect(await judgedAs(theirs, noBits)).to.equal("SettlementEmpty permanent");
        const noWords = { ...nothingLeft, bits: [] };
        expect(await judgedAs(theirs, noWords)).to.equal("SettlementInvalid permanent");
        const progress = await send(theirs, nothingLeft);
        expect(progress.state === "refused" && progress.refusal.code).to.equal("SettlementEmpty");
        expect(settlementsOf(await new Follower(ours).follow())).to.have.length(2);
      });

      it("refuses certificates that the batch does not have", async () => {
        const formed = await anchored(300);
        for (const index of [300, 511, 512, 65_535]) {
          expect(await judgedAs(theirs, settlementOf(formed, acquitted, [0, index]))).to.equal(
            "BatchIndexOutOfRange permanent",
          );
        }
        const emptyWord = {
          ...settlementOf(formed, acquitted, [0]),
          bits: [{ word: 2, mask: toHex(toWord(0)) }],
        };
        expect(await judgedAs(theirs, emptyWord)).to.equal("BatchIndexOutOfRange permanent");
        const full = await anchored(256, { series: 1 });
        expect(await judgedAs(theirs, settlementOf(full, acquitted, range(0, 256)))).to.equal("accepted");
        expect(await judgedAs(theirs, settlementOf(full, acquitted, [256]))).to.equal(
          "BatchIndexOutOfRange permanent",
        );
      });

      it("refuses to settle a batch that is not anchored yet, or not under this header", async () => {
        const formed = batch(3);
        const sent = settlementOf(formed, acquitted, [0]);
        expect(await judgedAs(theirs, sent)).to.equal("BatchUnknown dependent");
        await done(ours, anchorOf(formed));
        expect(await judgedAs(theirs, sent)).to.equal("accepted");
        for (const changes of [{ count: 4 }, { validUntil: FAR }, { body: evidence }]) {
          const altered = { ...sent, header: { ...formed.header, ...changes } };
          expect(await judgedAs(theirs, altered)).to.equal("BatchMismatch permanent");
        }
      });

      it("lets nobody but its receiver acquit, nobody but its issuer revoke", async () => {
        const formed = await anchored(3);
        const stranger = await bench.open(sg);
        try {
          const asReceiver = { header: { ...formed.header, receiver: sg } };
          expect(await judgedAs(stranger, settlementOf(asReceiver, acquitted, [0]))).to.equal(
            "BatchMismatch permanent",
          );
          for (const predicate of [acquitted, revoked]) {
            expect(await judgedAs(stranger, settlementOf(formed, predicate, [0]))).to.equal(
              "OperatorUnauthorized dependent",
            );
          }
        } finally {
          await stranger.close();
        }
        expect(await judgedAs(ours, settlementOf(formed, acquitted, [0]))).to.equal(
          "OperatorUnauthorized dependent",
        );
        expect(await judgedAs(theirs, settlementOf(formed, revoked, [0]))).to.equal(
          "OperatorUnauthorized dependent",
        );
      });

      it("refuses to settle with a type that does not act on the batch's", async () => {
        const formed = await anchored(3, { predicate: attached });
        expect(await judgedAs(theirs, settlementOf(formed, acquitted, [0]))).to.equal(
          "CertificateTypeMismatch permanent",
        );
        const certificates = batch(3);
        expect(await judgedAs(ours, settlementOf(certificates, attached, [0]))).to.equal(
          "MessageEffectMismatch permanent",
        );
        const unheard = "unece.un.org:coo:acquitted" as Predicate;
        expect(await judgedAs(theirs, settlementOf(certificates, unheard, [0]))).to.equal(
          "MessageTypeUnknown dependent",
        );
        await bench.closeMessageType(acquitted);
        expect(await judgedAs(theirs, settlementOf(certificates, acquitted, [0]))).to.equal(
          "MessageTypeClosedToMessages permanent",
        );
      });

      it("ends acquittal, not revocation, with the second after the batch's expiry", async () => {
        const formed = await anchored(2, { validUntil: (await bench.time()) + 500 });
        expect(await judgedAs(theirs, settlementOf(formed, acquitted, [0]))).to.equal("accepted");
        await bench.advance(1_000);
        await bench.mine(3);
        expect(await judgedAs(theirs, settlementOf(formed, acquitted, [0]))).to.equal(
          "CertificateExpired permanent",
        );
        await done(ours, settlementOf(formed, revoked, [0]));
        expect(await theirs.batchedCertificateState(formed.header, 0)).to.deep.equal({
          issued: true,
          acquitted: false,
          revoked: true,
          expired: true,
        });
      });

      it("lets a suspended participant anchor and settle nothing, and others finish with it", async () => {
        const formed = await anchored(300);
        const next = anchorOf(batch(2, { series: 1 }));
        const acquittal = settlementOf(formed, acquitted, [0]);
        const revocation = settlementOf(formed, revoked, [0]);
        await bench.suspend(cn);
        expect(await judgedAs(ours, next)).to.equal("ParticipantNotActive dependent");
        expect(await judgedAs(theirs, acquittal)).to.equal("ParticipantNotActive dependent");
        expect(await judgedAs(ours, revocation)).to.equal("accepted");
        await bench.reinstate(cn);
        await bench.suspend(au);
        expect(await judgedAs(ours, next)).to.equal("ParticipantNotActive dependent");
        expect(await judgedAs(ours, revocation)).to.equal("ParticipantNotActive dependent");
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
      });

      it("announces which certificates of a suspended issuer's batch the consortium invalidated", async () => {
        const formed = await anchored(300);
        await done(ours, settlementOf(formed, revoked, [1]));
        await bench.suspend(au);
        await bench.invalidateBatch(formed.header, bitsOf([1, 2, 299]));
        await bench.mine(2);
        const { events } = await new Follower(theirs).follow();
        const invalidations = events.filter((event) => event.kind === "batch-invalidation");
        expect(invalidations.map(contentOf)).to.deep.equal([
          { kind: "batch-invalidation", id: batchId(formed.header), applied: bitsOf([2, 299]) },
        ]);
        expect(await theirs.batchedCertificateState(formed.header, 2)).to.include({ revoked: true });
        expect(await judgedAs(theirs, settlementOf(formed, acquitted, [2]))).to.equal(
          "SettlementEmpty permanent",
        );
      });

      it("ends anchoring with deprecation, and settling with retirement", async () => {
        const formed = await anchored(2);
        const next = anchorOf(batch(2, { series: 1 }));
        const acquittal = settlementOf(formed, acquitted, [0]);
        await bench.deprecate();
        expect(await judgedAs(ours, next)).to.equal("ChannelNotActive permanent");
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
        expect(await judgedAs(ours, settlementOf(formed, revoked, [0]))).to.equal("accepted");
        await bench.retire();
        expect(await judgedAs(ours, next)).to.equal("ChannelNotActive permanent");
        expect(await judgedAs(theirs, acquittal)).to.equal("ChannelNotActive permanent");
      });

      it("retracts an anchor and a settlement that a fork takes back, and carries them again", async () => {
        const formed = batch(300);
        await bench.mine(5);
        const follower = await new Follower(ours).follow();
        await ours.submit(anchorOf(formed));
        await carriedTo(bench, ours, anchorOf(formed).key, ["included"]);
        await follower.follow();
        expect(batchesOf(follower)).to.have.length(1);
        await bench.fork(1);
        await bench.mine(1);
        await follower.follow();
        expect(follower.retractions).to.have.length(1);
        await carriedTo(bench, ours, anchorOf(formed).key, ["accepted"]);
        await follower.follow();
        expect(batchesOf(follower).map(({ id }) => id)).to.deep.equal([batchId(formed.header)]);

        const settlement = settlementOf(formed, acquitted, [0, 299]);
        await theirs.submit(settlement);
        await carriedTo(bench, theirs, settlement.key, ["included"]);
        await follower.follow();
        expect(settlementsOf(follower)).to.have.length(1);
        await bench.fork(1);
        await bench.mine(1);
        await follower.follow();
        expect(follower.retractions).to.have.length(2);
        await carriedTo(bench, theirs, settlement.key, ["accepted"]);
        await follower.follow();
        expect(settlementsOf(follower).map(({ applied }) => applied)).to.deep.equal([bitsOf([0, 299])]);
        expect(follower.events).to.deep.equal((await new Follower(theirs).follow()).events);
      });

      it("reads messages, batches and settlements of one block in the order of the ledger", async () => {
        const formed = await anchored(2);
        const second = anchorOf(batch(2, { series: 1 }));
        const single = submission(message());
        const settlement = settlementOf(formed, revoked, [1]);
        await ours.submit(second);
        await ours.submit(single);
        await ours.submit(settlement);
        await delay(200); // until all of them wait for the next block
        for (const { key } of [second, single, settlement]) await carriedTo(bench, ours, key, ["accepted"]);
        const { events } = await new Follower(theirs).follow();
        const last = events.slice(-3);
        expect(last.map(({ kind }) => kind)).to.deep.equal(["batch", "message", "settlement"]);
        expect(new Set(last.map(({ position }) => position.height)).size).to.equal(1);
      });
    });

    describe("under other terms", () => {
      it("takes only settlements past the channel's validity", async () => {
        await start({ validFor: 5_000 });
        const formed = await anchored(2);
        await bench.advance(10_000);
        await bench.mine(3);
        const next = anchorOf(batch(2, { series: 1 }));
        expect(await judgedAs(ours, next)).to.equal("ChannelOutsideValidity permanent");
        expect(await judgedAs(theirs, settlementOf(formed, acquitted, [0]))).to.equal("accepted");
        expect(await judgedAs(ours, settlementOf(formed, revoked, [0]))).to.equal("accepted");
      });

      it("takes no batch yet before the channel's validity", async () => {
        await start({ validAfter: 50_000 });
        const next = anchorOf(batch(2));
        expect(await judgedAs(ours, next)).to.equal("ChannelOutsideValidity dependent");
        await bench.advance(60_000);
        await bench.mine(3);
        expect(await judgedAs(ours, next)).to.equal("accepted");
      });
    });
  });
}
