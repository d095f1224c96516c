import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Config } from "../../src/config.ts";

const entry = fileURLToPath(new URL("node-process.ts", import.meta.url));
/** What was compiled for one life is compiled for the next: half the time that a node takes to start. */
const compiled = fileURLToPath(new URL("../../test-output/compiled", import.meta.url));

/** A node in its own process, that a test kills and starts again. */
export class MortalNode {
  readonly config: Config;
  readonly #file: string;
  readonly #arguments: readonly string[];
  /** Whether what it logs is thrown away, because the test has it complain. */
  quiet = false;
  #process: ChildProcess | null = null;

  /**
   * @param directory where the configuration is put; the node's own
   * @param pace that of a node in service, or quick enough for tests
   */
  constructor(config: Config, directory: string, pace: "quick" | "as in service" = "quick") {
    this.config = config;
    this.#file = join(directory, `config-${config.listen.port}.json`);
    this.#arguments = pace === "quick" ? [] : ["as-in-service"];
  }

  /** Starts the process; resolves when the node listens. */
  async start(): Promise<void> {
    await writeFile(this.#file, JSON.stringify(this.config));
    const started = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", entry, this.#file, ...this.#arguments],
      {
        stdio: ["ignore", "pipe", this.quiet ? "ignore" : "inherit"],
        env: { ...process.env, NODE_COMPILE_CACHE: compiled },
      },
    );
    this.#process = started;
    const listening = once(started.stdout, "data");
    const died = once(started, "exit").then(() => {
      throw new Error(`The node of ${this.config.participant} ended before it listened.`);
    });
    await Promise.race([listening, died]);
    died.catch(() => undefined); // from here on it may die: that is what it is for
  }

  /** Tells the process to stop, as an operator or a supervisor does. @returns its exit code, once it has ended */
  async stop(): Promise<number | null> {
    const running = this.#process;
    if (running === null) throw new Error(`The node of ${this.config.participant} does not run.`);
    const exit = once(running, "exit");
    running.kill("SIGTERM");
    const [code] = (await exit) as [number | null];
    return code;
  }

  /** Has the process stand still, as a host that is paused or swaps does. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  /** Has a process that stood still go on, knowing of nothing. */
  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends the process at once: nothing of it gets to do anything any more. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, "exit");
    running.kill("SIGKILL");
    await exit;
  }
}
