import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { startPostgres } from "../test/store/postgres-server.ts";
import type { TestCounts } from "./counting-reporter.ts";
import { scratchInMemory } from "./scratch.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where what tests leave behind is kept. */
export const output = new URL("../test-output/", import.meta.url);

/** What became of a run of tests. */
export interface TestRun {
  readonly ok: boolean;
  readonly counts: TestCounts;
}

/** Whether something is what a run counts. */
export function isCounts(value: unknown): value is TestCounts {
  if (typeof value !== "object" || value === null) return false;
  const counts = value as Record<string, unknown>;
  return ["passed", "failed", "skipped"].every((key) => Number.isSafeInteger(counts[key]));
}

/**
 * Runs mocha files in processes of their own: one PostgreSQL server for all, each test in a database of its own.
 *
 * @param name of the file in `output` for the counts
 * @param files globs of what to run, from the root, and of what to leave out of it; `first` are those that take longest, so
 *   that nothing waits for them alone in the end
 * @param jobs files at a time
 */
export async function runMocha(
  name: string,
  {
    files,
    ignore = [],
    first = [],
  }: {
    readonly files: readonly string[];
    readonly ignore?: readonly string[];
    readonly first?: readonly string[];
  },
  jobs: number,
): Promise<TestRun> {
  await mkdir(output, { recursive: true });
  const countsFile = new URL(`${name}.json`, output);
  await rm(countsFile, { force: true });
  const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
  const reporter = fileURLToPath(new URL("counting-reporter.ts", import.meta.url));
  const removeScratch = scratchInMemory();
  const given = process.env.ICL_TEST_POSTGRES_URL ?? "";
  const postgres = given === "" ? await startPostgres() : { adminUrl: given, stop: () => Promise.resolve() };
  const found = globSync(files, { cwd: root, exclude: ignore }).sort();
  const ordered = [
    ...first.filter((file) => found.includes(file)),
    ...found.filter((file) => !first.includes(file)),
  ];
  const args = ["--parallel", "--jobs", String(jobs), "--reporter", reporter];
  const child = spawn(process.execPath, [mocha, ...args, ...ordered], {
    cwd: root,
    env: {
      ...process.env,
      // Many tests start processes: what one has compiled, the next need not.
      NODE_COMPILE_CACHE: fileURLToPath(new URL("compile-cache", output)),
      ICL_TEST_COUNTS: fileURLToPath(countsFile),
      ...("why" in postgres ? {} : { ICL_TEST_POSTGRES_URL: postgres.adminUrl }),
    },
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (!("why" in postgres)) await postgres.stop();
  removeScratch();
  const counts: unknown = JSON.parse(await readFile(countsFile, "utf8"));
  if (!isCounts(counts)) throw new Error("mocha did not say how many tests it ran.");
  return { ok: code === 0, counts };
}
