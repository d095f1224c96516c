import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";
import type { ByteRange, ContentRules, DocumentStore, StoredContent } from "./document-store.ts";
import { FileVerifier } from "./file-verifier.ts";
import { codeOf, damaged, noRoom } from "./store-problems.ts";
import { UnfinishedFiles } from "./unfinished-files.ts";
import { FILE_MODE, writeContent } from "./write-content.ts";

const DIRECTORY_MODE = 0o700;
const DIGEST = /^[0-9a-f]{64}$/;
/** What is being removed. */
const ASIDE = /^(?<digest>[0-9a-f]{64})~[0-9a-f-]{36}\.aside$/;
/** Files of a batch that are written at a time. */
const SIDE_BY_SIDE = 16;
/** Removing a file takes no longer than this. */
const ASIDE_MS = 60 * 1000;
/** A document up to this size is read whole and compared each time it is asked for. */
const SMALL_BYTES = 1024 * 1024;
/** What a store must have room for at least; of bytes that no file system makes smaller. */
const PROBE = randomBytes(64 * 1024);

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // directories cannot be opened there; its file system orders renames itself
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** When a file last got its name, in milliseconds since 1970; null when it is gone. */
async function movedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).ctimeMs;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Documents as files: `content/<first two digits>/<digest>`. A file appears there whole and synced or not at all, since
 * it is written under `incoming/` and moved; both lie in one directory, so that moving is one step.
 */
export class FileStore implements DocumentStore {
  readonly #content: string;
  readonly #incoming: string;
  readonly #unfinished: UnfinishedFiles;
  readonly #verifier: FileVerifier;

  private constructor(directory: string, now: () => number) {
    this.#content = join(directory, "content");
    this.#incoming = join(directory, "incoming");
    this.#unfinished = new UnfinishedFiles(this.#incoming);
    this.#verifier = new FileVerifier(now);
  }

  /**
   * Opens the store, making its directories where they are missing, and removes what an earlier run left unfinished.
   *
   * @param directory kept between starts; may be shared by the replicas of a node
   * @param now milliseconds since 1970
   */
  static async open(directory: string, now: () => number = Date.now): Promise<FileStore> {
    const store = new FileStore(directory, now);
    await mkdir(store.#incoming, { recursive: true, mode: DIRECTORY_MODE });
    await mkdir(store.#content, { recursive: true, mode: DIRECTORY_MODE });
    for (let shard = 0; shard < 256; shard++) {
      const name = shard.toString(16).padStart(2, "0");
      await mkdir(join(store.#content, name), { recursive: true, mode: DIRECTORY_MODE });
    }
    await syncDirectory(store.#content);
    await syncDirectory(directory);
    await store.#removeAbandoned(now());
    return store;
  }

  async put(content: Readable, rules: ContentRules): Promise<StoredContent> {
    const unfinished = this.#unfinished.fresh();
    try {
      const stored = await writeContent(unfinished, content, rules, true);
      const shard = join(this.#content, stored.digest.slice(0, 2));
      // Also where the bytes are there already: a damaged file is made good by them.
      await rename(unfinished, join(shard, stored.digest));
      await syncDirectory(shard);
      return stored;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw noRoom(error);
    }
  }

  /** Files are written and synced side by side, which a journalling disc does together; directories once each. */
  async putAll(contents: readonly Uint8Array[]): Promise<readonly Digest[]> {
    const digests = contents.map((bytes) => createHash("sha256").update(bytes).digest("hex") as Digest);
    const shards = new Set<string>();
    let place = 0;
    const work = async () => {
      for (let index = place++; index < contents.length; index = place++) {
        const [bytes, digest] = [contents[index], digests[index]];
        if (bytes === undefined || digest === undefined) return;
        shards.add(dirname(this.#pathOf(digest)));
        await this.#putOne(bytes, this.#pathOf(digest));
      }
    };
    await allDone(Array.from({ length: SIDE_BY_SIDE }, work));
    await allDone([...shards].map(syncDirectory));
    return digests;
  }

  async #putOne(bytes: Uint8Array, path: string): Promise<void> {
    const unfinished = this.#unfinished.fresh();
    try {
      await writeFile(unfinished, bytes, { flag: "wx", mode: FILE_MODE, flush: true });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw noRoom(error);
    }
  }

  /** Moved aside first: whatever arrives under the name from then on is another file, and stays. */
  async remove(digest: Digest, writtenBefore: number): Promise<boolean> {
    const path = this.#pathOf(digest);
    const aside = join(this.#incoming, `${digest}~${randomUUID()}.aside`);
    try {
      await rename(path, aside);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return true;
      throw error;
    }
    const { mtimeMs } = await stat(aside);
    const goes = mtimeMs < writtenBefore;
    if (goes) await rm(aside);
    else await this.#putBack(aside, path);
    await syncDirectory(dirname(path));
    return goes;
  }

  async list(shard: number): Promise<readonly Digest[]> {
    const names = await readdir(join(this.#content, shard.toString(16).padStart(2, "0")));
    return names.filter((name): name is Digest => DIGEST.test(name));
  }

  /** Bytes under a digest are always the right ones, so putting them back takes nothing from anybody. */
  async #putBack(aside: string, path: string): Promise<void> {
    const moment = new Date();
    await utimes(aside, moment, moment);
    await rename(aside, path);
  }

  async #putBackLeft(aside: string, digest: Digest, now: number): Promise<void> {
    const moved = await movedAt(aside);
    // Of lately it is another replica's, which is just removing it.
    if (moved !== null && moved < now - ASIDE_MS) await this.#putBack(aside, this.#pathOf(digest));
  }

  #pathOf(digest: Digest): string {
    if (!DIGEST.test(digest)) throw new TypeError("A digest is 64 lower-case hexadecimal digits.");
    return join(this.#content, digest.slice(0, 2), digest);
  }

  async check(): Promise<void> {
    for (const directory of [this.#incoming, this.#content]) {
      await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    // Rights say nothing of room.
    const probe = this.#unfinished.fresh();
    try {
      await writeFile(probe, PROBE, { flag: "wx", mode: FILE_MODE });
    } finally {
      await rm(probe, { force: true });
    }
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    const file = await this.#openContent(digest);
    try {
      const { size } = await file.stat();
      if (size <= SMALL_BYTES) {
        const bytes = await file.readFile();
        if (createHash("sha256").update(bytes).digest("hex") !== digest) throw damaged(digest);
        await file.close();
        return Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)], {
          objectMode: false,
        });
      }
      if (!(await this.#verifier.isGood(file, digest))) throw damaged(digest);
      return file.createReadStream({ start: range?.start ?? 0, end: range?.end ?? size - 1 });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #openContent(digest: Digest): Promise<FileHandle> {
    const path = this.#pathOf(digest);
    try {
      return await open(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") throw damaged(digest);
      throw error;
    }
  }

  async #removeAbandoned(now: number): Promise<void> {
    for (const name of await readdir(this.#incoming)) {
      const digest = ASIDE.exec(name)?.groups?.digest;
      // A crash came between moving it aside and removing it: whether it goes is for the next who asks.
      if (digest !== undefined) await this.#putBackLeft(join(this.#incoming, name), digest as Digest, now);
    }
    await this.#unfinished.removeAbandoned(now);
  }
}

/** Waits for all, so that nothing is still under way when one has failed. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((each) => each.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
