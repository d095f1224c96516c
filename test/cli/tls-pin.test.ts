import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { EXIT } from "../../src/cli/exit.ts";
import { startAuthority, TlsFolder } from "../identity/certificates.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

describe("icl tls-pin", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-tls-pin-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  const call = (...words: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [main, "tls-pin", ...words], (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  it("tells the account by which a certificate's key is appointed", async function () {
    this.timeout(60_000);
    const certificate = await (await startAuthority()).issue({ names: ["customs.gov.cn"] });
    const files = await new TlsFolder(directory).put("peer", certificate);
    expect(await call("--certificate", files.certificate)).to.deep.include({
      ...{ code: EXIT.done, out: `${certificate.pin}\n` },
    });
    const wrong = await call("--certificate", files.key);
    expect(wrong).to.deep.include({ code: EXIT.usage, out: "" });
    expect(wrong.err).to.contain("no file with a certificate").and.not.to.contain("PRIVATE");
    expect((await call()).code).to.equal(EXIT.usage);
  });
});
