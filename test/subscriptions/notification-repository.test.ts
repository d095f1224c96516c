import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { appendJournal } from "../../src/messages/journal-repository.ts";
import type { Store } from "../../src/store/store.ts";
import {
  forgetNotifications,
  forgottenUntil,
  newestNotification,
  readNotifications,
  recordNotifications,
} from "../../src/subscriptions/notification-repository.ts";
import { payloadOf } from "../../src/subscriptions/notification.ts";
import { parseTopic, type Topic } from "../../src/subscriptions/topic.ts";
import {
  acquittalOf,
  acquitted,
  attached,
  au,
  cn,
  created,
  message,
  revoked,
  sg,
} from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig, type TestClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";

const topic = (text: string): Topic => {
  const parsed = parseTopic(text, "https://icl.example");
  if (parsed === null) throw new Error(`${text} is no topic.`);
  return parsed;
};

const subjectOf = (subject: string, rest: Partial<Message> = {}) =>
  message({ subject: parseSubject(subject), ...rest });

eachStore("notifications", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let store: Store;
  let node: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    store = await openFresh(au);
    node = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
  });

  const read = async (text: string | null = null, after = 0, limit = 100) =>
    readNotifications(store.db, { topic: text === null ? null : topic(text), subjects: null }, after, limit);
  const told = async (text: string | null = null) =>
    (await read(text)).items.map(({ type, messageId: id }) => [type, id]);

  it("are written with each step that subscribers are told of, and with no other", async () => {
    const { id } = await node.post(message());
    expect(await told()).to.deep.equal([]);
    await node.settle();
    expect(await told()).to.deep.equal([
      ["message.sent", id],
      ["message.delivered", id],
    ]);
    const twice = subjectOf(message().subject, { validUntil: 4_000_000_000 });
    const refused = await node.post(twice);
    await node.settle();
    clock.advance(120_000);
    await node.settle();
    expect((await told()).slice(2)).to.deep.equal([["message.failed", refused.id]]);
  });

  it("tell the receiver of what came, and both sides of an acquittal and a revocation that count", async () => {
    const other = await rigOf({
      ...{ store: await openFresh(cn), clock, participant: cn },
      channels: [channelOf(ledger, cn)],
    });
    const both = async () => {
      for (const rig of [node, other, node, other]) await rig.settle();
    };
    const atChina = async () =>
      (await readNotifications(other.store.db, { topic: null, subjects: null }, 0, 100)).items.map(
        ({ type, messageId: id }) => [type, id],
      );
    const { id } = await node.post(message());
    await both();
    const acquittal = acquittalOf(message());
    const used = await other.post(acquittal);
    await both();
    const revocation = { ...message(), predicate: revoked, validUntil: null };
    const gone = await node.post(revocation);
    await both();
    expect((await told()).slice(2)).to.deep.equal([
      ["message.received", used.id],
      ["certificate.acquitted", used.id],
      ["message.sent", gone.id],
      ["message.delivered", gone.id],
      ["certificate.revoked", gone.id],
    ]);
    expect(await atChina()).to.deep.equal([
      ["message.received", id],
      ["message.sent", used.id],
      ["message.delivered", used.id],
      ["certificate.acquitted", used.id],
      ["message.received", gone.id],
      ["certificate.revoked", gone.id],
    ]);
    await appendJournal(other.store.db, { messageId: id, status: "fetching", at: clock.now() });
    await appendJournal(other.store.db, { messageId: id, status: "available", at: clock.now() });
    expect((await atChina()).at(-1)).to.deep.equal(["document.available", id]);
  });

  it("say what happened in the words of the protocol, whatever has become of the message since", async () => {
    const { id } = await node.post(message());
    await node.settle();
    const { items } = await read();
    const [first] = items;
    if (first === undefined) throw new Error("There is no notification.");
    const { sender, receiver, subject, predicate, obj } = message();
    expect(payloadOf(first)).to.deep.equal({
      id: first.seq,
      type: "message.sent",
      time: new Date(first.at).toISOString(),
      message: {
        ...{ id, sender, receiver, subject, predicate, obj },
        ...{ direction: "outgoing", status: "sent", channelId: ledger.id },
      },
    });
  });

  it("are told of nothing that is rolled back, and of no message that is not on record here", async () => {
    const { id } = await node.post(message());
    const failing = store.transact(async (db) => {
      await recordNotifications(db, [{ type: "message.sent", messageId: id, at: clock.now() }]);
      throw new Error("no");
    });
    await failing.catch(() => undefined);
    const foreign = messageId(subjectOf("somebody:else"));
    await recordNotifications(store.db, [{ type: "message.sent", messageId: foreign, at: clock.now() }]);
    expect(await told()).to.deep.equal([]);
  });

  it("are chosen by predicate, pattern, jurisdiction of the other side, subject and message", async () => {
    const one = await node.post(subjectOf("one"));
    const note = await node.post(subjectOf("two", { predicate: attached, receiver: sg }));
    await node.settle();
    const ids = async (text: string) => [...new Set((await told(text)).map(([, id]) => id))];
    const at = (path: string) => `https://icl.example/topics/${path}`;
    expect(await ids(at(`predicates/${encodeURIComponent(created)}`))).to.deep.equal([one.id]);
    expect(await ids(created)).to.deep.equal([one.id]);
    expect(await ids(`${created.slice(0, -3)}*`)).to.deep.equal([one.id]);
    expect(await ids("UN.CEFACT.*")).to.have.members([one.id, note.id]);
    expect(await ids("*")).to.have.members([one.id, note.id]);
    // No wildcard of the database's own is one of ours.
    expect(await ids("UN_CEFACT.*")).to.deep.equal([]);
    expect(await ids("%")).to.deep.equal([]);
    expect(await ids(acquitted)).to.deep.equal([]);
    expect(await ids(at("jurisdictions/CN"))).to.deep.equal([one.id]);
    expect(await ids(at("jurisdictions/SG"))).to.deep.equal([note.id]);
    expect(await ids(at("jurisdictions/AU"))).to.deep.equal([]);
    expect(await ids(at("subjects/two"))).to.deep.equal([note.id]);
    expect(await ids(at(`messages/${one.id}`))).to.deep.equal([one.id]);
  });

  it("are read on page by page, missing and repeating nothing", async () => {
    for (let number = 0; number < 10; number += 1) await node.post(subjectOf(`number:${number}`));
    for (let round = 0; round < 4; round += 1) await node.settle();
    const all = (await read()).items.map(({ seq }) => seq);
    expect(all).to.have.length(20);
    const seen: number[] = [];
    let page = await read(null, 0, 3);
    seen.push(...page.items.map(({ seq }) => seq));
    while (page.more) {
      page = await read(null, page.position, 3);
      seen.push(...page.items.map(({ seq }) => seq));
    }
    expect(seen).to.deep.equal(all);
    expect(page.position).to.equal(await newestNotification(store.db));
    // A topic that nothing matches is read to the end, too, so that nobody looks at the same rows again.
    const none = await read("none.such", 0, 3);
    expect([none.items, none.position]).to.deep.equal([[], page.position]);
  });

  it("are numbered in the order of commits, so that no reader passes one that is still to come", async () => {
    const ids: string[] = [];
    for (let number = 0; number < 8; number += 1)
      ids.push((await node.post(subjectOf(`number:${number}`))).id);
    const seen: number[] = [];
    let position = 0;
    const writing = { done: false };
    const reader = (async () => {
      while (!writing.done || (await newestNotification(store.db)) > position) {
        const page = await read(null, position, 7);
        seen.push(...page.items.map(({ seq }) => seq));
        position = page.position;
      }
    })();
    const writers = ids.map(async (id) => {
      for (let round = 0; round < 10; round += 1) {
        await store.transact((db) =>
          recordNotifications(db, [
            { type: "message.sent", messageId: id, at: round },
            { type: "message.delivered", messageId: id, at: round },
          ]),
        );
      }
    });
    await Promise.all(writers);
    writing.done = true;
    await reader;
    const all = await store.db.selectFrom("notification").select("seq").orderBy("seq").execute();
    expect(all).to.have.length(160);
    expect(seen).to.deep.equal(all.map(({ seq }) => seq));
  });

  it("are forgotten when old, but not those that a subscription still waits for", async () => {
    await node.post(subjectOf("old"));
    await node.settle();
    const old = await newestNotification(store.db);
    clock.advance(10_000_000);
    await node.post(subjectOf("young"));
    await node.settle();
    const before = clock.now() - 5_000_000;
    await insertSubscription(store, old - 1);
    await store.transact((db) => forgetNotifications(db, before));
    expect([await forgottenUntil(store.db), (await read()).items[0]?.seq]).to.deep.equal([old - 1, old]);
    await store.db.updateTable("subscription").set({ position: old }).execute();
    await store.transact((db) => forgetNotifications(db, before));
    expect([await forgottenUntil(store.db), (await read()).items.length]).to.deep.equal([old, 2]);
    const newest = await newestNotification(store.db);
    await store.db.updateTable("subscription").set({ state: "ended" }).execute();
    await store.transact((db) => forgetNotifications(db, clock.now() + 1));
    expect((await read()).items).to.deep.equal([]);
    expect([await forgottenUntil(store.db), await newestNotification(store.db)]).to.deep.equal([
      newest,
      newest,
    ]);
    await node.post(subjectOf("later"));
    await node.settle();
    expect((await read()).items[0]?.seq).to.be.greaterThan(newest);
  });
});

async function insertSubscription(store: Store, position: number): Promise<void> {
  await store.db
    .insertInto("subscription")
    .values({
      ...{
        id: "one",
        owner: "o",
        topic_kind: "predicates",
        topic_value: "*",
        topic: "*",
        callback: "c",
        host: "h",
      },
      ...{
        secret: null,
        state: "active",
        ended_reason: null,
        created_at: 0,
        expires_at: null,
        position,
        tries: 0,
      },
      ...{
        due_at: 0,
        failing_since: null,
        last_delivered_at: null,
        last_failed_at: null,
        last_failure: null,
      },
      ...{ lease_owner: null, lease_epoch: 0, lease_until: 0 },
    })
    .execute();
}
