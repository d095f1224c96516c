import { Readable } from "node:stream";

import { expect } from "chai";
import { Router } from "express";

import { AccessRefusals } from "../../src/audit/access-refusals.ts";
import { checkExported } from "../../src/audit/audit-export.ts";
import { actorOf, type Act } from "../../src/audit/act.ts";
import { recordActs } from "../../src/audit/audit-repository.ts";
import { AuditSealer } from "../../src/audit/audit-sealer.ts";
import { multihashOf, type Digest } from "../../src/domain/multihash.ts";
import { auditRouter } from "../../src/http/audit-router.ts";
import { requireUser } from "../../src/http/caller.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { silentLogger } from "../../src/log.ts";
import type { Store } from "../../src/store/store.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, node, user } from "./test-callers.ts";

const officer = user("officer", "messages:read");
const china = node("customs.gov.cn");
const digest = "ab".repeat(32) as Digest;
const messageId = `0x${"cd".repeat(32)}`;
const START = Date.parse("2026-06-01T00:00:00Z");

eachStore("GET /audit", (openFresh) => {
  describe("over HTTP", () => {
    let store: Store;
    let server: HttpServer;
    let refusals: AccessRefusals;

    beforeEach(async () => {
      store = await openFresh();
      refusals = new AccessRefusals(store, silentLogger, () => START);
      const locked = Router().get("/messages", (_request, response) => {
        requireUser(response, "messages:read");
        response.json({ items: [], next: null });
      });
      server = await serve(
        authenticateAs({ admin: user("root", "admin"), officer, clerk: user("clerk"), china }),
        [auditRouter(store), locked],
        {
          onRefused: (refusal) => {
            refusals.record(refusal);
          },
        },
      );
    });

    afterEach(() => server.close());

    const get = (as: string | null, path: string, headers: Record<string, string> = {}) =>
      fetch(server.url + path, {
        headers: { ...(as === null ? {} : { authorization: `Bearer ${as}` }), ...headers },
      });
    const list = async (query = "") => {
      const response = await get("admin", `/audit${query}`);
      if (response.status !== 200) throw new Error(await response.text());
      return (await response.json()) as { items: Record<string, unknown>[]; next: string | null };
    };
    const write = () => {
      const read: Act = { act: "document.read", actor: actorOf(china), at: START, object: digest };
      return recordActs(store.db, [
        read,
        { ...read, actor: actorOf(officer), at: START + 1_000 },
        { ...read, act: "message.accepted", actor: actorOf(officer), at: START + 2_000, object: messageId },
      ]);
    };

    it("shows who did what to what, the newest first, with its place in the chain", async () => {
      await write();
      await new AuditSealer({ store, owner: "x", log: silentLogger, now: Date.now }).sealAll();
      const { items, next } = await list();
      expect(next).to.equal(null);
      expect(items.map(({ act, position }) => [act, position])).to.deep.equal([
        ["message.accepted", 3],
        ["document.read", 2],
        ["document.read", 1],
      ]);
      expect(items[0]).to.deep.include({
        at: "2026-06-01T00:00:02.000Z",
        actor: { kind: "user", issuer: "https://id.gov.au", subject: "officer" },
        message: messageId,
      });
      expect(items[2]).to.deep.include({
        actor: { kind: "node", participant: "customs.gov.cn", account: "0x01" },
        document: multihashOf(digest),
      });
    });

    it("finds acts by what, who, what about and when, and pages through them", async () => {
      await write();
      const found = async (query: string) => (await list(query)).items.map(({ id }) => id);
      expect(await found("?act=document.read")).to.deep.equal(["2", "1"]);
      expect(await found(`?actor=${encodeURIComponent("https://id.gov.au officer")}`)).to.deep.equal([
        "3",
        "2",
      ]);
      expect(await found("?actor=customs.gov.cn")).to.deep.equal(["1"]);
      expect(await found(`?document=${multihashOf(digest)}`)).to.deep.equal(["2", "1"]);
      expect(await found(`?message=${messageId}`)).to.deep.equal(["3"]);
      expect(await found("?since=2026-06-01T00:00:01Z&until=2026-06-01T00:00:02Z")).to.deep.equal(["2"]);
      const first = await list("?limit=2");
      expect(first.items.map(({ id }) => id)).to.deep.equal(["3", "2"]);
      const second = await list(`?limit=2&after=${first.next ?? ""}`);
      expect(second.items.map(({ id }) => id)).to.deep.equal(["1"]);
      expect(second.next).to.equal(null);
    });

    it("is for administrators alone", async () => {
      expect((await get(null, "/audit")).status).to.equal(401);
      for (const as of ["officer", "china"]) {
        expect(await problemOf(await get(as, "/audit"))).to.include({ status: 403, code: "not-allowed" });
      }
    });

    it("is exported whole, in the order of the chain, and the export is on record", async () => {
      await write();
      await new AuditSealer({ store, owner: "one", log: silentLogger, now: () => START }).sealAll();
      const chained = await store.db.selectFrom("audit").select("hash").orderBy("position").execute();
      const response = await get("admin", "/audit/export");
      expect(response.headers.get("content-type")).to.equal("application/x-ndjson");
      const lines = (await response.text()).trimEnd().split("\n");
      const hashes = lines.map((line) => (JSON.parse(line) as { hash: string }).hash);
      expect(hashes).to.deep.equal(chained.map(({ hash }) => hash));
      expect((await checkExported(Readable.from(lines))).fault).to.equal(null);
      const { items } = await list("?act=audit.exported");
      expect(items[0]).to.deep.include({
        actor: { kind: "user", issuer: "https://id.gov.au", subject: "root" },
      });
      for (const as of ["officer", "clerk", "china"]) {
        expect(await problemOf(await get(as, "/audit/export"))).to.include({ code: "not-allowed" });
      }
      expect(await problemOf(await get(null, "/audit/export"))).to.include({ code: "token-missing" });
    });

    it("refuses what is no filter", async () => {
      for (const query of [
        "?act=document.burnt",
        "?document=QmNope",
        "?message=12",
        "?since=yesterday-at-five-o-clock",
        "?limit=0",
        "?limit=1001",
        "?after=x",
        "?color=red",
        `?document=${multihashOf(digest)}&message=${messageId}`,
      ]) {
        expect((await problemOf(await get("admin", `/audit${query}`))).status, query).to.equal(400);
      }
    });

    it("has refused attempts on record, with who, where from and under which request", async () => {
      await get(null, "/messages?secret=1");
      await get("clerk", "/messages", { "x-request-id": "request-of-clerk" });
      await refusals.settled();
      const { items } = await list("?act=access.refused");
      expect(items[1]).to.deep.include({
        actor: { kind: "unknown", address: "127.0.0.1" },
        detail: { code: "token-missing", method: "GET", path: "/messages", address: "127.0.0.1" },
      });
      expect(items[0]).to.deep.include({
        actor: { kind: "user", issuer: "https://id.gov.au", subject: "clerk" },
        requestId: "request-of-clerk",
      });
      expect((await list("?requestId=request-of-clerk")).items).to.have.length(1);
    });

    it("keeps strangers from filling the database, and counts what it leaves out", async () => {
      let at = START;
      const few = new AccessRefusals(store, silentLogger, () => at);
      const refusal = {
        caller: null,
        address: "203.0.113.9",
        code: "token-missing",
        method: "GET",
        path: "/",
      };
      for (let count = 0; count < 500; count += 1) few.record(refusal);
      at += 60_000;
      few.record(refusal);
      await few.settled();
      const { items } = await list("?actor=203.0.113.9&limit=1000");
      expect(items).to.have.length(121);
      expect(items.map(({ detail }) => (detail as { leftOutBefore?: number }).leftOutBefore)).to.include(380);
    });
  });
});
