import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, constants, mkdir, rm, type FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

import pLimit from "p-limit";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import type { ByteRange, ContentRules, DocumentStore, StoredContent } from "./document-store.ts";
import { FileVerifier } from "./file-verifier.ts";
import { keepsVersions, readPage, type S3Entry, type S3Page } from "./s3-answers.ts";
import {
  ObjectAbsent,
  readText,
  S3Connection,
  S3Failure,
  s3Pace,
  type S3Body,
  type S3Pace,
} from "./s3-connection.ts";
import { MOST_S3_BYTES, type S3Location } from "./s3-location.ts";
import { SpooledDocuments, spoolBounds, type SpoolBounds } from "./spooled-documents.ts";
import { damaged, noRoom, outOfReach } from "./store-problems.ts";
import { UnfinishedFiles } from "./unfinished-files.ts";
import { FILE_MODE, writeContent } from "./write-content.ts";

const DIRECTORY_MODE = 0o700;
const DIGEST = /^[0-9a-f]{64}$/;
/** Objects of a batch that are written at a time. */
const SIDE_BY_SIDE = 16;
/** Large documents that are fetched at a time; others wait. */
const FETCHED_AT_ONCE = 4;
/** A document up to this size is read whole and compared each time it is asked for. */
const SMALL_BYTES = 1024 * 1024;
/** A mark older than this, by the storage's clock, was left by a process that died. */
const MARK_MS = 120_000;
/** A removal begins within this time of its mark, or not at all; with a request's own time, it is over before the mark is. */
const REMOVAL_BEGINS_MS = 30_000;
const MARK_LOOK_MS = 250;
/** How long a request may take that moves no bytes. */
const CHECK_MS = 5_000;
/** The storage's moments are given in seconds. */
const SECOND = 1_000;

/** What an S3 store may be told otherwise. */
export interface S3StoreOptions {
  readonly countFault?: CountFault;
  readonly pace?: Partial<S3Pace>;
  readonly spool?: SpoolBounds;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Documents as objects in S3-compatible storage: `<prefix>/<first two digits>/<digest>`. One PUT makes an object whole or
 * not at all, and the storage compares what it got with the digest. Why nothing is lost when a document is stored while it is
 * being removed: decision 0023.
 */
export class S3Store implements DocumentStore {
  readonly #location: S3Location;
  readonly #connection: S3Connection;
  readonly #unfinished: UnfinishedFiles;
  readonly #spooled: SpooledDocuments;
  readonly #verifier: FileVerifier;
  readonly #fetching = new Map<Digest, Promise<Buffer | null>>();
  readonly #fetchLimit = pLimit(FETCHED_AT_ONCE);
  #examined = false;

  private constructor(location: S3Location, options: S3StoreOptions) {
    const { countFault = uncounted, pace = {}, spool = spoolBounds, now = Date.now } = options;
    this.#location = location;
    this.#connection = new S3Connection(location, { ...s3Pace, ...pace }, countFault);
    this.#unfinished = new UnfinishedFiles(location.spool);
    this.#spooled = new SpooledDocuments(spool);
    this.#verifier = new FileVerifier(now);
  }

  /**
   * Opens the store, making its spool directory where it is missing, and removes what an earlier run left there. Storage
   * that is out of reach keeps nobody from starting; `check` says so until it is there.
   *
   * @throws Error for a bucket that is not there, that the credentials do not open, or that keeps versions
   */
  static async open(location: S3Location, options: S3StoreOptions = {}): Promise<S3Store> {
    const store = new S3Store(location, options);
    await mkdir(location.spool, { recursive: true, mode: DIRECTORY_MODE });
    await store.#unfinished.removeAbandoned((options.now ?? Date.now)());
    try {
      await store.check();
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal !== null) {
        const why = `The bucket ${location.bucket} cannot be used: ${refusal.message}`;
        throw new Error(`${why} See that it is there, and what the credentials may do.`, { cause: error });
      }
      if (!(error instanceof Problem)) throw error;
    }
    return store;
  }

  async put(content: Readable, rules: ContentRules): Promise<StoredContent> {
    const file = this.#unfinished.fresh();
    try {
      const stored = await writeContent(file, content, rules, false);
      await this.#store(stored.digest, { file, size: stored.size, sha256: stored.digest });
      return stored;
    } catch (error) {
      throw noRoom(error);
    } finally {
      await rm(file, { force: true });
    }
  }

  async putAll(contents: readonly Uint8Array[]): Promise<readonly Digest[]> {
    const limit = pLimit(SIDE_BY_SIDE);
    const digests = contents.map((bytes) => createHash("sha256").update(bytes).digest("hex") as Digest);
    const work = contents.map((bytes, index) =>
      limit(async () => {
        const digest = digests[index];
        if (digest !== undefined) await this.#store(digest, { bytes, size: bytes.length, sha256: digest });
      }),
    );
    // All are waited for, so that nothing is still under way when one has failed.
    const failure = (await Promise.allSettled(work)).find((each) => each.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    return digests;
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    const key = this.#keyOf(digest);
    for (;;) {
      const file = await this.#spooled.open(digest);
      if (file !== null) return this.#readSpooled(digest, file, range);
      const bytes = await this.#fetchOnce(digest, key);
      if (bytes === null) continue; // it is large, and lies on this machine now
      return Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)], {
        objectMode: false,
      });
    }
  }

  /**
   * Says that it is about to remove before it looks how old the bytes are, and whoever stores them anew looks for that
   * mark after storing: so either the one sees the new bytes or the other sees that they may be gone.
   */
  async remove(digest: Digest, writtenBefore: number): Promise<boolean> {
    const key = this.#keyOf(digest);
    await this.#spooled.drop(digest);
    const first = await this.#writtenAt(key);
    if (first === null) return true;
    if (!(first < writtenBefore)) return false;
    const mark = `${this.#marksOf(digest)}${randomUUID()}`;
    const begun = performance.now();
    await this.#connection.send({ method: "PUT", key: mark, withinMs: CHECK_MS }, nothing);
    const again = await this.#writtenAt(key);
    const goes = again !== null && again < writtenBefore;
    if (goes) {
      if (performance.now() - begun > REMOVAL_BEGINS_MS)
        throw outOfReach(new Error("The storage is too slow."));
      // Where it is not known whether this was done, the mark stays until it is old: it may still be done.
      await this.#connection.send({ method: "DELETE", key, once: true }, nothing);
    }
    await this.#connection.send({ method: "DELETE", key: mark, withinMs: CHECK_MS }, nothing);
    return goes || again === null;
  }

  async list(shard: number): Promise<readonly Digest[]> {
    const start = this.#keyFor(`${shard.toString(16).padStart(2, "0")}/`);
    const digests: Digest[] = [];
    for await (const { key } of this.#entries(start)) {
      const name = key.slice(start.length);
      if (key.startsWith(start) && DIGEST.test(name)) digests.push(name as Digest);
    }
    return digests;
  }

  async check(): Promise<void> {
    await access(this.#location.spool, constants.R_OK | constants.W_OK | constants.X_OK);
    const request = { method: "GET", once: true, withinMs: CHECK_MS } as const;
    await this.#connection.send({ ...request, query: { "list-type": "2", "max-keys": "1" } }, readText);
    if (this.#examined) return;
    await this.#demandNoVersions();
    this.#examined = true;
  }

  /** Closes connections, and removes what lies on this machine. */
  async close(): Promise<void> {
    this.#connection.close();
    await this.#spooled.clear();
  }

  /** In a bucket that keeps versions, what was erased would still be there. */
  async #demandNoVersions(): Promise<void> {
    const request = { method: "GET", once: true, withinMs: CHECK_MS, query: { versioning: "" } } as const;
    let answer: string;
    try {
      answer = await this.#connection.send(request, readText);
    } catch (error) {
      const refusal = refusalIn(error);
      // Storage that knows no versions keeps none.
      if (refusal?.status === 501 || refusal?.code === "VersioningNotConfigured") return;
      throw error;
    }
    if (keepsVersions(answer)) {
      throw new Error(
        `The bucket ${this.#location.bucket} keeps versions of its objects, so that nothing in it can be erased: use one that never did.`,
      );
    }
  }

  async #store(digest: Digest, body: S3Body): Promise<void> {
    const key = this.#keyOf(digest);
    const wasThere = (await this.#writtenAt(key)) !== null;
    const end = performance.now() + 2 * MARK_MS;
    for (;;) {
      // Also where the bytes are there already: damaged ones are made good, and whoever removes old ones sees new ones.
      await this.#connection.send({ method: "PUT", key, body }, nothing);
      if (!wasThere) return;
      const removing = await this.#isBeingRemoved(digest);
      if (!removing && (await this.#writtenAt(key)) !== null) return;
      while (await this.#isBeingRemoved(digest)) {
        if (performance.now() > end) throw outOfReach(new Error("The same document is being removed."));
        await delay(MARK_LOOK_MS);
      }
    }
  }

  async #isBeingRemoved(digest: Digest): Promise<boolean> {
    let removing = false;
    const old: string[] = [];
    for await (const { key, writtenAt, readAt } of this.#entries(this.#marksOf(digest))) {
      if (readAt - writtenAt > MARK_MS) old.push(key);
      else removing = true;
    }
    for (const key of old) await this.#connection.send({ method: "DELETE", key }, nothing);
    return removing;
  }

  /**
   * When an object was written, in milliseconds since 1970 by this machine's clock, at the latest; null where there is none,
   * NaN where the storage does not say.
   */
  async #writtenAt(key: string): Promise<number | null> {
    try {
      return await this.#connection.send({ method: "HEAD", key, withinMs: CHECK_MS }, async ({ headers }) => {
        const age = momentOf(headers.date) - momentOf(headers["last-modified"]);
        return Promise.resolve(Date.now() - age + SECOND);
      });
    } catch (error) {
      if (error instanceof ObjectAbsent) return null;
      throw error;
    }
  }

  async *#entries(prefix: string): AsyncGenerator<S3Entry & { readonly readAt: number }> {
    let token: string | null = "";
    while (token !== null) {
      const { page, readAt } = await this.#page(prefix, token);
      for (const entry of page.entries) yield { ...entry, readAt };
      if (page.next === token) throw outOfReach(new Error("The storage's listing does not go on."));
      token = page.next;
    }
  }

  #page(prefix: string, token: string): Promise<{ readonly page: S3Page; readonly readAt: number }> {
    const query = {
      ...{ "list-type": "2", "max-keys": "1000", prefix },
      ...(token === "" ? {} : { "continuation-token": token }),
    };
    return this.#connection.send({ method: "GET", query }, async (answer) => ({
      page: readPage(await readText(answer)),
      readAt: momentOf(answer.headers.date),
    }));
  }

  async #readSpooled(digest: Digest, file: FileHandle, range?: ByteRange): Promise<Readable> {
    try {
      if (!(await this.#isGood(file, digest))) {
        await this.#spooled.drop(digest);
        throw damaged(digest);
      }
      const { size } = await file.stat();
      return file.createReadStream({ start: range?.start ?? 0, end: range?.end ?? size - 1 });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether a copy has its digest, also one that was removed while it was compared: it is then compared once more. */
  async #isGood(file: FileHandle, digest: Digest): Promise<boolean> {
    if (await this.#verifier.isGood(file, digest)) return true;
    const { nlink } = await file.stat();
    return nlink === 0 && (await this.#verifier.isGood(file, digest));
  }

  /** Those who ask for one document at the same time wait for one answer of the storage. */
  #fetchOnce(digest: Digest, key: string): Promise<Buffer | null> {
    const known = this.#fetching.get(digest);
    if (known !== undefined) return known;
    const fetched = this.#fetchLimit(() => this.#fetch(digest, key)).finally(() => {
      this.#fetching.delete(digest);
    });
    this.#fetching.set(digest, fetched);
    return fetched;
  }

  /** @returns the bytes of a small document; null for a large one, which is spooled and has yet to be compared */
  async #fetch(digest: Digest, key: string): Promise<Buffer | null> {
    const file = this.#unfinished.fresh();
    try {
      const fetched = await this.#connection.send({ method: "GET", key }, (answer) => receive(answer, file));
      if (typeof fetched === "number") {
        await this.#spooled.keep(digest, file, fetched);
        return null;
      }
      if (createHash("sha256").update(fetched).digest("hex") !== digest) throw damaged(digest);
      return fetched;
    } catch (error) {
      await rm(file, { force: true });
      throw error instanceof ObjectAbsent ? damaged(digest) : error;
    }
  }

  #keyOf(digest: Digest): string {
    if (!DIGEST.test(digest)) throw new TypeError("A digest is 64 lower-case hexadecimal digits.");
    return this.#keyFor(`${digest.slice(0, 2)}/${digest}`);
  }

  /** What the keys of all marks begin with that say of a document that it is being removed. */
  #marksOf(digest: Digest): string {
    return this.#keyFor(`removing/${digest}/`);
  }

  #keyFor(name: string): string {
    const { prefix } = this.#location;
    return prefix === "" ? name : `${prefix}/${name}`;
  }
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

/** What the storage will say the same another time; null where it may be different then. */
function refusalIn(error: unknown): S3Failure | null {
  return error instanceof Problem && error.cause instanceof S3Failure && error.cause.isFinal
    ? error.cause
    : null;
}

function momentOf(header: string | undefined): number {
  return Date.parse(header ?? "");
}

/** @returns the bytes where they are few; else how many were written into the file */
async function receive(answer: IncomingMessage, file: string): Promise<Buffer | number> {
  const announced = Number(answer.headers["content-length"] ?? NaN);
  if (announced <= SMALL_BYTES) {
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  let size = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > MOST_S3_BYTES) throw new Error("The storage's answer has no end.");
      yield chunk;
    }
  };
  await pipeline(answer, counted, createWriteStream(file, { mode: FILE_MODE }));
  return size;
}
