import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { expect } from "chai";

import { DigestMismatch, type DocumentStore } from "../../src/documents/document-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { rejection } from "../rejection.ts";

/** A store, and what a test does to its bytes behind its back. */
export interface StoreUnderTest {
  readonly store: DocumentStore;
  /** The store as another replica has it, or this one after a while; the same where it remembers nothing that is wrong. */
  anew(): Promise<DocumentStore>;
  /** Changes one byte, so that nothing else shows it. */
  damage(digest: Digest, position: number): Promise<void>;
  replace(digest: Digest, bytes: Uint8Array): Promise<void>;
  lose(digest: Digest): Promise<void>;
  /** Makes bytes old: as if written so many milliseconds ago. */
  age(digest: Digest, milliseconds: number): Promise<void>;
  /** What lies about half done. */
  unfinished(): Promise<readonly string[]>;
}

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as Digest;
export const streamOf = (...chunks: readonly Uint8Array[]) => Readable.from(chunks, { objectMode: false });

const HOUR = 60 * 60 * 1000;
const rules = { maxBytes: 10_000_000 };
const small = Buffer.from("a small document");
const large = randomBytes(3_000_000);

/**
 * What every store of documents must do.
 *
 * @param fresh an empty one, for each test
 */
export function behavesAsDocumentStore(fresh: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: DocumentStore;

  beforeEach(async () => {
    under = await fresh();
    store = under.store;
  });

  it("keeps content under its digest", async () => {
    const stored = await store.put(streamOf(large.subarray(0, 10), large.subarray(10)), rules);
    expect(stored).to.deep.equal({ digest: sha256(large), size: large.length });
    expect(await buffer(await store.read(stored.digest))).to.deep.equal(large);
    expect(await buffer(await (await under.anew()).read(stored.digest))).to.deep.equal(large);
    await store.check();
  });

  it("keeps nothing else of what it was brought", async () => {
    await store.put(streamOf(large), rules);
    expect(await under.unfinished()).to.deep.equal([]);
  });

  it("answers the same for the same bytes, also at the same time", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => store.put(streamOf(small), rules)));
    expect(answers).to.deep.equal(Array(3).fill({ digest: sha256(small), size: small.length }));
    expect(await under.unfinished()).to.deep.equal([]);
  });

  it("keeps many small documents at once", async () => {
    const contents = Array.from({ length: 50 }, (_, index) => Buffer.from(`document ${index}`));
    const digests = await store.putAll(contents);
    expect(digests).to.deep.equal(contents.map(sha256));
    for (const [index, digest] of digests.entries()) {
      expect(await buffer(await store.read(digest))).to.deep.equal(contents[index]);
    }
    expect(await under.unfinished()).to.deep.equal([]);
  });

  for (const [size, bytes] of [
    ["small", small],
    ["large", large],
  ] as const) {
    it(`reads a part of a ${size} document`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      for (const [start, end] of [
        [2, 6],
        [bytes.length - 1, bytes.length - 1],
      ] as const) {
        expect(await buffer(await store.read(digest, { start, end }))).to.deep.equal(
          bytes.subarray(start, end + 1),
        );
      }
    });

    it(`never hands out a ${size} document that was changed behind its back, whole or in part`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await buffer(await store.read(digest)); // it was good once, and known to be
      await under.damage(digest, bytes.length - 1);
      const again = await under.anew();
      for (const range of [undefined, { start: 0, end: 3 }]) {
        const failure = await rejection(again.read(digest, range));
        expect(failure).to.be.instanceOf(Problem).with.property("code", "document-damaged");
      }
      // Whoever has a good copy at hand may show that one, and nothing else.
      const shown = await store.read(digest).then(buffer, (error: unknown) => error);
      if (shown instanceof Buffer) expect(shown.equals(bytes)).to.equal(true);
      else expect(shown).to.have.property("code", "document-damaged");
    });

    it(`makes a damaged ${size} document good when its bytes are brought again`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await under.damage(digest, 0);
      expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
      await store.put(streamOf(bytes), rules);
      expect(await buffer(await store.read(digest))).to.deep.equal(bytes);
    });

    it(`never hands out a ${size} document that was cut short, or is gone`, async () => {
      const { digest } = await store.put(streamOf(bytes), rules);
      await under.replace(digest, bytes.subarray(1));
      expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
      await under.lose(digest);
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
    expect(await under.unfinished()).to.deep.equal([]);
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
    expect(await under.unfinished()).to.deep.equal([]);
    expect(await rejection(store.read(sha256(small)))).to.have.property("code", "document-damaged");
  });

  it("refuses an empty document", async () => {
    expect(await rejection(store.put(streamOf(), rules))).to.have.property("code", "document-empty");
    expect(await under.unfinished()).to.deep.equal([]);
  });

  it("keeps nothing of content that is not what was expected", async () => {
    const expected = sha256(large);
    const failure = await rejection(store.put(streamOf(small), { ...rules, expected }));
    expect(failure).to.be.instanceOf(DigestMismatch).with.property("actual", sha256(small));
    expect(await under.unfinished()).to.deep.equal([]);
    expect(await rejection(store.read(sha256(small)))).to.have.property("code", "document-damaged");
  });

  it("lists what it keeps, a part at a time", async () => {
    const digests = await store.putAll(
      Array.from({ length: 40 }, (_, index) => Buffer.from(`listed ${index}`)),
    );
    const begins = (shard: number) => (digest: Digest) => Number.parseInt(digest.slice(0, 2), 16) === shard;
    for (const shard of new Set(digests.map((digest) => Number.parseInt(digest.slice(0, 2), 16)))) {
      expect([...(await store.list(shard))].sort()).to.deep.equal(digests.filter(begins(shard)).sort());
    }
    const none = Array.from({ length: 256 }, (_, shard) => shard).find(
      (shard) => !digests.some(begins(shard)),
    );
    expect(await store.list(none ?? -1)).to.deep.equal([]);
  });

  it("removes a document, and says so again when it is asked again", async () => {
    const { digest } = await store.put(streamOf(large), rules);
    const { digest: other } = await store.put(streamOf(small), rules);
    await buffer(await store.read(digest));
    await under.age(digest, 2 * HOUR);
    expect(await store.remove(digest, Date.now() - HOUR)).to.equal(true);
    expect(await store.remove(digest, Date.now() - HOUR)).to.equal(true);
    expect(await rejection(store.read(digest))).to.have.property("code", "document-damaged");
    expect(await store.list(Number.parseInt(digest.slice(0, 2), 16))).not.to.include(digest);
    expect(await buffer(await store.read(other))).to.deep.equal(small);
    expect(await under.unfinished()).to.deep.equal([]);
  });

  it("leaves what was written lately, also where it was there long before", async () => {
    const { digest } = await store.put(streamOf(small), rules);
    expect(await store.remove(digest, Date.now() - HOUR)).to.equal(false);
    await under.age(digest, 2 * HOUR);
    await store.put(streamOf(small), rules);
    expect(await store.remove(digest, Date.now() - HOUR)).to.equal(false);
    expect(await buffer(await store.read(digest))).to.deep.equal(small);
    expect(await under.unfinished()).to.deep.equal([]);
  });

  it("takes nothing but a digest for a name", async () => {
    for (const name of ["../../etc/passwd", "AB".repeat(32), "", "a".repeat(63)]) {
      expect(await rejection(store.read(name as Digest))).to.be.instanceOf(TypeError);
    }
  });
}
