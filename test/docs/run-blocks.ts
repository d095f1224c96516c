import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { shellBlocks } from "./shell-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a page's blocks printed, each by itself. */
export interface BlocksRun {
  /** Exit code of the first block that failed; 0 when none did. */
  readonly code: number | null;
  /** What each block that began has printed, errors included. */
  readonly outputs: readonly string[];
  /** The last block that began. */
  readonly last: string;
}

/**
 * Runs all `sh` blocks of a page in one shell, until one fails.
 *
 * @param prepare what precedes a block, such as the keys of whoever acts in it
 */
export async function runBlocks(
  page: string,
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly preamble: string;
    readonly prepare: (block: string) => string;
    /** The folder the blocks run in; the project's unless told otherwise. */
    readonly cwd?: string;
    /** Milliseconds after which everything is ended; four minutes unless told otherwise. */
    readonly patienceMs?: number;
  },
): Promise<BlocksRun> {
  const mark = "-- a block begins --";
  const blocks = shellBlocks(page);
  const script = blocks.map((block) => `echo "${mark}"\n${options.prepare(block)}`).join("\n");
  const child = spawn("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${options.preamble}\n${script}`], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, so that nothing a block leaves running outlives it.
    detached: true,
  });
  const endAll = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  const patience = setTimeout(endAll, options.patienceMs ?? 240_000);
  child.once("exit", endAll);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(patience);
  const outputs = printed.split(`${mark}\n`).slice(1);
  return { code, outputs, last: blocks[outputs.length - 1] ?? "" };
}
