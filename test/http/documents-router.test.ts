import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { openToReceiver, recordDocument, recordIntent } from "../../src/documents/document-repository.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import type { MessageId } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Digest, type Multihash } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Store } from "../../src/store/store.ts";
import { insertMessage } from "../documents/message-row.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, home, node, user } from "./test-callers.ts";

const china = parseDomain("customs.gov.cn");
const certificate = Buffer.from('{"number":"WBC208897","salt":"b1946ac92492d2347c6235b4d2611184"}');
const digestFor = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as Digest;
const maxBytes = 3_000_000;

const callers = {
  officer: user("officer", "documents:write", "messages:read"),
  clerk: user("clerk", "documents:write"),
  reader: user("reader", "messages:read"),
  sender: user("sender", "messages:write"),
  admin: user("admin", "admin", "messages:read"),
  cn: node("customs.gov.cn"),
  sg: node("customs.gov.sg"),
  cnElsewhere: node("customs.gov.cn", "another"),
};

eachStore("Document API", (openFresh) => {
  let directory: string;
  let store: Store;
  let server: HttpServer;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-documents-"));
    store = await openFresh();
    const files = await FileStore.open(directory);
    const router = documentsRouter({ store, files, maxBytes, now: Date.now });
    server = await serve(authenticateAs(callers), [router]);
  });
  afterEach(async () => {
    await server.close(0);
    await rm(directory, { recursive: true, force: true });
  });

  type Name = keyof typeof callers;
  const call = (
    as: Name | null,
    path: string,
    init: Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) =>
    fetch(server.url + path, {
      ...init,
      headers: { ...(as === null ? {} : { authorization: `Bearer ${as}` }), ...init.headers },
    });
  const upload = (as: Name, body: Uint8Array, headers: Record<string, string> = {}) =>
    call(as, "/documents", {
      method: "POST",
      body: Buffer.from(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const stored = async (body: Uint8Array = certificate): Promise<Multihash> => {
    const answer = (await (await upload("officer", body)).json()) as { multihash: Multihash };
    return answer.multihash;
  };
  const openTo = async (multihash: Multihash, participant = china) => {
    const messageId = `0x${digestFor(Buffer.from(multihash + participant))}` as MessageId;
    await recordIntent(store.db, { messageId, digest: digestOf(multihash), participant });
    const digest = digestOf(multihash);
    await insertMessage(store.db, { id: messageId, digest, sender: home, receiver: participant });
    await openToReceiver(store.db, { messageId, at: 1_764_000_000_000 });
    return messageId;
  };
  const documentCount = async () => (await store.db.selectFrom("document").selectAll().execute()).length;
  const reads = () =>
    store.db
      .selectFrom("audit")
      .select(["object", "actor_kind", "actor", "account"])
      .where("act", "=", "document.read")
      .orderBy("seq")
      .execute();
  const unfinished = () => readdir(join(directory, "incoming"));
  const pathOf = (digest: string) => join(directory, "content", digest.slice(0, 2), digest);

  describe("storing", () => {
    it("answers 201 with multihash, size and media type, and where to read it", async () => {
      const response = await upload("officer", certificate, { "content-type": "application/pdf; v=1" });
      expect(response.status).to.equal(201);
      const multihash = multihashOf(digestFor(certificate));
      expect(await response.json()).to.deep.equal({
        multihash,
        size: certificate.length,
        mediaType: "application/pdf; v=1",
      });
      const where = new URL(response.headers.get("location") ?? "", `${server.url}/documents`);
      expect(where.href).to.equal(`${server.url}/documents/${multihash}`);
    });

    it("answers the same for bytes already there, whoever brings them and whatever they are called", async () => {
      const first = await (await upload("officer", certificate)).text();
      const again = await upload("clerk", certificate, { "content-type": "text/plain" });
      expect(again.status).to.equal(201);
      expect(await again.text()).to.equal(first);
      expect(await documentCount()).to.equal(1);
    });

    it("takes any media type, and octet-stream for none", async () => {
      const types = ["image/png", "application/x-www-form-urlencoded", "text/csv;header=present", ""];
      for (const [index, type] of types.entries()) {
        const response = await upload("officer", Buffer.from(`body ${index}`), { "content-type": type });
        expect(response.status, type).to.equal(201);
        expect(((await response.json()) as { mediaType: string }).mediaType).to.equal(
          type === "" ? "application/octet-stream" : type,
        );
      }
    });

    it("takes chunks without a length", async () => {
      const outgoing = httpRequest(`${server.url}/documents`, {
        method: "POST",
        headers: { authorization: "Bearer officer", "content-type": "text/plain" },
      });
      for (const part of ["one ", "two ", "three"]) outgoing.write(part);
      outgoing.end();
      const answer = await new Promise<string>((resolve, reject) => {
        outgoing.on("response", (incoming) => void text(incoming).then(resolve, reject));
        outgoing.on("error", reject);
      });
      expect(JSON.parse(answer)).to.include({
        multihash: multihashOf(digestFor(Buffer.from("one two three"))),
        size: 13,
      });
    });

    it("refuses a caller without the right, another participant's node and a stranger", async () => {
      const refusals = [
        ["sender", 403, "not-allowed"],
        ["reader", 403, "not-allowed"],
        ["cn", 403, "not-allowed"],
      ] as const;
      for (const [as, status, code] of refusals) {
        expect(await problemOf(await upload(as, certificate))).to.include({ status, code });
      }
      const stranger = await call(null, "/documents", { method: "POST", body: "x" });
      expect(await problemOf(stranger)).to.include({ status: 401, code: "token-missing" });
      expect(await documentCount()).to.equal(0);
    });

    it("refuses one past the limit, announced or not, and keeps nothing of it", async () => {
      const announced = await upload("officer", Buffer.alloc(maxBytes + 1));
      expect(await problemOf(announced)).to.include({ status: 413, code: "document-too-large" });

      const endless = httpRequest(`${server.url}/documents`, {
        method: "POST",
        headers: { authorization: "Bearer officer", "content-type": "text/plain" },
      });
      endless.on("error", () => undefined); // the node stops listening; what counts is its answer
      const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        endless.on("response", (incoming) => {
          text(incoming).then((body) => {
            resolve({ status: incoming.statusCode, body });
          }, reject);
        });
      });
      const chunk = Buffer.alloc(64 * 1024);
      const feeding = setInterval(() => endless.write(chunk), 1);
      const { status, body } = await answered;
      clearInterval(feeding);
      endless.destroy();
      expect(status).to.equal(413);
      expect(JSON.parse(body)).to.include({ code: "document-too-large", maxBytes });
      expect(await documentCount()).to.equal(0);
      expect(await unfinished()).to.deep.equal([]);
    });

    it("refuses an empty body, a malformed media type, a form and an encoding", async () => {
      expect(await problemOf(await upload("officer", Buffer.alloc(0)))).to.include({
        code: "document-empty",
      });
      const headers = [
        { "content-type": "pdf" },
        { "content-type": "multipart/form-data; boundary=x" },
        { "content-encoding": "gzip" },
      ];
      for (const each of headers) {
        expect(await problemOf(await upload("officer", certificate, each))).to.include({
          status: 415,
          code: "media-type-unsupported",
        });
      }
      expect(await documentCount()).to.equal(0);
    });

    it("keeps nothing of an upload that breaks off", async () => {
      const { port } = new URL(server.url);
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(
        "POST /documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer officer\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nhalf",
      );
      while ((await unfinished()).length === 0) await delay(5);
      socket.destroy();
      while ((await unfinished()).length > 0) await delay(5);
      expect(await documentCount()).to.equal(0);
      expect((await upload("officer", certificate)).status, "and the node goes on").to.equal(201);
    });
  });

  describe("reading", () => {
    it("gives the bytes as an attachment that nobody guesses at, runs or shares", async () => {
      const multihash = await stored();
      const response = await call("reader", `/documents/${multihash}`);
      expect(response.status).to.equal(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(certificate)).to.equal(true);
      expect(Object.fromEntries(response.headers)).to.include({
        "content-type": "application/json",
        "content-length": String(certificate.length),
        "content-disposition": `attachment; filename="${multihash}"`,
        "x-content-type-options": "nosniff",
        etag: `"${multihash}"`,
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=31536000, immutable",
      });
      expect(response.headers.get("content-security-policy")).to.contain("sandbox");
    });

    it("sends a page that could run scripts as it was stored, yet as an attachment in a sandbox", async () => {
      const page = Buffer.from("<script>alert(1)</script>");
      await upload("officer", page, { "content-type": "text/html" });
      const response = await call("reader", `/documents/${multihashOf(digestFor(page))}`);
      expect(response.headers.get("content-type")).to.equal("text/html");
      expect(response.headers.get("content-disposition")).to.match(/^attachment/);
      expect(response.headers.get("content-security-policy")).to.match(/default-src 'none'.*sandbox/);
    });

    it("answers HEAD with the same headers and no bytes, and takes it for no read", async () => {
      const multihash = await stored();
      const response = await call("reader", `/documents/${multihash}`, { method: "HEAD" });
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-length")).to.equal(String(certificate.length));
      expect(response.headers.get("etag")).to.equal(`"${multihash}"`);
      expect(await response.text()).to.equal("");
      expect(await reads()).to.deep.equal([]);
    });

    it("knows the hash in every form a peer may write it in", async () => {
      // A digest whose base64 has a slash, so that it must be percent-encoded.
      let body = certificate;
      const base64Of = (bytes: Uint8Array) =>
        Buffer.concat([Buffer.from([0x12, 0x20]), createHash("sha256").update(bytes).digest()]).toString(
          "base64",
        );
      for (let n = 0; !base64Of(body).includes("/"); n++) body = Buffer.from(`body ${n}`);
      await stored(body);
      const base64 = base64Of(body);
      const forms = [
        base64,
        base64.replace(/=+$/, ""),
        Buffer.from(base64, "base64").toString("base64url"),
        `1220${digestFor(body)}`,
        `f1220${digestFor(body)}`,
        `F1220${digestFor(body).toUpperCase()}`,
        `M${base64}`,
      ];
      for (const form of forms) {
        const response = await call("reader", `/documents/${encodeURIComponent(form)}`);
        expect(response.status, form).to.equal(200);
        expect(response.headers.get("etag")).to.equal(`"${multihashOf(digestFor(body))}"`);
        expect((await call("reader", `/documents/${encodeURIComponent(form)}/acl`)).status, form).to.equal(
          200,
        );
      }
    });

    it("refuses what is no hash, whatever it tries to reach", async () => {
      for (const form of ["nonsense", "Qm", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%2f..%2fnode.db"]) {
        const response = await call("reader", `/documents/${form}`);
        expect(await problemOf(response), form).to.include({ status: 400, code: "malformed-multihash" });
      }
    });

    it("answers 304 to whoever has it", async () => {
      const multihash = await stored();
      for (const tag of [`"${multihash}"`, `W/"${multihash}"`, `"x", "${multihash}"`, "*"]) {
        const response = await call("reader", `/documents/${multihash}`, {
          headers: { "if-none-match": tag },
        });
        expect(response.status, tag).to.equal(304);
        expect(await response.text()).to.equal("");
      }
      const other = await call("reader", `/documents/${multihash}`, { headers: { "if-none-match": '"x"' } });
      expect(other.status).to.equal(200);
    });

    it("gives the part that Range asks for", async () => {
      const large = randomBytes(2_000_000);
      for (const body of [certificate, large]) {
        const multihash = await stored(body);
        const last = body.length - 1;
        const ranges = [
          ["bytes=0-0", 0, 0],
          ["bytes=5-", 5, last],
          ["bytes=-7", body.length - 7, last],
          [`bytes=10-${body.length + 10}`, 10, last],
        ] as const;
        for (const [range, start, end] of ranges) {
          const response = await call("reader", `/documents/${multihash}`, { headers: { range } });
          expect(response.status, range).to.equal(206);
          expect(response.headers.get("content-range")).to.equal(`bytes ${start}-${end}/${body.length}`);
          const part = Buffer.from(await response.arrayBuffer());
          expect(part.equals(body.subarray(start, end + 1)), range).to.equal(true);
        }
        const outside = await call("reader", `/documents/${multihash}`, {
          headers: { range: `bytes=${body.length}-` },
        });
        expect(outside.headers.get("content-range")).to.equal(`bytes */${body.length}`);
        expect(await problemOf(outside)).to.include({ status: 416, code: "range-not-satisfiable" });
      }
    });

    it("gives the whole for a Range that is none, and for a copy of something else", async () => {
      const multihash = await stored();
      const asked = [
        { range: "lines=1-2" },
        { range: "bytes=3-1" },
        { range: "bytes=0-1,4-5" },
        { range: "bytes=0-1", "if-range": '"something else"' },
      ];
      for (const headers of asked) {
        const response = await call("reader", `/documents/${multihash}`, { headers });
        expect(response.status, JSON.stringify(headers)).to.equal(200);
        expect((await response.arrayBuffer()).byteLength).to.equal(certificate.length);
      }
    });

    it("never serves a damaged document: it says so", async () => {
      for (const body of [certificate, randomBytes(2_000_000)]) {
        const multihash = await stored(body);
        const file = await open(pathOf(digestOf(multihash)), "r+");
        await file.write(Buffer.from([0]), 0, 1, 1);
        await file.close();
        const response = await call("reader", `/documents/${multihash}`);
        expect(await problemOf(response)).to.include({ status: 500, code: "document-damaged" });
        expect(response.headers.get("etag"), "nothing that a cache could keep").to.equal(null);
      }
      expect(await reads()).to.deep.equal([]);
    });

    it("puts every read of content on record", async () => {
      const multihash = await stored();
      await openTo(multihash);
      await call("reader", `/documents/${multihash}`);
      await call("reader", `/documents/${multihash}`, { headers: { range: "bytes=0-1" } });
      await call("cn", `/documents/${multihash}`);
      await call("sg", `/documents/${multihash}`);
      const object = digestFor(certificate);
      const ours = { object, actor_kind: "user", actor: "https://id.gov.au reader", account: null };
      expect(await reads()).to.deep.equal([
        ours,
        ours,
        { object, actor_kind: "node", actor: china, account: "0x01" },
      ]);
    });
  });

  describe("who may read", () => {
    it("is nobody but users of this participant, until a final message opens it to its receiver alone", async () => {
      const multihash = await stored();
      const statuses = async () => ({
        reader: (await call("reader", `/documents/${multihash}`)).status,
        cn: (await call("cn", `/documents/${multihash}`)).status,
        sg: (await call("sg", `/documents/${multihash}`)).status,
        nobody: (await call(null, `/documents/${multihash}`)).status,
      });
      expect(await statuses()).to.deep.equal({ reader: 200, cn: 404, sg: 404, nobody: 401 });
      await openTo(multihash);
      expect(await statuses()).to.deep.equal({ reader: 200, cn: 200, sg: 404, nobody: 401 });
    });

    it("is nobody who goes by the receiver's name on another channel, until a message there opens it too", async () => {
      const multihash = await stored();
      const statuses = async () => [
        (await call("cn", `/documents/${multihash}`)).status,
        (await call("cnElsewhere", `/documents/${multihash}`)).status,
        (await call("cnElsewhere", `/documents/${multihash}`, { method: "HEAD" })).status,
      ];
      await openTo(multihash);
      expect(await statuses()).to.deep.equal([200, 404, 404]);
      const id: MessageId = `0x${"2".repeat(64)}`;
      const digest = digestOf(multihash);
      const there = { id, digest, sender: home, receiver: china, channel_id: "another" };
      await insertMessage(store.db, there);
      expect(await statuses(), "a message that another node of ours sent").to.deep.equal([200, 404, 404]);
      await recordIntent(store.db, { messageId: id, digest, participant: china });
      await openToReceiver(store.db, { messageId: id, at: 1_764_000_000_001 });
      expect(await statuses()).to.deep.equal([200, 200, 200]);
    });

    it("shows a stranger the same answer for a hidden and for an absent document, by every method", async () => {
      const hidden = await stored();
      const absent = multihashOf("0".repeat(64));
      for (const method of ["GET", "HEAD"]) {
        const answers = [];
        for (const multihash of [hidden, absent]) {
          const response = await call("cn", `/documents/${multihash}`, {
            method,
            headers: { range: "bytes=0-1" },
          });
          const headers = Object.fromEntries(
            [...response.headers].filter(([name]) => !/^(date|x-request-id|ratelimit)/.test(name)),
          );
          const body = (await response.text()).replaceAll(multihash, "<multihash>");
          answers.push({ status: response.status, headers, body });
        }
        expect(answers[0]?.status).to.equal(404);
        expect(answers[0], method).to.deep.equal(answers[1]);
      }
    });

    it("is never taken from a header or a query (trap 4)", async () => {
      const multihash = await stored();
      await openTo(multihash);
      const claims = {
        "x-participant": china,
        "x-forwarded-user": china,
        from: `officer@${china}`,
        cookie: "user=cn",
      };
      const query = `?participant=${china}&reader=${china}&jurisdiction=CN`;
      const response = await call("sg", `/documents/${multihash}`, { headers: claims });
      expect(response.status).to.equal(404);
      const queried = await call("sg", `/documents/${multihash}${query}`);
      expect([400, 404]).to.include(queried.status);
      const anonymous = await call(null, `/documents/${multihash}`, { headers: claims });
      expect(anonymous.status).to.equal(401);
    });

    it("is not every user: without a role nothing, with documents:write what one brought oneself", async () => {
      const multihash = await stored();
      expect(await problemOf(await call("sender", `/documents/${multihash}`))).to.include({
        code: "not-allowed",
      });
      expect((await call("clerk", `/documents/${multihash}`)).status).to.equal(404);
      const own = Buffer.from("the clerk's own");
      await upload("clerk", own);
      expect((await call("clerk", `/documents/${multihashOf(digestFor(own))}`)).status).to.equal(200);
    });
  });

  describe("the list of readers", () => {
    it("names who may read, by which message, and when they first did", async () => {
      const multihash = await stored();
      const empty = await call("reader", `/documents/${multihash}/acl`);
      expect(await empty.json()).to.deep.equal({ items: [], next: null });
      const messageId = await openTo(multihash);
      const entry = {
        participant: china,
        messageId,
        grantedAt: "2025-11-24T16:00:00.000Z",
        grantedBy: "ledger",
      };
      const before = await call("reader", `/documents/${multihash}/acl`);
      expect(await before.json()).to.deep.equal({ items: [entry], next: null });
      await call("cn", `/documents/${multihash}`);
      const { items } = (await (await call("reader", `/documents/${multihash}/acl`)).json()) as {
        items: { firstReadAt?: string }[];
      };
      expect(Date.parse(items[0]?.firstReadAt ?? "")).to.be.closeTo(Date.now(), 10_000);
    });

    it("is hidden from other participants, and 404 for what is not held", async () => {
      const multihash = await stored();
      await openTo(multihash);
      expect((await call("cn", `/documents/${multihash}/acl`)).status).to.equal(403);
      expect((await call("clerk", `/documents/${multihash}/acl`)).status).to.equal(403);
      expect((await call("reader", `/documents/${multihashOf("0".repeat(64))}/acl`)).status).to.equal(404);
    });
  });

  describe("opening by hand", () => {
    const openByHand = (as: Name, multihash: string, participant: string = china) =>
      call(as, `/documents/${multihash}/acl/${participant}`, { method: "POST" });

    it("lets an administrator open it to a receiver that a final message names, on record", async () => {
      const multihash = await stored();
      const id = `0x${"1".repeat(64)}`;
      await insertMessage(store.db, { id, digest: digestFor(certificate), sender: home, receiver: china });
      const response = await openByHand("admin", multihash);
      expect(response.status).to.equal(200);
      expect(await response.json()).to.deep.include({
        participant: china,
        messageId: id,
        grantedBy: "https://id.gov.au admin",
      });
      expect((await call("cn", `/documents/${multihash}`)).status).to.equal(200);
      expect((await call("sg", `/documents/${multihash}`)).status).to.equal(404);
    });

    it("refuses any other receiver and any other caller, and opens nothing", async () => {
      const multihash = await stored();
      const message = {
        id: `0x${"1".repeat(64)}`,
        digest: digestFor(certificate),
        sender: home,
        receiver: china,
      };
      await insertMessage(store.db, message);
      expect(await problemOf(await openByHand("admin", multihash, "customs.gov.sg"))).to.include({
        status: 422,
        code: "receiver-not-named",
      });
      for (const as of ["officer", "cn", "sg"] as const) {
        expect(await problemOf(await openByHand(as, multihash))).to.include({
          status: 403,
          code: "not-allowed",
        });
      }
      expect((await openByHand("admin", multihash, "CUSTOMS.GOV.CN")).status).to.equal(400);
      expect((await openByHand("admin", multihashOf("0".repeat(64)))).status).to.equal(404);
      expect(await store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
    });

    it("refuses to pass on what another participant gave", async () => {
      const digest = digestFor(certificate);
      const given = {
        digest,
        size: 1,
        mediaType: "text/plain",
        origin: "fetched",
        storedBy: "customs.gov.sg",
      };
      await recordDocument(store.db, { ...given, origin: "fetched", at: 1 });
      await insertMessage(store.db, { id: `0x${"1".repeat(64)}`, digest, sender: home, receiver: china });
      expect(await problemOf(await openByHand("admin", multihashOf(digest)))).to.include({
        status: 422,
        code: "document-not-shareable",
      });
    });
  });
});
