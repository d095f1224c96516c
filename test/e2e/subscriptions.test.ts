import { createHmac } from "node:crypto";

import { expect } from "chai";

import type { NotificationPayload } from "../../src/subscriptions/notification.ts";
import { acquitted, attached, au, cn, created, revoked } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { EventReader } from "../subscriptions/event-reader.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
const secret = "between customs.gov.cn and its own system";

eachStore("subscribers of two countries", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over one EVM channel", () => {
    let world: World;
    let australia: Country;
    let china: Country;
    let system: CallbackServer;
    const streams: EventReader[] = [];

    beforeEach(async function () {
      this.timeout(60_000);
      system = await startCallbackServer();
      world = await startWorld();
      australia = await world.start(await world.configure(au, "AU", await source.freshLocation()));
      china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(async () => {
      for (const stream of streams.splice(0)) await stream.close();
      await world.close();
      await system.close();
    });

    const askHub = (officer: Officer, url: string, form: Readonly<Record<string, string>>) =>
      officer.request(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
      });

    const stateOf = async (officer: Officer) => {
      const response = await officer.request("/subscriptions");
      const { items } = (await response.json()) as { items: { state: string; endedReason?: string }[] };
      return items[0];
    };

    /** Does what W3C WebSub asks of a subscriber: discovers the hub from the topic, asks it, confirms. */
    const subscribe = async ({ officer, config }: Country, topic: string, mode = "subscribe") => {
      const found = await officer.request(topic, { method: "HEAD" });
      const [, hub = "", self = ""] =
        /^<([^>]+)>; rel="hub", <([^>]+)>; rel="self"$/.exec(found.headers.get("link") ?? "") ?? [];
      expect(self).to.equal(config.publicUrl + topic);
      const asked = system.questions().length;
      const form = { "hub.mode": mode, "hub.topic": self, "hub.callback": `${system.url}/hook?for=cn` };
      const answer = await askHub(officer, hub.slice(config.publicUrl.length), {
        ...form,
        "hub.secret": secret,
      });
      expect(answer.status).to.equal(202);
      await eventually(() => system.questions().length > asked);
      await eventually(async () => (await stateOf(officer))?.state !== "pending");
    };

    const listen = async ({ officer }: Country, query = "", lastEventId?: string) => {
      const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
      const stream = new EventReader(await officer.request(`/events${query}`, { headers }));
      streams.push(stream);
      return stream;
    };

    const told = (payloads: readonly NotificationPayload[]) =>
      payloads.map(({ type, message: { id } }) => [type, id]);
    const heard = ({ events }: EventReader) =>
      events.map(({ data }) => JSON.parse(data) as NotificationPayload);

    it("are told of a certificate from its issue to its revocation, by callback and by stream", async function () {
      this.timeout(120_000);
      await subscribe(china, "/topics/jurisdictions/AU");
      const stream = await listen(australia, "?topic=UN.CEFACT.*");
      const subject = "chamber.com.au:chafta-coo:WBC208899";
      const obj = await australia.officer.store(json({ certificate: 1 }), "application/json");
      const issue = { receiver: cn, subject, predicate: created, obj };

      const id = await australia.officer.send(issue);
      await eventually(() => system.deliveries().length === 2, { what: "China is told that it can be read" });
      expect((await china.officer.read(obj)).status, "what is announced is there").to.equal(200);
      const evidence = await china.officer.store(json({ entry: 1 }), "application/json");
      const used = await china.officer.send({ receiver: au, subject, predicate: acquitted, obj: evidence });
      await eventually(() => stream.events.length === 5, { what: "Australia hears of the use" });
      const twin = await australia.officer.store(json({ certificate: 2 }), "application/json");
      const twice = await australia.officer.send({ ...issue, obj: twin });
      await eventually(() => stream.events.length === 6, { what: "Australia hears of the failure" });
      const why = await australia.officer.store(json({ reason: "fraud" }), "application/json");
      const gone = await australia.officer.send({ ...issue, predicate: revoked, obj: why });
      await eventually(() => system.deliveries().length === 8 && stream.events.length === 9);

      const atChina = told(system.deliveries());
      expect(atChina.slice(0, 2)).to.deep.equal([
        ["message.received", id],
        ["document.available", id],
      ]);
      expect(atChina.slice(2, 5)).to.deep.equal([
        ["message.sent", used],
        ["message.delivered", used],
        ["certificate.acquitted", used],
      ]);
      expect(atChina.slice(5)).to.deep.equal([
        ["message.received", gone],
        ["certificate.revoked", gone],
        ["document.available", gone],
      ]);
      expect(told(heard(stream))).to.deep.equal([
        ["message.sent", id],
        ["message.delivered", id],
        ["message.received", used],
        ["certificate.acquitted", used],
        ["document.available", used],
        ["message.failed", twice],
        ["message.sent", gone],
        ["message.delivered", gone],
        ["certificate.revoked", gone],
      ]);
      for (const call of system.calls.filter(({ method }) => method === "POST")) {
        const signature = createHmac("sha256", secret).update(call.body).digest("hex");
        expect(call.headers["x-hub-signature"]).to.equal(`sha256=${signature}`);
        expect(call.path).to.equal("/hook?for=cn");
        expect(call.headers.link).to.contain(`<${china.config.publicUrl}/subscriptions>; rel="hub"`);
      }
      for (const [index, { id: seq, type }] of heard(stream).entries()) {
        expect(stream.events[index]).to.include({ id: String(seq), event: type });
      }

      await subscribe(china, "/topics/jurisdictions/AU", "unsubscribe");
      await eventually(async () => (await stateOf(china.officer))?.endedReason === "unsubscribed");
    });

    it("lose nothing while they, or their node, are down, and get it in order", async function () {
      this.timeout(120_000);
      await subscribe(china, "/topics/predicates/UN.CEFACT.*");
      const first = await listen(china);
      const send = async (number: number) => {
        const obj = await australia.officer.store(json({ number }), "application/json");
        const draft = { receiver: cn, subject: `note:${number}`, predicate: attached, obj };
        const id = await australia.officer.send(draft);
        await australia.officer.until(id, "delivered");
        return id;
      };
      system.receive = () => ({ status: 503 });
      const ids = [await send(0), await send(1)];
      await eventually(() => system.deliveries().length > 2 && first.events.length >= 2);
      await china.node.close();
      await eventually(() => first.ended);
      const lastEventId = first.events.at(-1)?.id;
      ids.push(await send(2), await send(3));
      const again = await world.start(china.config);
      const rest = await listen(again, "", lastEventId);
      for (const id of ids) await again.officer.until(id, "available");
      system.receive = () => ({ status: 200 });

      const received = (payloads: readonly NotificationPayload[]) => [
        ...new Set(
          payloads.filter(({ type }) => type === "message.received").map(({ message }) => message.id),
        ),
      ];
      await eventually(() => received(system.deliveries()).length === 4);
      await eventually(() => heard(first).length + heard(rest).length === 8);
      expect(received(system.deliveries())).to.deep.equal(ids);
      const streamed = [...heard(first), ...heard(rest)].map(({ id }) => id);
      expect(streamed).to.deep.equal([...new Set(streamed)].sort((a, b) => a - b));
      await eventually(() => new Set(system.deliveries().map(({ id }) => id)).size === 8);
      const accepted = [...new Set(system.deliveries().map(({ id }) => id))];
      expect(accepted).to.deep.equal(streamed);
    });

    it("have no callback inside the network of a node in production", async function () {
      this.timeout(60_000);
      await china.node.close();
      const node = await world.start({ ...china.config, mode: "production" });
      for (const callback of [system.url, "https://localhost/", "https://169.254.169.254/"]) {
        const form = { "hub.mode": "subscribe", "hub.topic": "*", "hub.callback": callback };
        const answer = await askHub(node.officer, "/subscriptions", form);
        expect(await problemOf(answer)).to.include({ status: 400, code: "callback-refused" });
      }
      expect(system.calls).to.deep.equal([]);
    });
  });
});
