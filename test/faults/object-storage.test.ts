import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { access, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { inspect, promisify } from "node:util";

import { expect } from "chai";

import { S3Store, type S3StoreOptions } from "../../src/documents/s3-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { sha256, streamOf } from "../documents/document-store.behavior.ts";
import { openS3Door, type S3Door, type S3Passing } from "../documents/s3-door.ts";
import { S3_SERVER_TIMEOUT_MS, startS3Server, type S3Server } from "../documents/s3-server.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";

const HOUR = 60 * 60 * 1000;
const rules = { maxBytes: 10_000_000 };
const small = Buffer.from("a certificate of origin");
const large = randomBytes(3_000_000);
const quick = { retryMs: [5, 10, 20] };
const slowDown = {
  status: 503,
  headers: { "retry-after": "7" },
  body: "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>",
};

describe("object storage", () => {
  let server: S3Server;
  let door: S3Door;
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
    door = await openS3Door(server.url);
    spool = await mkdtemp(join(tmpdir(), "icl-spool-"));
    prefix = `faults/${randomUUID()}`;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await door.close();
    await rm(spool, { recursive: true, force: true });
  });

  const openStore = async (options: S3StoreOptions = {}, endpoint = door.url) => {
    const location = server.location({ prefix, spool, endpoint });
    const store = await S3Store.open(location, { pace: quick, ...options });
    stores.push(store);
    return store;
  };
  const pathOf = (digest: Digest) => join(server.directory, prefix, digest.slice(0, 2), digest);
  const isStored = (digest: Digest) =>
    access(pathOf(digest)).then(
      () => true,
      () => false,
    );
  const isObject = (digest: Digest, method: string) => (request: S3Passing) =>
    request.method === method && request.url.endsWith(digest);
  /** What the caller is told, that it is to come again, and that nothing lies about. */
  const expectUnavailable = async (work: Promise<unknown>): Promise<Problem> => {
    const failure = await rejection(work);
    if (!(failure instanceof Problem)) throw failure;
    expect(failure.code).to.equal("unavailable");
    expect(failure).to.have.property("retryAfterSeconds").that.is.at.least(1);
    expect(await readdir(spool)).to.deep.equal([]);
    return failure;
  };

  it("that is down takes and shows nothing, says so, and loses nothing", async () => {
    const store = await openStore();
    const { digest } = await store.put(streamOf(small), rules);
    await server.stop();
    try {
      await expectUnavailable(store.put(streamOf(large), rules));
      await expectUnavailable(store.putAll([large.subarray(0, 10)]));
      await expectUnavailable(store.read(digest));
      await expectUnavailable(store.remove(digest, Date.now() + HOUR));
      await expectUnavailable(store.check());
    } finally {
      await server.start();
    }
    await store.check();
    expect(await buffer(await store.read(digest))).to.deep.equal(small);
    expect((await store.put(streamOf(large), rules)).digest).to.equal(sha256(large));
  });

  it("that is down keeps nobody from starting; credentials that it refuses do", async () => {
    door.disturb(() => "hang up");
    const store = await openStore();
    door.disturb(null);
    await store.check();
    const wrong = { ...server.location({ prefix, spool }), secretAccessKey: { env: "PATH" } };
    const failure = await rejection(S3Store.open(wrong, { pace: quick }));
    expect(failure.message).to.match(/^The bucket documents cannot be used: The object storage answered 403/);
    expect(inspect(failure, { depth: null })).not.to.contain(process.env.PATH);
  });

  it("that answers SlowDown, hangs up or breaks off is asked again, and what it does is counted", async () => {
    let counted = 0;
    const store = await openStore({ countFault: () => (counted += 1) });
    const conducts = [slowDown, "hang up", "cut the answer"] as const;
    const asked = new Map<string, number>();
    door.disturb(({ method, url }) => {
      const times = asked.get(method + url) ?? 0;
      asked.set(method + url, times + 1);
      // What has no bytes cannot be cut.
      return (times < 2 || method === "GET" ? conducts[times] : undefined) ?? "pass";
    });
    for (const bytes of [small, large]) {
      const { digest } = await store.put(streamOf(bytes), rules);
      expect(await buffer(await store.read(digest))).to.deep.equal(bytes);
    }
    expect(counted).to.equal(2 * (2 + 2 + 3));
  });

  it("that answers SlowDown on and on is left alone for as long as it says", async () => {
    const store = await openStore();
    door.disturb(() => slowDown);
    const failure = await expectUnavailable(store.put(streamOf(small), rules));
    expect(failure.retryAfterSeconds).to.equal(7);
    expect(door.requests.filter(({ method }) => method === "HEAD")).to.have.lengthOf(
      1 + quick.retryMs.length,
    );
    expect(await isStored(sha256(small))).to.equal(false);
  });

  it("that keeps silent, or gives a byte now and then, is given up in time", async () => {
    const patient = await openStore();
    const { digest } = await patient.put(streamOf(large), rules);
    const never = 10 * 60 * 1000;
    for (const [conduct, idleMs, requestMs] of [
      ["keep silent", 300, never],
      ["trickle the answer", never, 600],
    ] as const) {
      const pace = { retryMs: [5], idleMs, requestMs, slowestBytesPerSecond: 30_000_000 };
      const store = await openStore({ pace });
      door.disturb(() => conduct);
      const begun = Date.now();
      await expectUnavailable(store.read(digest));
      // At its rate, the trickle would take forty hours.
      expect(Date.now() - begun).to.be.lessThan(20_000);
      door.disturb(null);
    }
    expect(await buffer(await patient.read(digest))).to.deep.equal(large);
  });

  it("to which an upload breaks off half way keeps nothing of it, and gets it again", async () => {
    const store = await openStore();
    const digest = sha256(large);
    door.disturb((request) => (isObject(digest, "PUT")(request) ? "cut the upload" : "pass"));
    await expectUnavailable(store.put(streamOf(large), rules));
    expect(door.requests.filter(isObject(digest, "PUT"))).to.have.lengthOf(1 + quick.retryMs.length);
    expect(await isStored(digest)).to.equal(false);
    let cut = 0;
    door.disturb((request) => (isObject(digest, "PUT")(request) && cut++ < 2 ? "cut the upload" : "pass"));
    await store.put(streamOf(large), rules);
    expect(await buffer(await store.read(digest))).to.deep.equal(large);
  });

  it("refuses bytes that were changed on the way there", async () => {
    const store = await openStore();
    door.disturb(({ method }) => (method === "PUT" ? "change the upload" : "pass"));
    const failure = await expectUnavailable(store.put(streamOf(large), rules));
    expect((failure.cause as Error).message).to.contain("XAmzContentSHA256Mismatch");
    expect(await isStored(sha256(large))).to.equal(false);
  });

  it("that redirects is not followed", async () => {
    const elsewhere = await openS3Door(server.url);
    try {
      const store = await openStore();
      door.disturb(({ url }) => ({ status: 307, headers: { location: elsewhere.url + url } }));
      await expectUnavailable(store.put(streamOf(small), rules));
      await expectUnavailable(store.read(sha256(small)));
      expect(elsewhere.requests).to.deep.equal([]);
    } finally {
      await elsewhere.close();
    }
  });

  it("that is full says so, and takes the document once there is room", async function () {
    const disc = await mkdtemp(join(tmpdir(), "icl-full-"));
    const mounted = await promisify(execFile)("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disc]).catch(
      () => null,
    );
    if (mounted === null) {
      process.stdout.write(
        "      object storage that is full: skipped, a small disc cannot be mounted here\n",
      );
      await rm(disc, { recursive: true });
      this.skip();
    }
    const full = await startS3Server({ root: disc });
    try {
      if (full === null) throw new Error("There was a server a moment ago.");
      const store = await S3Store.open(full.location({ prefix, spool }), { pace: quick });
      stores.push(store);
      await expectUnavailable(store.put(streamOf(large), rules));
      const fits = large.subarray(0, 1_200_000);
      const { digest } = await store.put(streamOf(fits), rules);
      expect(await buffer(await store.read(digest))).to.deep.equal(fits);
      expect(await store.list(Number.parseInt(sha256(large).slice(0, 2), 16))).not.to.include(sha256(large));
    } finally {
      await full?.close();
      await promisify(execFile)("umount", [disc]);
      await rm(disc, { recursive: true });
    }
  });

  it("has documents come in on a disc that is full: they are refused, and nothing of them stays", async () => {
    // A process that may write no file past 8 kB stands for a full disc.
    const script = `
      import { S3Store } from ${JSON.stringify(new URL("../../src/documents/s3-store.ts", import.meta.url))};
      import { Readable } from "node:stream";
      const store = await S3Store.open(${JSON.stringify(server.location({ prefix, spool }))});
      const content = Readable.from([Buffer.alloc(100_000, 1)], { objectMode: false });
      await store.put(content, { maxBytes: 1_000_000 })
        .catch((error) => process.stdout.write(error.code + error.retryAfterSeconds));`;
    const limited = [
      "-c",
      'ulimit -f 16 && exec "$0" "$@"',
      process.execPath,
      "--input-type=module",
      "--eval",
      script,
    ];
    const { stdout } = await promisify(execFile)("sh", limited);
    expect(stdout).to.equal("unavailable10");
    expect(await readdir(spool)).to.deep.equal([]);
  });

  it("loses no document that is stored at any moment of its removal", async function () {
    this.timeout(120_000);
    const other = await openS3Door(server.url);
    try {
      const [remover, writer] = [await openStore(), await openStore({}, other.url)];
      /** Lets through so many requests, and holds the next. */
      const holdAfter = (which: S3Door, count: number) => {
        const held = Promise.withResolvers<undefined>();
        const go = Promise.withResolvers<"pass">();
        let seen = 0;
        which.disturb(() => {
          seen += 1;
          if (seen !== count + 1) return "pass";
          held.resolve(undefined);
          return go.promise;
        });
        return {
          held: held.promise,
          go: () => {
            go.resolve("pass");
          },
        };
      };
      for (const first of ["removal", "upload"] as const) {
        for (
          let [removal, upload] = [0, 0];
          removal < 6;
          [removal, upload] = upload < 5 ? [removal, upload + 1] : [removal + 1, 0]
        ) {
          const about = `${first} first; the removal held after ${removal} requests, the upload after ${upload}`;
          const content = Buffer.from(about);
          const { digest } = await writer.put(streamOf(content), rules);
          const old = new Date(Date.now() - 2 * HOUR);
          await utimes(pathOf(digest), old, old);
          const work = {
            removal: { gate: holdAfter(door, removal), run: () => remover.remove(digest, Date.now() - HOUR) },
            upload: { gate: holdAfter(other, upload), run: () => writer.put(streamOf(content), rules) },
          };
          const one = work[first];
          const two = work[first === "removal" ? "upload" : "removal"];
          const begun: Promise<unknown>[] = [];
          for (const { gate, run } of [one, two]) {
            const running = run();
            begun.push(running);
            await Promise.race([gate.held, running]);
          }
          one.gate.go();
          // An upload may have to wait for the removal, also where that is held.
          await Promise.race([begun[0], delay(300)]);
          two.gate.go();
          await Promise.all(begun);
          expect(await buffer(await writer.read(digest)), about).to.deep.equal(content);
        }
      }
    } finally {
      await other.close();
    }
  });

  it("that keeps silent keeps no node from stopping", async () => {
    const store = await openStore({ pace: {} });
    const { digest } = await store.put(streamOf(small), rules);
    const asked = Promise.withResolvers<undefined>();
    door.disturb(() => {
      asked.resolve(undefined);
      return "keep silent";
    });
    const reading = expectUnavailable(store.read(digest));
    await asked.promise;
    const begun = Date.now();
    await store.close();
    await reading;
    // Left to itself, it would be asked four times for twenty seconds each.
    expect(Date.now() - begun).to.be.lessThan(15_000);
  });

  it("whose clock is slow has nothing removed early", async () => {
    const store = await openStore();
    const { digest } = await store.put(streamOf(small), rules);
    door.disturb(() => "answer by a clock that is three hours slow");
    expect(await store.remove(digest, Date.now() - HOUR)).to.equal(false);
    expect(await buffer(await store.read(digest))).to.deep.equal(small);
  });

  it("holds up nobody for a removal whose process died", async () => {
    const store = await openStore();
    const { digest } = await store.put(streamOf(small), rules);
    const mark = `${server.url}/documents/${prefix}/removing/${digest}/${randomUUID()}`;
    expect((await server.client.fetch(mark, { method: "PUT" })).status).to.equal(200);
    const marks = join(server.directory, prefix, "removing", digest);
    for (const name of await readdir(marks)) {
      const old = new Date(Date.now() - HOUR);
      await utimes(join(marks, name), old, old);
    }
    await store.put(streamOf(small), rules);
    expect(await readdir(join(server.directory, prefix))).not.to.include("removing");
  });

  it("is asked once for a large document, however many parts of it are read; copies of it do not pile up", async () => {
    const store = await openStore({ spool: { bytes: 4_000_000, documents: 10, forMs: HOUR } });
    const { digest } = await store.put(streamOf(large), rules);
    const parts = [0, 1_000_000, 2_999_999].map(async (start) => {
      const part = await buffer(await store.read(digest, { start, end: start }));
      expect(part).to.deep.equal(large.subarray(start, start + 1));
    });
    await Promise.all(parts);
    await buffer(await store.read(digest));
    expect(door.requests.filter(isObject(digest, "GET"))).to.have.lengthOf(1);
    const other = await store.put(streamOf(large.subarray(1)), rules);
    const reading = await store.read(digest); // its copy goes while it is read
    await buffer(await store.read(other.digest));
    expect(await readdir(spool)).to.have.lengthOf(1);
    expect((await buffer(reading)).equals(large)).to.equal(true);
    await store.close();
    expect(await readdir(spool)).to.deep.equal([]);
    const forgetful = await openStore({ spool: { bytes: 4_000_000, documents: 10, forMs: 50 } });
    await buffer(await forgetful.read(digest));
    await eventually(async () => (await readdir(spool)).length === 0, { what: "an empty spool" });
  });

  it("of which a copy on this machine was changed shows nothing of it", async () => {
    const store = await openStore();
    const { digest } = await store.put(streamOf(large), rules);
    await buffer(await store.read(digest));
    for (const name of await readdir(spool)) await writeFile(join(spool, name), randomBytes(large.length));
    expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
    expect((await buffer(await store.read(digest))).equals(large)).to.equal(true);
  });

  it("that would keep what is erased, as another version, is refused", async () => {
    const versions = await startS3Server({ versioning: true });
    try {
      if (versions === null) throw new Error("There was a server a moment ago.");
      const failure = await rejection(S3Store.open(versions.location({ prefix, spool }), { pace: quick }));
      expect(failure.message).to.contain("keeps versions of its objects");
    } finally {
      await versions?.close();
    }
  });
});
