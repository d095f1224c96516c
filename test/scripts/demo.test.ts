import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { decodeJwt } from "jose";

import type { NetworkFile } from "../../scripts/dev/state-directory.ts";
import { shellBlocks } from "../docs/shell-blocks.ts";
import { run, type Run } from "./run.ts";

const minutes = 60_000;

function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

describe("the two commands' network", function () {
  this.timeout(3 * minutes);

  let folder: string;
  let state: string;
  let env: NodeJS.ProcessEnv;

  const description = async (): Promise<NetworkFile> =>
    JSON.parse(await readFile(join(state, "network.json"), "utf8")) as NetworkFile;
  const urls = ({ rpcUrl, nodes }: NetworkFile): readonly string[] => [
    rpcUrl,
    ...nodes.map(({ url }) => url),
  ];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "icl-demo-"));
    state = join(folder, ".icl");
    env = { ICL_DIRECTORY: state };
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  describe("npm run demo", () => {
    let output: string;

    before(async () => {
      const demo = run("npm", ["run", "--silent", "demo"], { env });
      const code = await demo.ended();
      output = demo.output();
      expect(code, output).to.equal(0);
    });

    it("says that every step held, and stops what it started", async () => {
      expect(output.slice(-300)).to.match(
        /Every step held \((\d{2,}) checks\)\.\nEverything is stopped\.\n$/,
      );
      expect(output).not.to.contain("✗");
      for (const url of urls(await description())) expect(await listens(url), url).to.equal(false);
    });

    it("shows the contract's reason for each refusal", () => {
      for (const reason of [
        "CertificateAlreadyAcquitted",
        "CertificateNotReceiver",
        "CertificateMismatch",
        "CertificateAlreadyIssued",
        "CertificateAlreadyRevoked",
      ]) {
        expect(output).to.contain(reason);
      }
    });

    it("shows a thousand certificates issued in one batch, proved, verified, and used", () => {
      expect(output).to.contain("✓ each of the 1000 has a proof that it is in the batch");
      expect(output).to.contain("✓ the document is the one that was issued, and its issuer may issue");
      expect(output).to.contain("✓ whoever asks now is told that it is used");
      expect(output).to.contain("✓ one batch carries all of them");
      expect(output).to.contain("✓ China's node computed the root that is on the ledger");
      expect(output).to.contain("✓ Australia's node shows the last as used");
    });

    it("describes the network in exactly the agreed members", async () => {
      const network = await description();
      expect(network).to.have.all.keys("rpcUrl", "chainId", "directory", "channels", "nodes");
      expect(network.channels).to.have.length(1);
      expect(network.channels[0]).to.have.all.keys("id", "address");
      expect(network.nodes.map(({ participant, jurisdiction }) => [participant, jurisdiction])).to.deep.equal(
        [
          ["homeaffairs.gov.au", "AU"],
          ["customs.gov.cn", "CN"],
        ],
      );
      for (const node of network.nodes) {
        expect(node).to.have.all.keys("participant", "jurisdiction", "url", "tokens");
        expect(node.tokens).to.have.all.keys("user", "admin");
      }
      for (const url of urls(network)) expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(network.directory).to.match(/^0x[0-9a-fA-F]{40}$/);
    });

    it("gives tokens that live at least a day, and that of the user every role but the administrator's", async () => {
      for (const { tokens } of (await description()).nodes) {
        for (const token of [tokens.user, tokens.admin]) {
          const tomorrow = Date.now() / 1000 + 24 * 60 * 60;
          expect(decodeJwt(token).exp).to.be.greaterThan(tomorrow);
        }
        expect(String(decodeJwt(tokens.user).scope).split(" ")).to.have.members([
          "documents:write",
          "messages:read",
          "messages:write",
          "certificates:acquit",
          "certificates:revoke",
          "subscriptions",
          "credentials:issue",
        ]);
        expect(String(decodeJwt(tokens.admin).scope).split(" ")).to.contain("admin");
      }
    });

    it("keeps every key and token from the eyes of others", async () => {
      const keys = await readdir(join(state, "keys"));
      expect(keys.length).to.be.greaterThan(0);
      const files = [...keys.map((key) => join("keys", key)), "network.json", "development-issuer.json"];
      for (const file of files) {
        const { mode } = await stat(join(state, file));
        expect(mode & 0o077, file).to.equal(0);
      }
      const contents = await Promise.all(keys.map((key) => readFile(join(state, "keys", key), "utf8")));
      expect(new Set(contents).size).to.equal(keys.length);
    });
  });

  describe("npm start", () => {
    const foreign = "a file of somebody else's";
    let start: Run;
    let network: NetworkFile;

    before(async () => {
      await writeFile(join(state, "mine.txt"), foreign);
      start = run("npm", ["start", "--silent"], { env });
      await start.printed("Read certificate WBC208897");
      await start.printed("\ncurl ");
      network = await description();
    });

    after(async () => {
      start.signal("SIGKILL");
      await start.ended();
    });

    it("starts over what an earlier run left, and touches nothing else there", async () => {
      expect(await readFile(join(state, "mine.txt"), "utf8")).to.equal(foreign);
      for (const url of urls(network)) expect(await listens(url), url).to.equal(true);
    });

    it("lists every address", () => {
      for (const url of [...urls(network), network.directory, network.channels[0]?.id]) {
        expect(start.output()).to.contain(url);
      }
    });

    it("prints where people sign in, and lets them be one of the node's own without a password", async () => {
      for (const { url, jurisdiction } of network.nodes) {
        expect(start.output()).to.contain(`${url}/console\n`).and.to.contain(`${url}/verify\n`);
        const begun = await fetch(`${url}/console/sign-in`, { redirect: "manual" });
        const page = await fetch(begun.headers.get("location") ?? "");
        expect(page.status).to.equal(200);
        const text = await page.text();
        expect(text).to.contain("FOR DEVELOPMENT ONLY");
        expect(text)
          .to.contain(`Officer (${jurisdiction})`)
          .and.to.contain(`Administrator (${jurisdiction})`);
      }
    });

    it("prints a curl that reads the certificate as it is pasted", async () => {
      const line = /^curl .*$/m.exec(start.output())?.[0] ?? "";
      const paste = run("bash", [], { input: `${line.replace(/^curl /, "curl -sSf ")}\n` });
      expect(await paste.ended(), paste.output()).to.equal(0);
      const document = JSON.parse(paste.output()) as { certificateOfOrigin: { id: string } };
      expect(document.certificateOfOrigin.id).to.equal("WBC208897");
    });

    it("lets a newcomer follow the quick start line by line", async () => {
      const [first, ...rest] = shellBlocks("docs/quick-start.md");
      expect(first).to.equal("npm ci && npm start\n");
      const script = ["set -euo pipefail", ...rest].join("\n");
      const shell = run("bash", [], { cwd: folder, input: script });
      expect(await shell.ended(), shell.output()).to.equal(0);
      expect(shell.output()).to.contain("CertificateAlreadyAcquitted");
    });

    it("refuses a second network in the same directory, and says what to do", async () => {
      const second = run("npm", ["run", "--silent", "demo"], { env });
      expect(await second.ended()).not.to.equal(0);
      expect(second.output()).to.contain("stop it, or name another directory in ICL_DIRECTORY");
      for (const url of urls(network)) expect(await listens(url), url).to.equal(true);
    });

    it("stops everything on Ctrl-C", async () => {
      start.signal("SIGINT");
      await start.ended(); // npm reports the signal, not the exit code of what it ran
      expect(start.output()).to.match(/Everything is stopped\.\n$/);
      for (const url of urls(network)) expect(await listens(url), url).to.equal(false);
    });
  });
});
