import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { ChannelFailure } from "../../src/channels/channel.ts";
import type { MemoryChannel } from "../../src/channels/memory/memory-channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { takeTurn } from "../../src/messages/message-repository.ts";
import { withdrawMessage } from "../../src/messages/withdraw.ts";
import { acquittalOf, attached, au, cn, created, message, revocationOf } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { accountOf, channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "./rig.ts";

eachStore("the outbox", (openFresh, source) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let channel: MemoryChannel;
  let node: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    channel = channelOf(ledger, au);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channel] });
  });

  const outboxRow = () => node.store.db.selectFrom("outbox").selectAll().executeTakeFirst();

  describe("when the ledger refuses", () => {
    it("fails what will be refused for ever, by the contract's reason, and takes it out of line", async () => {
      ledger.closeMessageType(created);
      const late = message();
      await node.hold(late);
      const { id } = await node.post(late); // the follower has not yet seen that the type is closed
      await node.carry();
      await node.follow();
      clock.advance(1_000);
      await node.carry();
      expect(await node.journal(id)).to.deep.equal(["pending", "failed MessageTypeClosedToMessages"]);
      expect(await outboxRow()).to.equal(undefined);
    });

    it("fails nothing before it has followed the ledger to the height of the refusal", async () => {
      const twin = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
      await twin.post(message());
      await twin.carry();
      // The ledger now refuses this node's very same message: because it carries it already.
      const { id } = await node.post(message());
      await node.carry();
      clock.advance(1_000);
      await node.carry();
      expect(await node.journal(id)).to.deep.equal(["pending"]);
      await node.follow();
      expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
      expect(await node.store.db.selectFrom("document_acl").selectAll().execute()).to.have.length(1);
      await node.settle();
      expect(await node.journal(id)).to.have.length(3);
    });

    it("tries again what a right still to be granted will let pass", async () => {
      ledger.dismissOperator(au, created, accountOf(au).account);
      const { id } = await node.post(message());
      await node.carry();
      clock.advance(30_000);
      await node.carry();
      expect(await node.journal(id)).to.deep.equal(["pending"]);
      ledger.appointOperator(au, created, accountOf(au).account);
      await node.settle();
      expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    });

    it("fails it once patience has run out", async () => {
      ledger.dismissOperator(au, created, accountOf(au).account);
      const { id } = await node.post(message());
      await node.settle();
      expect(await node.journal(id)).to.deep.equal(["pending", "failed OperatorUnauthorized"]);
    });

    it("waits past all patience for a certificate whose issue is not final", async () => {
      ledger.automine = false;
      const issue = message();
      const { id: issued } = await node.post(issue);
      await node.carry();
      const { id: revocation } = await node.post(revocationOf(issue));
      for (let hours = 0; hours < 5; hours += 1) {
        await node.carry();
        await node.follow();
        clock.advance(3_600_000);
      }
      expect(await node.journal(revocation)).to.deep.equal(["pending"]);
      ledger.automine = true;
      ledger.mine();
      await node.settle();
      expect(await node.journal(issued)).to.deep.equal(["pending", "sent", "delivered"]);
      expect(await node.journal(revocation)).to.deep.equal(["pending", "sent", "delivered"]);
      expect((await node.record(issued)).certificate).to.include({ revoked: true, revokedBy: revocation });
    });

    it("fails what acts on a certificate whose issue has failed", async () => {
      const issue = message();
      ledger.dismissOperator(au, created, accountOf(au).account);
      await node.post(issue);
      clock.advance(1_000);
      const { id } = await node.post(revocationOf(issue));
      for (let round = 0; round < 4; round += 1) await node.settle();
      expect(await node.journal(messageId(issue))).to.deep.equal(["pending", "failed OperatorUnauthorized"]);
      expect(await node.journal(id)).to.deep.equal(["pending", "failed certificate-unknown"]);
    });

    it("fails what the ledger refuses only in the block, and knows it from the block", async () => {
      ledger.automine = false;
      const one = await node.post(message());
      const two = await node.post(message({ obj: multihashOf("33".repeat(32)) }));
      await node.carry(); // judged before either is in a block: both are taken
      ledger.mine();
      await node.follow();
      clock.advance(60_000);
      await node.carry();
      const journals = [await node.journal(one.id), await node.journal(two.id)];
      expect(journals).to.have.deep.members([
        ["pending", "sent", "delivered"],
        ["pending", "failed CertificateAlreadyIssued"],
      ]);
      expect(await outboxRow()).to.equal(undefined);
    });

    it("opens no other attempt while a page is being applied, which may be bringing that very message", async () => {
      ledger.dismissOperator(au, created, accountOf(au).account);
      await node.post(message());
      await node.settle();
      let posted = false;
      const { posting } = await node.store.db.transaction().execute(async (page) => {
        await takeTurn(page);
        const posting = node.post(message()).then(() => (posted = true));
        await delay(300);
        expect(posted).to.equal(false);
        return { posting };
      });
      await posting;
      expect(await node.journal(messageId(message()))).to.include("2:pending");
    });

    it("gives a failed message another attempt when it is posted again", async () => {
      ledger.dismissOperator(au, created, accountOf(au).account);
      const { id } = await node.post(message());
      await node.settle();
      ledger.appointOperator(au, created, accountOf(au).account);
      expect(await node.post(message())).to.deep.equal({ id, fresh: true });
      await node.settle();
      const journal = ["pending", "failed OperatorUnauthorized", "2:pending", "2:sent", "2:delivered"];
      expect(await node.journal(id)).to.deep.equal(journal);
      expect(await node.store.db.selectFrom("document_acl").selectAll().execute()).to.have.length(1);
    });
  });

  describe("when the channel fails", () => {
    it("waits longer each time while the ledger is out of reach, loses nothing, and goes on when it is back", async () => {
      const { id } = await node.post(message());
      ledger.reachable = false;
      const waits = [];
      for (let round = 0; round < 4; round += 1) {
        await node.carry();
        const row = await outboxRow();
        waits.push((row?.due_at ?? 0) - clock.now());
        clock.advance(40_000);
      }
      for (const [index, wait] of waits.entries())
        expect(wait).to.be.within(200 * 2 ** index, 300 * 2 ** index);
      expect(await outboxRow()).to.include({ state: "waiting", submission: 0, tries: 4 });
      ledger.reachable = true;
      await node.settle();
      expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    });

    it("hands a submission over again, under the same key, when it did not hear the answer", async () => {
      const keys: string[] = [];
      const submit = channel.submit.bind(channel);
      channel.submit = async (submission) => {
        keys.push(submission.key);
        await submit(submission);
        if (keys.length === 1) throw new ChannelFailure("retry", "timeout", "No answer in time.");
      };
      const { id } = await node.post(message({ predicate: attached }));
      await node.carry();
      expect(await outboxRow()).to.include({ state: "submitting", submission: 1 });
      clock.advance(1_000);
      await node.carry();
      expect(keys).to.deep.equal([`${id}:1:1`, `${id}:1:1`]);
      await node.settle();
      const events = await node.store.db
        .selectFrom("ledger_event")
        .selectAll()
        .where("message_id", "=", id)
        .execute();
      expect(events).to.have.length(1);
    });

    it("hands it over under another key when its transaction became void", async () => {
      ledger.automine = false;
      const { id } = await node.post(message());
      await node.carry();
      ledger.lose(accountOf(au).account, `${id}:1:1`);
      clock.advance(60_000);
      await node.carry();
      await node.carry();
      expect(await outboxRow()).to.include({ state: "submitted", submission: 2 });
      ledger.mine();
      await node.follow();
      expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    });

    it("does nothing more on a channel that must be stopped, and says so", async () => {
      channel.judge = () =>
        Promise.reject(new ChannelFailure("stop", "wrong-chain", "The chain is another."));
      const { id } = await node.post(message());
      await node.carry();
      expect(node.stops.map(({ code }) => code)).to.deep.equal(["wrong-chain"]);
      expect(await node.journal(id)).to.deep.equal(["pending"]);
      expect(await outboxRow()).to.include({ state: "waiting", lease_until: 0 });
    });

    it("carries the messages of one channel while another is out of reach", async () => {
      const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
      one.deprecate(two.id);
      const both = await rigOf({
        store: await openFresh(au),
        clock,
        channels: [channelOf(one, au), channelOf(two, au)],
      });
      one.reachable = false;
      const { id } = await both.post(message());
      await both.carry();
      await both.followers[1]?.readOnce();
      expect(await both.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    });
  });

  it("shares its line among replicas: each message is handed over by one of them", async () => {
    const location = await source.freshLocation();
    const handed: string[] = [];
    const replicas = [];
    for (const owner of ["replica-1", "replica-2", "replica-3"]) {
      const theirs = channelOf(ledger, au);
      const submit = theirs.submit.bind(theirs);
      theirs.submit = (submission) => {
        handed.push(submission.key);
        return submit(submission);
      };
      replicas.push(
        await rigOf({ store: await source.open(location, au), clock, channels: [theirs], owner }),
      );
    }
    const posted = [];
    for (let number = 0; number < 12; number += 1) {
      const content = message({ predicate: attached, subject: parseSubject(`number:${number}`) });
      posted.push((await replicas[number % 3]?.post(content))?.id);
    }
    await Promise.all(replicas.map((replica) => replica.carry()));
    expect(handed.sort()).to.deep.equal(posted.map((id) => `${id}:1:1`).sort());
  });

  it("leaves alone what another replica took over while it was slow", async () => {
    const slow = channel.judge.bind(channel);
    const second = await rigOf({
      store: node.store,
      clock,
      channels: [channelOf(ledger, au)],
      owner: "replica-2",
    });
    channel.judge = async (submission) => {
      const answer = await slow(submission);
      clock.advance(20_000); // past its lease
      await second.carry();
      return answer;
    };
    const submit = channel.submit.bind(channel);
    let submitted = 0;
    channel.submit = (submission) => {
      submitted += 1;
      return submit(submission);
    };
    const { id } = await node.post(message({ predicate: attached }));
    await node.carry();
    expect(submitted).to.equal(0);
    await second.follow();
    const events = await node.store.db
      .selectFrom("ledger_event")
      .selectAll()
      .where("message_id", "=", id)
      .execute();
    expect(events).to.have.length(1);
  });

  it("ends as delivered what another node of ours brought to another channel, instead of failing or waiting for ever", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const posted = message();
    const node = await rigOf({
      store: await openFresh(au),
      clock,
      channels: [channelOf(one, au), channelOf(two, au)],
    });
    const twin = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(two, au)] });
    const { id } = await node.post(posted);
    expect(await node.record(id)).to.include({ channelId: one.id });
    await twin.post(posted);
    await twin.carry();
    await node.follow(); // the message is final on the second channel, while it waits in line for the first
    one.dismissOperator(au, created, accountOf(au).account);
    await node.settle();
    await node.settle();
    expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    expect(await node.record(id)).to.include({ channelId: two.id });
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
    // The user's word was for the first channel: on the second, the receiver's name may be somebody else's.
    expect(await node.store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
  });

  it("comes to an end with a message that its channel carried before it was in line for it", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const posted = message();
    const node = await rigOf({
      store: await openFresh(au),
      clock,
      channels: [channelOf(one, au), channelOf(two, au)],
    });
    const twin = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(two, au)] });
    const { id } = await node.post(posted);
    await twin.post(posted);
    await twin.carry();
    await node.follow();
    await withdrawMessage(node.store, id, clock.now(), userOf(au));
    one.deprecate(null);
    await node.follow();
    await node.post(posted);
    expect(await node.record(id)).to.include({ channelId: two.id });
    await node.settle();
    expect(await node.journal(id)).to.deep.equal([
      "pending",
      "withdrawn",
      "2:pending",
      "2:sent",
      "2:delivered",
    ]);
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
    expect(await node.store.db.selectFrom("document_acl").selectAll().execute()).to.have.length(1);
  });

  it("never acquits a certificate whose number was issued before on another channel", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const issue = message();
    const onTwo = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(two, au)] });
    const onOne = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(one, au)] });
    const receiver = await rigOf({
      store: await openFresh(cn),
      clock,
      channels: [channelOf(one, cn), channelOf(two, cn)],
      participant: cn,
    });
    await onOne.post(issue);
    await onOne.carry();
    clock.advance(60_000);
    await onTwo.post(message({ validUntil: Math.floor(clock.now() / 1000) + 1_000_000 }));
    await onTwo.carry();
    // The receiver has only seen the second channel when it accepts the acquittal.
    await receiver.followers[1]?.readOnce();
    const { id } = await receiver.post(acquittalOf(issue));
    expect(await receiver.record(id)).to.include({ channelId: two.id });
    await receiver.followers[0]?.readOnce();
    await receiver.settle();
    expect(await receiver.journal(id)).to.deep.equal(["pending", "failed certificate-duplicate"]);
  });
});
