import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Config } from "../../src/config.ts";

const entry = fileURLToPath(new URL("node-process.ts", import.meta.url));

/** Memory of a node's process, in bytes, after what is garbage was collected. */
export interface NodeMemory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** A node in a process of its own, with the timings of one in service. */
export class BenchNode {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /**
   * Starts it. Resolves when it listens.
   *
   * @param file where its configuration is put
   * @param options for its process: `nodeOptions` such as `--cpu-prof`; `mute` keeps its log to itself
   */
  static async start(
    config: Config,
    file: string,
    options: { readonly nodeOptions?: readonly string[]; readonly mute?: boolean } = {},
  ): Promise<BenchNode> {
    const { nodeOptions = [], mute = false } = options;
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    const child = fork(entry, [file], {
      execArgv: ["--disable-warning=ExperimentalWarning", "--expose-gc", ...nodeOptions],
      stdio: ["ignore", "ignore", mute ? "ignore" : "inherit", "ipc"],
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const died = once(child, "exit").then(() => {
      throw new Error(`The node of ${config.participant} ended before it listened.`);
    });
    await Promise.race([once(child, "message"), died]);
    died.catch(() => undefined);
    return new BenchNode(child);
  }

  /** What memory it uses once it has collected its garbage. */
  async memory(): Promise<NodeMemory> {
    const answer = once(this.#process, "message");
    this.#process.send("memory");
    const [memory] = (await answer) as [NodeMemory];
    return memory;
  }

  /** Stops it as an operator does. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await gone;
  }
}
