import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { acquittalOf, au, cn, message, revocationOf, sg } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig, type TestClock } from "./rig.ts";

const evidence = multihashOf("11".repeat(32));

eachStore("a certificate's way between two nodes", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let issuer: Rig;
  let receiver: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    issuer = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    receiver = await rigOf({
      store: await openFresh(cn),
      clock,
      channels: [channelOf(ledger, cn)],
      participant: cn,
    });
  });

  const settle = async () => {
    await issuer.settle();
    await receiver.settle();
    await issuer.settle();
  };

  it("is written down step by step at the sender and begins at the receiver", async () => {
    const { id, fresh } = await issuer.post(message());
    expect(fresh).to.equal(true);
    expect(await issuer.journal(id)).to.deep.equal(["pending"]);
    await settle();
    expect(await issuer.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    expect(await receiver.journal(id)).to.deep.equal(["received"]);
    const [sent, received] = [await issuer.record(id), await receiver.record(id)];
    expect(sent.channelTxnId).to.be.a("string").and.equal(received.channelTxnId);
    expect(received).to.include({ direction: "incoming", sender: au, receiver: cn, channelId: ledger.id });
    expect(sent.certificate).to.include({ issued: true, acquitted: false, revoked: false, duplicate: false });
  });

  it("opens the document to the receiver at finality, and to nobody before or besides", async () => {
    const acl = () => issuer.store.db.selectFrom("document_acl").select(["participant"]).execute();
    await issuer.post(message());
    await issuer.carry();
    expect(await acl()).to.deep.equal([]);
    await issuer.follow();
    expect(await acl()).to.deep.equal([{ participant: cn }]);
  });

  it("queues the fetch of the document from the sender", async () => {
    const { id } = await issuer.post(message());
    await settle();
    const queue = await receiver.store.db.selectFrom("document_fetch").selectAll().execute();
    expect(queue).to.have.length(1);
    expect(queue[0]).to.include({ message_id: id, source: au, channel_id: ledger.id, state: "queued" });
  });

  it("shows the acquittal at both sides, with the message that made it", async () => {
    const issue = message();
    const { id } = await issuer.post(issue);
    await settle();
    const { id: acquittal } = await receiver.post(acquittalOf(issue, { obj: evidence }));
    await settle();
    expect(await receiver.journal(acquittal)).to.deep.equal(["pending", "sent", "delivered"]);
    expect(await issuer.journal(acquittal)).to.deep.equal(["received"]);
    for (const side of [issuer, receiver]) {
      const { certificate } = await side.record(id);
      expect(certificate).to.include({ acquitted: true, revoked: false, acquittedBy: acquittal });
    }
  });

  it("fails a second acquittal, a second issue and the acquittal of a revoked certificate by the ledger's reason", async () => {
    const issue = message();
    await issuer.post(issue);
    const other = message({ subject: parseSubject("chamber:2") });
    await issuer.post(other);
    await settle();
    await receiver.post(acquittalOf(issue, { obj: evidence }));
    await issuer.post(revocationOf(other));
    await settle();

    const again = await receiver.post(acquittalOf(issue));
    const twice = await issuer.post(message({ obj: evidence }));
    const late = await receiver.post(acquittalOf(other));
    await settle();
    expect(await receiver.journal(again.id)).to.deep.equal(["pending", "failed CertificateAlreadyAcquitted"]);
    expect(await issuer.journal(twice.id)).to.deep.equal(["pending", "failed CertificateAlreadyIssued"]);
    expect(await receiver.journal(late.id)).to.deep.equal(["pending", "failed CertificateAlreadyRevoked"]);
    expect((await issuer.record(twice.id)).journal.at(-1)?.reason?.detail).to.match(/issued before/);
  });

  it("fails an acquittal by another agency than the receiver by the ledger's reason", async () => {
    const issue = message();
    await issuer.post(issue);
    await settle();
    const stranger = await rigOf({
      store: await openFresh(sg),
      clock,
      channels: [channelOf(ledger, sg)],
      participant: sg,
    });
    const { id } = await stranger.post({ ...acquittalOf(issue), sender: sg });
    await stranger.settle();
    expect(await stranger.journal(id)).to.deep.equal(["pending", "failed CertificateNotReceiver"]);
  });

  it("records an invalidation by the consortium without blaming the issuer's own revocation", async () => {
    const issue = message();
    const { id } = await issuer.post(issue);
    await settle();
    ledger.suspend(au);
    ledger.invalidate(issue);
    await receiver.follow();
    const { certificate } = await receiver.record(id);
    expect(certificate).to.include({ revoked: true, invalidated: true });
    expect(certificate).not.to.have.property("revokedBy");
  });

  it("records what another node of the same participant sent, and opens nothing for it", async () => {
    const sibling = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    const { id } = await sibling.post(message());
    await sibling.settle();
    await issuer.follow();
    expect(await issuer.journal(id)).to.deep.equal(["delivered"]);
    expect(await issuer.record(id)).to.include({ direction: "outgoing" });
    expect(await issuer.store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
    expect(await issuer.post(message())).to.deep.equal({ id, fresh: false });
    await issuer.settle();
    expect(await issuer.store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
  });
});
