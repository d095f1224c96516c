import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { LedgerPage } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { ChannelTraffic, defaultTiming } from "../../src/messages/channel-traffic.ts";
import { Follower } from "../../src/messages/follower.ts";
import { claimDue, release } from "../../src/messages/outbox-repository.ts";
import { channelRow, openChannelRow } from "../../src/messages/ledger-repository.ts";
import { silentLogger } from "../../src/log.ts";
import { accountOf, channelOf, filesForTests, ledgerOf, rigOf, testClock, type TestClock } from "./rig.ts";
import { acquittalOf, attached, au, cn, message, messageTypes } from "../channels/fixtures.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { eventually } from "../eventually.ts";

eachStore("following a channel", (openFresh) => {
  let clock: TestClock;

  beforeEach(() => {
    clock = testClock();
  });

  const slowLedger = () => {
    const ledger = ledgerOf(clock, { finality: { kind: "confirmations", blocks: 2 } });
    ledger.automine = false;
    ledger.mine(3);
    return ledger;
  };

  const sender = async (...ledgers: MemoryLedger[]) =>
    rigOf({ store: await openFresh(au), clock, channels: ledgers.map((ledger) => channelOf(ledger, au)) });

  const receiver = async (...ledgers: MemoryLedger[]) =>
    rigOf({
      store: await openFresh(cn),
      clock,
      channels: ledgers.map((ledger) => channelOf(ledger, cn)),
      participant: cn,
    });

  describe("before finality", () => {
    it("moves the journal and nothing else", async () => {
      const ledger = slowLedger();
      const [au1, cn1] = [await sender(ledger), await receiver(ledger)];
      const { id } = await au1.post(message());
      await au1.carry();
      ledger.mine();
      await au1.follow();
      await cn1.follow();
      expect(await au1.journal(id)).to.deep.equal(["pending", "sent"]);
      expect((await au1.record(id)).channelTxnId).to.be.a("string");
      expect(await au1.record(id)).not.to.have.property("certificate");
      expect(await au1.store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
      expect(await cn1.journal(id)).to.deep.equal([]);
      ledger.mine(2);
      await au1.follow();
      await cn1.follow();
      expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
      expect(await cn1.journal(id)).to.deep.equal(["received"]);
      expect(await au1.store.db.selectFrom("document_acl").selectAll().execute()).to.have.length(1);
    });

    it("writes a fork down, and has the message carried by the next block", async () => {
      const ledger = slowLedger();
      const au1 = await sender(ledger);
      const { id } = await au1.post(message());
      await au1.carry();
      ledger.mine();
      await au1.follow();
      ledger.fork(1, () => []);
      ledger.mine();
      await au1.follow();
      expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "pending fork"]);
      expect((await au1.record(id)).channelTxnId).to.equal(null);
      // Its transaction is void, so the outbox asks, and hands the message over under another key.
      clock.advance(60_000);
      await au1.carry();
      await au1.carry();
      ledger.mine(3);
      await au1.follow();
      expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "pending fork", "sent", "delivered"]);
      const events = await au1.store.db
        .selectFrom("ledger_event")
        .select("final")
        .where("message_id", "=", id)
        .execute();
      expect(events).to.deep.equal([{ final: 1 }]);
    });

    it("reads a fork and what was announced anew out of one page, and delivers once", async () => {
      const ledger = slowLedger();
      const [au1, cn1] = [await sender(ledger), await receiver(ledger)];
      const { id } = await au1.post(message());
      await au1.carry();
      ledger.mine();
      await au1.follow();
      await cn1.follow();
      const before = (await au1.record(id)).channelTxnId;
      ledger.fork(1);
      ledger.mine(3);
      await au1.follow();
      await cn1.follow();
      expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "pending fork", "sent", "delivered"]);
      expect((await au1.record(id)).channelTxnId).to.equal(before);
      expect(await cn1.journal(id)).to.deep.equal(["received"]);
    });

    it("forgets what a fork took for good, also of others", async () => {
      const ledger = slowLedger();
      const [au1, cn1] = [await sender(ledger), await receiver(ledger)];
      await au1.post(message());
      await au1.carry();
      ledger.mine();
      await cn1.follow();
      ledger.fork(1, () => []);
      ledger.mine(3);
      await cn1.follow();
      const events = await cn1.store.db
        .selectFrom("ledger_event")
        .selectAll()
        .where("kind", "=", "message")
        .execute();
      expect(events).to.deep.equal([]);
      expect(await cn1.store.db.selectFrom("message").selectAll().execute()).to.deep.equal([]);
    });
  });

  it("refuses a fork below what was final, and says that an operator must look", async () => {
    const ledger = slowLedger();
    const au1 = await sender(ledger);
    const page: LedgerPage = {
      ...{ retractAbove: 0, events: [], followed: 9, final: 9, head: 9 },
      cursor: "x",
    };
    const channel = channelOf(ledger, au);
    channel.read = () => Promise.resolve(page);
    const rig = await rejection(rigOf({ store: au1.store, clock, channels: [channel], owner: "replica-1" }));
    expect(rig).to.include({ code: "fork-below-final", action: "stop" });
    expect(await channelRow(au1.store.db, ledger.id)).not.to.include({ cursor: "x" });
  });

  it("takes every event of a block, not the first alone (trap 2)", async () => {
    const ledger = slowLedger();
    const [au1, cn1] = [await sender(ledger), await receiver(ledger)];
    const ids = [];
    for (const number of ["1", "2", "3", "4"]) {
      ids.push((await au1.post(message({ subject: parseSubject(`chamber:${number}`) }))).id);
    }
    await au1.carry();
    ledger.mine(3);
    await cn1.follow();
    await au1.follow();
    const heights = await cn1.store.db
      .selectFrom("message")
      .select(["id", "height"])
      .orderBy("seq")
      .execute();
    expect(heights.map(({ id }) => id)).to.have.members(ids);
    expect(new Set(heights.map(({ height }) => height))).to.have.property("size", 1);
    for (const id of ids) expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
  });

  it("listens to every configured channel (trap 3)", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const both = await receiver(one, two);
    for (const ledger of [one, two]) {
      const from = await sender(ledger);
      await from.post(message({ predicate: attached, subject: parseSubject(`on:${ledger.id}`) }));
      await from.carry();
    }
    await both.follow();
    const received = await both.store.db.selectFrom("message").select("channel_id").orderBy("seq").execute();
    expect(received.map((row) => row.channel_id)).to.deep.equal([one.id, two.id]);
  });

  it("goes on with one channel while another is out of reach", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const both = await receiver(one, two);
    const from = await sender(two);
    const { id } = await from.post(message());
    await from.carry();
    one.reachable = false;
    const failure = await rejection(both.followers[0]?.readOnce() ?? Promise.resolve());
    expect(failure).to.include({ code: "ledger-unreachable", action: "retry" });
    await both.followers[1]?.readOnce();
    expect(await both.journal(id)).to.deep.equal(["received"]);
  });

  it("counts the first issue of a number over all channels by ledger time, in whatever order it learns of them", async () => {
    const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
    const issue = message();
    const later = message({ receiver: cn, validUntil: Math.floor(clock.now() / 1000) + 1_000_000 });
    const [first, second] = [await sender(one), await sender(two)];
    await first.post(issue);
    await first.carry();
    clock.advance(60_000);
    await second.post(later);
    await second.carry();
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const both = await receiver(...order);
      expect((await both.record(messageId(issue))).certificate).to.include({ duplicate: false });
      expect((await both.record(messageId(later))).certificate).to.include({ duplicate: true });
      // The acquittal goes where the certificate that counts was issued; the other one stays as it is.
      const { id } = await both.post(acquittalOf(issue, { obj: message().obj, subject: issue.subject }));
      expect(await both.record(id)).to.include({ channelId: one.id });
    }
  });

  it("never lets an issue on a test channel make a production certificate a duplicate", async () => {
    const trial = ledgerOf(clock, { name: "trial", terms: { type: "test" } });
    const real = ledgerOf(clock, { name: "real", terms: { type: "production" } });
    const tried = message();
    const issued = message({ validUntil: Math.floor(clock.now() / 1000) + 1_000_000 });
    for (const [ledger, issue] of [[trial, tried] as const, [real, issued] as const]) {
      const from = await sender(ledger);
      await from.post(issue);
      await from.carry();
      clock.advance(60_000);
    }
    const both = await receiver(trial, real);
    expect((await both.record(messageId(issued))).certificate).to.include({ duplicate: false });
    expect((await both.record(messageId(tried))).certificate).to.include({ duplicate: false });
    const { id } = await both.post(acquittalOf(issued, { obj: message().obj, subject: issued.subject }));
    expect(await both.record(id)).to.include({ channelId: real.id });
  });

  it("collapses what the ledger carries twice by its id", async () => {
    const ledger = ledgerOf(clock);
    const inform = message({ predicate: attached });
    const cn1 = await receiver(ledger);
    for (const key of ["a", "b"]) {
      ledger.carry(key, {
        kind: "message",
        message: inform,
        effect: "inform",
        issuance: null,
        operator: accountOf(au).account,
      });
    }
    await cn1.follow();
    expect(await cn1.journal(messageId(inform))).to.deep.equal(["received"]);
    expect(await cn1.store.db.selectFrom("document_fetch").selectAll().execute()).to.have.length(1);
    const events = await cn1.store.db
      .selectFrom("ledger_event")
      .select("height")
      .where("message_id", "=", messageId(inform))
      .execute();
    expect(events).to.have.length(2);
  });

  it("keeps the registry as the ledger's final state has it", async () => {
    const ledger = ledgerOf(clock);
    const au1 = await sender(ledger);
    ledger.suspend(cn);
    ledger.setEndpoint(cn, "https://elsewhere.customs.gov.cn");
    ledger.closeMessageType(attached);
    ledger.deprecate("memory:next");
    await au1.follow();
    const { db } = au1.store;
    const participants = await db.selectFrom("participant").selectAll().where("domain", "=", cn).execute();
    expect(participants).to.deep.equal([
      {
        channel_id: ledger.id,
        domain: cn,
        jurisdiction: "CN",
        status: "suspended",
        endpoint: "https://elsewhere.customs.gov.cn",
      },
    ]);
    const types = await db.selectFrom("message_type").select(["predicate", "closed"]).execute();
    expect(types).to.have.length(messageTypes.length);
    expect(types.filter(({ closed }) => closed === 1)).to.deep.equal([{ predicate: attached, closed: 1 }]);
    expect(await channelRow(db, ledger.id)).to.include({ status: "deprecated", successor: "memory:next" });
  });

  it("applies a page while the outbox goes on touching the rows that the page takes out", async () => {
    const ledger = ledgerOf(clock);
    const au1 = await sender(ledger);
    const ids = [];
    for (let number = 0; number < 30; number += 1) {
      ids.push((await au1.post(message({ subject: parseSubject(`number:${number}`) }))).id);
    }
    for (let round = 0; round < 8; round += 1) await au1.carry();
    let following = true;
    const touching = async () => {
      const claim = { channelId: ledger.id, owner: "other", now: clock.now() + 1e9, until: 0, limit: 10 };
      while (following) {
        for (const row of await claimDue(au1.store.db, claim)) {
          await release(au1.store.db, row, { tries: row.tries + 1, refusedAt: null, dueAt: clock.now() });
        }
      }
    };
    const reading = au1.follow().finally(() => {
      following = false;
    });
    await Promise.all([reading, touching(), touching()]);
    for (const id of ids) expect(await au1.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    expect(await au1.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("finds the duplicate when both channels bring the same number at the same moment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
      const both = await receiver(one, two);
      const issues = [message(), message({ validUntil: Math.floor(clock.now() / 1000) + 1_000_000 })];
      for (const [index, ledger] of [one, two].entries()) {
        const from = await sender(ledger);
        await from.post(issues[index] ?? message());
        await from.carry();
      }
      await Promise.all(both.followers.map((follower) => follower.readOnce()));
      const duplicates = await Promise.all(
        issues.map(async (issue) => (await both.record(messageId(issue))).certificate?.duplicate),
      );
      expect(duplicates).to.deep.equal([false, true]);
    }
  });

  it("is done by one replica at a time; what a former one still brings is refused", async () => {
    const ledger = ledgerOf(clock);
    const store = await openFresh(cn);
    const parts = { store, clock, participant: cn };
    const slow = channelOf(ledger, cn);
    const first = await rigOf({ ...parts, channels: [slow], owner: "replica-1" });
    const second = await rigOf({ ...parts, channels: [channelOf(ledger, cn)], owner: "replica-2" });
    const from = await sender(ledger);
    const { id } = await from.post(message());
    await from.carry();

    await second.follow();
    expect(await second.journal(id), "the lease is the first replica's").to.deep.equal([]);

    // The first replica hangs while it reads; its lease runs out, and the second takes over.
    const read = slow.read.bind(slow);
    slow.read = async (cursor) => {
      const page = await read(cursor);
      clock.advance(60_000);
      await second.follow();
      return page;
    };
    expect(await rejection(first.followers[0]?.readOnce() ?? Promise.resolve())).to.have.property(
      "name",
      "LeaseLost",
    );
    expect(await second.journal(id)).to.deep.equal(["received"]);
  });

  it("of which a page takes longer to read than the lease lasts is not taken from the replica that reads it", async () => {
    const ledger = ledgerOf(clock);
    const store = await openFresh(cn);
    const slow = channelOf(ledger, cn);
    const read = slow.read.bind(slow);
    slow.read = async (cursor) => {
      const page = await read(cursor);
      await delay(1_500);
      return page;
    };
    await openChannelRow(store.db, slow.description, Date.now());
    const takeovers: string[] = [];
    const parts = { store, participant: cn, log: silentLogger, poll: 60_000, lease: 500, now: Date.now };
    const [first, second] = [slow, channelOf(ledger, cn)].map(
      (channel, place) =>
        new Follower({
          ...parts,
          ...{
            channel,
            owner: `replica-${place}`,
            onApplied: () => undefined,
            onStop: () => Promise.resolve(),
          },
          countFault: (fault) => takeovers.push(fault),
        }),
    );
    if (first === undefined || second === undefined) throw new Error("There are two.");
    const state = { isOver: false };
    const reading = first.readOnce().finally(() => {
      state.isOver = true;
    });
    await delay(50);
    while (!state.isOver) {
      await second.readOnce();
      await delay(50);
    }
    await reading; // it would have lost the lease
    expect(takeovers).to.deep.equal([]);
    expect(await channelRow(store.db, ledger.id)).to.include({ followed: ledger.head });
    await first.stop();
    await second.stop();
  });

  it("stops a channel whose ledger breaks its word, raises the alarm in its row, and leaves the others running", async () => {
    const [bad, good] = [ledgerOf(clock, { name: "bad" }), ledgerOf(clock, { name: "good" })];
    bad.automine = false;
    const store = await openFresh(cn);
    const timing = { ...defaultTiming, followerPoll: 5, outboxPoll: 5 };
    const batches = { threshold: 100, maxSize: 100, maxBodyBytes: 100_000 };
    const bulk = { files: await filesForTests(), batches };
    const parts = {
      store,
      participant: cn,
      owner: "replica-1",
      log: silentLogger,
      timing,
      now: clock.now,
      ...bulk,
    };
    const traffics = [bad, good].map(
      (ledger) =>
        new ChannelTraffic({ ...parts, channel: channelOf(ledger, cn), onApplied: () => undefined }),
    );
    try {
      for (const traffic of traffics) await traffic.start();
      await eventually(() => traffics.every(({ caughtUp }) => caughtUp));
      bad.mine(3);
      await eventually(async () => (await channelRow(store.db, bad.id)).head === bad.head);
      bad.fork(3, () => []);
      bad.mine(5);
      await eventually(async () => (await channelRow(store.db, bad.id)).stopped === "fork-below-final");
      const from = await sender(good);
      const { id } = await from.post(message());
      await from.carry();
      await eventually(async () =>
        (await store.db.selectFrom("message").select("id").execute()).some((row) => row.id === id),
      );
      expect(await channelRow(store.db, good.id)).to.include({ stopped: null });
    } finally {
      for (const traffic of traffics) await traffic.stop();
    }
  });
});
