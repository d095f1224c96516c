/**
 * A process that runs the contracts' tests again and again, each time with other code behind the contracts' names. Its parent
 * sends a {@link Task} at a time and is answered with an {@link Outcome}.
 */
import { glob } from "node:fs/promises";
import { basename, join } from "node:path";

import hre from "hardhat";
import Mocha from "mocha";

import { root } from "./compiler.ts";
import type { Bytecodes } from "./compiler.ts";

/** One run of the tests. */
export interface Task {
  readonly bytecodes: Bytecodes;
  /** The title of the only test to run; all of them where it is left out. */
  readonly only?: string;
  /** The contract whose own tests run first. */
  readonly first: string;
}

/** How it ended. */
export interface Outcome {
  readonly tests: number;
  /** The title of the test that failed; the rest was not run. */
  readonly failed?: string;
}

const { default: defaults } = hre.config.networks;
if (defaults?.type !== "edr-simulated") throw new Error("The network of the tests is not in memory.");

let bytecodes: Bytecodes = {};
const readArtifact = hre.artifacts.readArtifact.bind(hre.artifacts);
// The tests ask Hardhat for a contract by its name, and are given what is on trial.
hre.artifacts.readArtifact = async (name) => {
  const artifact = await readArtifact(name);
  const bytecode = bytecodes[name];
  return bytecode === undefined ? artifact : { ...artifact, bytecode };
};

type Connection = Awaited<ReturnType<typeof hre.network.create>>;
const connections: Connection[] = [];
// Code that holds hundreds of mutants is larger than a network would take.
const roomy = {
  allowUnlimitedContractSize: true,
  blockGasLimit: 200_000_000n,
  transactionGasCap: 100_000_000n,
};
Object.assign(defaults, roomy);
const create = hre.network.create.bind(hre.network);
// Networks that test files make when they are loaded live as long as this process; those of a test live as long as it.
let loading = true;
hre.network.create = (async (wanted?: Parameters<typeof create>[0]) => {
  const own = typeof wanted === "object" && "override" in wanted ? wanted.override : undefined;
  const connection = await create(
    own === undefined ? wanted : { network: "default", override: { ...own, ...roomy } },
  );
  if (loading) connections.push(connection);
  return connection;
}) as typeof hre.network.create;

/** Says nothing: the parent does. */
class Silent extends Mocha.reporters.Base {
  override epilogue(): void {
    return;
  }
}

const mocha = new Mocha({ bail: true, timeout: 30_000, reporter: Silent });
for await (const file of glob("test/contracts/**/*.test.ts", { cwd: root })) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();
loading = false;
mocha.cleanReferencesAfterRun(false);

const starts = await Promise.all(
  connections.map(async ({ networkHelpers }) => networkHelpers.takeSnapshot()),
);

async function run({ bytecodes: given, only, first }: Task): Promise<Outcome> {
  bytecodes = given;
  for (const start of starts) await start.restore();
  for (const { networkHelpers } of connections) networkHelpers.clearSnapshots();
  mocha.suite.suites.sort((a, b) => rank(a, first) - rank(b, first));
  mocha.grep(only === undefined ? /^/ : new RegExp(`^${only.replaceAll(/[^\w ]/g, "\\$&")}$`));
  return await new Promise((resolve) => {
    let tests = 0;
    let failed: string | undefined;
    const runner = mocha.run(() => {
      resolve({ tests, ...(failed === undefined ? {} : { failed }) });
    });
    runner.on("pass", () => (tests += 1));
    runner.on("fail", (test) => {
      failed ??= test.fullTitle();
    });
  });
}

function rank(suite: Mocha.Suite, first: string): number {
  return basename(suite.file ?? suite.tests[0]?.file ?? "", ".test.ts") === first ? 0 : 1;
}

process.on("message", (task: Task) => {
  void run(task).then((outcome) => process.send?.(outcome));
});
process.send?.("ready");
