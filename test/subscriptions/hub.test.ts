import { createHmac } from "node:crypto";

import { expect } from "chai";

import { parseSubject } from "../../src/domain/subject.ts";
import { claimSubscriptions } from "../../src/subscriptions/delivery-repository.ts";
import { MOST_SUBSCRIPTIONS } from "../../src/subscriptions/subscription-repository.ts";
import { newestNotification } from "../../src/subscriptions/notification-repository.ts";
import type { NotificationPayload } from "../../src/subscriptions/notification.ts";
import { au, cn, created, sg } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";
import { confirming, startCallbackServer, type CallbackServer } from "./callback-server.ts";
import { hubRig, publicUrl, topicAt, type HubRig } from "./hub-rig.ts";

const DAY = 24 * 60 * 60 * 1000;
const never = () => new Promise<never>(() => undefined);

eachStore("the WebSub hub", (openFresh) => {
  let rig: HubRig;
  let callback: CallbackServer;

  beforeEach(async () => {
    callback = await startCallbackServer();
    rig = await hubRig(await openFresh());
  });

  afterEach(async () => {
    await rig.close();
    await callback.close();
  });

  const everything = "*";
  const form = (more: Readonly<Record<string, string>> = {}) => ({
    "hub.mode": "subscribe",
    "hub.topic": everything,
    "hub.callback": `${callback.url}/all`,
    ...more,
  });
  const one = async (as?: string) => {
    const [item, ...rest] = await rig.list(as);
    if (item === undefined || rest.length > 0) throw new Error(`There are ${rest.length} others, or none.`);
    return item;
  };
  const stands = (state: string, as?: string) =>
    eventually(async () => (await one(as)).state === state, { what: `a subscription that is ${state}` });
  /** Subscribes, and waits until it is confirmed. */
  const subscribe = async (more: Readonly<Record<string, string>> = {}, as?: string) => {
    const asked = callback.questions().length;
    expect((await rig.hub(form(more), as)).status).to.equal(202);
    await eventually(() => callback.questions().length > asked);
    await eventually(async () => (await rig.list(as)).every(({ state }) => state !== "pending"));
  };
  const ids = (path?: string) => callback.deliveries(path).map(({ message }) => message.id);
  const idle = () =>
    eventually(async () => {
      const newest = await newestNotification(rig.store.db);
      const rows = await rig.store.db
        .selectFrom("subscription")
        .select(["position", "lease_until"])
        .where("state", "=", "active")
        .execute();
      return rows.every(({ position, lease_until: until }) => position === newest && until === 0);
    });

  describe("a subscription", () => {
    it("begins when its callback answers with the challenge, and is told what happens, signed", async () => {
      const secret = "it's a sécret";
      const topic = topicAt("jurisdictions/CN");
      const path = "/hook?key=a%20b&key=c";
      const asked = await rig.hub(
        form({ "hub.topic": topic, "hub.callback": callback.url + path, "hub.secret": secret, other: "x" }),
      );
      expect([asked.status, await asked.text()]).to.deep.equal([202, ""]);
      await stands("active");
      const [question, ...more] = callback.questions();
      expect(more).to.deep.equal([]);
      expect(question?.path.startsWith(`${path}&hub.mode=`), question?.path).to.equal(true);
      expect(question?.query.get("hub.mode")).to.equal("subscribe");
      expect(question?.query.get("hub.topic")).to.equal(topic);
      expect(question?.query.get("hub.lease_seconds")).to.equal(String(7 * 24 * 60 * 60));
      expect(question?.query.get("hub.challenge")).to.have.length.of.at.least(32);

      const id = await rig.happen();
      await eventually(() => callback.deliveries().length === 1);
      const call = callback.calls.find(({ method }) => method === "POST");
      expect(call?.path).to.equal(path);
      expect(call?.headers["content-type"]).to.equal("application/json");
      expect(call?.headers.link).to.equal(`<${publicUrl}/subscriptions>; rel="hub", <${topic}>; rel="self"`);
      const signature = createHmac("sha256", secret)
        .update(call?.body ?? "")
        .digest("hex");
      expect(call?.headers["x-hub-signature"]).to.equal(`sha256=${signature}`);
      const payload = JSON.parse(call?.body ?? "") as NotificationPayload;
      expect(payload).to.have.all.keys("id", "type", "time", "message");
      expect(payload.type).to.equal("message.received");
      expect(payload.message).to.include({
        ...{ id, sender: cn, receiver: au, direction: "incoming", status: "received", channelId: "c" },
      });
      const shown = await rig.ask("/subscriptions");
      expect(await shown.text()).not.to.contain("cret");
      expect(await one()).to.include({ topic, callback: callback.url + path, signed: true, deadLetters: 0 });
    });

    it("is told nothing unsigned as signed: without a secret there is no signature", async () => {
      await subscribe();
      await rig.happen();
      await eventually(() => callback.deliveries().length === 1);
      expect(callback.calls.at(-1)?.headers).not.to.have.property("x-hub-signature");
    });

    it("misses nothing that happens between the 202 and its confirmation, and gets nothing from before", async () => {
      await rig.happen();
      let confirmed = false;
      callback.confirm = (call) => (confirmed ? confirming(call) : { status: 503 });
      expect((await rig.hub(form())).status).to.equal(202);
      const id = await rig.happen();
      await eventually(() => callback.questions().length > 0);
      confirmed = true;
      await eventually(() => callback.deliveries().length > 0);
      await idle();
      expect(ids()).to.deep.equal([id]);
    });

    it("by a bare pattern is asked with it as given, and found at its topic's URL", async () => {
      await subscribe({ "hub.topic": "UN.CEFACT.*" });
      expect(callback.questions()[0]?.query.get("hub.topic")).to.equal("UN.CEFACT.*");
      expect(await one()).to.include({ topic: "UN.CEFACT.*" });
      await rig.happen();
      await eventually(() => callback.deliveries().length === 1);
      expect(callback.calls.at(-1)?.headers.link).to.contain(
        `<${topicAt("predicates/UN.CEFACT.*")}>; rel="self"`,
      );
    });

    it("does not begin when its callback says no, or says yes without the challenge", async () => {
      const replies = [
        () => ({ status: 404 }),
        () => ({ status: 200, body: "yes" }),
        () => ({ status: 200, body: "y".repeat(100_000) }),
      ];
      for (const reply of replies) {
        callback.confirm = reply;
        const asked = callback.questions().length;
        await rig.hub(form());
        await stands("ended");
        expect(await one()).to.include({ endedReason: "unverified" });
        expect((await one()).lastFailure).to.be.a("string");
        expect(callback.questions().length).to.equal(asked + 1);
      }
      await rig.happen();
      await rig.hub(form({ "hub.callback": `${callback.url}/later` }));
      callback.confirm = confirming;
      expect(callback.deliveries()).to.deep.equal([]);
    });

    it("is one for each owner, topic and callback: subscribing again renews it", async () => {
      const predicate = topicAt(`predicates/${encodeURIComponent(created)}`);
      await subscribe({ "hub.topic": predicate, "hub.secret": "first" });
      const { id, expiresAt } = await one();
      rig.advance(DAY);
      await subscribe({ "hub.topic": created, "hub.secret": "second", "hub.lease_seconds": "864000" });
      const renewed = await one();
      expect([renewed.id, renewed.topic]).to.deep.equal([id, created]);
      expect(Date.parse(renewed.expiresAt ?? "")).to.be.greaterThan(Date.parse(expiresAt ?? "") + DAY);
      await rig.happen();
      await eventually(() => callback.deliveries().length > 0);
      await idle();
      expect(callback.deliveries()).to.have.length(1);
      const call = callback.calls.at(-1);
      const signature = createHmac("sha256", "second")
        .update(call?.body ?? "")
        .digest("hex");
      expect(call?.headers["x-hub-signature"]).to.equal(`sha256=${signature}`);
      // Another owner's is another subscription.
      await subscribe({ "hub.topic": created }, "other");
      expect((await one("other")).id).not.to.equal(id);
      expect((await one()).id).to.equal(id);
    });

    it("stays as it is while a renewal is not confirmed", async () => {
      await subscribe({ "hub.secret": "first" });
      callback.confirm = () => ({ status: 404 });
      const asked = callback.questions().length;
      await rig.hub(form({ "hub.secret": "forged" }));
      await eventually(() => callback.questions().length > asked);
      await eventually(async () => (await one()).lastFailure !== undefined);
      expect(await one()).to.include({ state: "active" });
      await rig.happen();
      await eventually(() => callback.deliveries().length === 1);
      const call = callback.calls.at(-1);
      const signature = createHmac("sha256", "first")
        .update(call?.body ?? "")
        .digest("hex");
      expect(call?.headers["x-hub-signature"]).to.equal(`sha256=${signature}`);
    });

    it("ends when its callback confirms that it is unsubscribed, and not before", async () => {
      await subscribe();
      const leave = form({ "hub.mode": "unsubscribe" });
      callback.confirm = () => ({ status: 404 });
      expect((await rig.hub(leave)).status).to.equal(202);
      await eventually(async () => (await one()).lastFailure !== undefined);
      expect(await one()).to.include({ state: "active" });
      callback.confirm = confirming;
      expect((await rig.hub(leave)).status).to.equal(202);
      await stands("ended");
      expect(await one()).to.include({ endedReason: "unsubscribed" });
      expect(callback.questions().at(-1)?.query.get("hub.mode")).to.equal("unsubscribe");
      expect((await problemOf(await rig.hub(leave))).code).to.equal("not-found");
      await rig.happen();
      await subscribe();
      const id = await rig.happen();
      await eventually(() => callback.deliveries().length > 0);
      expect(ids()).to.deep.equal([id]);
    });

    it("lasts seven days, or as long as asked for but thirty at most, and ends with its lease", async () => {
      const granted = async (seconds: string) => {
        await subscribe({ "hub.lease_seconds": seconds, "hub.callback": `${callback.url}/${seconds}` });
        return callback.questions().at(-1)?.query.get("hub.lease_seconds");
      };
      expect(await granted("3600")).to.equal("3600");
      expect(await granted("999999999999")).to.equal(String(30 * 24 * 60 * 60));
      rig.advance(3_600_000);
      await eventually(async () => (await rig.list())[0]?.state === "ended");
      expect((await rig.list()).map(({ state, endedReason }) => [state, endedReason])).to.deep.equal([
        ["ended", "expired"],
        ["active", undefined],
      ]);
      await rig.happen();
      await eventually(() => callback.deliveries().length > 0);
      await idle();
      expect(callback.calls.filter(({ method }) => method === "POST").map(({ path }) => path)).to.deep.equal([
        "/999999999999",
      ]);
    });

    it("that its owner deletes is over at once, its callback is told, and nothing of it is left", async () => {
      await subscribe();
      const { id } = await one();
      expect((await rig.ask(`/subscriptions/${id}`, "other", { method: "DELETE" })).status).to.equal(404);
      expect((await rig.ask(`/subscriptions/${id}`, "other")).status).to.equal(404);
      expect((await rig.ask(`/subscriptions/${id}`)).status).to.equal(200);
      expect((await rig.ask(`/subscriptions/${id}`, "system", { method: "DELETE" })).status).to.equal(204);
      expect(await rig.list()).to.deep.equal([]);
      expect((await rig.ask(`/subscriptions/${id}`)).status).to.equal(404);
      await eventually(() => callback.questions().length === 2);
      const told = callback.questions()[1];
      expect(told?.query.get("hub.mode")).to.equal("denied");
      expect(told?.query.get("hub.topic")).to.equal(everything);
      expect(told?.query.get("hub.reason")).to.be.a("string");
      await rig.happen();
      await eventually(async () => {
        const rows = await rig.store.db.selectFrom("subscription").select("id").execute();
        return rows.length === 0;
      });
      expect(callback.deliveries()).to.deep.equal([]);
    });

    it("is put on record with who made and ended it, without its secret or its callback's path", async () => {
      await subscribe({ "hub.secret": "sesame" });
      const { id } = await one();
      await rig.ask(`/subscriptions/${id}`, "system", { method: "DELETE" });
      const acts = await rig.store.db.selectFrom("audit").selectAll().where("object", "=", id).execute();
      expect(acts.map(({ act }) => act)).to.deep.equal(["subscription.made", "subscription.ended"]);
      expect(JSON.stringify(acts)).not.to.contain("sesame").and.not.to.contain("/all");
    });
  });

  describe("a request", () => {
    const wrong: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
      ["another mode", { "hub.mode": "publish" }, "malformed-request"],
      [
        "a topic of another hub",
        { "hub.topic": "https://other.example/topics/predicates/x" },
        "topic-unknown",
      ],
      ["an unknown kind", { "hub.topic": topicAt("goods/wine") }, "topic-unknown"],
      ["a topic without value", { "hub.topic": topicAt("predicates/") }, "topic-unknown"],
      ["a jurisdiction that is none", { "hub.topic": topicAt("jurisdictions/cn") }, "topic-unknown"],
      ["a message id that is none", { "hub.topic": topicAt("messages/1") }, "topic-unknown"],
      ["a topic with a query", { "hub.topic": topicAt("predicates/x?y") }, "topic-unknown"],
      ["a topic that climbs", { "hub.topic": topicAt("predicates/../x") }, "topic-unknown"],
      ["a topic in bad encoding", { "hub.topic": topicAt("subjects/%E0%A4%A") }, "topic-unknown"],
      ["a bare topic with spaces", { "hub.topic": "all of it" }, "topic-unknown"],
      ["a callback that is no URL", { "hub.callback": "/hook" }, "malformed-subscription"],
      ["a callback of another scheme", { "hub.callback": "ftp://files.example/" }, "malformed-subscription"],
      ["a callback with a password", { "hub.callback": "http://u:p@127.0.0.1/" }, "malformed-subscription"],
      ["a callback with a fragment", { "hub.callback": "http://127.0.0.1/#x" }, "malformed-subscription"],
      ["a callback at a metadata address", { "hub.callback": "http://169.254.169.254/" }, "callback-refused"],
      ["a lease that is no number", { "hub.lease_seconds": "week" }, "malformed-request"],
      ["a lease of nothing", { "hub.lease_seconds": "0" }, "malformed-subscription"],
      ["a secret of 200 bytes", { "hub.secret": `${"s".repeat(198)}é` }, "malformed-subscription"],
      ["a secret of 200 characters", { "hub.secret": "s".repeat(200) }, "malformed-request"],
    ];
    for (const [what, more, code] of wrong) {
      it(`with ${what} is refused with 400 ${code} and changes nothing`, async () => {
        const problem = await problemOf(await rig.hub(form(more)));
        expect(problem).to.include({ status: 400, code });
        expect(problem.detail).not.to.contain("sssss");
        expect(await rig.list()).to.deep.equal([]);
      });
    }

    it("without a member, or with one twice, is refused", async () => {
      for (const name of ["hub.mode", "hub.topic", "hub.callback"]) {
        const less = new URLSearchParams(form());
        less.delete(name);
        expect((await rig.hub(less.toString())).status, name).to.equal(400);
        const twice = `${new URLSearchParams(form()).toString()}&${name}=x`;
        expect((await rig.hub(twice)).status, name).to.equal(400);
      }
      expect((await rig.hub("__proto__=x&hub.mode=subscribe")).status).to.equal(400);
      expect(await rig.list()).to.deep.equal([]);
    });

    it("of another media type, or too large, is refused", async () => {
      const json = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      expect((await problemOf(await rig.ask("/subscriptions", "system", json))).status).to.equal(415);
      const large = await rig.hub(form({ other: "x".repeat(70_000) }));
      expect((await problemOf(large)).status).to.equal(413);
      const many = await rig.hub(`${new URLSearchParams(form()).toString()}${"&x=y".repeat(60)}`);
      expect((await problemOf(many)).code).to.equal("body-too-large");
    });

    it("needs the role, and a user of this node's own", async () => {
      for (const as of ["reader", "clerk", "cn"]) {
        expect((await problemOf(await rig.hub(form(), as))).status, as).to.equal(403);
        expect((await problemOf(await rig.ask("/subscriptions", as))).status, as).to.equal(403);
      }
      expect(callback.questions()).to.deep.equal([]);
    });

    it("beyond what one owner may have is refused, but what is over makes room", async () => {
      callback.confirm = () => ({ status: 404 });
      await rig.hub(form({ "hub.topic": "first.one" }));
      await stands("ended");
      callback.confirm = confirming;
      // All but the last by hand: each is a request, and they are many.
      const [ended] = await rig.store.db.selectFrom("subscription").selectAll().execute();
      if (ended === undefined) throw new Error("There is no subscription.");
      const like: Partial<Pick<typeof ended, "seq">> & Omit<typeof ended, "seq"> = { ...ended };
      delete like.seq;
      const rows = Array.from({ length: MOST_SUBSCRIPTIONS - 1 }, (_, number) => ({
        ...like,
        ...{
          id: `id-${number}`,
          topic_value: `number.${number}`,
          state: "active" as const,
          ended_reason: null,
        },
      }));
      await rig.store.db.insertInto("subscription").values(rows).execute();
      expect((await rig.hub(form({ "hub.topic": "last.one" }))).status).to.equal(202);
      const problem = await problemOf(await rig.hub(form({ "hub.topic": "one.more" })));
      expect(problem).to.include({ status: 422, code: "too-many-subscriptions" });
      expect((await rig.hub(form({ "hub.topic": "one.more" }), "other")).status).to.equal(202);
      expect((await rig.hub(form({ "hub.topic": "number.7" }))).status).to.equal(202);
      const page = (await (await rig.ask("/subscriptions?limit=150")).json()) as {
        items: unknown[];
        next: string;
      };
      expect(page.items).to.have.length(150);
      const rest = await rig.ask(`/subscriptions?limit=150&after=${page.next}`);
      expect(((await rest.json()) as { items: unknown[] }).items).to.have.length(MOST_SUBSCRIPTIONS - 150);
    });
  });

  describe("deliveries", () => {
    it("come in order, and what fails comes again before what follows it (trap 11)", async () => {
      await subscribe();
      let up = false;
      callback.receive = () => ({ status: up ? 200 : 500 });
      const happened: string[] = [];
      for (let number = 0; number < 5; number += 1) happened.push(await rig.happen());
      await eventually(() => callback.deliveries().length >= 3);
      expect(new Set(ids())).to.deep.equal(new Set([happened[0]]));
      expect(await one()).to.include({ state: "active", lastFailure: "The callback answered 500." });
      up = true;
      const tries = callback.deliveries().length;
      await eventually(() => callback.deliveries().length >= tries + 5);
      await idle();
      expect(ids().slice(-5)).to.deep.equal(happened);
      // The same words each time: a subscriber knows a repeated delivery by its id.
      expect(
        new Set(callback.calls.filter(({ method }) => method === "POST").map(({ body }) => body)).size,
      ).to.equal(5);
    });

    it("go on though the callback was not there at all", async () => {
      await subscribe();
      await callback.close();
      const id = await rig.happen();
      await eventually(async () => (await one()).lastFailure?.includes("cannot be reached") === true);
      const again = await startCallbackServer();
      await rig.store.db
        .updateTable("subscription")
        .set({ callback: `${again.url}/all` })
        .execute();
      await eventually(() => again.deliveries().length === 1);
      expect(again.deliveries()[0]?.message.id).to.equal(id);
      await again.close();
    });

    it("wait as long as a callback asks for, in seconds or until a date, and an hour at most", async () => {
      await subscribe();
      const asked = ["120", new Date(rig.now() + 2 * DAY).toUTCString(), "999999"];
      for (const [index, retryAfter] of asked.entries()) {
        callback.receive = () => ({
          status: index === 1 ? 503 : 429,
          headers: { "retry-after": retryAfter },
        });
        if (index === 0) await rig.happen();
        const before = rig.now();
        await eventually(() => callback.deliveries().length === index + 1);
        await eventually(async () => (await dueAt()) > before);
        const wait = (await dueAt()) - before;
        expect(wait, retryAfter).to.be.at.least(index === 0 ? 120_000 : 3_600_000);
        expect(wait, retryAfter).to.be.below(index === 0 ? 180_000 : 3_660_000);
        rig.advance(wait);
      }
      callback.receive = () => ({ status: 200 });
      await idle();
      expect(callback.deliveries()).to.have.length(4);
    });

    const dueAt = async () => {
      const row = await rig.store.db.selectFrom("subscription").select("due_at").executeTakeFirstOrThrow();
      return row.due_at;
    };

    it("end a subscription whose callback is gone (410)", async () => {
      await subscribe();
      callback.receive = () => ({ status: 410 });
      await rig.happen();
      await stands("ended");
      expect(await one()).to.include({ endedReason: "gone" });
      await rig.happen();
      await subscribe({ "hub.callback": `${callback.url}/other` });
      expect(callback.deliveries()).to.have.length(1);
    });

    it("are held up by nobody else's callback that fails or never answers", async () => {
      const silent = await startCallbackServer();
      silent.receive = never;
      const failing = await startCallbackServer();
      failing.receive = () => ({ status: 500 });
      for (const { url } of [silent, failing, callback])
        await rig.hub(form({ "hub.callback": `${url}/all` }));
      await eventually(async () => (await rig.list()).every(({ state }) => state === "active"));
      const happened = [await rig.happen()];
      await eventually(() => silent.underWay === 1);
      for (let number = 0; number < 5; number += 1) happened.push(await rig.happen());
      await eventually(() => callback.deliveries().length === 6);
      expect(ids()).to.deep.equal(happened);
      expect(silent.deliveries()).to.have.length(1);
      await Promise.all([silent.close(), failing.close()]);
    });

    it("follow 307 and 308 with the body, and no redirect that would lose it", async () => {
      await subscribe();
      callback.receive = ({ path }) =>
        path === "/all"
          ? { status: 307, headers: { location: "/moved" } }
          : path === "/moved"
            ? { status: 308, headers: { location: "/here" } }
            : { status: 204 };
      await rig.happen();
      await idle();
      const paths = callback.calls.filter(({ method }) => method === "POST").map(({ path }) => path);
      expect(paths).to.deep.equal(["/all", "/moved", "/here"]);
      expect(new Set(ids()).size).to.equal(1);
      callback.receive = () => ({ status: 302, headers: { location: "/elsewhere" } });
      await rig.happen();
      await eventually(async () => (await one()).lastFailure === "The callback answered 302.");
      callback.receive = () => ({ status: 307, headers: { location: "/round" } });
      await eventually(async () => (await one()).lastFailure?.includes("redirects more than") === true);
    });

    it("say only what the subscription's topic asks for", async () => {
      await subscribe({ "hub.topic": topicAt("subjects/mine"), "hub.callback": `${callback.url}/subject` });
      await subscribe({ "hub.topic": topicAt("jurisdictions/SG"), "hub.callback": `${callback.url}/sg` });
      await subscribe({ "hub.topic": "UN.CEFACT.Trade.*", "hub.callback": `${callback.url}/trade` });
      await subscribe();
      const mine = await rig.happen({ message: { subject: parseSubject("mine") } });
      const singapore = await rig.happen({ message: { sender: sg } });
      await subscribe({
        "hub.topic": topicAt(`messages/${mine}`),
        "hub.callback": `${callback.url}/message`,
      });
      await rig.happen();
      await idle();
      expect(ids("/subject")).to.deep.equal([mine]);
      expect(ids("/sg")).to.deep.equal([singapore]);
      expect(ids("/trade")).to.deep.equal([]);
      expect(ids("/message")).to.deep.equal([]);
      expect(ids("/all")).to.have.length(3);
    });

    it("of one subscription are made by one replica at a time, each once", async () => {
      for (let number = 0; number < 3; number += 1) rig.replica();
      await subscribe();
      callback.receive = () => new Promise((resolve) => setTimeout(resolve, 5, { status: 204 }));
      const happened: string[] = [];
      for (let number = 0; number < 30; number += 1) happened.push(await rig.happen());
      await idle();
      expect(ids()).to.deep.equal(happened);
      expect(callback.mostAtOnce).to.equal(1);
    });

    it("go on where a replica that died left off", async () => {
      await subscribe();
      await rig.subscriptions.stop();
      const id = await rig.happen();
      const claim = {
        owner: "dead",
        now: rig.now(),
        until: rig.now() + 5_000,
        busy: [],
        perHost: 1,
        limit: 1,
      };
      const claimed = await claimSubscriptions(
        rig.store.db,
        claim,
        await newestNotification(rig.store.db),
        3_600_000,
      );
      expect(claimed).to.have.length(1);
      rig.replica();
      await subscribe({ "hub.topic": topicAt("subjects/x"), "hub.callback": `${callback.url}/else` });
      expect(callback.deliveries(), "the dead one's lease still holds").to.deep.equal([]);
      rig.advance(5_000);
      await eventually(() => callback.deliveries().length === 1);
      expect(ids()).to.deep.equal([id]);
    });

    it("under way when the node stops are made again by the next", async () => {
      await subscribe();
      callback.receive = never;
      const id = await rig.happen();
      await eventually(() => callback.underWay === 1);
      await rig.subscriptions.stop();
      callback.receive = () => ({ status: 204 });
      rig.replica();
      await idle();
      expect(ids()).to.deep.equal([id, id]);
    });
  });

  describe("what cannot be delivered for three days", () => {
    const letters = async (id: string, query = "") => {
      const response = await rig.ask(`/subscriptions/${id}/dead-letters${query}`);
      return (await response.json()) as {
        items: { n: number; reason: string; retrying: boolean; notification: NotificationPayload }[];
        next: string | null;
      };
    };
    const retry = (id: string, n: number, as = "system") =>
      rig.ask(`/subscriptions/${id}/dead-letters/${n}/retry`, as, { method: "POST" });

    /** One poisonous notification, and the id of its message. */
    const buried = async () => {
      await subscribe();
      const poison = await rig.happen();
      callback.receive = ({ body }) => ({ status: body.includes(poison) ? 400 : 204 });
      await eventually(() => callback.deliveries().length >= 2);
      rig.advance(3 * DAY - 60_000);
      const tries = callback.deliveries().length;
      await eventually(() => callback.deliveries().length > tries);
      expect((await one()).deadLetters).to.equal(0);
      rig.advance(60_000);
      await eventually(async () => (await one()).deadLetters === 1);
      return { poison, id: (await one()).id };
    };

    it("is a dead letter then, and what came after it is delivered", async () => {
      const { poison, id } = await buried();
      const next = await rig.happen();
      await idle();
      expect(ids().at(-1)).to.equal(next);
      const { items } = await letters(id);
      expect(items).to.have.length(1);
      expect(items[0]).to.include({ reason: "The callback answered 400.", retrying: false });
      expect(items[0]?.notification.message.id).to.equal(poison);
      expect(items[0]?.n).to.equal(items[0]?.notification.id);
      expect((await rig.ask(`/subscriptions/${id}/dead-letters`, "other")).status).to.equal(404);
    });

    it("is tried once more when its owner asks: gone when that succeeds, back when it fails", async () => {
      const { poison, id } = await buried();
      const n = (await letters(id)).items[0]?.n ?? 0;
      expect((await retry(id, n, "other")).status).to.equal(404);
      expect((await retry(id, n + 1)).status).to.equal(404);
      callback.receive = () => ({ status: 418 });
      expect((await retry(id, n)).status).to.equal(202);
      await eventually(async () => (await letters(id)).items[0]?.reason === "The callback answered 418.");
      expect((await letters(id)).items[0]).to.include({ retrying: false });
      callback.receive = () => ({ status: 204 });
      expect((await retry(id, n)).status).to.equal(202);
      await eventually(async () => (await letters(id)).items.length === 0);
      expect(ids().at(-1)).to.equal(poison);
      expect(await one()).to.include({ deadLetters: 0 });
      const acts = await rig.store.db.selectFrom("audit").select("act").where("object", "=", id).execute();
      expect(acts.map(({ act }) => act)).to.include("dead-letter.retried");
    });

    it("cannot be tried once more while the subscription is over", async () => {
      const { id } = await buried();
      const n = (await letters(id)).items[0]?.n ?? 0;
      callback.receive = () => ({ status: 410 });
      await rig.happen();
      await stands("ended");
      expect((await problemOf(await retry(id, n))).code).to.equal("subscription-over");
    });

    it("has its three days though what was before it took its own", async () => {
      await subscribe();
      callback.receive = () => ({ status: 500 });
      const [first, second] = [await rig.happen(), await rig.happen()];
      await eventually(() => callback.deliveries().length >= 2);
      rig.advance(2 * DAY);
      const third = await rig.happen();
      const tries = callback.deliveries().length;
      await eventually(() => callback.deliveries().length > tries);
      rig.advance(DAY);
      // Both of the first day are dead now, each tried; the third has two days more.
      await eventually(async () => (await one()).deadLetters === 2);
      await eventually(() => ids().at(-1) === third);
      expect(new Set(ids())).to.deep.equal(new Set([first, second, third]));
      callback.receive = () => ({ status: 204 });
      await idle();
      expect((await one()).deadLetters).to.equal(2);
      expect(ids().at(-1)).to.equal(third);
    });

    it("is kept though the node itself stood still so long", async () => {
      await subscribe();
      await rig.subscriptions.stop();
      callback.receive = () => ({ status: 500 });
      const id = await rig.happen();
      rig.advance(4 * DAY);
      rig.replica();
      await eventually(() => callback.deliveries().length >= 3);
      expect((await one()).deadLetters).to.equal(0);
      callback.receive = () => ({ status: 204 });
      await idle();
      expect(ids().at(-1)).to.equal(id);
    });
  });
});
