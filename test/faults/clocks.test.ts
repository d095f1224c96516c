import { expect } from "chai";

import { createLogger } from "../../src/log.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { startPeer, type Peer } from "../documents/peer.ts";
import type { Officer } from "../e2e/officer.ts";
import { quickSubscriptions } from "../e2e/quick-timing.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { freePort } from "../../scripts/dev/free-port.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

eachStore(
  "nodes whose clocks are wrong",
  (_openFresh, source) => {
    describe("of two countries", () => {
      let world: World;
      let australia: Country;
      let china: Country;
      let system: CallbackServer;
      /** How far ahead each node's clock is, in milliseconds. */
      const ahead = { au: 0, cn: 0 };
      const lines: string[] = [];
      const peers: Peer[] = [];
      let notes = 0;

      const isReady = ({ officer }: Country) =>
        eventually(async () => (await officer.request("/health/ready")).status === 200);
      const asChina = {
        now: () => Date.now() + ahead.cn,
        subscriptions: { ...quickSubscriptions, housekeepingMs: 50 },
        log: createLogger({ level: "warn", write: (line) => void lines.push(line) }),
      };

      before(async function () {
        this.timeout(120_000);
        system = await startCallbackServer();
        world = await startWorld();
        australia = await world.start(await world.configure(au, "AU", await source.freshLocation()), {
          now: () => Date.now() + ahead.au,
        });
        china = await world.start(await world.configure(cn, "CN", await source.freshLocation()), asChina);
        await isReady(australia);
        await isReady(china);
        const answer = await china.officer.request("/subscriptions", {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({
            ...{ "hub.mode": "subscribe", "hub.topic": "UN.CEFACT.*", "hub.callback": `${system.url}/` },
          }).toString(),
        });
        expect(answer.status).to.equal(202);
        await eventually(async () => (await subscription()).state === "active");
      });
      after(async () => {
        await world.close();
        await system.close();
        for (const peer of peers) await peer.close();
      });
      afterEach(async () => {
        await setClocks({ au: 0, cn: 0 });
        system.receive = () => ({ status: 204 });
      });

      const setClocks = async (to: Partial<typeof ahead>) => {
        Object.assign(ahead, to);
        await announce(australia.config.publicUrl);
      };
      const announced = { url: "" };
      const announce = async (url: string) => {
        if (announced.url === url) return;
        const admin = world.channel.admins.get(au);
        if (admin === undefined) throw new Error("Australia has no admin.");
        await (await world.channel.contract.connect(admin).setEndpoint(nameHash(au), url)).wait();
        announced.url = url;
      };
      const subscription = async () => {
        const response = await china.officer.request("/subscriptions");
        const { items } = (await response.json()) as { items: { state: string; deadLetters: number }[] };
        const [first] = items;
        if (first === undefined) throw new Error("There is no subscription.");
        return first;
      };
      const send = async () => {
        const number = (notes += 1);
        const bytes = new TextEncoder().encode(JSON.stringify({ number, salt: Math.random() }));
        const obj = await australia.officer.store(bytes, "application/json");
        const draft = { receiver: cn, subject: `note:${number}`, predicate: attached, obj };
        return { obj, id: await australia.officer.send(draft) };
      };
      /** The messages that the subscriber was told can be read, in order, each once. */
      const told = () => [
        ...new Set(
          system
            .deliveries()
            .filter(({ type }) => type === "document.available")
            .map(({ message }) => message.id),
        ),
      ];
      const arrives = (ids: readonly string[]) =>
        eventually(() => ids.every((id) => told().includes(id)), {
          ...{ within: 30_000, what: "the subscriber is told of every document" },
        });

      it("exchange documents as long as they differ by no more than half a minute", async function () {
        this.timeout(120_000);
        for (const seconds of [25, -25]) {
          await setClocks({ cn: seconds * SECOND });
          const { id } = await send();
          const { journal } = await china.officer.until(id, "available");
          expect(journal.map(({ status }) => status)).to.deep.equal(["received", "fetching", "available"]);
          await arrives([id]);
        }
      });

      it("say so when they differ by more, show nothing meanwhile, and go on when the clock is right", async function () {
        this.timeout(120_000);
        for (const minutes of [10, -10]) {
          await setClocks({ cn: minutes * 60 * SECOND });
          const { id, obj } = await send();
          const { journal } = await china.officer.until(id, "fetch-failed");
          const reason = journal.at(-1)?.reason;
          expect(reason?.code).to.equal("clock-skew");
          expect(reason?.detail).to.match(/ by (59\d|60\d) s/);
          expect((await china.officer.read(obj)).status).to.equal(404);
          await setClocks({ cn: 0 });
          await china.officer.until(id, "available");
          await arrives([id]);
        }
      });

      it("lose and double nothing when a clock is set back by an hour, and refuse nobody", async function () {
        this.timeout(120_000);
        const ids = [(await send()).id, (await send()).id];
        await arrives(ids);
        await setClocks({ au: -HOUR, cn: -HOUR });
        ids.push((await send()).id, (await send()).id);
        await arrives(ids);
        expect(told().filter((id) => ids.includes(id))).to.have.members(ids);
        const record = await australia.officer.until(ids[2] ?? "", "delivered");
        expect(record.journal.map(({ status }) => status)).to.deep.equal(["pending", "sent", "delivered"]);
      });

      it("give nothing up when a clock leaps by days, and go on at once when it is set back", async function () {
        this.timeout(120_000);
        await announce("http://127.0.0.1:9"); // where nobody listens
        system.receive = () => ({ status: 500 });
        const { id } = await send();
        await china.officer.until(id, "fetch-failed");
        const before = system.deliveries().length;
        await eventually(() => system.deliveries().length > before);
        for (const days of [1, 4, 8]) {
          ahead.cn = days * DAY;
          const calls = system.calls.length;
          lines.length = 0;
          // With eight days ahead the subscription's time seems over, and nothing is delivered.
          if (days < 7) await eventually(() => system.calls.length > calls + 2);
          await eventually(() => lines.some((line) => line.includes("the clock leapt")));
          await eventually(() => lines.some((line) => line.includes("documents were not fetched")));
          ahead.cn = 0;
        }
        system.receive = () => ({ status: 204 });
        await announce(australia.config.publicUrl);
        await china.officer.until(id, "available");
        await arrives([id]);
        expect(await subscription()).to.include({ state: "active", deadLetters: 0 });
      });

      it("wait for no moment that a replica wrote down whose clock was a day ahead when it died", async function () {
        this.timeout(120_000);
        await china.node.close();
        const store = await source.open(china.config.store, cn);
        const tomorrow = Date.now() + DAY;
        await store.db.updateTable("lease").set({ owner: "dead", until: tomorrow }).execute();
        const leased = { due_at: tomorrow, lease_owner: "dead", lease_until: tomorrow };
        await store.db.updateTable("subscription").set(leased).execute();
        china = await world.start(china.config, asChina);
        const { id } = await send();
        await arrives([id]);
      });

      it("share the work of one node though its replicas differ by some seconds", async function () {
        if (china.config.store.technology !== "postgres") this.skip(); // on SQLite there are no replicas
        this.timeout(120_000);
        const port = await freePort(0);
        const other = await world.start(
          { ...china.config, listen: { ...china.config.listen, port } },
          { ...asChina, now: () => Date.now() + 20 * SECOND },
        );
        const ids: string[] = [];
        for (let count = 0; count < 12; count += 1) ids.push((await send()).id);
        await arrives(ids);
        const calls = system.deliveries().filter(({ type }) => type === "document.available");
        const counts = ids.map((id) => calls.filter(({ message }) => message.id === id).length);
        expect(Math.max(...counts), "taken over, but not fought over").to.be.lessThan(4);
        await china.node.close();
        const { id } = await send();
        await arrives([id]);
        china = await world.start(china.config, asChina);
        await other.node.close();
        await isReady(china);
      });

      it("accept a node's token once: not again, at a replica, elsewhere, or later, and put each attempt on record", async function () {
        this.timeout(120_000);
        const tokens: { path: string; authorization: string }[] = [];
        const recorder = await startPeer(({ url = "", headers }, response) => {
          tokens.push({ path: url, authorization: headers.authorization ?? "" });
          response.writeHead(404).end();
        });
        peers.push(recorder);
        await announce(recorder.url);
        const { id, obj } = await send();
        await australia.officer.until(id, "delivered");
        await eventually(() => tokens.length >= 3);
        const [first, second, third] = tokens;
        if (first === undefined || second === undefined || third === undefined) throw new Error("No token.");
        expect(first.path).to.equal(`/documents/${obj}`);
        const show = ({ authorization, path }: typeof first, at = australia.config.publicUrl) =>
          fetch(at + path, { headers: { authorization } });
        const refused = async (answer: Promise<Response>) => {
          const problem = await problemOf(await answer);
          return [problem.status, problem.code];
        };
        expect((await show(first)).status).to.equal(200);
        expect(await refused(show(first))).to.deep.equal([401, "token-replayed"]);
        if (australia.config.store.technology === "postgres") {
          const port = await freePort(0);
          const listen = { ...australia.config.listen, port };
          const replica = await world.start({ ...australia.config, listen });
          expect(await refused(show(first, replica.node.url))).to.deep.equal([401, "token-replayed"]);
          await replica.node.close();
        }
        const elsewhere = { ...second, path: `${second.path}/acl` };
        expect(await refused(show(elsewhere))).to.deep.equal([401, "token-invalid"]);
        const chinas = show(second, china.config.publicUrl);
        expect(await refused(chinas), "meant for another").to.deep.equal([401, "token-invalid"]);
        // An hour and a half after it was used the clock is set back, as by a wrong time zone.
        ahead.au = 1.5 * HOUR;
        expect(await refused(show(third))).to.deep.equal([401, "token-expired"]);
        ahead.au = 0;
        expect(await refused(show(first))).to.deep.equal([401, "token-replayed"]);
        expect((await show(second)).status, "the token itself was good").to.equal(200);

        const administrator: Officer = await world.officer(australia.config, ["admin"]);
        await eventually(async () => {
          const response = await administrator.request("/audit?act=access.refused&limit=1000");
          const text = await response.text();
          return ["token-replayed", "token-invalid", "token-expired"].every((code) => text.includes(code));
        });
        await announce(australia.config.publicUrl);
        await china.officer.until(id, "available");
      });
    });
  },
  "suite",
);
