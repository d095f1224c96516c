import { expect } from "chai";

import { digestOf, parseMultihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { verificationRouter } from "../../src/http/verification-router.ts";
import type { Store } from "../../src/store/store.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";

const MAX_BYTES = 100_000;
const hash = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
const id = `0x${"ab".repeat(32)}`;
const JSON_TYPE = { "content-type": "application/json" };

eachStore("the Verification API", (openFresh) => {
  describe("for strangers", () => {
    let store: Store;
    let server: HttpServer;
    const start = (anonymousRequestsPerMinute: number) =>
      serve(() => Promise.reject(new Problem("token-missing", "No.")), [], {
        openRouters: [verificationRouter({ store, channels: () => [], maxBytes: MAX_BYTES })],
        limits: { messageBytes: 64 * 1024, requestsPerMinute: 1_000, anonymousRequestsPerMinute },
      });

    beforeEach(async () => {
      store = await openFresh();
      server = await start(1_000);
    });
    afterEach(() => server.close());

    const post = (
      body: string | FormData | Uint8Array<ArrayBuffer> | ReadableStream,
      headers: Record<string, string> = {},
      query = "",
    ) =>
      fetch(`${server.url}/verify${query}`, {
        method: "POST",
        headers,
        body,
        ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
      });
    const refused = async (response: Promise<Response>) => {
      const { status, code } = await problemOf(await response);
      return `${status} ${code}`;
    };
    const json = (value: unknown) => post(JSON.stringify(value), JSON_TYPE);
    const form = (members: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(members)) {
        data.set(name, typeof value === "string" ? value : new Blob([value]));
      }
      return data;
    };

    it("takes a hash in every form, without a token, and says that nothing is known", async () => {
      const bytes = Buffer.from(`1220${digestOf(parseMultihash(hash))}`, "hex");
      const forms = [
        hash,
        bytes.toString("hex"),
        bytes.toString("base64"),
        bytes.toString("base64url"),
        `z${hash}`,
      ];
      for (const written of forms) {
        const response = await fetch(`${server.url}/verify/${encodeURIComponent(written)}`);
        expect(response.status).to.equal(200);
        expect(response.headers.get("cache-control")).to.equal("no-store");
        const answer = (await response.json()) as Verification;
        expect(answer).to.include({ multihash: hash, verdict: "unknown", more: false });
        expect(answer.findings.map(({ name }) => name)).to.deep.equal(["integrity", "issuer", "status"]);
      }
    });

    it("hashes a file of any type as it arrives and keeps nothing of it", async () => {
      const bytes = new Uint8Array(MAX_BYTES).fill(7);
      const types = [
        "application/pdf",
        "application/octet-stream",
        "text/plain; charset=utf-8",
        "x/unheard-of",
      ];
      const hashes = new Set<string | null>();
      for (const type of types) {
        const response = await post(bytes, { "content-type": type });
        expect(response.status, type).to.equal(200);
        hashes.add(((await response.json()) as Verification).multihash);
      }
      const sent = await post(form({ file: bytes }));
      expect(sent.status).to.equal(200);
      hashes.add(((await sent.json()) as Verification).multihash);
      expect(hashes.size).to.equal(1);
      expect(await store.db.selectFrom("document").selectAll().execute()).to.deep.equal([]);
    });

    it("refuses what is too large or empty, announced or not, as a file and in a form", async () => {
      const large = new Uint8Array(MAX_BYTES + 1);
      const stream = () => new Blob([large]).stream();
      expect(await refused(post(large))).to.equal("413 document-too-large");
      expect(await refused(post(stream()))).to.equal("413 document-too-large");
      expect(await refused(post(form({ file: large })))).to.equal("413 document-too-large");
      expect(await refused(post(form({ file: new Uint8Array(2_000_000) })))).to.equal("413 body-too-large");
      expect(await refused(post(new Uint8Array()))).to.equal("400 document-empty");
      expect(await refused(post(form({ file: new Uint8Array() })))).to.equal("400 document-empty");
      expect(await refused(post(form({ file: large.slice(1), receipt: "x".repeat(70_000) })))).to.equal(
        "413 body-too-large",
      );
      expect(await refused(post(JSON.stringify({ qr: "x".repeat(70_000) }), JSON_TYPE))).to.equal(
        "413 body-too-large",
      );
    });

    it("refuses a compressed body, so that nothing small unpacks into something large", async () => {
      for (const type of [
        "application/octet-stream",
        "application/json",
        "multipart/form-data; boundary=x",
      ]) {
        const response = post("{}", { "content-type": type, "content-encoding": "gzip" });
        expect(await refused(response), type).to.equal("415 media-type-unsupported");
      }
    });

    it("refuses what has not the documented form, and says which", async () => {
      const message = {
        sender: "homeaffairs.gov.au",
        receiver: "customs.gov.cn",
        subject: "a",
        predicate: "b",
        obj: hash,
      };
      const cases: readonly (readonly [unknown, string])[] = [
        [{}, "400 malformed-request"],
        [[], "400 malformed-request"],
        [{ hash: "Qm" }, "400 malformed-multihash"],
        [{ hash, other: 1 }, "400 malformed-request"],
        [{ message: { ...message, sender: "AU" } }, "400 malformed-request"],
        [{ message: { ...message, obj: "Qm" } }, "400 malformed-multihash"],
        [{ message: { ...message, validUntil: "2027-02-30T00:00:00Z" } }, "400 malformed-message"],
        [{ message: "0x12" }, "400 malformed-request"],
        [{ message, receipt: { id } }, "400 malformed-request"],
        [{ hash, batch: { index: 0, proof: [] } }, "400 malformed-request"],
        [{ message, batch: { index: 0, proof: [] } }, "400 malformed-request"],
        [{ message, batch: { id, index: -1, proof: [] } }, "400 malformed-request"],
        [{ message, batch: { id, index: 0, proof: Array<string>(33).fill(id) } }, "400 malformed-request"],
        [{ message, batch: { id, index: 0, proof: ["0x"] } }, "400 malformed-request"],
        [{ receipt: { id: "0xAB" } }, "400 malformed-request"],
        [{ receipt: { id, batch: { index: 0, proof: [] }, ...message } }, "400 malformed-request"],
        [{ receipt: { id, channelId: 7 } }, "400 malformed-request"],
        [{ receipt: { id, ["__proto__"]: { sender: "x" } } }, "200"],
        [{ qr: "https://icl.example/other" }, "400 malformed-request"],
        [{ qr: `javascript:/verify/${hash}` }, "400 malformed-request"],
        [{ qr: `https://icl.example/verify/${hash}?message=1` }, "400 malformed-request"],
        [{ qr: "https://icl.example/verify/%ff" }, "400 malformed-request"],
        [{ qr: "urn:icl:verify:Qm" }, "400 malformed-multihash"],
      ];
      for (const [body, expected] of cases) {
        const response = await json(body);
        const got = response.status === 200 ? "200" : await refused(Promise.resolve(response));
        expect(got, JSON.stringify(body)).to.equal(expected);
      }
      expect(await refused(post("{", JSON_TYPE))).to.equal("400 malformed-json");
      expect(await refused(post("", JSON_TYPE))).to.equal("400 malformed-request");
      expect(await refused(fetch(`${server.url}/verify/${hash}?message=1`))).to.equal(
        "400 malformed-request",
      );
      expect(await refused(fetch(`${server.url}/verify/${hash}?message=${id}&message=${id}`))).to.equal(
        "400 malformed-request",
      );
      expect(await refused(fetch(`${server.url}/verify/x`))).to.equal("400 malformed-multihash");
    });

    it("refuses a form that is none, has no file, or more than it should", async () => {
      const file = new Uint8Array([1]);
      const two = form({ file });
      two.append("other", new Blob([file]));
      const cases: readonly (readonly [FormData, string])[] = [
        [form({ receipt: "{}" }), "400 malformed-request"],
        [two, "400 malformed-request"],
        [form({ file, note: "1" }), "400 malformed-request"],
        [form({ file, qr: `urn:icl:verify:${hash}`, message: id }), "400 malformed-request"],
        [form({ file, receipt: "{" }), "400 malformed-json"],
        [form({ file, message: "{}" }), "400 malformed-request"],
        [form({ file, a: "1", b: "2", c: "3", d: "4", e: "5" }), "400 malformed-request"],
      ];
      for (const [body, expected] of cases) expect(await refused(post(body))).to.equal(expected);
      const broken = ["multipart/form-data", "multipart/form-data; boundary=x"];
      for (const type of broken) {
        expect(await refused(post("--y\r\n", { "content-type": type }))).to.equal("400 malformed-request");
      }
      const cut = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc';
      expect(await refused(post(cut, { "content-type": "multipart/form-data; boundary=x" }))).to.equal(
        "400 malformed-request",
      );
    });

    it("limits how often one address may ask", async () => {
      await server.close();
      server = await start(2);
      const statuses = [];
      for (let asked = 0; asked < 3; asked += 1) {
        statuses.push((await fetch(`${server.url}/verify/${hash}`)).status);
      }
      expect(statuses).to.deep.equal([200, 200, 429]);
      expect((await json({ hash })).status).to.equal(429);
    });
  });
});
