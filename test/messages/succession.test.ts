import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId } from "../../src/domain/message.ts";
import { parseJurisdiction } from "../../src/domain/participant.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Succession } from "../../src/messages/succession.ts";
import { acquittalOf, attached, au, cn, endpointOf, message, revocationOf } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig, type TestClock } from "./rig.ts";

type Options = Parameters<typeof ledgerOf>[1];

eachStore("a channel that hands over to a successor", (openFresh) => {
  let clock: TestClock;
  let old: MemoryLedger;
  let fresh: MemoryLedger;

  beforeEach(() => {
    clock = testClock();
    old = ledgerOf(clock, { name: "old" });
    fresh = ledgerOf(clock, { name: "fresh", succeeds: old });
  });

  const slow: Options = { finality: { kind: "confirmations", blocks: 2 } };

  const sender = async (
    ledgers: readonly MemoryLedger[] = [old, fresh],
    succession: Partial<Succession> = {},
  ): Promise<Rig> =>
    rigOf({
      ...{ store: await openFresh(au), clock, succession },
      channels: ledgers.map((ledger) => channelOf(ledger, au)),
    });

  const sent = (ledger: MemoryLedger) =>
    Array.from({ length: ledger.head }, (_, index) => ledger.block(index + 1)?.events ?? [])
      .flat()
      .flatMap((event) => (event.kind === "message" ? [event.id] : []));

  const moved = ["pending", "2:pending channel-succeeded", "2:sent", "2:delivered"];

  it("leaves no accepted message behind: it goes on by the successor, as a new attempt", async () => {
    const rig = await sender();
    const issue = message();
    const { id } = await rig.post(issue);
    expect((await rig.record(id)).channelId, "not by the successor before its time").to.equal(old.id);
    old.deprecate(fresh.id);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(moved);
    expect(await rig.record(id)).to.include({ channelId: fresh.id, status: "delivered" });
    expect([sent(old), sent(fresh)]).to.deep.equal([[], [id]]);
    const readers = await rig.store.db.selectFrom("document_acl").selectAll().execute();
    expect(readers.map(({ participant, message_id }) => [participant, message_id])).to.deep.equal([[cn, id]]);
    expect(await rig.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("takes along what was signed for the old channel and refused there in its block", async () => {
    old = ledgerOf(clock, { name: "old", ...slow });
    fresh = ledgerOf(clock, { name: "fresh", succeeds: old });
    old.mine(2);
    const rig = await sender();
    old.automine = false;
    const { id } = await rig.post(message());
    await rig.carry();
    old.deprecate(fresh.id);
    old.mine();
    await rig.follow();
    expect(await rig.journal(id)).to.deep.equal(["pending", "sent"]);
    // Another block takes this one's place, in which the deprecation comes first.
    old.fork(1, (dropped) => dropped.toReversed());
    old.mine();
    await rig.settle();
    expect(await rig.journal(id), "the refusal is not final yet").to.deep.equal([
      "pending",
      "sent",
      "pending fork",
    ]);
    old.mine(2);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal([
      ...["pending", "sent", "pending fork"],
      ...["2:pending channel-succeeded", "2:sent", "2:delivered"],
    ]);
    expect([sent(old), sent(fresh)]).to.deep.equal([[], [id]]);
  });

  it("doubles nothing that the old channel took before", async () => {
    old = ledgerOf(clock, { name: "old", ...slow });
    fresh = ledgerOf(clock, { name: "fresh", succeeds: old });
    old.mine(2);
    const rig = await sender();
    old.automine = false;
    const { id } = await rig.post(message());
    await rig.carry();
    old.deprecate(fresh.id);
    old.mine();
    await rig.settle();
    old.mine(2);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    expect([sent(old), sent(fresh)]).to.deep.equal([[id], []]);
  });

  it("doubles nothing that another node of the participant brought to the successor before", async () => {
    const [rig, other] = [await sender(), await sender()];
    const inform = message({ predicate: attached });
    const { id } = await rig.post(inform);
    old.deprecate(fresh.id);
    await other.follow();
    await other.post(inform);
    await other.settle();
    await rig.follow();
    await rig.settle();
    expect((await rig.record(id)).status).to.equal("delivered");
    expect([sent(old), sent(fresh)]).to.deep.equal([[], [id]]);
  });

  it("waits while the successor is yet to be found or read to its end", async () => {
    let known = false;
    const rig = await sender([old, fresh], {
      channels: () => (known ? [channelOf(fresh, au).description] : []),
      awaits: (channelId) => channelId === fresh.id && !known,
    });
    const { id } = await rig.post(message());
    old.deprecate(fresh.id);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(["pending"]);
    known = true;
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(moved);
  });

  it("fails a message where there is no successor, or none of this node's", async () => {
    const rig = await sender([old], { channels: () => [], awaits: () => false });
    const { id } = await rig.post(message());
    old.deprecate(fresh.id);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(["pending", "failed ChannelNotActive"]);
    const alone = ledgerOf(clock, { name: "alone" });
    const without = await sender([alone]);
    const { id: last } = await without.post(message());
    alone.deprecate(null);
    await without.settle();
    expect(await without.journal(last)).to.deep.equal(["pending", "failed ChannelNotActive"]);
  });

  it("gives a receiver time to take its seat on the successor, and fails in the end", async () => {
    const bare = ledgerOf(clock, { name: "bare", succeeds: old });
    bare.suspend(cn);
    const rig = await sender([old, bare]);
    const { id } = await rig.post(message());
    old.deprecate(bare.id);
    await rig.carry();
    await rig.follow();
    await rig.carry();
    expect(await rig.journal(id)).to.deep.equal(["pending"]);
    clock.advance(20_000);
    bare.reinstate(cn);
    await rig.follow();
    await rig.carry();
    expect((await rig.record(id)).channelId).to.equal(bare.id);

    const other = ledgerOf(clock, { name: "other" });
    const empty = ledgerOf(clock, { name: "empty", succeeds: other });
    empty.suspend(cn);
    const impatient = await sender([other, empty]);
    const { id: lost } = await impatient.post(message());
    other.deprecate(empty.id);
    await impatient.settle();
    await impatient.settle();
    expect(await impatient.journal(lost)).to.deep.equal(["pending", "failed ChannelNotActive"]);
  });

  it("fails a telling subject where the successor takes opaque ones only", async () => {
    const strict = ledgerOf(clock, { name: "strict", succeeds: old, terms: { opaqueSubjects: true } });
    const rig = await sender([old, strict]);
    const { id: telling } = await rig.post(message());
    const opaque = message({ subject: parseSubject("urn:uuid:3b241101-e2bb-4255-8caf-4136c566a962") });
    const { id: blind } = await rig.post(opaque);
    old.deprecate(strict.id);
    await rig.settle();
    expect(await rig.journal(telling)).to.deep.equal(["pending", "failed ChannelNotActive"]);
    expect(await rig.journal(blind)).to.deep.equal(moved);
  });

  it("goes along the line to the channel that is active", async () => {
    const last = ledgerOf(clock, { name: "last", succeeds: fresh });
    const rig = await sender([old, fresh, last]);
    const { id } = await rig.post(message());
    old.deprecate(fresh.id);
    fresh.deprecate(last.id);
    await rig.follow();
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(moved);
    expect([sent(old), sent(fresh), sent(last)]).to.deep.equal([[], [], [id]]);
  });

  it("takes a revocation along with the message it is about", async () => {
    const rig = await sender();
    const issue = message();
    const { id } = await rig.post(issue);
    const { id: revocation } = await rig.post(revocationOf(issue));
    expect((await rig.record(revocation)).channelId).to.equal(old.id);
    old.deprecate(fresh.id);
    for (let round = 0; round < 3; round += 1) await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(moved);
    expect(await rig.journal(revocation)).to.deep.equal(moved);
    expect(sent(fresh)).to.deep.equal([id, revocation]);
    expect((await rig.record(id)).certificate).to.include({ revoked: true });
  });

  it("still acquits and revokes on the old channel what was issued there", async () => {
    const rig = await sender();
    const china = await rigOf({
      ...{ store: await openFresh(cn), clock, participant: cn },
      channels: [channelOf(old, cn), channelOf(fresh, cn)],
    });
    const [used, void_] = [message(), message({ subject: parseSubject("chamber:void") })];
    for (const issue of [used, void_]) await rig.post(issue);
    await rig.settle();
    old.deprecate(fresh.id);
    await rig.settle();
    await china.settle();
    const { id: acquittal } = await china.post(acquittalOf(used));
    const { id: revocation } = await rig.post(revocationOf(void_));
    await china.settle();
    await rig.settle();
    expect(sent(old)).to.include.members([acquittal, revocation]);
    expect(sent(fresh)).to.deep.equal([]);
    expect((await rig.record(messageId(used))).certificate).to.include({ acquitted: true });
  });

  it("issues no number of the old channel again, though the successor alone is asked", async () => {
    const rig = await sender();
    await rig.post(message());
    await rig.settle();
    old.deprecate(fresh.id);
    await rig.settle();
    // A node that knows the successor only is refused by the ledger itself.
    const forgetful = await sender([fresh]);
    const again = message({ receiver: cn, validUntil: Math.floor(clock.now() / 1000) + 86_400 });
    const { id } = await forgetful.post(again);
    await forgetful.settle();
    expect(await forgetful.journal(id)).to.deep.equal(["pending", "failed CertificateAlreadyIssued"]);
    const { id: known } = await rig.post(again);
    await rig.settle();
    expect((await rig.record(known)).status).to.equal("failed");
    expect(sent(fresh)).to.deep.equal([]);
  });

  it("may go on in the hands of another replica", async () => {
    const rig = await sender();
    const { id } = await rig.post(message());
    old.deprecate(fresh.id);
    await rig.follow();
    const [first] = rig.outboxes;
    await first?.runOnce();
    expect(await rig.journal(id)).to.deep.equal(moved.slice(0, 2));
    const replica = await rigOf({
      ...{ store: rig.store, clock, owner: "replica-2" },
      channels: [channelOf(old, au), channelOf(fresh, au)],
    });
    await replica.settle();
    await rig.settle();
    expect(sent(fresh)).to.deep.equal([id]);
  });

  it("is passed over for its successor by what only that connects", async () => {
    // A participant that is on the successor alone is reached there at once.
    const nobody = ledgerOf(clock, { name: "nobody" });
    const heir = ledgerOf(clock, { name: "heir", succeeds: nobody });
    heir.seat({
      domain: "douane.gouv.fr" as never,
      jurisdiction: parseJurisdiction("FR"),
      endpoint: endpointOf("douane.gouv.fr"),
      operator: "x",
      nodeKey: "x",
      predicates: [],
    });
    const rig = await sender([nobody, heir]);
    const inform = message({ predicate: attached, receiver: "douane.gouv.fr" as never });
    const { id } = await rig.post(inform);
    await rig.settle();
    expect(await rig.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    expect(sent(heir)).to.deep.equal([id]);
  });
});
