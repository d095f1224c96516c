import { Writable } from "node:stream";

import { expect } from "chai";

import { numberOn } from "../../src/backup/number-on.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { silentLogger } from "../../src/log.ts";
import { EventStreams, eventStreamLimits } from "../../src/subscriptions/event-streams.ts";
import {
  forgetNotifications,
  newestNotification,
  readNotifications,
} from "../../src/subscriptions/notification-repository.ts";
import { NotificationWatch } from "../../src/subscriptions/notification-watch.ts";
import { payloadOf, type NotificationPayload } from "../../src/subscriptions/notification.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { au, cn, sg } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";
import { EventReader } from "./event-reader.ts";
import { hubRig, publicUrl, topicAt, type HubRig } from "./hub-rig.ts";

eachStore("server-sent events", (openFresh) => {
  let rig: HubRig;
  let readers: EventReader[];

  beforeEach(async () => {
    rig = await hubRig(await openFresh(), { heartbeatMs: 40, perCaller: 3 });
    readers = [];
  });

  afterEach(async () => {
    for (const reader of readers) await reader.close();
    await rig.close();
  });

  const open = async (query = "", lastEventId?: string, as = "reader") => {
    const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const response = await rig.ask(`/events${query}`, as, { headers });
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("text/event-stream");
    const reader = new EventReader(response);
    readers.push(reader);
    return reader;
  };
  const ids = ({ events }: EventReader) =>
    events.map(({ data }) => (JSON.parse(data) as NotificationPayload).message.id);

  it("tell what happens from now on: number, type, and what a callback gets", async () => {
    await rig.happen();
    const reader = await open();
    const id = await rig.happen({ type: "document.available" });
    await eventually(() => reader.events.length === 1);
    const { items } = await readNotifications(rig.store.db, { topic: null, subjects: null }, 0, 10);
    const last = items.at(-1);
    if (last === undefined) throw new Error("Nothing happened.");
    expect(reader.events).to.deep.equal([
      { id: String(last.seq), event: "document.available", data: JSON.stringify(payloadOf(last)) },
    ]);
    expect(ids(reader)).to.deep.equal([id]);
  });

  it("go on after the last event that was received, missing and repeating nothing", async () => {
    const happened: string[] = [];
    for (let number = 0; number < 3; number += 1) happened.push(await rig.happen());
    const first = await open("", "0");
    await eventually(() => first.events.length === 3);
    await first.close();
    for (let number = 0; number < 250; number += 1) happened.push(await rig.happen());
    const second = await open("", first.events[1]?.id);
    await eventually(() => second.events.length === 251);
    happened.push(await rig.happen());
    await eventually(() => second.events.length === 252);
    expect(ids(second)).to.deep.equal(happened.slice(2));
  });

  it("are of one topic where one is asked for, by its URL or as a bare pattern", async () => {
    const mine = encodeURIComponent(topicAt("subjects/mine"));
    const [subject, trade, regulatory] = [
      await open(`?topic=${mine}`),
      await open("?topic=UN.CEFACT.Trade.*"),
      await open("?topic=UN.CEFACT.Regulatory.*"),
    ];
    const one = await rig.happen({ message: { subject: parseSubject("mine") } });
    const two = await rig.happen();
    await eventually(() => regulatory.events.length === 2 && subject.events.length === 1);
    expect([ids(subject), ids(trade), ids(regulatory)]).to.deep.equal([[one], [], [one, two]]);
  });

  it("give signs of life when nothing happens", async () => {
    const reader = await open();
    await eventually(() => reader.comments >= 3);
    expect(reader.events).to.deep.equal([]);
  });

  it("come from whichever replica wrote them", async () => {
    const reader = await open();
    // Nobody wakes this replica: the database is all they share.
    const id = await rig.happen();
    await eventually(() => reader.events.length === 1);
    expect(ids(reader)).to.deep.equal([id]);
  });

  it("are for users who may read messages or subscribe, three streams each here", async () => {
    for (const as of ["clerk", "cn"]) {
      expect(await problemOf(await rig.ask("/events", as)), as).to.include({ status: 403 });
    }
    for (let number = 0; number < 3; number += 1) await open("", undefined, "system");
    const refused = await rig.ask("/events", "system");
    expect(refused.headers.get("retry-after")).to.equal("30");
    expect(await problemOf(refused)).to.include({ status: 429, code: "too-many-requests" });
    await open("", undefined, "reader");
    await readers[0]?.close();
    await eventually(async () => {
      const again = await rig.ask("/events", "system");
      if (again.status === 200) readers.push(new EventReader(again));
      else await again.body?.cancel();
      return again.status === 200;
    });
  });

  it("refuse a topic or a Last-Event-ID that is none, and HEAD", async () => {
    await rig.happen();
    expect((await problemOf(await rig.ask("/events?topic=a%20b"))).code).to.equal("topic-unknown");
    expect((await problemOf(await rig.ask("/events?topic=https://x.example/"))).code).to.equal(
      "topic-unknown",
    );
    for (const id of ["x", "-1", "99999", "1e3"]) {
      const response = await rig.ask("/events", "reader", { headers: { "last-event-id": id } });
      expect(await problemOf(response), id).to.include({ status: 400, code: "malformed-request" });
    }
    expect((await rig.ask("/events", "reader", { method: "HEAD" })).status).to.equal(405);
  });

  it("say so when what was missed is no longer kept", async () => {
    for (let number = 0; number < 3; number += 1) await rig.happen();
    await rig.store.transact((db) => forgetNotifications(db, rig.now() + 1));
    const newest = await newestNotification(rig.store.db);
    const response = await rig.ask("/events", "reader", { headers: { "last-event-id": String(newest - 1) } });
    expect(await problemOf(response)).to.include({ status: 410, code: "events-forgotten" });
    const reader = await open("", String(newest));
    const id = await rig.happen();
    await eventually(() => reader.events.length === 1);
    expect(ids(reader)).to.deep.equal([id]);
  });

  it("go on by the clock after a restore: who comes with a number of a lost event is told so, and new ones leap over what was never given", async () => {
    const first = await rig.happen();
    const before = await newestNotification(rig.store.db);
    const now = Date.parse("2027-06-03T02:00:00Z");
    await rig.store.transact((db) => numberOn(db, rig.store.dialect, {}, now));
    for (const lost of [before, before + 20]) {
      const response = await rig.ask("/events", "reader", { headers: { "last-event-id": String(lost) } });
      expect(await problemOf(response)).to.include({ status: 410, code: "events-forgotten" });
    }
    const reader = await open();
    const id = await rig.happen();
    await eventually(() => reader.events.length === 1, { within: 10_000 });
    expect(ids(reader)).to.deep.equal([id]);
    const page = await readNotifications(rig.store.db, { topic: null, subjects: null }, before - 1, 10);
    const next = await readNotifications(rig.store.db, { topic: null, subjects: null }, page.position, 10);
    expect([...page.items, ...next.items].map(({ messageId }) => messageId)).to.deep.equal([first, id]);
    expect(next.items[0]?.seq).to.be.greaterThan(now);
  });

  it("end when the node stops, so that their readers go to another replica", async () => {
    const reader = await open();
    await rig.subscriptions.endStreams();
    await eventually(() => reader.ended);
    expect((await problemOf(await rig.ask("/events"))).status).to.equal(503);
  });

  describe("to a reader of its own pace", () => {
    const streams = (now = Date.now) => {
      const watch = new NotificationWatch({ store: rig.store, log: silentLogger, pollMs: 10 });
      watch.start();
      const all = new EventStreams({ store: rig.store, watch, log: silentLogger, ...eventStreamLimits, now });
      const stop = async () => {
        await all.stop();
        await watch.stop();
      };
      return { all, stop };
    };

    it("wait for it, and keep nothing for it in memory", async () => {
      const { all, stop } = streams();
      const run = await all.open({
        owner: "o",
        expiresAt: Infinity,
        topic: null,
        subjects: null,
        lastEventId: "",
      });
      let release: (() => void) | undefined;
      let taken = 0;
      const output = new Writable({
        highWaterMark: 1_000,
        write(_chunk, _encoding, done) {
          taken += 1;
          release = done;
        },
      });
      const running = run(output);
      for (let number = 0; number < 50; number += 1) await rig.happen();
      await eventually(() => output.writableNeedDrain);
      // One that is being written, and what fits below the mark; not the other forty.
      expect(output.writableLength).to.be.below(3_000);
      expect(taken).to.equal(1);
      while (taken < 51) {
        await eventually(() => release !== undefined);
        const go = release;
        release = undefined;
        go?.();
      }
      await eventually(() => taken >= 51);
      output.destroy();
      await running;
      await stop();
    });

    it("end with the token of whoever opened them", async () => {
      const { all, stop } = streams();
      const output = new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      });
      const expiresAt = Date.now() + 50;
      const run = await all.open({
        owner: "o",
        expiresAt,
        topic: null,
        subjects: null,
        lastEventId: undefined,
      });
      await run(output);
      expect(Date.now()).to.be.at.least(expiresAt - 1);
      expect(output.writableEnded).to.equal(true);
      await stop();
    });
  });
});

eachStore("topics", (openFresh) => {
  let rig: HubRig;

  beforeEach(async () => {
    rig = await hubRig(await openFresh());
  });

  afterEach(() => rig.close());

  const links = (path: string) => `<${publicUrl}/subscriptions>; rel="hub", <${topicAt(path)}>; rel="self"`;

  it("are where their hub is discovered, and their messages read, the newest first", async () => {
    const [one, two] = [await rig.happen(), await rig.happen()];
    const other = await rig.happen({ message: { sender: sg } });
    for (const as of ["reader", "both"]) {
      const response = await rig.ask("/topics/jurisdictions/CN", as);
      expect(response.headers.get("link")).to.equal(links("jurisdictions/CN"));
      const { items, next } = (await response.json()) as { items: MessageRecord[]; next: string | null };
      expect([items.map(({ id }) => id), next]).to.deep.equal([[two, one], null]);
      expect(items[0]).to.include({ sender: cn, receiver: au, direction: "incoming" });
    }
    const idsOf = async (path: string) => {
      const response = await rig.ask(`/topics/${path}`, "reader");
      return ((await response.json()) as { items: MessageRecord[] }).items.map(({ id }) => id);
    };
    expect(await idsOf("jurisdictions/SG")).to.deep.equal([other]);
    expect(await idsOf(`messages/${one}`)).to.deep.equal([one]);
    expect(await idsOf("predicates/UN.CEFACT.*")).to.deep.equal([other, two, one]);
    expect(await idsOf("subjects/nothing%2Fhere")).to.deep.equal([]);
    const page = await rig.ask("/topics/predicates/*?limit=2", "reader");
    const { next } = (await page.json()) as { next: string };
    expect(await idsOf(`predicates/*?limit=2&after=${next}`)).to.deep.equal([one]);
  });

  it("tell a subscriber their hub by HEAD, and show messages to readers only", async () => {
    const head = await rig.ask("/topics/subjects/urn%3Auuid%3A1", "system", { method: "HEAD" });
    expect([head.status, head.headers.get("link")]).to.deep.equal([200, links("subjects/urn%3Auuid%3A1")]);
    expect((await rig.ask("/topics/predicates/x", "reader", { method: "HEAD" })).status).to.equal(200);
    for (const as of ["system", "clerk", "cn"]) {
      expect((await problemOf(await rig.ask("/topics/predicates/x", as))).status, as).to.equal(403);
    }
    expect((await rig.ask("/topics/predicates/x", "clerk", { method: "HEAD" })).status).to.equal(403);
  });

  it("are of the four kinds, each with values of its form", async () => {
    for (const path of ["goods/wine", "jurisdictions/cn", "messages/1", "subjects/a%20b", "constructor/x"]) {
      expect((await problemOf(await rig.ask(`/topics/${path}`, "reader"))).status, path).to.equal(404);
    }
    const cursor = await rig.ask("/topics/predicates/x?after=bTE", "reader");
    expect((await problemOf(cursor)).code).to.equal("malformed-request");
  });
});
