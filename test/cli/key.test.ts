import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { icl } from "./icl.ts";

describe("icl key", function () {
  this.timeout(120_000);
  let folder: string;
  const at = (name: string) => path.join(folder, name);
  const text = (name: string) => readFileSync(at(name), "utf8");

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "icl-key-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("makes a key and a password that only the owner can read, and shows neither", async () => {
    const files = ["--out", at("new.json"), "--password-file", at("new.password")];
    const made = await icl(["key", "new", ...files]);
    expect(made.code, made.err).to.equal(0);
    expect(made.out).to.match(/^0x[0-9a-f]{40}\n$/);
    for (const file of ["new.json", "new.password"]) expect(statSync(at(file)).mode & 0o777).to.equal(0o600);
    const { privateKey, address } = await Wallet.fromEncryptedJson(
      text("new.json"),
      text("new.password").trim(),
    );
    expect(address.toLowerCase()).to.equal(made.out.trim());
    expect(`${made.out}${made.err}${text("new.json")}`).not.to.contain(privateKey.slice(2));
    expect(`${made.out}${made.err}`).not.to.contain(text("new.password").trim());

    const again = await icl(["key", "new", ...files]);
    expect(again.code).to.equal(2);
    expect(again.err).to.contain("is there already");
    const asked = await icl([
      "key",
      "address",
      "--keystore",
      at("new.json"),
      "--password-file",
      at("new.password"),
    ]);
    expect(asked.out).to.equal(made.out);
  });

  it("encrypts a key from a file or standard input, and repeats none that is wrong", async () => {
    const { address, privateKey } = Wallet.createRandom();
    writeFileSync(at("raw.key"), `${privateKey}\n`, { mode: 0o600 });
    writeFileSync(at("password"), "correct horse battery", { mode: 0o600 });
    const into = (name: string) => ["--out", at(name), "--password-file", at("password")];
    const fromFile = await icl(["key", "import", "--from", at("raw.key"), ...into("file.json")]);
    expect(fromFile.out.trim(), fromFile.err).to.equal(address.toLowerCase());
    const input = privateKey.slice(2);
    const piped = await icl(["key", "import", "--from", "-", ...into("piped.json")], { input });
    expect(piped.out, piped.err).to.equal(fromFile.out);
    const named = await icl(["key", "address", "--keystore", at("piped.json")]);
    expect(named.out).to.equal(fromFile.out);

    const wrong = `${privateKey.slice(0, -1)}z`;
    const refused = await icl(["key", "import", "--from", "-", ...into("wrong.json")], { input: wrong });
    expect(refused.code).to.equal(1);
    expect(refused.err).to.contain("key-invalid").and.not.to.contain(privateKey.slice(2, 20));
    writeFileSync(at("short"), "hunter2");
    const short = await icl(["key", "new", "--out", at("short.json"), "--password-file", at("short")]);
    expect(short.code).to.equal(2);
    expect(short.err).to.contain("less than 12 characters").and.not.to.contain("hunter2");
    const other = await icl([
      "key",
      "address",
      "--keystore",
      at("file.json"),
      "--password-file",
      at("short"),
    ]);
    expect(other.code).to.equal(1);
    expect(other.err).to.contain("keystore-locked").and.not.to.contain("hunter2");
  });
});
