import { readFileSync } from "node:fs";
import { readFile, glob, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { encryptKeystoreJsonSync, Wallet } from "ethers";

import { run } from "../scripts/run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const guide = readFileSync(join(root, "docs/operator-guide.md"), "utf8");

/** Errors of the contract and states of a message, which the table names beside codes and log lines. */
const contracts = readFileSync(join(root, "contracts/interfaces/IChannel.sol"), "utf8");

async function sources(): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob("src/**/*.ts", { cwd: root })) {
    texts.push(await readFile(join(root, file), "utf8"));
  }
  return texts.join("\n");
}

describe("the operator guide", () => {
  it("shows a configuration that check-config accepts", async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), "icl-operator-guide-"));
    try {
      const yaml = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? expect.fail("no yaml block");
      const file = join(folder, "node.yaml");
      const secrets = { mode: 0o600 };
      for (const name of ["operator", "node"]) {
        const { address, privateKey } = Wallet.createRandom();
        const keystore = encryptKeystoreJsonSync({ address, privateKey }, "a password", {
          scrypt: { N: 4096 },
        });
        await writeFile(join(folder, `${name}.json`), keystore, secrets);
        await writeFile(join(folder, `icl-${name}`), "a password", secrets);
      }
      await writeFile(file, yaml.replaceAll("/run/secrets", folder));
      const check = run(process.execPath, ["src/main.ts", "check-config", "--config", file], {
        env: { ICL_DATABASE_URL: "postgres://icl:secret@127.0.0.1/icl" },
      });
      expect(await check.ended(), check.output()).to.equal(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("names codes, log lines and contract errors that exist", async () => {
    const code = await sources();
    const table = guide.slice(guide.indexOf("| alarm, code or log line"));
    const named = table.split("\n").flatMap((row) => {
      const [, alarm = ""] = row.split("|");
      return [...alarm.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
    });
    expect(named.length).to.be.greaterThan(15);
    for (const each of named) {
      const known =
        code.includes(`"${each}"`) || contracts.includes(`error ${each}(`) || code.includes(`| "${each}"`);
      expect(known, each).to.equal(true);
    }
  });

  it("names tasks that exist", async () => {
    const { tasks } = (await import("hardhat")).default;
    const named = [...guide.matchAll(/\b((?:channel|directory):[\w-]+)/g)].map(([, id = ""]) => id);
    for (const id of named) expect([...tasks.rootTasks.keys()], id).to.include(id);
  });
});
