import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect } from "chai";

import { parseSubject } from "../../src/domain/subject.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NotificationPayload } from "../../src/subscriptions/notification.ts";
import { subscriptionTiming } from "../../src/subscriptions/subscription.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { quickSubscriptions } from "../e2e/quick-timing.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { held } from "../held.ts";
import { eachStore } from "../store/each-store.ts";
import { confirming, startCallbackServer } from "../subscriptions/callback-server.ts";
import { EventReader } from "../subscriptions/event-reader.ts";
import { hubRig, topicAt } from "../subscriptions/hub-rig.ts";

const MEBIBYTE = 1024 * 1024;
const ANSWER_MS = 1_000;
const DEAD_AFTER_MS = 2_000;

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

/** A subscriber's own system: real HTTP on a port that it keeps while it is down. */
class Subscriber {
  /** What it does in place of taking a delivery; null where it is well. */
  fault: Fault | null = null;
  /** Numbers of the notifications it took, in the order in which it did. */
  readonly taken: number[] = [];
  /** When it was called, and where; taken or not. */
  readonly calls: { readonly at: number; readonly path: string; readonly id: number }[] = [];
  #server: Server | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async up(): Promise<void> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "/", headers } = request;
    const body = await text(request);
    const { searchParams: query } = new URL(path, this.url);
    if (method === "GET") {
      response.end(confirming({ method, path, query, headers, body }).body);
      return;
    }
    const { id } = JSON.parse(body) as NotificationPayload;
    this.calls.push({ at: performance.now(), path, id });
    if (this.fault !== null) {
      this.fault(request, response);
      return;
    }
    this.taken.push(id);
    response.writeHead(204).end();
  }
}

interface Subscription {
  readonly id: string;
  readonly callback: string;
  readonly state: string;
  readonly endedReason?: string;
  readonly lastFailure?: string;
  readonly deadLetters: number;
}

const failing =
  (status: number, headers: Record<string, string> = {}): Fault =>
  (_request, response) =>
    response.writeHead(status, headers).end();

eachStore(
  "subscribers that fail",
  (openFresh, source) => {
    describe("of one country", () => {
      let world: World;
      let australia: Country;
      const well = new Subscriber();
      const open: Subscriber[] = [well];
      let notes = 0;

      before(async function () {
        this.timeout(120_000);
        world = await startWorld();
        australia = await world.start(await world.configure(au, "AU", await source.freshLocation()), {
          subscriptions: { ...quickSubscriptions, answerMs: ANSWER_MS, deadLetterAfterMs: DEAD_AFTER_MS },
        });
        await eventually(async () => (await australia.officer.request("/health/ready")).status === 200);
        await well.up();
        await subscribe(well);
      });
      after(async () => {
        await world.close();
        for (const subscriber of open) await subscriber.down();
      });

      const subscriptionOf = async ({ url }: Subscriber) => {
        const response = await australia.officer.request("/subscriptions?limit=1000");
        const { items } = (await response.json()) as { items: Subscription[] };
        const found = items.find(({ callback }) => callback === `${url}/hook`);
        if (found === undefined) throw new Error("There is no such subscription.");
        return found;
      };
      const subscribe = async (subscriber: Subscriber) => {
        const form = { "hub.mode": "subscribe", "hub.topic": "UN.CEFACT.*" };
        const answer = await australia.officer.request("/subscriptions", {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ ...form, "hub.callback": `${subscriber.url}/hook` }).toString(),
        });
        expect(answer.status).to.equal(202);
        await eventually(async () => (await subscriptionOf(subscriber)).state === "active");
      };
      const newSubscriber = async () => {
        const subscriber = new Subscriber();
        open.push(subscriber);
        await subscriber.up();
        await subscribe(subscriber);
        return subscriber;
      };
      const send = async () => {
        const number = (notes += 1);
        const bytes = new TextEncoder().encode(JSON.stringify({ number }));
        const obj = await australia.officer.store(bytes, "application/json");
        return australia.officer.send({ receiver: cn, subject: `note:${number}`, predicate: attached, obj });
      };
      /** Sends some messages. @returns the notifications of them, as one is told who is well, within seconds */
      const happen = async (messages: number) => {
        const before = well.taken.length;
        const ids = [];
        for (let count = 0; count < messages; count += 1) ids.push(await send());
        for (const id of ids) await australia.officer.until(id, "delivered");
        const told = () => [...new Set(well.taken.slice(before))];
        await eventually(() => told().length === 2 * messages, {
          ...{ within: 15_000, what: "the other subscriber is told in time" },
        });
        return told();
      };
      const metric = async (name: string) => {
        const administrator = await world.officer(australia.config, ["admin"]);
        const lines = await (await administrator.request("/metrics")).text();
        const counts = lines.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, "gm"));
        return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
      };
      const tookAll = async (subscriber: Subscriber, told: readonly number[]) => {
        const first = () => [...new Set(subscriber.taken)];
        await eventually(() => first().length >= told.length, { what: "the backlog drains" });
        expect(first(), "in order, none skipped").to.deep.equal(told);
        expect((await subscriptionOf(subscriber)).deadLetters).to.equal(0);
      };

      const faults: Readonly<Record<string, Fault>> = {
        "answers 500": failing(500),
        "answers too late": (_request, response) => {
          setTimeout(() => response.writeHead(204).end(), 2 * ANSWER_MS).unref();
        },
        "never answers": () => undefined,
        "hangs up in the middle of its answer": ({ socket }) => {
          socket.end("HTTP/1.1 200 OK\r\ncontent-le");
        },
        "answers 500 without end": (_request, response) => {
          response.writeHead(500);
          const go = () => {
            while (!response.destroyed && response.write("x".repeat(16_384)));
            if (!response.destroyed) response.once("drain", go);
          };
          go();
        },
        "points elsewhere in a way that would lose the delivery": failing(302, { location: "/elsewhere" }),
        "points in a circle": failing(307, { location: "/hook" }),
      };
      for (const [what, fault] of Object.entries(faults)) {
        it(`lose nothing and hold up nobody: one that ${what}`, async function () {
          this.timeout(60_000);
          const subscriber = await newSubscriber();
          const failures = await metric("icl_delivery_failures_total");
          subscriber.fault = fault;
          const told = await happen(1);
          await eventually(async () => (await metric("icl_delivery_failures_total")) > failures);
          expect(new Set(subscriber.calls.map(({ id }) => id)).size, "no other before the first").to.equal(1);
          subscriber.fault = null;
          await tookAll(subscriber, told);
        });
      }

      it("lose nothing while they are down", async function () {
        this.timeout(60_000);
        const subscriber = await newSubscriber();
        await subscriber.down();
        const told = await happen(2);
        await eventually(async () => (await subscriptionOf(subscriber)).lastFailure !== undefined);
        await subscriber.up();
        await tookAll(subscriber, told);
      });

      it("are followed where they have moved to (307)", async function () {
        this.timeout(60_000);
        const subscriber = await newSubscriber();
        subscriber.fault = ({ url }, response) => {
          if (url !== "/hook") {
            subscriber.taken.push(subscriber.calls.at(-1)?.id ?? 0);
            response.writeHead(204).end();
            return;
          }
          response.writeHead(307, { location: "/new" }).end();
        };
        await tookAll(subscriber, await happen(1));
        expect(subscriber.calls.map(({ path }) => path)).to.include("/new");
      });

      for (const [form, value] of [
        ["seconds", () => "2"],
        ["a date", () => new Date(Date.now() + 3_000).toUTCString()],
      ] as const) {
        it(`are left alone for as long as they ask, in ${form} (429)`, async function () {
          this.timeout(60_000);
          const subscriber = await newSubscriber();
          let busy = true;
          subscriber.fault = (_request, response) => {
            failing(429, { "retry-after": value() })(_request, response);
            if (busy) subscriber.fault = null;
            busy = false;
          };
          const told = await happen(1);
          await tookAll(subscriber, told);
          const [first, second] = subscriber.calls;
          expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.greaterThan(1_900);
        });
      }

      it("are told nothing any more once they are gone (410)", async function () {
        this.timeout(60_000);
        const subscriber = await newSubscriber();
        subscriber.fault = failing(410);
        await happen(1);
        await eventually(async () => (await subscriptionOf(subscriber)).state === "ended");
        expect((await subscriptionOf(subscriber)).endedReason).to.equal("gone");
        const calls = subscriber.calls.length;
        await happen(1);
        expect(subscriber.calls).to.have.length(calls);
      });

      it("find what they did not take in time among the dead letters, and get it when they ask", async function () {
        this.timeout(60_000);
        const subscriber = await newSubscriber();
        const [letters, made] = [
          await metric("icl_dead_letters"),
          await metric("icl_dead_letters_made_total"),
        ];
        subscriber.fault = failing(500);
        const told = await happen(1);
        await eventually(async () => (await subscriptionOf(subscriber)).deadLetters === told.length);
        expect(await metric("icl_dead_letters")).to.equal(letters + told.length);
        expect(await metric("icl_dead_letters_made_total")).to.equal(made + told.length);
        subscriber.fault = null;
        const next = await happen(1);
        await eventually(() => new Set(subscriber.taken).size === next.length);
        const { id } = await subscriptionOf(subscriber);
        const listed = await australia.officer.request(`/subscriptions/${id}/dead-letters`);
        const { items } = (await listed.json()) as { items: { n: number }[] };
        expect(items.map(({ n }) => n)).to.deep.equal(told);
        for (const { n } of items) {
          const path = `/subscriptions/${id}/dead-letters/${n}/retry`;
          const answer = await australia.officer.request(path, { method: "POST" });
          expect(answer.status).to.equal(202);
        }
        await eventually(async () => (await subscriptionOf(subscriber)).deadLetters === 0);
        expect(new Set(subscriber.taken)).to.deep.equal(new Set([...next, ...told]));
        expect(await metric("icl_dead_letters")).to.equal(letters);
      });
    });

    describe("for a day", () => {
      it("lose nothing, are called every ten minutes at least, and get it all soon after", async function () {
        this.timeout(120_000);
        const { firstRetryMs, longestRetryMs, stoodStillMs } = subscriptionTiming;
        const rig = await hubRig(await openFresh(), { firstRetryMs, longestRetryMs, stoodStillMs });
        const callback = await startCallbackServer();
        try {
          const form = { "hub.mode": "subscribe", "hub.topic": topicAt("jurisdictions/CN") };
          await rig.hub({ ...form, "hub.callback": callback.url });
          await eventually(async () => (await rig.list())[0]?.state === "active");
          callback.receive = () => ({ status: 503 });
          const ids = [await rig.happen(), await rig.happen()];
          const start = rig.now();
          for (let tries = 0; rig.now() - start < 24 * 3_600_000;) {
            const row = () => rig.store.db.selectFrom("subscription").selectAll().executeTakeFirstOrThrow();
            await eventually(async () => {
              const { tries: made, lease_until: until } = await row();
              return made > tries && until === 0;
            });
            const { due_at: dueAt, tries: made } = await row();
            tries = made;
            expect(dueAt - rig.now()).to.be.at.most(longestRetryMs);
            rig.advance(dueAt - rig.now());
          }
          expect((await rig.list())[0]).to.include({ state: "active", deadLetters: 0 });
          callback.receive = () => ({ status: 204 });
          rig.advance(longestRetryMs);
          await eventually(() => callback.deliveries().at(-1)?.message.id === ids[1]);
          const order = callback.deliveries().map(({ message }) => message.id);
          expect([...new Set(order)]).to.deep.equal(ids);
        } finally {
          await rig.close();
          await callback.close();
        }
      });
    });
  },
  "suite",
);

describe("subscribers that read no events", () => {
  it("cost no memory, and get all of them once they read", async function () {
    this.timeout(120_000);
    const EVENTS = 20_000;
    const directory = await mkdtemp(join(tmpdir(), "icl-slow-"));
    const database = { technology: "sqlite", file: join(directory, "node.db") } as const;
    const store = await openStore({ database, participant: au });
    const rig = await hubRig(store);
    const { port } = new URL(rig.server.url);
    const slow = connect(Number(port), "127.0.0.1");
    try {
      const messageId = await rig.happen({ message: { subject: parseSubject("x".repeat(200)) } });
      await once(slow, "connect");
      slow.write("GET /events HTTP/1.1\r\nhost: icl\r\nauthorization: Bearer reader\r\n\r\n");
      await once(slow, "readable"); // its stream has begun; from here on it reads nothing
      const reader = new EventReader(await rig.ask("/events", "reader"));
      const before = held();
      const row = { type: "message.sent", at: rig.now(), message_id: messageId, channel_id: "c" };
      for (let written = 0; written < EVENTS; written += 1_000) {
        const rows = Array.from({ length: 1_000 }, () => ({ ...row, jurisdiction: "CN" }));
        await store.db.insertInto("notification").values(rows).execute();
      }
      await eventually(() => reader.events.length >= EVENTS, { what: "a reader that reads gets all" });
      const bytes = reader.events.reduce((sum, { data }) => sum + data.length, 0);
      await reader.close();
      reader.events.length = 0;
      expect(bytes).to.be.greaterThan(11 * MEBIBYTE);
      // What the other reader took is let go by and by; what is kept for the slow one would stay.
      const small = () => held() - before < 4 * MEBIBYTE;
      await eventually(small, { within: 20_000, every: 500, what: "little is held" });

      let events = 0;
      let rest = "";
      slow.on("data", (piece) => {
        const lines = (rest + piece.toString()).split("\n");
        rest = lines.pop() ?? "";
        events += lines.filter((line) => line === "event: message.sent").length;
      });
      await eventually(() => events >= EVENTS, { what: "the slow reader gets all, too" });
    } finally {
      slow.destroy();
      await rig.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
