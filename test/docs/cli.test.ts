import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { commands } from "../../src/cli/commands.ts";
import { EXIT } from "../../src/cli/exit.ts";
import { au, cn } from "../channels/fixtures.ts";
import { mainFile } from "../cli/icl.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { run } from "../scripts/run.ts";
import { shellBlocks } from "./shell-blocks.ts";

describe("docs/cli.md", function () {
  this.timeout(180_000);
  let text: string;

  before(async () => {
    text = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
  });

  it("names every command", () => {
    for (const name of commands.keys()) expect(text).to.contain(`\`icl ${name}\``);
  });

  it("tells every exit code, and no other", () => {
    const told = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(told).to.deep.equal(Object.values(EXIT));
  });

  describe("its examples", () => {
    let directory: string;
    let world: World;

    before(async () => {
      directory = await mkdtemp(path.join(tmpdir(), "icl-cli-docs-"));
      world = await startWorld();
    });

    after(async () => {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    });

    async function country(participant: typeof au, jurisdiction: string, token: string): Promise<Country> {
      const file = path.join(directory, `${jurisdiction}.db`);
      const config = await world.configure(participant, jurisdiction, { technology: "sqlite", file });
      const found = await world.start(config);
      await eventually(async () => (await found.officer.request("/health/ready")).status === 200);
      const roles = ["documents:write", "messages:read", "messages:write"] as const;
      const more = ["certificates:acquit", "certificates:revoke", "subscriptions"] as const;
      const request = { subject: "officer", audience: participant, lifetimeSeconds: 3_600 };
      const minted = await world.issuer.mint({ ...request, roles: [...roles, ...more] });
      await writeFile(path.join(directory, token), minted);
      return found;
    }

    it("run from the first line to the last", async () => {
      const australia = await country(au, "AU", "au.token");
      const china = await country(cn, "CN", "cn.token");
      const program = path.join(directory, "icl");
      await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n`);
      await chmod(program, 0o700);
      const [first, ...rest] = shellBlocks("docs/cli.md");
      // The first block finds the program and the development network: here are others.
      expect(first).to.contain("npx --silent icl");
      const env = {
        PATH: `${directory}:${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
        AU: australia.config.publicUrl,
        CN: china.config.publicUrl,
      };
      const shell = run("bash", [], {
        cwd: directory,
        env,
        input: ["set -euo pipefail", ...rest].join("\n"),
      });
      expect(await shell.ended(), shell.output()).to.equal(0);
      expect(shell.output()).to.contain("CertificateAlreadyAcquitted").and.to.contain("exit code 6");
      expect(shell.output()).to.match(/acquitted: true,\s+revoked: true/);
    });
  });
});
