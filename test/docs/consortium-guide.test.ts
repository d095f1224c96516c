import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { HDNodeWallet, Mnemonic } from "ethers";

import { startLocalNetwork, type LocalNetwork } from "../../scripts/local-network.ts";
import { runBlocks, type BlocksRun } from "./run-blocks.ts";
import { shellBlocks } from "./shell-blocks.ts";

const page = "docs/consortium-guide.md";
const root = fileURLToPath(new URL("../..", import.meta.url));
const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const accountAt = (place: number) => HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${place}`);

const addresses = {
  consortium: accountAt(0).address,
  australia_admin: accountAt(1).address,
  australia_operator: accountAt(2).address,
  australia_node: accountAt(3).address,
  china_admin: accountAt(4).address,
  china_operator: accountAt(5).address,
  china_node: accountAt(6).address,
};
/** Who acts in a block, by its first line. */
const actors: Readonly<Record<string, HDNodeWallet | null>> = {
  "# the consortium": accountAt(0),
  "# Australia's admin": accountAt(1),
  "# China's admin": accountAt(4),
  "# the deployer; any account": accountAt(7),
  "# anybody": null,
};

describe("the consortium guide", function () {
  this.timeout(600_000);
  const suffix = randomBytes(4).toString("hex");
  let network: LocalNetwork;
  let folder: string;
  let run: BlocksRun;

  // A keystore is a person's own: here every block gets the key of who acts in it.
  const prepare = (block: string): string => {
    const actor = actors[block.split("\n", 1)[0] ?? ""];
    const key =
      actor === undefined || actor === null
        ? "unset ICL_ACCOUNT_KEY"
        : `export ICL_ACCOUNT_KEY=${actor.privateKey}`;
    const filled = block
      .replaceAll(/^(\w+)=0x…$/gm, (_, name: keyof typeof addresses) => `${name}=${addresses[name]}`)
      .replaceAll(/^deployment=(\S+)$/gm, `deployment=$1-${suffix}`)
      .replaceAll(/\b(parameters|successor)\.json/g, `${folder}/$1.json`);
    return `${key}\n${filled}`;
  };

  before(async () => {
    network = await startLocalNetwork();
    folder = await mkdtemp(join(tmpdir(), "icl-consortium-guide-"));
    const hardhat = join(
      dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
      "dist/src/cli.js",
    );
    run = await runBlocks(page, {
      patienceMs: 570_000,
      env: { ICL_RPC_URL: network.rpcUrl },
      // What npx does, without asking npm each time.
      preamble: `npx() { shift; "${process.execPath}" "${hardhat}" "$@"; }\nnode() { "${process.execPath}" "$@"; }`,
      prepare,
    });
  });
  after(async () => {
    await network.close();
    await rm(folder, { recursive: true, force: true });
    for (const year of [2027, 2028]) {
      const deployment = join(root, `deploy/deployments/certificates-${year}-${suffix}`);
      await rm(deployment, { recursive: true, force: true });
    }
  });

  const outputOf = (command: string): string => {
    const place = shellBlocks(page).findIndex((block) => block.includes(command));
    return run.outputs[place] ?? expect.fail(`No block runs ${command}.`);
  };

  it("holds no command that fails", () => {
    expect(run.code, `${run.last}\n${run.outputs.at(-1) ?? ""}`).to.equal(0);
    expect(run.outputs).to.have.length(shellBlocks(page).length);
  });

  it("says of every block who acts in it", () => {
    const acting = shellBlocks(page).filter((block) => block.includes("npx hardhat"));
    for (const block of acting) expect(actors).to.have.property(block.split("\n", 1)[0] ?? "");
  });

  it("ends with the old channel retired, and with its successor where the directory says", () => {
    const shown = outputOf("channel:retire");
    expect(shown).to.match(/status {7}retired/);
    expect(shown).to.match(/^0x\w{40} Certificates of origin 2027, succeeded by 0x\w{40}$/m);
    expect(shown).to.match(/^0x\w{40} Certificates of origin 2028$/m);
  });

  it("gives what a node pins", () => {
    expect(outputOf("channel:pins")).to.match(/codeHash: "0x[0-9a-f]{64}"/);
  });

  it("uses every task there is for a channel or a directory, or names it", async () => {
    const { tasks } = (await import("hardhat")).default;
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(join(root, page), "utf8");
    const messageTasks = ["channel:sign-message", "channel:relay-message", "channel:cancel-nonce"];
    for (const id of [...tasks.rootTasks.keys()].filter((each) => /^(?:channel|directory):/.test(each))) {
      if (!messageTasks.includes(id)) expect(text, id).to.contain(id);
    }
  });
});
