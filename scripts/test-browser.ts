/**
 * `npm run test:browser`: the pages in a real browser, on real nodes. Takes the Chromium that ICL_CHROMIUM names or the path
 * has, or installs Debian's where it may; where there is none, says why and ends well, with every test counted as skipped.
 * `npm run test:browser -- verifier console` runs those of the files named. Pictures go to `test-output/screens`. Ends with the line
 * `N passed, N failed`.
 */
import hre from "hardhat";

import { findOrInstallChromium } from "../test/browser/chromium.ts";
import { buildWeb } from "./build-web.ts";
import { runMocha } from "./run-mocha.ts";

/** A browser, a ledger and two nodes each. */
const JOBS = 2;

const found = await findOrInstallChromium((line) => {
  console.log(line);
});
if ("why" in found) console.log(`No browser: ${found.why}. No page is opened.`);
await hre.tasks.getTask("build").run({ quiet: true });
if (!(await buildWeb())) process.exitCode = 1;
const named = process.argv.slice(2);
const files =
  named.length === 0 ? ["test/browser/**/*.test.ts"] : named.map((name) => `test/browser/${name}.test.ts`);
const { ok, counts } = await runMocha("browser", { files }, JOBS);
if (counts.skipped > 0) console.log(`${counts.skipped} skipped: each says why above.`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (!ok || (counts.passed === 0 && "file" in found)) process.exitCode = 1;
