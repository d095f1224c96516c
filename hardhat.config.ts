import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

// The compiler comes from the npm package: nothing is downloaded at build time.
const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");

// One way of compiling everywhere: what is tested is what is deployed. The channel must stay below 24,576 bytes, and more
// runs buy size with hardly any gas (docs/decisions/0003-gas.md).
const compilation = {
  version: "0.8.37",
  path: compiler,
  settings: { evmVersion: "prague", viaIR: true, optimizer: { enabled: true, runs: 200 } },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    profiles: { default: compilation, production: compilation },
  },
  paths: {
    ignition: "./deploy",
    tests: { mocha: "./test", solidity: "./test/solidity" },
  },
  typechain: { outDir: "./types/ethers-contracts" },
  networks: {
    consortium: {
      type: "http",
      chainType: "l1",
      url: configVariable("ICL_RPC_URL"),
      accounts: [configVariable("ICL_DEPLOYER_KEY")],
    },
  },
});
