import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect } from "chai";

import type { BatchLimits } from "../../src/documents/batch-item.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { documentBatchLimits, documentBatchRouter } from "../../src/http/document-batch-router.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Store } from "../../src/store/store.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, user } from "./test-callers.ts";

const NDJSON = "application/x-ndjson";
const MIB = 1024 * 1024;

interface Line {
  readonly line: number;
  readonly status: number;
  readonly multihash?: string;
  readonly size?: number;
  readonly mediaType?: string;
  readonly error?: { readonly code: string; readonly detail: string };
}

const lineOf = (content: string, mediaType?: string) =>
  `${JSON.stringify({ ...(mediaType === undefined ? {} : { mediaType }), content: Buffer.from(content).toString("base64") })}\n`;
const hashOf = (content: string) => multihashOf(createHash("sha256").update(content).digest("hex"));
const linesIn = (body: string) =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
const codesOf = (lines: readonly Line[]) => lines.map(({ error, status }) => error?.code ?? status);

eachStore("POST /documents/batch", (openFresh) => {
  describe("over HTTP", () => {
    let directory: string;
    let store: Store;
    let server: HttpServer;

    const start = async (limits: BatchLimits = documentBatchLimits) => {
      directory = await mkdtemp(join(tmpdir(), "icl-batch-"));
      store = await openFresh();
      const files = await FileStore.open(directory);
      const options = { store, files, maxBytes: 10 * MIB, now: Date.now };
      server = await serve(
        authenticateAs({
          officer: user("officer", "documents:write", "messages:read"),
          reader: user("reader", "messages:read"),
        }),
        [documentBatchRouter(options, limits), documentsRouter(options)],
      );
    };

    afterEach(async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    });

    const post = (body: string | FormData, contentType?: string, as = "officer") =>
      fetch(`${server.url}/documents/batch`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${as}`,
          ...(contentType === undefined ? {} : { "content-type": contentType }),
        },
        body,
      });
    const postLines = async (body: string) => {
      const response = await post(body, NDJSON);
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.match(/^application\/x-ndjson/);
      return linesIn(await response.text());
    };
    const held = async () => (await store.db.selectFrom("document").select("digest").execute()).length;
    const unfinished = () => readdir(join(directory, "incoming"));
    /** A request whose body a test writes piece by piece. */
    const open = (): ClientRequest =>
      httpRequest(`${server.url}/documents/batch`, {
        method: "POST",
        headers: { authorization: "Bearer officer", "content-type": NDJSON },
      });

    it("stores each line's document and answers each in order, whatever is wrong with others", async () => {
      await start();
      const answers = await postLines(
        lineOf('{"a":1}', "application/json") +
          "not json\n" +
          lineOf("plain") +
          '{"mediaType":"text/plain"}\n' +
          '{"content":"%%%"}\n' +
          '{"content":""}\n' +
          '{"content":"YQ==","mediaType":"nonsense"}\n' +
          '{"content":"YQ==","__proto__":{"x":1}}\n' +
          "[1]\n" +
          "\n" +
          lineOf("é".repeat(10), "text/plain; charset=utf-8").trimEnd(),
      );
      expect(answers.map(({ line }) => line)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
      expect(codesOf(answers)).to.deep.equal([
        ...[201, "malformed-json", 201, "malformed-request", "malformed-request", "document-empty"],
        ...["media-type-unsupported", "malformed-request", "malformed-request", 201],
      ]);
      expect(answers[0]).to.deep.equal({
        ...{ line: 1, status: 201, multihash: hashOf('{"a":1}'), size: 7, mediaType: "application/json" },
      });
      expect(answers[2]).to.deep.include({ mediaType: "application/octet-stream" });
      expect(answers[9]).to.deep.include({ size: 20, mediaType: "text/plain; charset=utf-8" });
      expect(await held()).to.equal(3);
      const read = await fetch(`${server.url}/documents/${hashOf("plain")}`, {
        headers: { authorization: "Bearer officer" },
      });
      expect(await read.text()).to.equal("plain");
      const acts = await store.db
        .selectFrom("audit")
        .select("act")
        .where("act", "=", "document.stored")
        .execute();
      expect(acts).to.have.length(3);
      expect(await unfinished()).to.deep.equal([]);
    });

    it("takes the same bytes twice, in one request and in another, for one document", async () => {
      await start();
      const body = lineOf("same", "text/plain") + lineOf("same", "text/html");
      const [first, second] = await postLines(body);
      expect(first).to.deep.include({ status: 201, multihash: hashOf("same"), mediaType: "text/plain" });
      expect(second).to.deep.equal({ ...first, line: 2 });
      expect(await postLines(body)).to.deep.equal([first, second]);
      expect(await held()).to.equal(1);
    });

    it("takes the file parts of a form as well", async () => {
      await start();
      const form = new FormData();
      form.append("a", new Blob(["one"], { type: "application/pdf" }), "one.pdf");
      form.append("b", "a field");
      form.append("c", new Blob([]), "empty.txt");
      form.append("d", new Blob([Buffer.alloc(MIB + 1)]), "large.bin");
      form.append("e", new Blob(["two"], { type: "text/plain" }), "../../two.txt");
      const answers = linesIn(await (await post(form)).text());
      expect(answers.map(({ line }) => line)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(codesOf(answers)).to.deep.equal([
        ...[201, "malformed-request", "document-empty", "document-too-large", 201],
      ]);
      expect(answers[0]).to.deep.include({ multihash: hashOf("one"), mediaType: "application/pdf", size: 3 });
      expect(await held()).to.equal(2);
    });

    it("refuses what is neither, who may not store, and what is encoded", async () => {
      await start();
      expect(await problemOf(await post("{}", "application/json"))).to.include({ status: 415 });
      expect(await problemOf(await post("x", "multipart/form-data"))).to.include({ status: 415 });
      expect(await problemOf(await post("x", "multipart/form-data; boundary="))).to.include({ status: 400 });
      expect(await problemOf(await post("no form", "multipart/form-data; boundary=b"))).to.include({
        status: 400,
      });
      expect(await problemOf(await post(lineOf("a"), NDJSON, "reader"))).to.include({ status: 403 });
      expect(await postLines("")).to.deep.equal([]);
      expect(await held()).to.equal(0);
    });

    it("stops at its limits, says where, and keeps what came before", async () => {
      await start({ itemBytes: 100, items: 3, bytes: 10_000 });
      const tooLong = `{"content":"${"A".repeat(4_000)}"}\n`;
      expect(codesOf(await postLines(lineOf("a") + tooLong + lineOf("b")))).to.deep.equal([
        ...[201, "document-too-large", 201],
      ]);
      const decoded = lineOf("x".repeat(101));
      expect(codesOf(await postLines(decoded + lineOf("c")))).to.deep.equal(["document-too-large", 201]);
      const many = await postLines(["d", "e", "f", "g", "h"].map((each) => lineOf(each)).join(""));
      expect(codesOf(many)).to.deep.equal([201, 201, 201, "body-too-large"]);
      expect(many.at(-1)?.line).to.equal(4);
      const form = new FormData();
      for (const each of ["i", "j", "k", "l", "m"]) form.append(each, new Blob([each]), each);
      expect(codesOf(linesIn(await (await post(form)).text()))).to.deep.equal([
        201,
        201,
        201,
        "body-too-large",
      ]);
    });

    it("refuses from where the request as a whole is too large", async () => {
      await start({ itemBytes: 100, items: 1_000, bytes: 200 });
      const request = open();
      const answered = once(request, "response") as Promise<[IncomingMessage]>;
      request.write(lineOf("a"));
      const [response] = await answered;
      request.write("x".repeat(300));
      expect(codesOf(linesIn(await text(response)))).to.deep.equal([201, "body-too-large"]);
      request.destroy();
    });

    it("answers for what has come while the sender is still sending", async () => {
      await start();
      const request = open();
      const answered = once(request, "response") as Promise<[IncomingMessage]>;
      request.write(lineOf("first"));
      const [response] = await answered;
      const [chunk] = (await once(response, "data")) as [Buffer];
      expect(linesIn(chunk.toString())).to.deep.include.members([
        { line: 1, status: 201, multihash: hashOf("first"), size: 5, mediaType: "application/octet-stream" },
      ]);
      request.end(lineOf("second"));
      expect(linesIn(await text(response)).map(({ line }) => line)).to.deep.equal([2]);
    });

    it("keeps what came whole when the sender breaks off, and nothing else", async () => {
      await start();
      const request = open();
      request.on("error", () => undefined);
      request.write(lineOf("whole") + lineOf("cut off").slice(0, 20));
      await eventually(async () => (await held()) === 1);
      request.destroy();
      await eventually(async () => (await unfinished()).length === 0);
      expect(await held()).to.equal(1);
    });

    it("stores ten thousand documents in one request, without growing memory", async function () {
      this.timeout(180_000);
      await start();
      const padding = "p".repeat(20_000);
      const send = async (from: number, count: number) => {
        const request = open();
        const answered = once(request, "response") as Promise<[IncomingMessage]>;
        // Everything is sent before anything is read: that must not stop it.
        for (let number = from; number < from + count; number += 1) {
          if (!request.write(lineOf(`${number} ${padding}`, "text/plain"))) await once(request, "drain");
        }
        request.end();
        const [response] = await answered;
        return linesIn(await text(response));
      };
      await send(0, 1_000); // code is compiled and buffers are pooled
      let peak = 0;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
      const before = process.memoryUsage.rss();
      const answers = await send(1_000, 10_000);
      clearInterval(watch);
      expect(answers.map(({ line, status }) => [line, status])).to.deep.equal(
        Array.from({ length: 10_000 }, (_, index) => [index + 1, 201]),
      );
      expect(await held()).to.equal(11_000);
      expect(peak - before, "growth").to.be.lessThan(200 * MIB);
    });
  });
});
