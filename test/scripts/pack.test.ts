import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { stringify } from "yaml";

import { messageId, parseMessage } from "../../src/domain/message.ts";
import { projectFolder, run, type Run } from "./run.ts";

/** What a Hardhat project has besides: taken from here, where it is installed. */
const TOOLS = ["hardhat", "@nomicfoundation", "solc", "mocha", "chai", "typescript"];

interface Lock {
  readonly version: string;
  readonly packages: Record<string, { readonly dev?: boolean; readonly dependencies?: object }>;
}

describe("the package", function () {
  this.timeout(300_000);
  let folder: string;
  let stranger: string;
  let tarball: string;

  async function done(started: Run): Promise<string> {
    expect(await started.ended(), started.output()).to.equal(0);
    return started.output();
  }

  const node = (...args: readonly string[]) => run(process.execPath, args, { cwd: stranger });
  const installed = (...path: readonly string[]) => join(stranger, "node_modules", ...path);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "icl-pack-"));
    stranger = join(folder, "stranger");
    // What `prepack` does, without compiling contracts that other tests may be reading at this moment.
    await done(run("npm", ["run", "--silent", "build:dist"]));
    const packed = await done(
      run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]),
    );
    tarball = /^inter-customs-ledger-.*\.tgz$/m.exec(packed)?.[0] ?? "";
    await cp(join(projectFolder, "test/scripts/stranger"), stranger, { recursive: true });
    await install();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  /** As `npm install` of the package would, with its dependencies at the versions that are tested here. */
  async function install(): Promise<void> {
    const name = "inter-customs-ledger";
    const file = `file:../${tarball}`;
    const lock = JSON.parse(await readFile(join(projectFolder, "package-lock.json"), "utf8")) as Lock;
    const { version, dependencies } = JSON.parse(
      await readFile(join(projectFolder, "package.json"), "utf8"),
    ) as { version: string; dependencies: object };
    const sha512 = createHash("sha512").update(await readFile(join(folder, tarball)));
    const own = { private: true, type: "module", dependencies: { [name]: file } };
    const needed = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && entry.dev !== true);
    const packages = {
      "": own,
      [`node_modules/${name}`]: {
        version,
        resolved: file,
        integrity: `sha512-${sha512.digest("base64")}`,
        dependencies,
        bin: { icl: "bin/icl.js" },
      },
      ...Object.fromEntries(needed),
    };
    await writeFile(join(stranger, "package.json"), JSON.stringify(own));
    await writeFile(
      join(stranger, "package-lock.json"),
      JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
    );
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await done(run("npm", ["ci", "--prefer-offline", ...quiet], { cwd: stranger }));
    await mkdir(installed("@types"), { recursive: true });
    for (const tool of TOOLS) await symlink(join(projectFolder, "node_modules", tool), installed(tool));
  }

  it("is built from the sources before it is packed", async () => {
    const { scripts } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts.prepack).to.equal("npm run build && npm run build:dist");
  });

  it("carries what others use, and nothing else of the project", async () => {
    const files = (await done(run("tar", ["-tzf", join(folder, tarball)])))
      .trim()
      .split("\n")
      .map((file) => file.replace(/^package\//, ""));
    expect(files).to.include.members([
      "LICENSE",
      "README.md",
      "bin/icl.js",
      "contracts/interfaces/IMessageHook.sol",
      "contracts/Channel.sol",
      "artifacts/contracts/Channel.sol/Channel.json",
      "dist/src/main.js",
      "dist/src/channels/channel.d.ts",
      "dist/src/http/openapi/messages.yaml",
      "docs/cli.md",
      "document-types/common.json",
      "document-types/code-lists/unit-codes.json",
      "document-types/preferential-certificate-of-origin/schema.json",
      "dist/src/semantics/compiled/validators.js",
      "dist/web/dist/verify.html",
      "dist/web/dist/console.html",
    ]);
    const folders = new Set(files.map((file) => file.split("/")[0]));
    expect([...folders].sort()).to.deep.equal([
      "LICENSE",
      "README.md",
      "artifacts",
      "bin",
      "contracts",
      "dist",
      "docs",
      "document-types",
      "package.json",
    ]);
    expect(files.filter((file) => /(^|\/)test\//.test(file))).to.deep.equal([]);
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).to.deep.equal([]);
  });

  it("lets a stranger's hook compile against IMessageHook, be deployed, and be called by a channel", async () => {
    const out = await done(node(installed("hardhat/dist/src/cli.js"), "run", "scripts/try-hook.ts"));
    const outcome = JSON.parse(out.trim().split("\n").at(-1) ?? "") as unknown;
    expect(outcome).to.deep.equal({ counted: 1, first: true, second: false, refused: "Enough" });
  });

  it("gives the author of a plug-in the channel's interface, as types and as code", async () => {
    await done(node(installed("typescript/bin/tsc")));
    const [id, nature] = (await done(node("built/plug-in.js"))).trim().split(" ");
    const message = parseMessage({
      sender: "homeaffairs.gov.au",
      receiver: "customs.gov.cn",
      subject: "urn:uuid:5b1f7f0e-6d9c-4b52-9d0a-3a1f4f3c2b1a",
      predicate: "certificate.created",
      obj: "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
    });
    expect([id, nature]).to.deep.equal([messageId(message), "dependent"]);
  });

  describe("icl", () => {
    const icl = (...args: readonly string[]) => run(installed(".bin/icl"), args, { cwd: stranger });

    it("says what there is", async () => {
      expect(await done(icl("--help")))
        .to.contain("Usage: icl")
        .and.to.contain("documents put");
    });

    it("says that the development network is in a clone only", async () => {
      const dev = icl("dev");
      expect(await dev.ended()).to.equal(2);
      expect(dev.output()).to.contain("in a clone of the project");
    });

    it("runs a node", async () => {
      const hash = `0x${"0f".repeat(32)}`;
      await writeFile(join(stranger, "node.key"), `0x${"12ab".repeat(16)}`, { mode: 0o600 });
      const channel = {
        technology: "evm",
        rpcUrl: "http://127.0.0.1:1",
        chainId: 31_337,
        genesisHash: hash,
        address: `0x${"aa".repeat(20)}`,
        codeHash: hash,
        finality: "immediate",
        nodeKey: { file: "node.key" },
      };
      const issuer = { issuer: "http://127.0.0.1:8550", audience: "homeaffairs.gov.au", development: true };
      const config = {
        mode: "development",
        participant: "homeaffairs.gov.au",
        jurisdiction: "AU",
        publicUrl: "http://127.0.0.1:8551",
        listen: { port: 0 },
        store: { sqlite: "node.db" },
        documents: { directory: "documents" },
        channels: [channel],
        identity: { issuers: [issuer] },
      };
      await writeFile(join(stranger, "node.yaml"), stringify(config));
      const started = icl("start", "--config", "node.yaml");
      await started.printed("the node is up");
      const url = /"url":"([^"]+)"/.exec(started.output())?.[1] ?? "";
      expect((await fetch(`${url}/openapi.json`)).status).to.equal(200);
      // Its pages are there, with the files that they name.
      const page = await (await fetch(`${url}/verify`)).text();
      const [, script = ""] = /src="(\.\/assets\/[^"]+)"/.exec(page) ?? [];
      expect((await fetch(new URL(script, `${url}/verify`))).status).to.equal(200);
      expect((await fetch(`${url}/document-types`)).status).to.equal(200);
      started.signal("SIGTERM");
      expect(await started.ended(), started.output()).to.equal(0);
    });
  });
});
