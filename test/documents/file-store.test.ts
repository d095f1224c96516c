import { execFile } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";

import { expect } from "chai";

import { DigestMismatch } from "../../src/documents/document-store.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { rejection } from "../rejection.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as Digest;
const streamOf = (...chunks: readonly Uint8Array[]) => Readable.from(chunks, { objectMode: false });
const rules = { maxBytes: 10_000_000 };
const small = Buffer.from("a small document");
const large = randomBytes(3_000_000);

describe("file store", () => {
  let directory: string;
  let store: FileStore;
  let now: number;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-files-"));
    now = Date.now();
    store = await FileStore.open(directory, () => now);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const pathOf = (digest: Digest) => join(directory, "content", digest.slice(0, 2), digest);
  const unfinished = () => readdir(join(directory, "incoming"));
  const damage = async (digest: Digest, position: number) => {
    const file = await open(pathOf(digest), "r+");
    const before = await file.stat();
    await file.write(Buffer.from([0x21]), 0, 1, position);
    await file.utimes(before.atime, before.mtime);
    await file.close();
  };

  it("keeps content under its digest, readable by its owner alone", async () => {
    const stored = await store.put(streamOf(large.subarray(0, 10), large.subarray(10)), rules);
    expect(stored).to.deep.equal({ digest: sha256(large), size: large.length });
    expect(await readFile(pathOf(stored.digest))).to.deep.equal(large);
    expect((await stat(pathOf(stored.digest))).mode & 0o777).to.equal(0o600);
    expect(await buffer(await store.read(stored.digest))).to.deep.equal(large);
    expect(await unfinished()).to.deep.equal([]);
  });

  it("answers the same for the same bytes, also at the same time", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => store.put(streamOf(small), rules)));
    expect(answers).to.deep.equal(Array(3).fill({ digest: sha256(small), size: small.length }));
    expect(await unfinished()).to.deep.equal([]);
  });

  for (const [size, bytes] of [
    ["small", small],
    ["large", large],
  ] as const) {
    it(`reads a part of a ${size} document`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      expect(await buffer(await store.read(digest, { start: 2, end: 6 }))).to.deep.equal(
        bytes.subarray(2, 7),
      );
    });

    it(`never hands out a ${size} document that was changed on disc, whole or in part`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await buffer(await store.read(digest)); // it was good once, and known to be
      await damage(digest, bytes.length - 1);
      for (const range of [undefined, { start: 0, end: 3 }]) {
        const failure = await rejection(store.read(digest, range));
        expect(failure).to.be.instanceOf(Problem).with.property("code", "document-damaged");
      }
    });

    it(`makes a damaged ${size} document good when its bytes are brought again`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await damage(digest, 0);
      await rejection(store.read(digest));
      await store.put(streamOf(bytes), rules);
      expect(await buffer(await store.read(digest))).to.deep.equal(bytes);
    });

    it(`never hands out a ${size} document that was cut short, or is gone`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await writeFile(pathOf(digest), bytes.subarray(1));
      expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
      await rm(pathOf(digest));
      expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
    });
  }

  it("refuses a document past the limit while it streams, without waiting for its end or ending it", async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1;
          yield Buffer.alloc(100_000);
        }
      })(),
      { objectMode: false },
    );
    const failure = await rejection(store.put(endless, { maxBytes: 1_000_000 }));
    expect(failure).to.be.instanceOf(Problem).with.property("code", "document-too-large");
    expect(given).to.be.lessThan(20);
    expect(endless.destroyed).to.equal(false);
    expect(await unfinished()).to.deep.equal([]);
    endless.destroy();
  });

  it("takes a document of exactly the limit, and refuses one announced as larger before reading it", async () => {
    const exactly = { maxBytes: small.length };
    expect((await store.put(streamOf(small), exactly)).size).to.equal(small.length);
    const unread = streamOf(small);
    const failure = await rejection(store.put(unread, { ...exactly, announcedBytes: small.length + 1 }));
    expect(failure).to.have.property("code", "document-too-large");
    expect(unread.readableDidRead).to.equal(false);
  });

  it("keeps nothing of a document that ends early or breaks off", async () => {
    const early = await rejection(store.put(streamOf(small), { ...rules, announcedBytes: small.length + 1 }));
    expect(early).to.be.instanceOf(Problem).with.property("code", "truncated-upload");
    const broken = Readable.from(
      (async function* () {
        yield small;
        await Promise.resolve();
        throw new Error("connection lost");
      })(),
      { objectMode: false },
    );
    const off = await rejection(store.put(broken, rules));
    expect(off).to.be.instanceOf(Problem).with.property("code", "truncated-upload");
    expect(await unfinished()).to.deep.equal([]);
    expect(await rejection(store.read(sha256(small)))).to.have.property("code", "document-damaged");
  });

  it("refuses an empty document", async () => {
    expect(await rejection(store.put(streamOf(), rules))).to.have.property("code", "document-empty");
    expect(await unfinished()).to.deep.equal([]);
  });

  it("keeps nothing of content that is not what was expected", async () => {
    const expected = sha256(large);
    const failure = await rejection(store.put(streamOf(small), { ...rules, expected }));
    expect(failure).to.be.instanceOf(DigestMismatch).with.property("actual", sha256(small));
    expect(await unfinished()).to.deep.equal([]);
    expect(await rejection(store.read(sha256(small)))).to.have.property("code", "document-damaged");
  });

  it("says that there is no room, and keeps nothing, when the disc takes no more", async () => {
    // A process that may write no file past 8 kB stands for a full disc.
    const script = `
      import { FileStore } from ${JSON.stringify(new URL("../../src/documents/file-store.ts", import.meta.url))};
      import { Readable } from "node:stream";
      const store = await FileStore.open(${JSON.stringify(directory)});
      const content = Readable.from([Buffer.alloc(100_000, 1)], { objectMode: false });
      await store.put(content, { maxBytes: 1_000_000 }).catch((error) => process.stdout.write(error.code));`;
    const limited = 'ulimit -f 16 && exec "$0" "$@"';
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      limited,
      process.execPath,
      "--input-type=module",
      "--eval",
      script,
    ]);
    expect(stdout).to.equal("unavailable");
    expect(await unfinished()).to.deep.equal([]);
  });

  it("removes at start what an earlier run left unfinished, and leaves what others are writing", async () => {
    const incoming = join(directory, "incoming");
    const name = (host: string, pid: number) => `${host}~${pid}~${randomUUID()}~${randomUUID()}.part`;
    const gone = 2 ** 22 + 1; // past the largest process number
    const names = {
      dead: name(hostname(), gone),
      formerLife: name(hostname(), process.pid),
      alive: name(hostname(), process.ppid),
      elsewhere: name("other-host", gone),
      elsewhereOld: name("other-host", process.pid),
    };
    for (const each of Object.values(names)) await writeFile(join(incoming, each), "half");
    const old = new Date(now - 2 * 60 * 60 * 1000);
    await utimes(join(incoming, names.elsewhereOld), old, old);
    await writeFile(join(incoming, "a note by the operator"), "keep");

    const slow = new Readable({ read: () => undefined });
    const writing = store.put(slow, rules);
    slow.push(small);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await FileStore.open(directory, () => now);
    slow.push(null);
    expect((await writing).size).to.equal(small.length);
    expect((await readdir(incoming)).sort()).to.deep.equal(
      [names.alive, names.elsewhere, "a note by the operator"].sort(),
    );
  });

  it("takes nothing but a digest for a name", async () => {
    for (const name of ["../../etc/passwd", "AB".repeat(32), "", "a".repeat(63)]) {
      expect(await rejection(store.read(name as Digest))).to.be.instanceOf(TypeError);
    }
  });
});
