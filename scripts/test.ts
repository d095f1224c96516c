/**
 * `npm test`: every test there is. Builds the contracts, runs the Solidity suites, then everything under mocha (end to
 * end included), and ends with the line `N passed, N failed`. The same counts go to `test-output/counts.json`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import hre from "hardhat";

import { startPostgres } from "../test/store/postgres-server.ts";
import type { TestCounts } from "./counting-reporter.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = new URL("../test-output/", import.meta.url);

interface Run {
  readonly ok: boolean;
  readonly counts: TestCounts;
}

function isCounts(value: unknown): value is TestCounts {
  if (typeof value !== "object" || value === null) return false;
  const counts = value as Record<string, unknown>;
  return ["passed", "failed", "skipped"].every((key) => Number.isSafeInteger(counts[key]));
}

async function runSolidity(): Promise<Run> {
  // Given an index, Hardhat leaves the summing up and the telling of failures to its caller.
  const result: unknown = await hre.tasks.getTask(["test", "solidity"]).run({ testSummaryIndex: 1 });
  const { success, value, error } = result as { success: boolean; value?: unknown; error?: unknown };
  const { summary } = (success ? value : error) as { summary?: unknown };
  if (!isCounts(summary)) throw new Error("Hardhat did not say how many Solidity tests it ran.");
  const { passed, failed, skipped } = summary;
  const { failureOutput } = summary as { failureOutput?: unknown };
  console.log(`  ${passed} passing, ${failed} failing, ${skipped} skipped`);
  if (typeof failureOutput === "string" && failureOutput !== "") console.error(failureOutput);
  return { ok: success, counts: { passed, failed, skipped } };
}

/**
 * Runs every mocha file, on as many processes as there are processors: one PostgreSQL server, each test in a database of
 * its own.
 */
async function runMocha(): Promise<Run> {
  const countsFile = new URL("mocha.json", output);
  await rm(countsFile, { force: true });
  const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
  const reporter = fileURLToPath(new URL("counting-reporter.ts", import.meta.url));
  const given = process.env.ICL_TEST_POSTGRES_URL ?? "";
  const postgres = given === "" ? await startPostgres() : { adminUrl: given, stop: () => Promise.resolve() };
  const args = ["--parallel", "--jobs", String(availableParallelism()), "--reporter", reporter];
  const child = spawn(process.execPath, [mocha, ...args, "test/**/*.test.ts"], {
    cwd: root,
    env: {
      ...process.env,
      ICL_TEST_COUNTS: fileURLToPath(countsFile),
      ...("why" in postgres ? {} : { ICL_TEST_POSTGRES_URL: postgres.adminUrl }),
    },
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (!("why" in postgres)) await postgres.stop();
  const counts: unknown = JSON.parse(await readFile(countsFile, "utf8"));
  if (!isCounts(counts)) throw new Error("mocha did not say how many tests it ran.");
  return { ok: code === 0, counts };
}

await mkdir(output, { recursive: true });
await hre.tasks.getTask("build").run({ quiet: true });
const solidity = await runSolidity();
const mocha = await runMocha();

const total: TestCounts = {
  passed: solidity.counts.passed + mocha.counts.passed,
  failed: solidity.counts.failed + mocha.counts.failed,
  skipped: solidity.counts.skipped + mocha.counts.skipped,
};
await writeFile(new URL("counts.json", output), `${JSON.stringify(total)}\n`);
const empty = [solidity, mocha].some(({ counts }) => counts.passed === 0);
if (empty) console.error("A suite ran no test at all.");
if (total.skipped > 0) console.log(`${total.skipped} skipped: each says why above.`);
console.log(`${total.passed} passed, ${total.failed} failed`);
if (!solidity.ok || !mocha.ok || empty) process.exitCode = 1;
