import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

// The compiler comes from the npm package: nothing is downloaded at build time.
const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");
const evmVersion = "prague";

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    profiles: {
      default: {
        version: "0.8.37",
        path: compiler,
        settings: { evmVersion, optimizer: { enabled: true, runs: 200 } },
      },
      production: {
        version: "0.8.37",
        path: compiler,
        settings: { evmVersion, viaIR: true, optimizer: { enabled: true, runs: 1_000_000 } },
      },
    },
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
