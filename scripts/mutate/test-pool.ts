import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";

import type { Outcome, Task } from "./test-process.ts";

const program = fileURLToPath(new URL("test-process.ts", import.meta.url));

/** Runs the contracts' tests in a process apart, which is replaced when a run does not end. */
export class TestProcess {
  readonly #patienceSeconds: number;
  #child: ChildProcess | undefined;

  /** @param patienceSeconds how long one run may take. */
  constructor(patienceSeconds: number) {
    this.#patienceSeconds = patienceSeconds;
  }

  /**
   * Runs the tests once.
   * @returns how they ended, or `timeout` when they did not, or the process did.
   */
  async run(task: Task): Promise<Outcome | "timeout"> {
    this.#child ??= await start();
    const child = this.#child;
    const answer = new Promise<Outcome | "timeout">((resolve) => {
      const timer = setTimeout(() => {
        resolve("timeout");
      }, this.#patienceSeconds * 1000);
      const settle = (outcome: Outcome | "timeout") => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(outcome);
      };
      child.once("message", (outcome) => {
        settle(outcome as Outcome);
      });
      child.once("exit", () => {
        settle("timeout");
      });
    });
    child.send(task);
    const outcome = await answer;
    if (outcome === "timeout") this.stop();
    return outcome;
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(program, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  if (child.pid !== undefined) setPriority(child.pid, 10);
  const [first] = (await Promise.race([once(child, "message"), once(child, "exit")])) as unknown[];
  if (first !== "ready") throw new Error("The process that runs the tests could not start.");
  child.removeAllListeners();
  return child;
}
