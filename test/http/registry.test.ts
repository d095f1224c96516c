import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { Problem } from "../../src/domain/problems.ts";
import { registryRouter } from "../../src/http/registry-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import {
  acquitted,
  attached,
  au,
  cn,
  created,
  endpointOf,
  messageTypes,
  nz,
  sg,
} from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig, type TestClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";

interface ChannelBody {
  readonly id: string;
  readonly participants: readonly { readonly domain: string }[];
  readonly changeLog: {
    readonly items: readonly { readonly kind: string; readonly record: Record<string, unknown> }[];
    readonly next: string | null;
  };
}

interface ListBody {
  readonly items: readonly ChannelBody[];
  readonly next: string | null;
}

eachStore("the registry of channels", (openFresh) => {
  // Its own suite, so that the server is stopped before its database is deleted.
  describe("over HTTP", () => {
    let clock: TestClock;
    let rig: Rig;
    let server: HttpServer | null;

    beforeEach(() => {
      clock = testClock();
      server = null;
    });

    afterEach(() => server?.close());

    const publish = async (ledgers: readonly MemoryLedger[], requestsPerMinute = 1_000): Promise<void> => {
      const channels = ledgers.map((each) => channelOf(each, au));
      rig = await rigOf({ store: await openFresh(au), clock, channels });
      const registry = registryRouter({
        db: rig.store.db,
        channels: () => channels.map(({ description }) => description),
        prefer: "production",
      });
      // Nobody is let in: what answers is open to everybody.
      server = await serve(() => Promise.reject(new Problem("token-invalid", "No.")), [], {
        openRouters: [registry],
        limits: {
          messageBytes: 65_536,
          requestsPerMinute: 1_000,
          anonymousRequestsPerMinute: requestsPerMinute,
        },
      });
    };

    const get = (path: string) => fetch(`${server?.url ?? ""}${path}`);
    const list = async (query = "") => (await (await get(`/channels${query}`)).json()) as ListBody;
    const ids = async (query = "") => (await list(query)).items.map(({ id }) => id);
    const read = async (path: string) => (await (await get(path)).json()) as ChannelBody;

    it("shows to everybody what a channel is, who is on it, and what it takes", async () => {
      const until = Math.floor(clock.now() / 1000) + 86_400;
      const one = ledgerOf(clock, { name: "one", terms: { name: "CHAFTA", validUntil: until } });
      one.closeMessageType(attached);
      await publish([one]);
      const { changeLog, ...record } = await read(`/channels/${one.id}`);
      expect(record).to.deep.equal({
        ...{ id: one.id, name: "CHAFTA", status: "active", type: "test" },
        ...{ technology: "memory", network: "memory", opaqueSubjects: false },
        validity: { from: null, until: new Date(until * 1000).toISOString() },
        ...{ predecessor: null, successor: null },
        participants: [
          { domain: cn, jurisdiction: "CN", status: "active", endpoint: endpointOf(cn) },
          { domain: sg, jurisdiction: "SG", status: "active", endpoint: endpointOf(sg) },
          { domain: nz, jurisdiction: "NZ", status: "invited", endpoint: null },
          { domain: au, jurisdiction: "AU", status: "active", endpoint: endpointOf(au) },
        ],
        messageTypes: [...messageTypes]
          .map(({ predicate, effect, batchable, target }) => ({
            ...{ predicate, effect, batchable, closed: predicate === attached, target },
          }))
          .sort((a, b) => (a.predicate < b.predicate ? -1 : 1)),
      });
      expect(changeLog.next).to.equal(null);
      const [only] = (await list()).items;
      expect(only).to.deep.include(record);
    });

    it("tells each change of status, participant and type, in ledger order, with time and transaction", async () => {
      const one = ledgerOf(clock, { name: "one" });
      await publish([one]);
      clock.advance(60_000);
      one.suspend(sg);
      one.withdrawInvitation(nz);
      one.deprecate("memory:two");
      one.retire();
      await rig.follow();
      const { changeLog, ...record } = await read(`/channels/${one.id}`);
      expect(record).to.include({ status: "retired", successor: "memory:two" });
      expect(record.participants.map(({ domain }) => domain)).to.deep.equal([cn, sg, au]);
      const at = new Date(clock.now()).toISOString();
      const last = changeLog.items.slice(-4);
      expect(last.map(({ kind, record: changed }) => ({ kind, ...changed }))).to.deep.equal([
        {
          ...{ kind: "participant", domain: sg, jurisdiction: "SG" },
          ...{ status: "suspended", endpoint: endpointOf(sg) },
        },
        { kind: "participant", domain: nz, jurisdiction: "NZ", status: "withdrawn", endpoint: null },
        { kind: "status", status: "deprecated", successor: "memory:two" },
        { kind: "status", status: "retired", successor: "memory:two" },
      ]);
      for (const change of last) {
        expect(change).to.deep.include({ at });
        expect(change)
          .to.have.property("channelTxnId")
          .that.matches(/^0x[0-9a-f]{64}$/);
      }
      const heights = changeLog.items.map((change) => (change as unknown as { height: number }).height);
      expect(heights).to.deep.equal([...heights].sort((a, b) => a - b));
    });

    it("tells nothing that is not final yet", async () => {
      const one = ledgerOf(clock, { name: "one", finality: { kind: "confirmations", blocks: 2 } });
      one.mine(2);
      await publish([one]);
      const before = await read(`/channels/${one.id}`);
      one.deprecate(null);
      await rig.follow();
      expect(await read(`/channels/${one.id}`)).to.deep.equal(before);
      one.mine(2);
      await rig.follow();
      expect(await read(`/channels/${one.id}`)).to.include({ status: "deprecated" });
    });

    it("gives a long change log page by page", async () => {
      const one = ledgerOf(clock, { name: "one" });
      await publish([one]);
      const whole = (await read(`/channels/${one.id}`)).changeLog;
      expect(whole.next).to.equal(null);
      const beginning = (await list()).items[0]?.changeLog;
      expect(beginning?.items).to.deep.equal(whole.items.slice(0, 10));
      const rest = await get(`/channels/${one.id}/changes?after=${beginning?.next ?? ""}`);
      expect(await rest.json()).to.deep.equal({ items: whole.items.slice(10), next: null });
      const walked = [];
      let after = "";
      for (;;) {
        const response = await get(`/channels/${one.id}/changes?limit=3${after}`);
        const page = (await response.json()) as ChannelBody["changeLog"];
        expect(page.items.length).to.be.within(1, 3);
        walked.push(...page.items);
        if (page.next === null) break;
        after = `&after=${page.next}`;
      }
      expect(walked).to.deep.equal(whole.items);
    });

    it("finds the channels of a country and of a message type", async () => {
      const [one, two] = [ledgerOf(clock, { name: "one" }), ledgerOf(clock, { name: "two" })];
      one.withdrawInvitation(nz);
      one.admit(nz, "NZ" as never);
      one.accept(nz, endpointOf(nz));
      two.suspend(cn);
      await publish([one, two]);
      expect(await ids()).to.deep.equal([one.id, two.id]);
      expect(await ids("?country.eq=NZ"), "one that is merely invited is not there").to.deep.equal([one.id]);
      expect(await ids("?country.eq=CN"), "one that is suspended is").to.deep.equal([one.id, two.id]);
      expect(await ids("?country.eq=FR")).to.deep.equal([]);
      expect(await ids(`?predicate.eq=${created}`)).to.deep.equal([one.id, two.id]);
      expect(await ids("?predicate.eq=no.such.type")).to.deep.equal([]);
      expect(await ids(`?country.eq=NZ&predicate.eq=${encodeURIComponent(acquitted)}`)).to.deep.equal([
        one.id,
      ]);
    });

    it("lists first the channel that would be taken, and gives a long list page by page", async () => {
      const soon = Math.floor(clock.now() / 1000) + 86_400;
      const real = ledgerOf(clock, { name: "e-real", terms: { type: "production" } });
      const short = ledgerOf(clock, { name: "a-short", terms: { type: "production", validUntil: soon } });
      const old = ledgerOf(clock, { name: "b-old", terms: { type: "production" } });
      const [trial, other] = [ledgerOf(clock, { name: "c-trial" }), ledgerOf(clock, { name: "d-trial" })];
      old.deprecate(null);
      await publish([other, old, trial, short, real]);
      const order = [real.id, short.id, trial.id, other.id, old.id];
      expect(await ids()).to.deep.equal(order);
      const walked = [];
      let after = "";
      for (;;) {
        const page = await list(`?limit=2${after}`);
        walked.push(...page.items.map(({ id }) => id));
        if (page.next === null) break;
        after = `&after=${page.next}`;
      }
      expect(walked).to.deep.equal(order);
    });

    it("refuses what is not asked as documented, and knows no channel that it is not on", async () => {
      await publish([ledgerOf(clock, { name: "one" })]);
      for (const query of [
        "?country.eq=China",
        "?predicate.eq=",
        "?limit=0",
        "?limit=1001",
        "?after=xx",
        `?after=${Buffer.from('["active","test","soon","x"]').toString("base64url")}`,
        "?country=CN",
      ]) {
        expect((await problemOf(await get(`/channels${query}`))).code, query).to.equal("malformed-request");
      }
      const cursor = Buffer.from('[-1,"0"]').toString("base64url");
      expect((await problemOf(await get(`/channels/memory:one/changes?after=${cursor}`))).status).to.equal(
        400,
      );
      for (const path of ["/channels/memory:two", "/channels/memory:two/changes"]) {
        expect((await problemOf(await get(path))).code, path).to.equal("not-found");
      }
    });

    it("limits how often a stranger asks", async () => {
      await publish([ledgerOf(clock, { name: "one" })], 2);
      expect([(await get("/channels")).status, (await get("/channels")).status]).to.deep.equal([200, 200]);
      const refused = await get("/channels");
      expect(refused.status).to.equal(429);
      expect(Number(refused.headers.get("retry-after"))).to.be.greaterThan(0);
    });
  });
});
