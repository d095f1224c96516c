import { createHash } from "node:crypto";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { compile, root } from "./compiler.ts";
import type { AstNode, Bytecodes } from "./compiler.ts";
import { findMutants } from "./find-mutants.ts";
import type { Mutant } from "./find-mutants.ts";
import { instrument } from "./instrument.ts";

/** What is on trial: the contracts that are deployed, and the parts they are made of. */
export interface Contracts {
  readonly sources: Readonly<Record<string, string>>;
  readonly trees: Readonly<Record<string, AstNode>>;
  readonly mutants: readonly Mutant[];
}

const require = createRequire(import.meta.url);
const cache = join(root, "cache/mutate");

/** Reads `contracts/`, without interfaces and what only tests use, and finds every mutant. */
export async function readContracts(): Promise<Contracts> {
  const paths: string[] = [];
  for await (const path of glob("contracts/**/*.sol", { cwd: root })) {
    if (!/^contracts\/(test|interfaces)\//.test(path)) paths.push(path);
  }
  const sources: Record<string, string> = {};
  for (const path of paths.sort()) sources[path] = await readFile(join(root, path), "utf8");
  const { trees } = compile(sources, "trees");
  const mutants = Object.entries(sources).flatMap(([path, text]) => {
    const tree = trees[path];
    if (tree === undefined) throw new Error(`No syntax tree of ${path}.`);
    return findMutants(path, text, tree);
  });
  return { sources, trees, mutants };
}

/**
 * Compiles the contracts once with all the mutants given, each of them asleep. What was compiled before is kept in `cache/`.
 * @param some mutants of the contracts; too many at once leave the compiler no room on its stack.
 */
export async function compileWith(
  { sources, trees }: Contracts,
  some: readonly Mutant[],
): Promise<Bytecodes> {
  const readImport = (path: string) => readFileSync(require.resolve(path), "utf8");
  const instrumented = instrument(sources, trees, readImport, some);
  const name = createHash("sha256").update(JSON.stringify(instrumented)).digest("hex");
  const file = join(cache, `${name}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Bytecodes;
  } catch {
    const bytecodes = await compileAside(instrumented);
    await mkdir(cache, { recursive: true });
    await writeFile(file, JSON.stringify(bytecodes));
    return bytecodes;
  }
}

async function compileAside(sources: Readonly<Record<string, string>>): Promise<Bytecodes> {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL("compile-thread.ts", import.meta.url), { workerData: sources });
    worker.once("message", (bytecodes: Bytecodes) => {
      resolve(bytecodes);
      void worker.terminate();
    });
    worker.once("error", reject);
  });
}
