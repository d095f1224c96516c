import { expect } from "chai";

import type { MessageRecord } from "../../src/messages/message-record.ts";
import { forgetNotifications } from "../../src/subscriptions/notification-repository.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { icl, type Outcome } from "../cli/icl.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";

/** One thing that is stuck, as the node tells it. */
interface Item {
  readonly kind: string;
  readonly id: string;
  readonly since: string;
  readonly code: string;
  readonly channel: string | null;
  readonly actions: readonly string[];
}

eachStore(
  "an operator",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("of two nodes with one channel", () => {
      let world: World;
      let system: CallbackServer;
      let australia: Country;
      let china: Country;
      let obj: string;
      const tokens = new Map<string, string>();
      const channelId = () => `eip155:31337:${world.channel.address.toLowerCase()}`;

      const ready = ({ officer }: Country) =>
        eventually(async () => (await officer.request("/health/ready")).status === 200);

      /** Calls the command line as an administrator of a country's node. */
      const call = ({ config }: Country, ...args: readonly string[]): Promise<Outcome> =>
        icl(args, {
          env: { ICL_NODE: config.publicUrl, ICL_TOKEN: tokens.get(config.participant) ?? "" },
        });
      const stuck = async (country: Country, minutes = 10): Promise<readonly Item[]> => {
        const { participant, publicUrl } = country.config;
        const headers = { authorization: `Bearer ${tokens.get(participant) ?? ""}` };
        const response = await fetch(`${publicUrl}/operations/stuck?minutes=${minutes}`, { headers });
        return ((await response.json()) as { items: Item[] }).items;
      };
      /** Waits until something is listed as stuck. */
      const listed = async (country: Country, is: (item: Item) => boolean, minutes?: number) => {
        let found: Item | undefined;
        await eventually(async () => (found = (await stuck(country, minutes)).find(is)) !== undefined);
        return found ?? expect.fail();
      };
      const acts = async ({ config }: Country, act: string) => {
        const admin = await world.officer(config, ["admin"]);
        const response = await admin.request(`/audit?act=${act}`);
        return (
          (await response.json()) as { items: { message?: string; subscription?: string; detail: object }[] }
        ).items;
      };
      const draft = (subject: string) => ({ receiver: cn, subject, predicate: attached, obj });
      const lastReason = ({ journal }: MessageRecord) => journal.at(-1)?.reason;

      before(async function () {
        this.timeout(120_000);
        system = await startCallbackServer();
        world = await startWorld();
        australia = await world.start(await world.configure(au, "AU", await source.freshLocation()));
        china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
        for (const country of [australia, china]) {
          await ready(country);
          const { participant } = country.config;
          const token = await world.issuer.mint({
            ...{ subject: "root", audience: participant, roles: ["admin"], lifetimeSeconds: 3_600 },
          });
          tokens.set(participant, token);
        }
        obj = await australia.officer.store(Buffer.from("{}"), "application/json");
      });

      after(async () => {
        await world.close();
        await system.close();
      });

      it("sees why a message waits, and gives it up with a reason while nothing is signed for it", async () => {
        const { officer } = australia;
        expect(await stuck(australia)).to.deep.equal([]);
        world.evm.setReachable(false);
        const id = await officer.send(draft("example:waits:1"));
        const item = await listed(australia, (each) => each.id === `message:${id}`);
        expect(item).to.deep.include({ kind: "message", code: "ledger-unreachable", channel: channelId() });
        expect(item.actions).to.deep.equal(["retry", "give-up"]);
        const { out } = await call(australia, "stuck", "--json");
        expect(JSON.parse(out)).to.deep.include({ id: item.id, code: item.code });
        expect((await call(australia, "retry", id)).code).to.equal(0);

        const done = await call(australia, "give-up", item.id, "--reason", "sent by mistake");
        expect(done.code, done.err).to.equal(0);
        const failed = await officer.until(id, "failed");
        expect(lastReason(failed)).to.deep.equal({ code: "given-up", detail: "sent by mistake" });
        expect(await stuck(australia)).to.deep.equal([]);
        const [act] = await acts(australia, "message.given-up");
        expect(act?.message).to.equal(id);
        expect(act?.detail).to.deep.equal({ reason: "sent by mistake" });
        const again = await call(australia, "retry", id);
        expect(again.code).to.equal(3);
        expect(again.err).to.contain("post it again");

        // What was given up may be posted again, as what has failed by itself.
        world.evm.setReachable(true);
        expect((await officer.post(draft("example:waits:1"))).status).to.equal(202);
        await officer.until(id, "delivered");
      }).timeout(120_000);

      it("cannot give up what is signed, and sees its transaction", async () => {
        const { officer } = australia;
        await world.evm.send("evm_setAutomine", [false]);
        const id = await officer.send(draft("example:signed:1"));
        const item = await listed(
          australia,
          ({ kind, code }) => kind === "transaction" && code === "not-in-a-block",
          0,
        );
        expect(item.actions).to.deep.equal([]);
        const refused = await call(australia, "give-up", id, "--reason", "too late");
        expect(refused.code).to.equal(3);
        expect(refused.err).to.contain("signed");
        expect((await officer.message(id))?.status).to.equal("pending");
        await world.evm.send("evm_mine");
        await world.evm.send("evm_setAutomine", [true]);
        await officer.until(id, "delivered");
        await eventually(async () => (await stuck(australia, 0)).length === 0);
      }).timeout(120_000);

      it("sees which document is not fetched, gives it up, and has it fetched after all", async () => {
        await world.evm.send("evm_setAutomine", [false]);
        const other = await australia.officer.store(Buffer.from('{"page":2}'), "application/json");
        const id = await australia.officer.send({ ...draft("example:fetched:1"), obj: other });
        await listed(australia, ({ kind, code }) => kind === "transaction" && code === "not-in-a-block", 0);
        await australia.node.close();
        await world.evm.send("evm_mine");
        await world.evm.send("evm_setAutomine", [true]);

        // What was sent before may be under way, too.
        const item = await listed(china, ({ id: each }) => each === `fetch:${id}:${channelId()}`);
        expect(item.kind).to.equal("fetch");
        expect(item.code).to.equal("peer-unreachable");
        const done = await call(china, "give-up", item.id, "--reason", "they closed");
        expect(done.code, done.err).to.equal(0);
        const ended = await china.officer.until(id, "fetch-failed");
        expect(lastReason(ended)).to.deep.equal({ code: "given-up", detail: "they closed" });
        const { actions } = await listed(
          china,
          ({ id: each, code }) => each === item.id && code === "given-up",
        );
        expect(actions).to.deep.equal(["retry"]);

        australia = await world.start(australia.config);
        await ready(australia);
        expect((await call(china, "retry", item.id)).code).to.equal(0);
        await china.officer.until(id, "available");
        await eventually(async () => (await stuck(china)).length === 0);
        expect(await acts(china, "fetch.given-up")).to.have.length(1);
        expect(await acts(china, "fetch.retried")).to.have.length(1);
      }).timeout(120_000);

      it("replays events to a subscriber from an event on, in order, as far back as they are kept", async () => {
        const { officer, config } = australia;
        const form = new URLSearchParams({
          "hub.mode": "subscribe",
          "hub.topic": `${config.publicUrl}/topics/predicates/${attached}`,
          "hub.callback": `${system.url}/hook`,
        });
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        await officer.request("/subscriptions", { method: "POST", headers, body: form.toString() });
        const subscription = async () => {
          const response = await officer.request("/subscriptions");
          const { items } = (await response.json()) as { items: { id: string; state: string }[] };
          return items[0];
        };
        await eventually(async () => (await subscription())?.state === "active");
        const { id = "" } = (await subscription()) ?? {};
        for (const number of [1, 2, 3]) await officer.send(draft(`example:told:${number}`));
        // Each is sent, then delivered.
        await eventually(() => system.deliveries("/hook").length >= 6);
        const first = system.deliveries("/hook").map((event) => event.id);
        expect(first).to.deep.equal(first.toSorted((a, b) => a - b));

        const [, second = 0] = first;
        expect((await call(australia, "replay", id, "--after", String(second))).code).to.equal(0);
        await eventually(() => system.deliveries("/hook").length >= first.length + 4);
        expect(
          system
            .deliveries("/hook")
            .slice(first.length)
            .map((event) => event.id),
        ).to.deep.equal(first.slice(2));
        expect((await acts(australia, "subscription.replayed"))[0]?.subscription).to.equal(id);

        const stranger = await world.issuer.mint({
          ...{ subject: "somebody", audience: au, roles: ["subscriptions"], lifetimeSeconds: 600 },
        });
        const env = { ICL_NODE: config.publicUrl, ICL_TOKEN: stranger };
        expect((await icl(["replay", id, "--after", "0"], { env })).code).to.equal(3);
        const ahead = await call(australia, "replay", id, "--after", "999999999");
        expect(ahead.err).to.contain("has been told of events up to");

        // A callback that fails is listed, until it takes what it is told.
        system.receive = () => ({ status: 500 });
        await officer.send(draft("example:told:4"));
        const item = await listed(australia, ({ kind }) => kind === "subscription");
        expect(item).to.deep.include({ id: `subscription:${id}`, code: "callback-failing" });
        system.receive = () => ({ status: 204 });
        await eventually(async () => (await stuck(australia)).length === 0);

        const store = await source.open(config.store, au);
        await store.transact((db) => forgetNotifications(db, Date.now() + 1));
        const forgotten = await call(australia, "replay", id, "--after", "0", "--json");
        expect(forgotten.code).to.equal(3);
        expect(JSON.parse(forgotten.out)).to.include({ code: "events-forgotten", status: 410 });
      }).timeout(120_000);

      it("sees a channel that was stopped, which stays so until the node is started again", async () => {
        const snapshot = await world.evm.send("evm_snapshot");
        const id = await australia.officer.send(draft("example:final:1"));
        await australia.officer.until(id, "delivered");
        await world.evm.send("evm_revert", [snapshot]);
        for (let block = 0; block < 5; block += 1) await world.evm.send("evm_mine");
        const item = await listed(australia, ({ kind }) => kind === "channel");
        expect(item).to.deep.include({ id: `channel:${channelId()}`, code: "fork-below-final" });
        expect(item.actions).to.deep.equal(["restart"]);
        const refused = await call(australia, "retry", item.id);
        expect(refused.code).to.equal(3);
        expect(refused.err).to.contain("until the node is started again");
      }).timeout(120_000);
    });
  },
  "suite",
);
