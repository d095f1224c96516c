import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";

const MEMORY = "/dev/shm";
const ENOUGH_BYTES = 6 * 1024 ** 3;

/**
 * Has this process, and those it starts, keep what they would put into the system's temporary directory in memory, where
 * that is a file system with room enough: tests make thousands of small databases and directories, and throw them away.
 * What a process that is killed has written stays either way, which is what tests of crashes are about.
 *
 * @returns removes it all again; does nothing where there is no such room, or TMPDIR is set
 */
export function scratchInMemory(): () => void {
  if ((process.env.TMPDIR ?? "") !== "" || !existsSync(MEMORY)) return () => undefined;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ENOUGH_BYTES) return () => undefined;
  const directory = mkdtempSync(`${MEMORY}/icl-tests-`);
  // Database servers run under an account of their own.
  chmodSync(directory, 0o1777);
  process.env.TMPDIR = directory;
  const remove = () => {
    delete process.env.TMPDIR;
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  // Also where the run is broken off by an error; removing twice is no mistake.
  process.once("exit", remove);
  return remove;
}
