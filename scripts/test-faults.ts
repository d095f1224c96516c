/**
 * `npm run test:faults`: the tests that cause every fault that a node is said to survive (docs/reliability.md), on real
 * processes, ledgers and databases. `npm run test:faults -- kills forks` runs those of the files named. Ends with the line
 * `N passed, N failed`; the same counts go to `test-output/faults.json`.
 */
import { runMocha } from "./run-mocha.ts";
import hre from "hardhat";

/** These tests wait more than they compute: more run at a time than there are processors. */
const JOBS = 3;
const FIRST = ["kills", "forks", "rebuild", "replicas"].map((name) => `test/faults/${name}.test.ts`);

await hre.tasks.getTask("build").run({ quiet: true });
const named = process.argv.slice(2);
const files =
  named.length === 0 ? ["test/faults/**/*.test.ts"] : named.map((name) => `test/faults/${name}.test.ts`);
const { ok, counts } = await runMocha("faults", { files, first: FIRST }, JOBS);
if (counts.passed === 0) console.error("No test ran at all.");
if (counts.skipped > 0) console.log(`${counts.skipped} skipped: each says why above.`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (!ok || counts.passed === 0) process.exitCode = 1;
