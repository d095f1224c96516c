import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

import { consortiumTasks } from "./scripts/tasks/consortium-tasks.ts";
import { messageTasks } from "./scripts/tasks/message-tasks.ts";
import { participantTasks } from "./scripts/tasks/participant-tasks.ts";
import { showTasks } from "./scripts/tasks/show-tasks.ts";

// The compiler comes from the npm package: nothing is downloaded at build time.
const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");

// One way of compiling everywhere: what is tested is what is deployed. The channel must stay below 24,576 bytes, and more
// runs buy size with hardly any gas (docs/decisions/0009-gas.md).
const compilation = {
  version: "0.8.37",
  path: compiler,
  settings: { evmVersion: "prague", viaIR: true, optimizer: { enabled: true, runs: 200 } },
};

const thorough = process.env.CI !== undefined;

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  tasks: [...consortiumTasks, ...participantTasks, ...messageTasks, ...showTasks],
  solidity: {
    profiles: { default: compilation, production: compilation },
  },
  paths: {
    ignition: "./deploy",
    tests: { mocha: "./test", solidity: "./test/solidity" },
  },
  test: {
    solidity: {
      // The same inputs on every run: few at hand, many more where CI is set.
      fuzz: { seed: "0x1c1", runs: thorough ? 4096 : 256 },
      invariant: { runs: thorough ? 256 : 16, depth: thorough ? 256 : 128 },
    },
  },
  typechain: { outDir: "./types/ethers-contracts" },
  networks: {
    // Any network, by its JSON-RPC address. Both values come out of Hardhat's encrypted keystore
    // (`npx hardhat keystore set …`), or of the environment; never out of a file of this repository.
    consortium: {
      type: "http",
      chainType: "l1",
      url: configVariable("ICL_RPC_URL"),
      accounts: [configVariable("ICL_ACCOUNT_KEY")],
    },
    // The same without a key: to look, and to print calls that another wallet will sign.
    observer: {
      type: "http",
      chainType: "l1",
      url: configVariable("ICL_RPC_URL"),
    },
  },
});
