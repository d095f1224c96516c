import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";
import { stringify } from "yaml";

import { commands } from "../src/cli/commands.ts";
import { parseDomain } from "../src/domain/participant.ts";
import { BearerTokens } from "../src/identity/bearer-token.ts";
import { startDevelopmentIssuer, type DevelopmentIssuer } from "../src/identity/development-issuer.ts";
import { silentLogger } from "../src/log.ts";
import { rejection } from "./rejection.ts";

const main = path.join(import.meta.dirname, "../src/main.ts");
const KEY = `0x${"12ab".repeat(16)}`;
const HASH = `0x${"0f".repeat(32)}`;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const settings = {
  mode: "development",
  participant: "homeaffairs.gov.au",
  jurisdiction: "AU",
  publicUrl: "http://127.0.0.1:8551",
  store: { sqlite: "node.db" },
  documents: { directory: "documents" },
  channels: [
    {
      technology: "evm",
      rpcUrl: "http://127.0.0.1:1",
      chainId: 31337,
      genesisHash: HASH,
      address: `0x${"aa".repeat(20)}`,
      codeHash: HASH,
      finality: "immediate",
      nodeKey: { env: "NODE_KEY" },
    },
  ],
  identity: {
    issuers: [{ issuer: "http://127.0.0.1:8550", audience: "homeaffairs.gov.au", development: true }],
  },
};

describe("the command line", () => {
  let directory: string;
  let good: string;

  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "icl-main-"));
    good = path.join(directory, "good.yaml");
    writeFileSync(good, stringify(settings));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  function icl(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = {
        cwd: directory,
        env: { PATH: process.env.PATH, NODE_KEY: KEY, ...env },
        timeout: 30_000,
      };
      execFile(process.execPath, [main, ...args], options, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  for (const args of [["--help"], ["help"], ["-h"]]) {
    it(`says what there is for ${args.join(" ")}`, async () => {
      const { code, out } = await icl(args);
      expect(code).to.equal(0);
      for (const word of [...commands.keys(), "Exit codes"]) expect(out).to.contain(word);
    });
  }

  for (const name of commands.keys()) {
    it(`says how ${name} is called, with an example`, async () => {
      const { code, out } = await icl([...name.split(" "), "--help"]);
      expect(code).to.equal(0);
      expect(out).to.contain(`Usage: icl ${name}`).and.to.contain("Example:");
    });
  }

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ["no command", [], ""],
    ["an unknown command", ["stop"], "there is no command stop"],
    ["a member of every object for a command", ["constructor"], "there is no command constructor"],
    ["half a command", ["documents"], "documents get"],
    ["an unknown half of a command", ["documents", "burn"], "there is no command documents burn"],
    ["an argument that is missing", ["acquit"], "the message id is missing"],
    ["an unknown option", ["start", "--conf", "x"], "--conf"],
    ["an option without its value", ["start", "--config"], "--config"],
    ["a stray argument", ["check-config", "node.yaml"], "node.yaml"],
    ["an unknown role", ["token", "-p", "a.b", "--role", "root"], "--role takes one of documents:write"],
    [
      "a lifetime of nothing",
      ["token", "-p", "a.b", "--lifetime", "0"],
      "--lifetime takes a whole number from 1",
    ],
    [
      "a lifetime without end",
      ["token", "-p", "a.b", "--lifetime", "99999999"],
      "--lifetime takes a whole number from 1",
    ],
  ];
  for (const [name, args, expected] of wrong) {
    it(`ends with 2 for ${name}`, async () => {
      const { code, err } = await icl(args);
      expect(code).to.equal(2);
      expect(err).to.contain(expected);
    });
  }

  it("finds a good configuration good", async () => {
    const { code, out } = await icl(["check-config", "--config", good]);
    expect(code).to.equal(0);
    expect(out).to.contain("good").and.to.contain("homeaffairs.gov.au");
    expect(out).not.to.contain(KEY);
  });

  for (const command of ["check-config", "start"]) {
    it(`ends with 2 and every mistake when ${command} gets a bad configuration`, async () => {
      const file = path.join(directory, "bad.yaml");
      writeFileSync(file, stringify({ ...settings, mode: "production", participant: "AU" }));
      const { code, err } = await icl([command, "-c", file]);
      expect(code).to.equal(2);
      expect(err).to.contain("- participant: is no DNS domain");
      expect(err).to.contain("- publicUrl: must be https in production");
      expect(err).to.contain("- identity.issuers[0].development: issues tokens to anybody");
      expect(err).not.to.contain(KEY);
    });
  }

  it("ends with 2 when the configuration is not there", async () => {
    const { code, err } = await icl(["check-config", "-c", "none.yaml"]);
    expect(code).to.equal(2);
    expect(err).to.contain("none.yaml: cannot be read (ENOENT)");
  });

  it("ends with 1 when the node cannot start, and says why without secrets", async () => {
    const file = path.join(directory, "impossible.yaml");
    writeFileSync(file, stringify({ ...settings, store: { sqlite: "good.yaml/node.db" } }));
    const { code, err } = await icl(["start", "-c", file]);
    expect(code).to.equal(1);
    const lines = err.trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).to.include({ level: "error", message: "icl failed" });
    expect(err).not.to.contain(KEY.slice(2));
  });

  describe("start", () => {
    /** Starts a node whose ledger is out of reach, and waits until it says where it listens. */
    async function started(): Promise<{
      node: ChildProcess;
      url: string;
      lines: string[];
      ended: Promise<number | null>;
    }> {
      const file = path.join(directory, "start.yaml");
      writeFileSync(file, stringify({ ...settings, listen: { port: 0 } }));
      const env = { PATH: process.env.PATH, NODE_KEY: KEY };
      const node = spawn(process.execPath, [main, "start", "-c", file], {
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      const ended = once(node, "close").then(([code]) => code as number | null);
      const lines: string[] = [];
      for await (const line of createInterface({ input: node.stderr })) {
        lines.push(line);
        const { message, url } = JSON.parse(line) as { message: string; url?: string };
        if (message === "the node is up" && url !== undefined) {
          node.stderr.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
          return { node, url, lines, ended };
        }
      }
      throw new Error(`the node ended with ${await ended}: ${lines.join("\n")}`);
    }

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`runs a node, also while its ledger is out of reach, until ${signal}`, async () => {
        const { node, url, lines, ended } = await started();
        expect((await fetch(`${url}/health/live`)).status).to.equal(200);
        expect((await fetch(`${url}/health/ready`)).status).to.equal(503);
        expect((await fetch(`${url}/messages`)).status).to.equal(401);
        node.kill(signal);
        expect(await ended).to.equal(0);
        expect(lines.join("\n")).to.contain("DEVELOPMENT MODE");
        expect(lines.join("\n")).not.to.contain(KEY.slice(2));
        await rejection(fetch(`${url}/health/live`));
      });
    }
  });

  describe("token", () => {
    let issuer: DevelopmentIssuer;

    before(async () => {
      const file = path.join(directory, ".icl", "development-issuer.json");
      issuer = await startDevelopmentIssuer({ file, port: 0, log: silentLogger });
      const nodes = [{ participant: "homeaffairs.gov.au" }, { participant: "customs.gov.cn" }];
      writeFileSync(path.join(directory, ".icl", "network.json"), JSON.stringify({ nodes }));
    });

    after(() => issuer.close());

    function verify(token: string) {
      const participant = parseDomain("customs.gov.cn");
      const mapping = { "messages:read": ["messages:read"], admin: ["admin"] } as const;
      const config = {
        issuer: issuer.issuer,
        audience: participant,
        jwksUri: null,
        development: true,
      } as const;
      return new BearerTokens(participant, [{ ...config, algorithms: ["ES256"], roles: mapping }]).verify(
        token,
      );
    }

    it("makes a token for everything but administering", async () => {
      const { code, out, err } = await icl(["token", "--participant", "customs.gov.cn"]);
      expect(code).to.equal(0);
      expect(err).to.contain("FOR DEVELOPMENT ONLY");
      expect(await verify(out.trim())).to.deep.include({
        subject: "officer",
        roles: new Set(["messages:read"]),
      });
    });

    it("makes a token for one role, one user, one moment", async () => {
      const args = ["token", "-p", "customs.gov.cn", "-r", "admin", "-s", "li", "-l", "5"];
      const { out } = await icl(args);
      expect(await verify(out.trim())).to.deep.include({ subject: "li", roles: new Set(["admin"]) });
      const { exp, iat } = JSON.parse(Buffer.from(out.split(".")[1] ?? "", "base64url").toString()) as {
        exp: number;
        iat: number;
      };
      expect(exp - iat).to.be.within(4, 6);
    });

    it("names the participants there are when asked for another", async () => {
      const { code, err } = await icl(["token", "-p", "customs.gov.sg"]);
      expect(code).to.equal(2);
      expect(err).to.contain("homeaffairs.gov.au, customs.gov.cn");
    });

    it("ends with 1 where no network has been started", async () => {
      const { code, err } = await icl(["token", "-p", "customs.gov.cn"], { ICL_DIRECTORY: "elsewhere" });
      expect(code).to.equal(1);
      expect(err).to.contain("there is no development network in");
    });
  });
});
