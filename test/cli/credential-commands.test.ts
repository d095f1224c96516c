import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { noCredentials } from "../../src/credentials/credentials-config.ts";
import { roles } from "../../src/identity/caller.ts";
import { au } from "../channels/fixtures.ts";
import { findTestType, newSigner, testType } from "../credentials/fixtures.ts";
import { startWorld, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { icl } from "./icl.ts";

describe("the commands for credentials, against a running node", function () {
  this.timeout(120_000);
  const agency = newSigner("EdDSA", `did:web:${au}`);
  const chamber = newSigner("ES256");
  let directory: string;
  let world: World;
  let env: Record<string, string>;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-credential-cli-"));
    world = await startWorld();
    const issuers = [];
    for (const { did, privateJwk } of [agency, chamber]) {
      const file = path.join(directory, `${issuers.length}.jwk`);
      await writeFile(file, JSON.stringify(privateJwk));
      issuers.push({ did, key: { file }, name: null });
    }
    const file = path.join(directory, "au.db");
    const config = await world.configure(au, "AU", { technology: "sqlite", file });
    const node = await world.start(
      { ...config, credentials: { ...noCredentials, issuers } },
      { findCredentialType: findTestType },
    );
    await eventually(async () => (await node.officer.request("/health/ready")).status === 200);
    const request = { subject: "admin", audience: au, roles, lifetimeSeconds: 3_600 };
    env = { ICL_NODE: config.publicUrl, ICL_TOKEN: await world.issuer.mint(request) };
  });

  after(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]) => icl(args, { env, cwd: directory });

  it("issue a credential, vouch for its issuer, check it at every link, and vouch no longer", async () => {
    await writeFile(path.join(directory, "coo.json"), JSON.stringify({ id: "urn:uuid:1", goods: "wine" }));
    const issued = await run("credential", "issue", "coo.json", "-t", testType.name, "--issuer", chamber.did);
    expect(issued.code, issued.err).to.equal(0);
    const multihash = issued.out.trim();
    expect(multihash).to.match(/^Qm/);

    const before = await run("credential", "check", multihash);
    expect(before.code).to.equal(5);
    expect(before.out).to.contain("issuer: fail (anchor-missing)");
    const register = ["--register", "https://register.test/", "--register-name", "Issuing bodies"];
    const identity = [
      "--name",
      "Sample Chamber",
      "--registered-id",
      "518",
      "--scope",
      "https://register.test/chafta",
    ];
    const anchored = await run("anchor", chamber.did, ...register, ...identity);
    expect(anchored.code, anchored.err).to.equal(0);

    const passed = await run("credential", "check", multihash);
    expect(passed.code, passed.out).to.equal(0);
    expect(passed.out.split("\n")).to.have.length(9);
    expect(passed.out).to.match(/^pass\n/);
    const read = await run("documents", "get", multihash, "--json");
    expect(read.code, read.err).to.equal(0);

    const ended = await run("anchor", chamber.did, "--revoke", "Authorisation ended");
    expect(ended.out, ended.err).to.contain("1 revoked");
    const json = await run("credential", "check", multihash, "--json");
    expect(json.code).to.equal(5);
    expect((JSON.parse(json.out) as { outcome: string }).outcome).to.equal("fail");
  });

  it("say what is missing or wrong, before they ask the node", async () => {
    for (const [words, why] of [
      [["credential", "issue", "absent.json", "-t", "T"], "cannot be read"],
      [["credential", "issue", "absent.json"], "--type"],
      [["credential", "check", "absent.jwt"], "cannot be read"],
      [["anchor", chamber.did, "--name", "n"], "--registered-id"],
    ] as const) {
      const { code, err } = await run(...words);
      expect([code, err.includes(why)], `${words.join(" ")}: ${err}`).to.deep.equal([2, true]);
    }
  });
});
