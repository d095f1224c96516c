import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, writeFileSync } from "node:fs";

import { UsageError } from "./command.ts";

const { O_CREAT, O_WRONLY } = constants;
const OWNER_ALONE = 0o600;

/**
 * Writes what only its owner may read, also into a file that was there and others could read.
 *
 * @throws UsageError where it cannot be written
 */
export function writePrivate(file: string, content: Buffer | string): void {
  try {
    const opened = openSync(file, O_CREAT | O_WRONLY, OWNER_ALONE);
    try {
      if (fstatSync(opened).isFile()) {
        fchmodSync(opened, OWNER_ALONE);
        ftruncateSync(opened);
      }
      writeFileSync(opened, content);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "not writable";
    throw new UsageError(`${file} cannot be written (${code})`);
  }
}
