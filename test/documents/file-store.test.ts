import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { behavesAsDocumentStore, streamOf } from "./document-store.behavior.ts";

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

  behavesAsDocumentStore(() =>
    Promise.resolve({
      store,
      anew: () => Promise.resolve(store),
      damage: async (digest, position) => {
        const file = await open(pathOf(digest), "r+");
        const before = await file.stat();
        await file.write(Buffer.from([0x21]), 0, 1, position);
        await file.utimes(before.atime, before.mtime);
        await file.close();
      },
      replace: (digest, bytes) => writeFile(pathOf(digest), bytes),
      lose: (digest) => rm(pathOf(digest)),
      age: async (digest, milliseconds) => {
        const moment = new Date(Date.now() - milliseconds);
        await utimes(pathOf(digest), moment, moment);
      },
      unfinished,
    }),
  );

  it("keeps files readable by their owner alone", async () => {
    const { digest } = await store.put(streamOf(large), rules);
    expect(await readFile(pathOf(digest))).to.deep.equal(large);
    expect((await stat(pathOf(digest))).mode & 0o777).to.equal(0o600);
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
});
