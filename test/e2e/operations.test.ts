import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

import { expect } from "chai";

import { checkAudit } from "../../src/audit/audit-chain.ts";
import { createLogger } from "../../src/log.ts";
import { startNode, type Node } from "../../src/node.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { MortalNode } from "./mortal-node.ts";
import type { Officer } from "./officer.ts";
import { quickFetching, quickTiming } from "./quick-timing.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

interface ShownAct {
  readonly act: string;
  readonly actor: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly requestId?: string;
}

eachStore("operating two countries' nodes", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over one EVM channel", () => {
    let world: World;
    let nodes: Node[];
    let mortal: MortalNode | null;

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      nodes = [];
      mortal = null;
    });

    afterEach(async () => {
      await mortal?.kill();
      for (const node of nodes) await node.close();
      await world.close();
    });

    const configure = async (participant: typeof au, jurisdiction: string) =>
      world.configure(participant, jurisdiction, await source.freshLocation());
    const actsOf = async (administrator: Officer, query: string) => {
      const response = await administrator.request(`/audit?${query}`);
      if (response.status !== 200) throw new Error(await response.text());
      return ((await response.json()) as { items: ShownAct[] }).items.toReversed();
    };

    it("shows who did what, keeps and erases documents, tells its measures, and lets a refused message be traced", async function () {
      this.timeout(180_000);
      const lines: string[] = [];
      const config = await configure(au, "AU");
      nodes.push(
        await startNode(config, {
          log: createLogger({ level: "info", write: (line) => lines.push(line) }),
          timing: quickTiming,
          fetching: quickFetching,
          validateResponses: true,
        }),
      );
      const officer = await world.officer(config);
      const administrator = await world.officer(config, ["admin"]);
      const china: Country = await world.start(await configure(cn, "CN"));

      // A certificate goes its way; every step of its document is on record, on both sides.
      const content = json({ wines: "red", salt: "0123456789abcdef" });
      const obj = await officer.store(content, "application/json");
      const subject = "urn:uuid:6c1f0ef2-3b7e-4a53-9d0f-2a6f4f0c9a11";
      const draft = { receiver: cn, subject, predicate: created, obj };
      const posted = await officer.request("/messages", {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": "first-of-june" },
        body: JSON.stringify(draft),
      });
      const { id } = (await posted.json()) as MessageRecord;
      await china.officer.until(id, "available");
      await officer.until(id, "delivered");
      const there = await actsOf(administrator, `document=${obj}`);
      expect(
        there.map(({ act, actor }) => [act, actor.subject ?? actor.participant ?? actor.name]),
      ).to.deep.equal([
        ["document.stored", "officer-7"],
        ["document.opened", "ledger"],
        ["document.read", cn],
      ]);
      const [accepted] = await actsOf(administrator, `message=${id}`);
      expect(accepted).to.deep.include({ act: "message.accepted", requestId: "first-of-june" });
      const here = await actsOf(await world.officer(china.config, ["admin"]), `document=${obj}`);
      expect(here.map(({ act }) => act)).to.deep.equal(["document.fetched"]);
      expect((await officer.request("/audit")).status, "not for everybody").to.equal(403);

      // Held, it cannot be erased; released, it is, and says so; the receiver keeps what it was given.
      const hold = () =>
        administrator.request(`/documents/${obj}/hold`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ reason: "Investigation 118" }),
        });
      const erase = () =>
        administrator.request(`/documents/${obj}?reason=Court+order+7`, { method: "DELETE" });
      expect((await hold()).status).to.equal(200);
      expect((await erase()).status).to.equal(409);
      expect((await administrator.request(`/documents/${obj}/hold`, { method: "DELETE" })).status).to.equal(
        204,
      );
      expect((await erase()).status).to.equal(200);
      expect((await officer.read(obj)).status).to.equal(410);
      const record = await officer.message(id);
      expect(record).to.have.nested.property("documentErased.reason");
      expect(record, "the ledger's trace stays").to.deep.include({ status: "delivered", obj });
      expect(await china.officer.read(obj)).to.deep.equal({ status: 200, bytes: content });

      // Refused by the ledger: the id leads from the log to the request that posted it. No content is in the log.
      const forged = await officer.store(
        json({ wines: "white", salt: "fedcba9876543210" }),
        "application/json",
      );
      const again = await officer.request("/messages", {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": "second-of-june" },
        body: JSON.stringify({ ...draft, obj: forged }),
      });
      const refused = (await again.json()) as MessageRecord;
      expect(await officer.reason(refused.id)).to.be.oneOf([
        "CertificateAlreadyIssued",
        "certificate-already-issued",
      ]);
      const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const about = written.filter((line) => line.messageId === refused.id);
      expect(about.find(({ message }) => message === "message accepted")).to.include({
        requestId: "second-of-june",
      });
      expect(about.find(({ message }) => message === "message failed")).to.have.property("reason");
      expect(lines.join("")).not.to.match(/wines|fedcba9876543210|eyJ[\w-]{10}/);

      const metrics = await (await administrator.request("/metrics")).text();
      expect(metrics).to.match(/icl_channel_final_height\{channel="[^"]+"\} \d+/);
      expect(metrics).to.match(/icl_message_transitions_total\{status="failed"\} 1/);
      expect(metrics).to.match(
        /icl_http_request_seconds_count\{method="POST",route="\/messages",status="202"\} 2/,
      );
      expect(metrics).not.to.match(/6c1f0ef2|officer-7/);

      // What was put on record is chained when the node has stopped.
      for (const node of nodes.splice(0)) await node.close();
      const store = await source.open(config.store, au);
      const check = await checkAudit(store.db);
      expect(check).to.deep.include({ fault: null, unsealed: 0 });
      expect(check.head.position).to.be.greaterThan(8);
    });

    it("stops gracefully on SIGTERM: an upload under way ends, streams are closed, nothing accepted is lost", async function () {
      this.timeout(120_000);
      const config = await configure(au, "AU");
      mortal = new MortalNode(config, dirname(config.documents.directory));
      await mortal.start();
      const officer = await world.officer(config);
      const token = await world.issuer.mint({
        ...{ subject: "officer-7", audience: au, lifetimeSeconds: 3_600 },
        roles: ["documents:write", "messages:read", "subscriptions"],
      });
      const authorization = `Bearer ${token}`;
      const stream = await fetch(`${config.publicUrl}/events?topic=${encodeURIComponent("UN.CEFACT.*")}`, {
        headers: { authorization },
      });
      expect(stream.status).to.equal(200);
      const ended = stream.text();
      const upload = httpRequest(`${config.publicUrl}/documents`, {
        method: "POST",
        headers: { authorization, "content-type": "text/plain" },
      });
      const answered = once(upload, "response") as Promise<[IncomingMessage]>;
      upload.write("slowly ");
      const incoming = join(config.documents.directory, "incoming");
      await eventually(async () => (await readdir(incoming)).length === 1);
      const stopped = mortal.stop();
      await ended;
      // Nothing new is taken any more, whoever asks.
      await eventually(async () => (await fetch(`${config.publicUrl}/health/ready`)).status === 503);
      await eventually(async () => (await officer.request("/messages")).status === 503);
      upload.end("but whole");
      const [response] = await answered;
      expect(response.statusCode).to.equal(201);
      const { multihash } = JSON.parse(await text(response)) as { multihash: string };
      expect(await stopped).to.equal(0);
      expect(await rejection(fetch(config.publicUrl))).to.be.instanceOf(TypeError);

      await mortal.start();
      const read = await officer.read(multihash);
      expect(Buffer.from(read.bytes).toString()).to.equal("slowly but whole");
    });
  });
});
