import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

import type { Digest } from "../domain/multihash.ts";

const REMEMBERED = 10_000;
/** After this long a file is compared again, though nothing says that it changed: discs forget. */
const TRUSTED_MS = 60 * 60 * 1000;
const CHUNK_BYTES = 256 * 1024;

/** What is needed of an open file. */
export type OpenFile = Pick<FileHandle, "stat" | "read">;

interface Verdict {
  /** Which state of which file was compared. The change time cannot be set by hand. */
  readonly identity: string;
  readonly at: number;
  readonly good: Promise<boolean>;
}

async function identityOf(file: OpenFile): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

async function hasDigest(file: OpenFile, digest: Digest): Promise<boolean> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return hash.digest("hex") === digest;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

async function compare(file: OpenFile, identity: string, digest: Digest): Promise<boolean> {
  // A file that changed while it was compared was neither the one state nor the other.
  return (await hasDigest(file, digest)) && (await identityOf(file)) === identity;
}

/**
 * Compares large files with their digest before they are read, and remembers which state of a file was good, so that a
 * range of a large document does not cost reading all of it each time.
 */
export class FileVerifier {
  readonly #verdicts = new Map<Digest, Verdict>();
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the open file, as it is now, has this digest. Callers at the same time wait for one comparison. */
  async isGood(file: OpenFile, digest: Digest): Promise<boolean> {
    const identity = await identityOf(file);
    const known = this.#verdicts.get(digest);
    const trusted = known?.identity === identity && this.#now() < known.at + TRUSTED_MS;
    if (trusted) return known.good;
    const verdict: Verdict = { identity, at: this.#now(), good: compare(file, identity, digest) };
    this.#remember(digest, verdict);
    try {
      const good = await verdict.good;
      if (!good) this.#forget(digest, verdict);
      return good;
    } catch (error) {
      this.#forget(digest, verdict);
      throw error;
    }
  }

  #remember(digest: Digest, verdict: Verdict): void {
    this.#verdicts.delete(digest);
    this.#verdicts.set(digest, verdict);
    if (this.#verdicts.size <= REMEMBERED) return;
    const [oldest] = this.#verdicts.keys();
    if (oldest !== undefined) this.#verdicts.delete(oldest);
  }

  #forget(digest: Digest, verdict: Verdict): void {
    if (this.#verdicts.get(digest) === verdict) this.#verdicts.delete(digest);
  }
}
