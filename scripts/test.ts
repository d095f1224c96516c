/**
 * `npm test`: every test there is but those that cause faults (`npm run test:faults`). Builds the contracts, runs the
 * Solidity suites, then everything under mocha (end to end included), and ends with the line `N passed, N failed`. The
 * same counts go to `test-output/counts.json`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

import hre from "hardhat";

import { buildWeb } from "./build-web.ts";
import type { TestCounts } from "./counting-reporter.ts";
import { isCounts, output, runMocha, type TestRun } from "./run-mocha.ts";

async function runSolidity(): Promise<TestRun> {
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

const FIRST = [
  "test/http/messages-batch-memory.test.ts",
  "test/channels/evm/conformance.test.ts",
  "test/e2e/verification.test.ts",
  "test/cli/node-commands.test.ts",
  "test/scripts/demo.test.ts",
];

await mkdir(output, { recursive: true });
await hre.tasks.getTask("build").run({ quiet: true });
if (!(await buildWeb())) process.exitCode = 1;
const solidity = await runSolidity();
const mocha = await runMocha(
  "mocha",
  {
    files: ["test/**/*.test.ts"],
    ignore: ["test/faults/**", "test/geth/**", "test/browser/**"],
    first: FIRST,
  },
  // While one file waits for a ledger or a process, another has something to do.
  availableParallelism() + 1,
);

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
