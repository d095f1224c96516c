import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { Channel, Submission } from "../../src/channels/channel.ts";
import { ChannelFailure } from "../../src/channels/channel.ts";
import { messageId } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { Predicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { rejection } from "../rejection.ts";
import { describeBatchConformance } from "./batch-conformance.ts";
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
  acquittalOf,
  acquitted,
  attached,
  au,
  cn,
  created,
  endpointOf,
  message,
  messageTypes,
  nz,
  phytosanitary,
  revocationOf,
  sg,
  submission,
} from "./fixtures.ts";

/**
 * What every ledger plug-in must do. Whoever writes one calls this with a way to set up a bench.
 *
 * @param name of the plug-in
 * @param createBench sets up a fresh ledger
 */
export function describeConformance(name: string, createBench: (terms: BenchTerms) => Promise<Bench>): void {
  describe(`Channel conformance: ${name}`, function () {
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

    describe("on an open channel", () => {
      beforeEach(() => start());

      it("describes itself", () => {
        const { description } = ours;
        expect(description.id).to.equal(theirs.description.id);
        expect(description.id).to.match(/^[\x21-\x7e]{1,200}$/);
        expect(description.name).to.equal("Certificates of origin");
        expect(description.type).to.equal("test");
        expect(description.opaqueSubjects).to.equal(false);
        expect(description.validUntil).to.equal(null);
        expect(description.predecessor).to.equal(null);
        expect(description.finality).to.deep.equal({ kind: "confirmations", blocks: 2 });
        expect(description.limits.subjectLength).to.equal(200);
      });

      it("announces every participant with its whole record, and every message type", async () => {
        const { events } = await new Follower(ours).follow();
        const participants = new Map(
          events.filter((event) => event.kind === "participant").map((event) => [event.participant, event]),
        );
        for (const [domain, jurisdiction] of [
          [au, "AU"],
          [cn, "CN"],
          [sg, "SG"],
        ] as const) {
          expect(participants.get(domain)).to.include({
            jurisdiction,
            status: "active",
            endpoint: endpointOf(domain),
          });
        }
        expect(participants.get(nz)).to.include({ jurisdiction: "NZ", status: "invited", endpoint: null });
        const types = events.filter((event) => event.kind === "message-type").map(({ type }) => type);
        expect(types).to.deep.equal(messageTypes.map((type) => ({ ...type, closed: false })));
      });

      it("announces the whole record again after each change", async () => {
        const follower = await new Follower(theirs).follow();
        const before = follower.events.length;
        await bench.setEndpoint(au, "https://gateway.homeaffairs.gov.au");
        await bench.suspend(au);
        await bench.reinstate(au);
        await bench.closeMessageType(attached);
        await bench.deprecate();
        await bench.retire();
        await follower.follow();
        const changes = follower.events.slice(before).filter(({ kind }) => kind !== "other");
        const record = {
          kind: "participant",
          participant: au,
          jurisdiction: "AU",
          endpoint: "https://gateway.homeaffairs.gov.au",
        };
        expect(changes.map(contentOf)).to.deep.equal([
          { ...record, status: "active" },
          { ...record, status: "suspended" },
          { ...record, status: "active" },
          { kind: "message-type", type: { ...messageTypes[3], closed: true } },
          { kind: "channel-status", status: "deprecated", successor: null },
          { kind: "channel-status", status: "retired", successor: null },
        ]);
      });

      it("carries a message from its sender to everybody, as it was sent", async () => {
        const sent = message({ validUntil: 4_102_444_800 });
        const progress = await send(ours, submission(sent));
        expect(progress.state).to.equal("accepted");
        for (const channel of [ours, theirs]) {
          const { messages } = await new Follower(channel).follow();
          expect(messages).to.have.length(1);
          const [event] = messages;
          expect(event).to.deep.include({ id: messageId(sent), message: sent });
          expect(event?.operator).to.be.a("string").that.is.not.empty;
          expect(event?.time).to.be.closeTo(await bench.time(), 600);
          if (progress.state === "accepted") {
            expect(event?.txn).to.equal(progress.txn);
            expect(event?.position.height).to.equal(progress.height);
          }
        }
      });

      it("reads every message of one block", async () => {
        const sent = ["one", "two", "three"].map((subject) => message({ subject: parseSubject(subject) }));
        const answer = message({ sender: cn, receiver: au, predicate: attached });
        for (const each of sent) await ours.submit(submission(each));
        await theirs.submit(submission(answer));
        await delay(200); // until all of them wait for the next block
        for (const each of sent) await carriedTo(bench, ours, submission(each).key, ["accepted"]);
        const { messages } = await new Follower(theirs).follow();
        expect(messages.map(({ message: { subject } }) => subject)).to.have.members([
          "one",
          "two",
          "three",
          answer.subject,
        ]);
        const heights = new Set(messages.map(({ position }) => position.height));
        expect(heights.size, "they were in one block").to.equal(1);
      });

      it("reads on from a cursor, whoever kept it", async () => {
        const first = new Follower(ours);
        await first.follow();
        await send(ours, submission(message()));
        const second = new Follower(theirs);
        second.cursor = first.cursor;
        second.followed = first.followed;
        second.final = first.final;
        await second.follow();
        expect(second.messages.map(({ id }) => id)).to.deep.equal([messageId(message())]);
        const whole = await new Follower(ours).follow();
        expect([...first.events, ...second.events]).to.deep.equal(whole.events);
      });

      it("tells the same of the same cursor twice", async () => {
        await send(ours, submission(message()));
        expect(await ours.read(null)).to.deep.equal(await ours.read(null));
      });

      it("writes once what is submitted twice under one key", async () => {
        const sent = submission(message({ predicate: attached }));
        await Promise.all([ours.submit(sent), ours.submit(sent)]);
        await send(ours, sent);
        await ours.submit(sent);
        await bench.mine(3);
        await delay(100);
        await bench.mine(3);
        expect((await new Follower(ours).follow()).messages).to.have.length(1);
      });

      it("knows where a submission stands", async () => {
        const sent = submission(message());
        expect(await ours.progress(sent.key)).to.deep.equal({ state: "absent" });
        await ours.submit(sent);
        const carried = await ours.progress(sent.key);
        expect(carried.state).to.equal("carried");
        const included = await carriedTo(bench, ours, sent.key, ["included"]);
        expect(included.state).to.equal("included");
        const { messages } = await new Follower(ours).follow();
        expect(included).to.deep.equal({
          state: "included",
          txn: messages[0]?.txn,
          height: messages[0]?.position.height,
        });
        expect((await carriedTo(bench, ours, sent.key, ["accepted"])).state).to.equal("accepted");
      });

      it("issues a number once, and says from when on that is final", async () => {
        const first = submission(message());
        expect(await ours.judge(first)).to.deep.equal({ accepted: true });
        await ours.submit(first);
        const included = await carriedTo(bench, ours, first.key, ["included"]);
        const other = submission(message({ obj: multihashOf("11".repeat(32)) }));
        const early = await ours.judge(other);
        expect(early).to.deep.include({ accepted: false, final: false });
        expect(!early.accepted && included.state === "included" && early.height >= included.height).to.equal(
          true,
        );
        await carriedTo(bench, ours, first.key, ["accepted"]);
        const late = await ours.judge(other);
        expect(late).to.deep.include({ accepted: false, final: true });
        expect(await judgedAs(ours, other)).to.equal("CertificateAlreadyIssued permanent");
      });

      it("tells why a message that was sent all the same is refused, once that is final", async () => {
        await send(ours, submission(message()));
        const other = submission(message({ obj: multihashOf("11".repeat(32)) }));
        const progress = await send(ours, other);
        expect(progress.state).to.equal("refused");
        expect(progress.state === "refused" && progress.refusal.code).to.equal("CertificateAlreadyIssued");
        expect((await new Follower(ours).follow()).messages).to.have.length(1);
      });

      it("lets the receiver acquit once, and nobody else ever", async () => {
        const issuance = message();
        const acquittal = acquittalOf(issuance);
        const early = submission(acquittal, { issuance });
        expect(await judgedAs(theirs, early)).to.equal("CertificateUnknown dependent");
        await send(ours, submission(issuance));
        const stranger = await bench.open(sg);
        try {
          const foreign = submission({ ...acquittal, sender: sg }, { issuance });
          expect(await judgedAs(stranger, foreign)).to.equal("CertificateNotReceiver permanent");
          const impostor = submission(acquittal, { issuance });
          expect(await judgedAs(stranger, impostor)).to.equal("OperatorUnauthorized dependent");
        } finally {
          await stranger.close();
        }
        const altered = { ...issuance, obj: multihashOf("22".repeat(32)) };
        const mismatch = submission(acquittal, { issuance: altered });
        expect(await judgedAs(theirs, mismatch)).to.equal("CertificateMismatch permanent");
        const otherType = submission(acquittal, { issuance: { ...issuance, predicate: phytosanitary } });
        expect(await judgedAs(theirs, otherType)).to.equal("CertificateTypeMismatch permanent");
        expect((await send(theirs, early)).state).to.equal("accepted");
        const again = submission({ ...acquittal, obj: multihashOf("33".repeat(32)) }, { issuance });
        expect(await judgedAs(theirs, again)).to.equal("CertificateAlreadyAcquitted permanent");
        expect(await ours.certificateState(issuance)).to.deep.equal({
          issued: true,
          acquitted: true,
          revoked: false,
          expired: false,
        });
      });

      it("lets the issuer revoke, before or after the acquittal, and no acquittal follow", async () => {
        const issuance = message();
        await send(ours, submission(issuance));
        await send(theirs, submission(acquittalOf(issuance), { issuance }));
        const misdirected = submission(revocationOf(issuance, { receiver: sg }), { issuance });
        expect(await judgedAs(ours, misdirected)).to.equal("CertificateReceiverMismatch permanent");
        const revocation = submission(revocationOf(issuance), { issuance });
        expect((await send(ours, revocation)).state).to.equal("accepted");
        expect(await theirs.certificateState(issuance)).to.include({ acquitted: true, revoked: true });
        const again = submission(revocationOf(issuance, { obj: multihashOf("44".repeat(32)) }), { issuance });
        expect(await judgedAs(ours, again)).to.equal("CertificateAlreadyRevoked permanent");

        const second = message({ subject: parseSubject("second") });
        await send(ours, submission(second));
        await send(ours, submission(revocationOf(second), { issuance: second }));
        const late = submission(acquittalOf(second), { issuance: second });
        expect(await judgedAs(theirs, late)).to.equal("CertificateAlreadyRevoked permanent");
      });

      it("ends a certificate with the second after its expiry", async () => {
        const validUntil = (await bench.time()) + 500;
        const issuance = message({ validUntil });
        await send(ours, submission(issuance));
        const acquittal = submission(acquittalOf(issuance), { issuance });
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
        expect(await ours.certificateState(issuance)).to.include({ issued: true, expired: false });
        await bench.advance(1_000);
        await bench.mine(3);
        expect(await judgedAs(theirs, acquittal)).to.equal("CertificateExpired permanent");
        expect(await ours.certificateState(issuance)).to.include({ issued: true, expired: true });
        const late = submission(message({ subject: parseSubject("late"), validUntil }));
        expect(await judgedAs(ours, late)).to.equal("CertificateExpired permanent");
      });

      it("knows nothing of a certificate that another message issued", async () => {
        await send(ours, submission(message()));
        expect(await ours.certificateState(message({ receiver: sg }))).to.deep.equal({
          issued: false,
          acquitted: false,
          revoked: false,
          expired: false,
        });
      });

      it("refuses what no state of the ledger will ever allow", async () => {
        const toSelf = submission(message({ receiver: au }));
        expect(await judgedAs(ours, toSelf)).to.equal("MessageReceiverIsSender permanent");
        const expiring = submission(message({ predicate: attached, validUntil: 4_102_444_800 }));
        expect(await judgedAs(ours, expiring)).to.equal("MessageExpiryNotAllowed permanent");
        const wrongEffect = { ...submission(message({ predicate: acquitted })), effect: "issue" as const };
        expect(await judgedAs(ours, wrongEffect)).to.equal("MessageEffectMismatch permanent");
        await bench.closeMessageType(attached);
        const closed = submission(message({ predicate: attached }));
        expect(await judgedAs(ours, closed)).to.equal("MessageTypeClosedToMessages permanent");
      });

      it("refuses for the time being what others can still mend", async () => {
        const unseated = submission(message({ receiver: nz }));
        expect(await judgedAs(ours, unseated)).to.equal("ParticipantNotActive dependent");
        const unknownType = submission(message({ predicate: "unece.un.org:coo:created" as Predicate }));
        expect(await judgedAs(ours, unknownType)).to.equal("MessageTypeUnknown dependent");
        const forAnother = submission(message({ sender: cn, receiver: au }));
        expect(await judgedAs(ours, forAnother)).to.equal("OperatorUnauthorized dependent");
        await bench.dismissOperator(au, created);
        expect(await judgedAs(ours, submission(message()))).to.equal("OperatorUnauthorized dependent");
      });

      it("lets a suspended participant change nothing, and others finish with it", async () => {
        const issuance = message();
        const second = message({ subject: parseSubject("second") });
        await send(ours, submission(issuance));
        await send(ours, submission(second));
        await bench.suspend(cn);
        const acquittal = submission(acquittalOf(issuance), { issuance });
        expect(await judgedAs(theirs, acquittal)).to.equal("ParticipantNotActive dependent");
        const inform = submission(message({ predicate: attached }));
        expect(await judgedAs(ours, inform)).to.equal("ParticipantNotActive dependent");
        const revocation = submission(revocationOf(issuance), { issuance });
        expect(await judgedAs(ours, revocation)).to.equal("accepted");
        await bench.reinstate(cn);
        await bench.suspend(au);
        expect(await judgedAs(ours, revocation)).to.equal("ParticipantNotActive dependent");
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
        await bench.invalidate(second);
        await bench.mine(2);
        expect(await theirs.certificateState(second)).to.include({ issued: true, revoked: true });
        const { events } = await new Follower(theirs).follow();
        const invalidations = events.filter((event) => event.kind === "invalidation");
        expect(invalidations.map(({ id }) => id)).to.deep.equal([messageId(second)]);
      });

      it("ends issuing with deprecation, and everything with retirement", async () => {
        const issuance = message();
        await send(ours, submission(issuance));
        await bench.deprecate();
        const next = submission(message({ subject: parseSubject("next") }));
        const inform = submission(message({ predicate: attached }));
        const acquittal = submission(acquittalOf(issuance), { issuance });
        const revocation = submission(revocationOf(issuance), { issuance });
        expect(await judgedAs(ours, next)).to.equal("ChannelNotActive permanent");
        expect(await judgedAs(ours, inform)).to.equal("ChannelNotActive permanent");
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
        expect(await judgedAs(ours, revocation)).to.equal("accepted");
        await bench.retire();
        expect(await judgedAs(theirs, acquittal)).to.equal("ChannelNotActive permanent");
        expect(await judgedAs(ours, revocation)).to.equal("ChannelNotActive permanent");
      });

      it("retracts what a fork takes back, and carries it again", async () => {
        const sent = submission(message());
        await bench.mine(5);
        const follower = await new Follower(ours).follow();
        await ours.submit(sent);
        const included = await carriedTo(bench, ours, sent.key, ["included"]);
        await follower.follow();
        expect(follower.messages).to.have.length(1);
        await bench.fork(1);
        await bench.mine(1);
        await follower.follow();
        expect(follower.retractions).to.have.length(1);
        const accepted = await carriedTo(bench, ours, sent.key, ["accepted"]);
        await follower.follow();
        expect(follower.messages.map(({ id }) => id)).to.deep.equal([messageId(sent.message)]);
        expect(included.state === "included" && accepted.state === "accepted").to.equal(true);
        expect(follower.messages[0]?.position.height).to.equal(
          accepted.state === "accepted" && accepted.height,
        );
        expect(follower.final).to.be.at.least(follower.messages[0]?.position.height ?? Infinity);
      });

      it("takes back a participant's record with the block that changed it", async () => {
        await bench.mine(5);
        const follower = await new Follower(theirs).follow();
        await bench.setEndpoint(au, "https://forked.homeaffairs.gov.au");
        await follower.follow();
        await bench.fork(1);
        await bench.mine(2);
        await bench.suspend(au);
        await follower.follow();
        const last = follower.events.findLast((event) => event.kind === "participant");
        // Whether the fork lost the change or made it again, the record is what the events that stand add up to.
        const endpoints = follower.events
          .filter((event) => event.kind === "participant")
          .filter((event) => event.participant === au)
          .map(({ endpoint }) => endpoint);
        expect(last).to.include({ participant: au, status: "suspended" });
        expect(last?.endpoint).to.equal(endpoints.at(-2));
        const fresh = await new Follower(ours).follow();
        expect(follower.events).to.deep.equal(fresh.events);
      });

      it("stops when the ledger takes back what was final", async () => {
        const follower = await new Follower(ours).follow();
        await bench.mine(5);
        await follower.follow();
        await bench.fork(4);
        await bench.mine(8);
        const failure = await rejection(follower.follow());
        expect(failure).to.be.instanceOf(ChannelFailure);
        expect(failure).to.include({ action: "stop", code: "fork-below-final" });
      });

      it("says so when the ledger is out of reach, and goes on when it is back", async () => {
        const follower = await new Follower(ours).follow();
        const sent = submission(message());
        bench.setReachable(false);
        for (const attempt of [
          () => ours.read(follower.cursor),
          () => ours.judge(sent),
          () => ours.submit(sent),
          () => ours.certificateState(sent.message),
        ]) {
          const failure = await rejection(attempt());
          expect(failure).to.be.instanceOf(ChannelFailure);
          expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
        }
        bench.setReachable(true);
        expect((await send(ours, sent)).state).to.equal("accepted");
        await follower.follow();
        expect(follower.messages).to.have.length(1);
      });

      it("goes on after a restart with what it took charge of, once", async () => {
        const sent = submission(message({ predicate: attached }));
        await ours.submit(sent);
        await ours.close();
        ours = await bench.open(au);
        expect((await carriedTo(bench, ours, sent.key, ["accepted"])).state).to.equal("accepted");
        await bench.mine(3);
        expect((await new Follower(ours).follow()).messages).to.have.length(1);
      });

      it("proves what it announced once that is final, each event by itself, and to the other side alike", async () => {
        await send(ours, submission(message()));
        await send(ours, submission(message({ predicate: attached })));
        const { messages } = await new Follower(ours).follow();
        const proofs = await Promise.all(messages.map((event) => ours.evidence(event)));
        expect(proofs.map(({ technology }) => technology)).to.deep.equal([
          ours.description.technology,
          ours.description.technology,
        ]);
        expect(proofs[0]?.proof).not.to.deep.equal(proofs[1]?.proof);
        expect(JSON.parse(JSON.stringify(proofs)), "it is JSON").to.deep.equal(proofs);
        const [event] = messages;
        if (event === undefined) throw new Error("There is no event.");
        expect((await theirs.evidence(event)).proof).to.deep.equal(proofs[0]?.proof);
      });

      it("proves nothing that is not final, or not there", async () => {
        const sent = submission(message());
        await ours.submit(sent);
        await carriedTo(bench, ours, sent.key, ["included"]);
        const follower = await new Follower(ours).follow();
        const [event] = follower.messages;
        if (event === undefined) throw new Error("There is no event.");
        const early = await rejection(ours.evidence(event));
        expect(early).to.be.instanceOf(ChannelFailure);
        expect(early).to.include({ action: "retry", code: "evidence-unavailable" });
        await carriedTo(bench, ours, sent.key, ["accepted"]);
        expect((await ours.evidence(event)).technology).to.equal(ours.description.technology);
        const { height, index } = event.position;
        for (const place of [
          { txn: event.txn, position: { height, index: index + 1 } },
          { txn: event.txn, position: { height: height - 1, index } },
          { txn: `0x${"1".repeat(64)}`, position: event.position },
        ]) {
          expect(await rejection(ours.evidence(place))).to.include({ code: "evidence-unavailable" });
        }
      });

      it("may be closed twice", async () => {
        await ours.close();
        await ours.close();
      });
    });

    describe("as identity of nodes", () => {
      beforeEach(() => start());
      const payload = new TextEncoder().encode("who is asking");

      it("takes a node's own signature, over this payload and for this participant only", async () => {
        const signed = await ours.signAsNode(payload);
        expect(await theirs.isNodeSignature(au, payload, signed)).to.equal(true);
        expect(await theirs.isNodeSignature(cn, payload, signed)).to.equal(false);
        expect(await theirs.isNodeSignature(nz, payload, signed)).to.equal(false);
        const other = new TextEncoder().encode("who is asking?");
        expect(await theirs.isNodeSignature(au, other, signed)).to.equal(false);
      });

      it("takes no signature under another's account", async () => {
        const signed = await ours.signAsNode(payload);
        const { account } = await theirs.signAsNode(payload);
        expect(await theirs.isNodeSignature(cn, payload, { ...signed, account })).to.equal(false);
        expect(await theirs.isNodeSignature(au, payload, { ...signed, account })).to.equal(false);
      });

      it("takes no damaged signature, whatever its form", async () => {
        const signed = await ours.signAsNode(payload);
        const damaged = Uint8Array.from(signed.signature, (byte, index) => (index === 7 ? byte ^ 1 : byte));
        for (const signature of [damaged, new Uint8Array(), new Uint8Array(65), signed.signature.slice(1)]) {
          expect(await theirs.isNodeSignature(au, payload, { ...signed, signature })).to.equal(false);
        }
        expect(await theirs.isNodeSignature(au, payload, { ...signed, account: "nobody" })).to.equal(false);
      });

      it("takes no signature of a dismissed key, or for a suspended participant", async () => {
        const signed = await ours.signAsNode(payload);
        await bench.suspend(au);
        expect(await theirs.isNodeSignature(au, payload, signed)).to.equal(false);
        await bench.reinstate(au);
        expect(await theirs.isNodeSignature(au, payload, signed)).to.equal(true);
        await bench.dismissNodeKey(au);
        expect(await theirs.isNodeSignature(au, payload, signed)).to.equal(false);
      });

      it("says which accounts hold a participant's node right, and none for a suspended one", async () => {
        const { account } = await ours.signAsNode(payload);
        expect(await theirs.isNodeKey(au, account)).to.equal(true);
        expect(await theirs.isNodeKey(cn, account)).to.equal(false);
        expect(await theirs.isNodeKey(nz, account)).to.equal(false);
        for (const strange of ["nobody", "0x", `0x${"0".repeat(40)}`, `${account}0`]) {
          expect(await theirs.isNodeKey(au, strange)).to.equal(false);
        }
        await bench.suspend(au);
        expect(await theirs.isNodeKey(au, account)).to.equal(false);
        await bench.reinstate(au);
        await bench.dismissNodeKey(au);
        expect(await theirs.isNodeKey(au, account)).to.equal(false);
      });

      it("says who may do what by the final state alone, or that it cannot say", async () => {
        await bench.mine(2);
        const before = await theirs.rights();
        if (!(bench.tellsRights ?? true)) {
          expect(before).to.equal(null);
          return;
        }
        const of = (rights: typeof before, domain: Domain) =>
          rights?.participants.find(({ participant }) => participant === domain);
        const { account: nodeKey } = await ours.signAsNode(payload);
        expect(before?.participants.map(({ participant }) => participant)).to.deep.equal(
          [au, cn, nz, sg].sort(),
        );
        expect(of(before, au)?.nodeKeys).to.deep.equal([nodeKey]);
        expect(of(before, nz)).to.deep.include({ operators: [], nodeKeys: [] });
        const [operator, ...others] = of(before, au)?.operators ?? [];
        expect(others).to.deep.equal([]);
        expect(operator?.predicates).to.deep.equal(messageTypes.map(({ predicate }) => predicate).sort());

        await bench.dismissOperator(au, attached);
        await bench.appointNodeKey(au, `0x${"5a".repeat(20)}`);
        expect(of(await theirs.rights(), au), "in blocks that may be taken back").to.deep.equal(
          of(before, au),
        );
        await bench.mine(2);
        const after = await theirs.rights();
        expect(after?.height).to.be.greaterThan(before?.height ?? 0);
        expect(of(after, au)?.operators).to.deep.equal([
          { ...operator, predicates: operator?.predicates.filter((predicate) => predicate !== attached) },
        ]);
        expect(of(after, au)?.nodeKeys).to.have.members([nodeKey, `0x${"5a".repeat(20)}`]);
        expect(of(after, cn)).to.deep.equal(of(before, cn));
        expect(await ours.rights(), "asked by another, from the beginning").to.deep.equal(after);
      });

      it("names the accounts that sign for this node, or cannot say", async () => {
        const accounts = await ours.signingAccounts();
        if (!(bench.tellsRights ?? true)) {
          expect(accounts).to.equal(null);
          return;
        }
        const { account: nodeKey } = await ours.signAsNode(payload);
        const sending = accounts?.filter(({ use }) => use === "operator") ?? [];
        const rights = (await ours.rights())?.participants.find(({ participant }) => participant === au);
        expect(sending.map(({ account }) => account)).to.deep.equal(
          rights?.operators.map(({ account }) => account),
        );
        expect(accounts?.filter(({ use }) => use === "node").map(({ account }) => account)).to.deep.equal([
          nodeKey,
        ]);
      });

      it("knows the pin of a TLS key by the account it is written as, from its appointment to its dismissal", async () => {
        const pin = `0x${"5a".repeat(20)}`;
        await bench.appointNodeKey(au, pin);
        expect(await theirs.isNodeKey(au, pin)).to.equal(true);
        expect(await theirs.isNodeKey(cn, pin)).to.equal(false);
        // It is no key of the ledger: nothing is signed by it there.
        const signed = await ours.signAsNode(payload);
        expect(await theirs.isNodeSignature(au, payload, { ...signed, account: pin })).to.equal(false);
        await bench.dismissNodeKey(au, pin);
        expect(await theirs.isNodeKey(au, pin)).to.equal(false);
      });
    });

    describe("under other terms", () => {
      it("takes only opaque subjects where the channel demands them", async () => {
        await start({ opaqueSubjects: true });
        expect(ours.description.opaqueSubjects).to.equal(true);
        expect(await judgedAs(ours, submission(message()))).to.equal("MessageSubjectNotOpaque permanent");
        const subject = parseSubject("urn:uuid:5b1f7f0e-6d9c-4b52-9d0a-3a1f4f3c2b1a");
        expect(await judgedAs(ours, submission(message({ subject })))).to.equal("accepted");
      });

      it("takes only acquittals and revocations past the channel's validity", async () => {
        await start({ validFor: 5_000 });
        const issuance = message();
        await send(ours, submission(issuance));
        await bench.advance(10_000);
        await bench.mine(3);
        const next = submission(message({ subject: parseSubject("next") }));
        expect(await judgedAs(ours, next)).to.equal("ChannelOutsideValidity permanent");
        const acquittal = submission(acquittalOf(issuance), { issuance });
        expect(await judgedAs(theirs, acquittal)).to.equal("accepted");
      });

      it("takes nothing yet before the channel's validity", async () => {
        await start({ validAfter: 50_000 });
        expect(await judgedAs(ours, submission(message()))).to.equal("ChannelOutsideValidity dependent");
        await bench.advance(60_000);
        await bench.mine(3);
        expect(await judgedAs(ours, submission(message()))).to.equal("accepted");
      });
    });
  });

  describeBatchConformance(name, createBench);
}
