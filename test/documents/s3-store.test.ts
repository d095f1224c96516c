import { mkdir, mkdtemp, open, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { readPage } from "../../src/documents/s3-answers.ts";
import { bucketUrl } from "../../src/documents/s3-connection.ts";
import { S3Store } from "../../src/documents/s3-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { behavesAsDocumentStore } from "./document-store.behavior.ts";
import { S3_SERVER_TIMEOUT_MS, startS3Server, type S3Server } from "./s3-server.ts";

describe("S3 store", () => {
  let server: S3Server;
  let spool: string;
  let prefix: string;
  const stores: S3Store[] = [];

  before(async function () {
    this.timeout(S3_SERVER_TIMEOUT_MS);
    const started = await startS3Server();
    if (started === null) this.skip();
    else server = started;
  });
  after(async () => {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- absent where the suite was skipped
    await server?.close();
  });

  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), "icl-spool-"));
    prefix = `tests/${randomUUID()}`;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await rm(spool, { recursive: true, force: true });
  });

  const pathOf = (digest: Digest) => join(server.directory, prefix, digest.slice(0, 2), digest);
  const openStore = async () => {
    const store = await S3Store.open(server.location({ prefix, spool }));
    stores.push(store);
    return store;
  };

  behavesAsDocumentStore(async () => ({
    store: await openStore(),
    anew: openStore,
    damage: async (digest, position) => {
      const file = await open(pathOf(digest), "r+");
      await file.write(Buffer.from([0x21]), 0, 1, position);
      await file.close();
    },
    replace: (digest, bytes) => writeFile(pathOf(digest), bytes),
    lose: (digest) => rm(pathOf(digest)),
    age: async (digest, milliseconds) => {
      const moment = new Date(Date.now() - milliseconds);
      await utimes(pathOf(digest), moment, moment);
    },
    unfinished: async () => [
      ...(await readdir(spool)),
      ...(await readdir(join(server.directory, prefix, "removing"), { recursive: true }).catch(() => [])),
    ],
  }));

  it("lists more than the storage shows at once", async () => {
    const store = await openStore();
    const digests = Array.from({ length: 1_005 }, (_, index) => `ab${index.toString(16).padStart(62, "0")}`);
    const directory = join(server.directory, prefix, "ab");
    await mkdir(directory, { recursive: true });
    await Promise.all(digests.map((digest) => writeFile(join(directory, digest), digest)));
    await writeFile(join(directory, "no document & <nothing>"), "by somebody else");
    expect([...(await store.list(0xab))].sort()).to.deep.equal(digests);
  });
});

describe("a bucket's URL", () => {
  const place = {
    ...{ bucket: "icl-documents", prefix: "", region: "us-east-1", spool: "spool" },
    ...{ accessKeyId: { env: "A" }, secretAccessKey: { env: "B" } },
  };

  it("has the bucket in its path, or before its host", () => {
    const url = (endpoint: string, pathStyle: boolean) => bucketUrl({ ...place, endpoint, pathStyle }).href;
    expect(url("https://s3.example", true)).to.equal("https://s3.example/icl-documents");
    expect(url("https://s3.example/store", true)).to.equal("https://s3.example/store/icl-documents");
    expect(url("http://localhost:9000", false)).to.equal("http://icl-documents.localhost:9000/");
  });
});

describe("an answer of S3", () => {
  const page = (inside: string) =>
    `<?xml version="1.0"?>\n<ListBucketResult xmlns="x">${inside}</ListBucketResult>`;

  it("is read without XML's machinery: names and numbers of characters alone", () => {
    const answer = page(
      "<IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b&#43;&quot;&#x3d;</NextContinuationToken>" +
        "<Contents><Key>a/&lt;b&gt;</Key><LastModified>2026-06-01T00:00:00.000Z</LastModified></Contents>" +
        "<Contents><LastModified>never</LastModified><Key>&bomb;&#9999999;&amp;lt;</Key></Contents>",
    );
    expect(readPage(`<!DOCTYPE x [<!ENTITY bomb "boom">]>${answer}`)).to.deep.equal({
      next: 'a&b+"=',
      entries: [
        { key: "a/<b>", writtenAt: Date.parse("2026-06-01T00:00:00Z") },
        { key: "&bomb;&#9999999;&lt;", writtenAt: NaN },
      ],
    });
  });

  it("is refused where it is no listing, or says that there is more but not how to ask for it", () => {
    expect(() => readPage("<html></html>")).to.throw("listing is none");
    expect(() => readPage(page("<IsTruncated>true</IsTruncated>"))).to.throw("breaks off");
    expect(readPage(page("<IsTruncated>false</IsTruncated>"))).to.deep.equal({ entries: [], next: null });
  });
});
