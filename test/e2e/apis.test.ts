import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import express from "express";

import { openChannel } from "../../src/channels/open-channel.ts";
import type { Channel } from "../../src/channels/channel.ts";
import { contractMessage } from "../../src/channels/evm/encode.ts";
import { messageId } from "../../src/domain/message.ts";
import { parseMultihash } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { channelServer } from "../../src/http/channel-server.ts";
import { startServer, type HttpServer } from "../../src/http/server.ts";
import { roles } from "../../src/identity/caller.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { deployTestChannel, nameHash } from "../channels/evm/test-channel.ts";
import { acquitted, attached, au, cn, created, message, phytosanitary } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type World } from "./world.ts";

const NDJSON = { "content-type": "application/x-ndjson" };

/**
 * The APIs of PROTOCOL §5 on two running nodes. Australia's node has its channel in another process, over HTTP, so that
 * everything here crosses the plug-in interface too. One network for all tests; each speaks of subjects of its own.
 */
eachStore(
  "the APIs of two countries' nodes",
  (_openFresh, source) => {
    describe("over one EVM channel, which one of them reaches over HTTP", function () {
      this.timeout(90_000);
      let directory: string;
      let world: World;
      /** Of Australia's node. */
      let url: string;
      let australia: Officer;
      let china: Officer;
      let admin: Officer;
      let store: Store;
      let served: Channel;
      let server: HttpServer;

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "icl-apis-"));
        world = await startWorld();
        const theirs = await world.configure(cn, "CN", await source.freshLocation());
        const ours = await world.configure(au, "AU", await source.freshLocation());
        // The process that serves Australia's channel, with a database and keys of its own.
        store = await openStore({ database: await source.freshLocation(), participant: au });
        served = await openChannel(world.channel.options(au, { kind: "immediate" }), { store });
        const token = randomUUID();
        const file = join(directory, "channel.token");
        await writeFile(file, token, { mode: 0o600 });
        server = await startServer(
          express().use(channelServer(served, token)),
          { host: "127.0.0.1", port: 0 },
          { requestSeconds: 60, connections: 100 },
        );
        const { id: channelId } = served.description;
        ({ officer: china } = await world.start(theirs));
        ({ officer: australia } = await world.start({
          ...ours,
          channels: [{ technology: "remote", url: server.url, channelId, token: { file } }],
        }));
        url = ours.publicUrl;
        admin = await world.officer(ours, roles);
        for (const officer of [australia, china]) {
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
        }
      });

      after(async () => {
        await world.close();
        await server.close(0);
        await served.close();
        await store.close();
        await rm(directory, { recursive: true, force: true });
      });

      const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
      const document = (officer: Officer) => officer.store(json({ salt: randomUUID() }), "application/json");
      const read = async (officer: Officer, path: string) => {
        const response = await officer.request(path);
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      };
      const listed = async (officer: Officer, query: string) =>
        (await read(officer, `/messages?${query}`)).body.items as MessageRecord[];

      it("Channel: a certificate goes its whole way through a channel in another process", async () => {
        const subject = `remote:${randomUUID()}`;
        const issue = { receiver: cn, subject, predicate: created, obj: await document(australia) };
        const id = await australia.send(issue);
        expect(await australia.until(id, "delivered")).to.include({ channelId: served.description.id });
        await china.until(id, "available");
        const use = { receiver: au, subject, predicate: acquitted, obj: await document(china) };
        const acquittal = await china.send(use);
        await australia.until(acquittal, "available");
        expect((await australia.message(id))?.certificate).to.include({ acquittedBy: acquittal });
        const twice = await australia.send({ ...issue, obj: await document(australia) });
        expect(await australia.reason(twice)).to.equal("CertificateAlreadyIssued");
      });

      it("Document: stored once, read whole, in part or not at all if unchanged, by those it was opened to", async () => {
        const bytes = json({ salt: randomUUID() });
        const obj = await australia.store(bytes, "application/json");
        expect(await australia.store(bytes, "application/json")).to.equal(obj);
        const path = `/documents/${obj}`;
        const whole = await australia.request(path);
        expect(new Uint8Array(await whole.arrayBuffer())).to.deep.equal(bytes);
        expect(whole.headers.get("content-disposition")).to.match(/^attachment/);
        expect(whole.headers.get("x-content-type-options")).to.equal("nosniff");
        expect(whole.headers.get("cache-control")).to.contain("immutable");
        const etag = whole.headers.get("etag") ?? "";
        const unchanged = await australia.request(path, { headers: { "if-none-match": etag } });
        expect(unchanged.status).to.equal(304);
        const part = await australia.request(path, { headers: { range: "bytes=2-5" } });
        expect([part.status, await part.text()]).to.deep.equal([
          206,
          Buffer.from(bytes).toString().slice(2, 6),
        ]);
        const head = await australia.request(path, { method: "HEAD" });
        expect(head.headers.get("content-length")).to.equal(String(bytes.length));

        expect((await china.request(path)).status, "before it is sent").to.equal(404);
        expect(await australia.readers(obj)).to.deep.equal([]);
        const early = await admin.request(`${path}/acl/${cn}`, { method: "POST" });
        expect(early.status, "nobody opens what no message names").to.equal(422);
        await early.body?.cancel();
        const id = await australia.send({ receiver: cn, subject: "document:1", predicate: attached, obj });
        await china.until(id, "available");
        expect(await australia.readers(obj)).to.deep.equal([cn]);
        expect((await china.read(obj)).bytes).to.deep.equal(bytes);
        const again = await admin.request(`${path}/acl/${cn}`, { method: "POST" });
        expect(again.status, "and again by hand where one does").to.be.oneOf([200, 201, 204]);
        await again.body?.cancel();
      });

      it("Document: many in one request, a bad one spoils no other", async () => {
        const line = (content: string) => JSON.stringify({ mediaType: "application/json", content });
        const good = Array.from({ length: 3 }, () =>
          line(Buffer.from(json(randomUUID())).toString("base64")),
        );
        const body = [good[0], "{", good[1], line("no base64!"), good[2]].join("\n");
        const response = await australia.request("/documents/batch", {
          method: "POST",
          headers: NDJSON,
          body,
        });
        const answers = (await response.text()).trim().split("\n");
        const parsed = answers.map(
          (each) => JSON.parse(each) as { line: number; status: number; multihash?: string },
        );
        expect(parsed.map(({ line: number, status }) => [number, status])).to.deep.equal([
          [1, 201],
          [2, 400],
          [3, 201],
          [4, 400],
          [5, 201],
        ]);
        for (const { multihash } of parsed) {
          if (multihash !== undefined) expect((await australia.read(multihash)).status).to.equal(200);
        }
      });

      it("Message: new, known, listed by each member, page by page, and withdrawn while nothing is signed", async () => {
        const subject = `message:${randomUUID()}`;
        const draft = { receiver: "CN", subject, predicate: attached, obj: await document(australia) };
        const fresh = await australia.post(draft);
        expect(fresh.status).to.equal(202);
        const { id } = fresh.body as MessageRecord;
        expect((await australia.post(draft)).status).to.equal(200);
        await china.until(id, "available");
        const second = await australia.send({ ...draft, obj: await document(australia) });
        await china.until(second, "available");

        const about = `subject=${encodeURIComponent(subject)}`;
        for (const query of [
          about,
          `${about}&predicate=${attached}`,
          `${about}&sender=${au}`,
          `${about}&receiver=${cn}`,
          `${about}&direction=incoming`,
          `${about}&status=available`,
        ]) {
          expect(
            (await listed(china, query)).map((each) => each.id),
            query,
          ).to.deep.equal([id, second]);
        }
        expect(await listed(china, `${about}&direction=outgoing`)).to.deep.equal([]);
        const page = await read(china, `/messages?${about}&limit=1`);
        expect((page.body.items as MessageRecord[]).map((each) => each.id)).to.deep.equal([id]);
        const next = await read(china, `/messages?${about}&limit=1&after=${String(page.body.next)}`);
        expect((next.body.items as MessageRecord[]).map((each) => each.id)).to.deep.equal([second]);
        expect(next.body.next).to.equal(null);

        world.evm.setReachable(false);
        const waiting = await australia.send({ ...draft, subject: `${subject}:waits` });
        const withdrawn = await australia.request(`/messages/${waiting}/withdraw`, { method: "POST" });
        expect(withdrawn.status).to.equal(200);
        expect(((await withdrawn.json()) as MessageRecord).status).to.equal("withdrawn");
        world.evm.setReachable(true);
        const late = await australia.request(`/messages/${id}/withdraw`, { method: "POST" });
        expect(late.status, "what is delivered is not taken back").to.equal(409);
        await late.body?.cancel();
        await eventually(async () => (await australia.request("/health/ready")).status === 200);
        const anew = await australia.post({ ...draft, subject: `${subject}:waits` });
        expect(anew, "posting it again is a new attempt").to.have.property("status", 202);
        await china.until(waiting, "available");
      });

      it("Message: a type that is not batchable goes singly, however many are sent at once", async () => {
        const obj = await document(australia);
        const lines = [1, 2, 3].map((number) =>
          JSON.stringify({ receiver: cn, subject: `single:${number}`, predicate: phytosanitary, obj }),
        );
        const response = await australia.request("/messages/batch", {
          method: "POST",
          headers: NDJSON,
          body: lines.join("\n"),
        });
        const answers = (await response.text()).trim().split("\n");
        const transactions = new Set<string | null>();
        for (const each of answers) {
          const { id, status } = JSON.parse(each) as { id: string; status: number };
          expect(status).to.equal(202);
          const record = await australia.until(id, "delivered");
          expect(record).not.to.have.property("batch");
          transactions.add(record.channelTxnId);
        }
        expect(transactions.size).to.equal(3);
      });

      it("Registry: channels by country and type are open to all, and every change is told", async () => {
        const ask = async (path: string) => {
          const response = await fetch(`${url}${path}`);
          return (await response.json()) as Record<string, unknown>;
        };
        const found = await ask(`/channels?country.eq=CN&predicate.eq=${created}`);
        expect(found.items).to.have.length(1);
        const [channel] = found.items as Record<string, unknown>[];
        expect(channel).to.include({
          id: served.description.id,
          status: "active",
          type: "test",
          successor: null,
        });
        expect((await ask("/channels?country.eq=FR")).items).to.deep.equal([]);
        expect((await ask("/channels?predicate.eq=no.such.type")).items).to.deep.equal([]);

        const { contract } = world.channel;
        const changes = async () => {
          const path = `/channels/${encodeURIComponent(served.description.id)}/changes?limit=1000`;
          return (await ask(path)).items as unknown[];
        };
        const before = (await changes()).length;
        await (await contract.suspend(nameHash(cn))).wait();
        await eventually(async () => (await changes()).length === before + 1);
        await (await contract.reinstate(nameHash(cn))).wait();
        await eventually(async () => (await changes()).length === before + 2);
      });

      it("Operations: health, the API's own description and page, and measures for administrators", async () => {
        for (const path of ["/health/live", "/health/ready", "/openapi.json", "/docs"]) {
          const response = await fetch(`${url}${path}`);
          expect(response.status, path).to.equal(200);
          await response.body?.cancel();
        }
        const measures = await admin.request("/metrics");
        expect(measures.status).to.equal(200);
        expect(await measures.text()).to.contain(served.description.id);
        const refused = await australia.request("/metrics");
        expect(refused.status).to.equal(403);
        await refused.body?.cancel();
      });

      it("a number issued on two channels counts once: the later is a duplicate, said so, and not acquitted", async () => {
        const second = await deployTestChannel(world.evm);
        const config = await world.configure(cn, "CN", await source.freshLocation());
        const first = config.channels.find((channel) => channel.technology === "evm");
        if (first === undefined) throw new Error("There is a channel.");
        const { address, codeHash, fromBlock } = second.options(cn, { kind: "immediate" });
        // A further node of China's, on both channels.
        const keys = {
          ...first,
          address,
          codeHash,
          fromBlock,
          nodeKey: { file: join(directory, "cn2.node") },
        };
        const operatorKey = { file: join(directory, "cn2.operator") };
        await writeFile(keys.nodeKey.file, second.nodeKeys.get(cn)?.privateKey ?? "", { mode: 0o600 });
        await writeFile(operatorKey.file, second.operators.get(cn)?.privateKey ?? "", { mode: 0o600 });
        const both = await world.start({ ...config, channels: [first, { ...keys, operatorKey }] });
        await eventually(async () => (await both.officer.request("/health/ready")).status === 200);

        const subject = parseSubject(`twice:${randomUUID()}`);
        const obj = await document(australia);
        const id = await australia.send({ receiver: cn, subject, predicate: created, obj });
        await both.officer.until(id, "available");
        const other = message({ subject, obj: parseMultihash(await document(australia)) });
        const signer = second.operators.get(au)?.connect(second.contract.runner?.provider ?? null);
        await (await second.contract.connect(signer).send(contractMessage(other))).wait();
        const later = messageId(other);
        await eventually(async () => (await both.officer.message(later))?.certificate?.duplicate === true);
        expect((await both.officer.message(id))?.certificate).to.include({ duplicate: false });
        const said = await fetch(`${both.config.publicUrl}/verify/${other.obj}?message=${later}`);
        expect(((await said.json()) as { verdict: string }).verdict).to.equal("duplicate");
        const use = { receiver: au, subject, predicate: acquitted, obj: await document(both.officer) };
        const acquittal = await both.officer.send(use);
        await both.officer.until(acquittal, "delivered");
        expect((await both.officer.message(id))?.certificate).to.include({ acquitted: true });
        expect((await both.officer.message(later))?.certificate).to.include({ acquitted: false });
      });
    });
  },
  "suite",
);
