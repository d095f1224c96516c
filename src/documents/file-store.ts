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
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";

import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import {
  DigestMismatch,
  type ByteRange,
  type ContentRules,
  type DocumentStore,
  type StoredContent,
} from "./document-store.ts";
import { FileVerifier } from "./file-verifier.ts";

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const DIGEST = /^[0-9a-f]{64}$/;
/** Names an unfinished file by who writes it, so that a restart knows which of them nobody writes any more. */
const UNFINISHED = /^(?<host>[^/]+)~(?<pid>\d+)~(?<life>[0-9a-f-]{36})~[0-9a-f-]{36}\.part$/;
/** What is being removed. */
const ASIDE = /^(?<digest>[0-9a-f]{64})~[0-9a-f-]{36}\.aside$/;
/** Process numbers are used again; this tells this process from an earlier one. */
const LIFE = randomUUID();
/** An unfinished file untouched for this long belongs to nobody, whichever host began it. */
const ABANDONED_MS = 60 * 60 * 1000;
/** Files of a batch that are written at a time. */
const SIDE_BY_SIDE = 16;
/** Removing a file takes no longer than this. */
const ASIDE_MS = 60 * 1000;
/** A document up to this size is read whole and compared each time it is asked for. */
const SMALL_BYTES = 1024 * 1024;
/** An operator needs some time to make room. */
const NO_ROOM_SECONDS = 60;
/** What a store must have room for at least; of bytes that no file system makes smaller. */
const PROBE = randomBytes(64 * 1024);
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function tooLarge(maxBytes: number): Problem {
  return new Problem("document-too-large", `A document may have ${maxBytes} bytes at most.`, {
    members: { maxBytes },
  });
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // directories cannot be opened there; its file system orders renames itself
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function isWrittenNow(groups: Readonly<Record<string, string>>): boolean {
  if (groups.host !== hostname()) return true; // its process cannot be asked: only time tells
  return Number(groups.pid) === process.pid ? groups.life === LIFE : isAlive(Number(groups.pid));
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

/** When a file last changed, in milliseconds since 1970; null when it is gone. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
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
  readonly #verifier: FileVerifier;

  private constructor(directory: string, now: () => number) {
    this.#content = join(directory, "content");
    this.#incoming = join(directory, "incoming");
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
    const unfinished = this.#unfinished();
    try {
      const stored = await this.#write(unfinished, content, rules);
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
    const unfinished = this.#unfinished();
    try {
      await writeFile(unfinished, bytes, { flag: "wx", mode: FILE_MODE, flush: true });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw noRoom(error);
    }
  }

  #unfinished(): string {
    return join(this.#incoming, `${hostname()}~${process.pid}~${LIFE}~${randomUUID()}.part`);
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
    const probe = this.#unfinished();
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

  async #write(path: string, content: Readable, rules: ContentRules): Promise<StoredContent> {
    const { maxBytes, announcedBytes, expected } = rules;
    if (announcedBytes !== undefined && announcedBytes > maxBytes) throw tooLarge(maxBytes);
    const hash = createHash("sha256");
    let size = 0;
    const file = await open(path, "wx", FILE_MODE);
    try {
      for await (const chunk of chunksOf(content)) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        await file.writeFile(chunk); // goes on where the last write ended
      }
      if (announcedBytes !== undefined && size !== announcedBytes) throw truncated();
      if (size === 0) {
        throw new Problem("document-empty", "The body is empty: send the document itself as the body.");
      }
      const digest = hash.digest("hex") as Digest;
      if (expected !== undefined && digest !== expected) throw new DigestMismatch(expected, digest);
      await file.sync();
      return { digest, size };
    } finally {
      await file.close();
    }
  }

  async #removeAbandoned(now: number): Promise<void> {
    for (const name of await readdir(this.#incoming)) {
      const digest = ASIDE.exec(name)?.groups?.digest;
      // A crash came between moving it aside and removing it: whether it goes is for the next who asks.
      if (digest !== undefined) await this.#putBackLeft(join(this.#incoming, name), digest as Digest, now);
      const groups = UNFINISHED.exec(name)?.groups;
      if (groups === undefined) continue;
      const path = join(this.#incoming, name);
      const changed = await changedAt(path);
      const abandoned = changed !== null && (!isWrittenNow(groups) || changed < now - ABANDONED_MS);
      if (abandoned) await rm(path, { force: true });
    }
  }
}

/** The error as the caller is to see it: a full disc is nobody's mistake. */
function noRoom(error: unknown): unknown {
  if (!NO_ROOM.has(codeOf(error) ?? "")) return error;
  return new Problem("unavailable", "This node has no room for the document now: try again later.", {
    ...{ retryAfterSeconds: NO_ROOM_SECONDS, cause: error },
  });
}

/** Waits for all, so that nothing is still under way when one has failed. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((each) => each.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function damaged(digest: Digest): Problem {
  return new Problem(
    "document-damaged",
    "The stored bytes are gone or no longer have their hash: tell this node's operator to restore the document, or store it again.",
    { members: { digest } },
  );
}

function truncated(cause?: unknown): Problem {
  return new Problem("truncated-upload", "The document ended before it was complete: send it again, whole.", {
    cause,
  });
}

async function* chunksOf(content: Readable): AsyncGenerator<Buffer> {
  try {
    // Whoever sent too much is still to be answered, so leaving early must not end the stream.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    throw truncated(error);
  }
}
