import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** The program that a user calls as `icl`. */
export const mainFile = path.join(import.meta.dirname, "../../src/main.ts");

/** What a call of the command line came to. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A call under way. */
export interface Call {
  /** Standard output so far. */
  out(): string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Outcome>;
}

/** Calls the real command line in a process of its own, with nothing of this process's environment but PATH. */
export function call(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly input?: string } = {},
): Call {
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
    stdio: "pipe",
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { out: () => out, kill: (signal) => child.kill(signal), ended };
}

/** Calls the real command line and waits for its end. */
export function icl(args: readonly string[], options: Parameters<typeof call>[1] = {}): Promise<Outcome> {
  return call(args, options).ended;
}
