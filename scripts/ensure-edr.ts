/**
 * Runs after `npm install`. npm judges optional packages by the Node that runs it, so under Node 20 it leaves out
 * Hardhat's native EVM although this project brings Node 24. When the EVM cannot be loaded, npm is run once more under
 * the project's own Node, which adds the one missing package.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

function loads(): boolean {
  try {
    createRequire(import.meta.url)("@nomicfoundation/edr");
    return true;
  } catch {
    return false;
  }
}

function installed(): boolean {
  try {
    createRequire(import.meta.url).resolve("@nomicfoundation/edr");
    return true;
  } catch {
    return false;
  }
}

// A production install (`--omit=dev`) has no Hardhat and needs no EVM.
if (installed() && !loads()) {
  const npm = process.env.npm_execpath;
  const arguments_ = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  const run =
    npm === undefined
      ? spawnSync("npm", arguments_, { stdio: "inherit", shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, ...arguments_], { stdio: "inherit" });
  if (run.status !== 0) {
    process.stderr.write(
      "Hardhat's EVM could not be installed: run `npx -y -p node@24 -- npm ci` instead.\n",
    );
    process.exitCode = 1;
  }
}
