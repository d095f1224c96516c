import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

import { codeOf } from "./store-problems.ts";

/** Names an unfinished file by who writes it, so that a restart knows which of them nobody writes any more. */
const UNFINISHED = /^(?<host>[^/]+)~(?<pid>\d+)~(?<life>[0-9a-f-]{36})~[0-9a-f-]{36}\.part$/;
/** Process numbers are used again; this tells this process from an earlier one. */
const LIFE = randomUUID();
/** An unfinished file untouched for this long belongs to nobody, whichever host began it. */
const ABANDONED_MS = 60 * 60 * 1000;

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

/** When a file last changed, in milliseconds since 1970; null when it is gone. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** The files of a directory that processes are writing, which nobody needs once their process has ended. */
export class UnfinishedFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A path for one more. */
  fresh(): string {
    return join(this.#directory, `${hostname()}~${process.pid}~${LIFE}~${randomUUID()}.part`);
  }

  /**
   * Removes those whose process has ended, or that are older than an upload may be.
   *
   * @param now milliseconds since 1970
   */
  async removeAbandoned(now: number): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const groups = UNFINISHED.exec(name)?.groups;
      if (groups === undefined) continue;
      const path = join(this.#directory, name);
      const changed = await changedAt(path);
      const abandoned = changed !== null && (!isWrittenNow(groups) || changed < now - ABANDONED_MS);
      if (abandoned) await rm(path, { force: true });
    }
  }
}
