import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A program under test, with what it has printed so far. */
export interface Run {
  /** Standard output and standard error, as they came. */
  output(): string;
  /** Resolves when `text` has been printed; rejects when the program ends before. */
  printed(text: string): Promise<void>;
  /** Resolves with the exit code; null when a signal ended it. */
  ended(): Promise<number | null>;
  /** Signals the program and all its children, as a terminal does on Ctrl-C. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Runs a program in a process group of its own.
 *
 * @param options `env`: added to this process's own; `input`: written to its standard input
 */
export function run(
  command: string,
  arguments_: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Run {
  const child = spawn(command, arguments_, {
    cwd: options.cwd ?? projectFolder,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      changed();
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code);
      changed();
    });
  });
  child.stdin.end(options.input ?? "");
  return {
    output: () => output,
    ended: () => ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
          else if (child.exitCode !== null || child.signalCode !== null) {
            reject(new Error(`${command} ended without printing "${text}":\n${output}`));
          } else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    signal: (signal) => {
      const runs = child.exitCode === null && child.signalCode === null;
      if (runs && child.pid !== undefined) process.kill(-child.pid, signal);
    },
  };
}
