/**
 * `npm run test:geth`: two nodes on a ledger of three geths, a real client besides the embedded networks. Takes the geth that
 * ICL_GETH names, or builds it where this machine has Go; where it cannot, says why and ends well, with every test counted as
 * skipped. Ends with the line `N passed, N failed`.
 */
import hre from "hardhat";

import { findOrBuildGeth } from "../test/geth/geth-binary.ts";
import { runMocha } from "./run-mocha.ts";

/** Below two, mocha loads files in a way that ours cannot be loaded in. */
const JOBS = 2;

const found = await findOrBuildGeth((line) => {
  console.log(line);
});
if ("why" in found) console.log(`No geth: ${found.why}. Nothing is tried on it.`);
await hre.tasks.getTask("build").run({ quiet: true });
const { ok, counts } = await runMocha("geth", { files: ["test/geth/**/*.test.ts"] }, JOBS);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (!ok || (counts.passed === 0 && "file" in found)) process.exitCode = 1;
