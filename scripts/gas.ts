/**
 * `npm run gas`: what our operations cost beside comparable ones of others, as real transactions on one EVM.
 *
 * `--json` prints one object `{ours:{operation: gas}, peers:{name:{operation: gas}}}` and nothing else. `--check` fails
 * when an operation of ours costs more than the committed snapshot says, or is missing; `--update` rewrites the snapshot.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { openChain, type Figures } from "./gas/chain.ts";
import { complaints } from "./gas/complaints.ts";
import { aims, measureOurs } from "./gas/ours.ts";
import { measurePeers } from "./gas/peers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const snapshotFile = new URL("../gas-snapshot.json", import.meta.url);

/** Compiles as for deployment. What the compiler says goes to stderr, since stdout is the table's or the object's. */
async function build(): Promise<void> {
  const cli = join(createRequire(import.meta.url).resolve("hardhat/package.json"), "../dist/src/cli.js");
  const child = spawn(process.execPath, [cli, "build", "--build-profile", "production", "--quiet"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error("The contracts do not compile.");
}

function isFigures(value: unknown): value is Figures {
  return typeof value === "object" && value !== null && Object.values(value).every(Number.isFinite);
}

async function readSnapshot(): Promise<Figures> {
  const value: unknown = JSON.parse(await readFile(snapshotFile, "utf8"));
  if (!isFigures(value)) throw new Error("gas-snapshot.json is not an object of figures.");
  return value;
}

function print(title: string, figures: Figures, aimed: Figures = {}): void {
  console.log(`\n${title}`);
  for (const [operation, gas] of Object.entries(figures)) {
    const aim = aimed[operation];
    const note =
      aim === undefined ? "" : `   (aim ${aim.toLocaleString("en")}${gas > aim ? ": MISSED" : ""})`;
    console.log(`  ${operation.padEnd(46)}${gas.toLocaleString("en").padStart(12)}${note}`);
  }
}

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});

await build();
const chain = await openChain();
const ours = await measureOurs(chain);
const peers = await measurePeers(chain);
await chain.close();

if (options.json) {
  console.log(JSON.stringify({ ours, peers }));
} else {
  console.log("Gas used, hard fork Prague, solc as for deployment.");
  print("Inter Customs Ledger", ours, aims);
  for (const [name, figures] of Object.entries(peers)) print(name, figures);
}
if (options.update) await writeFile(snapshotFile, `${JSON.stringify(ours, null, 2)}\n`);
if (options.check) {
  const wrong = complaints(ours, await readSnapshot(), aims);
  for (const sentence of wrong) console.error(sentence);
  if (wrong.length > 0) {
    console.error("Gas grew. If it is worth it, say why in the commit and run `npm run gas -- --update`.");
    process.exitCode = 1;
  }
}
