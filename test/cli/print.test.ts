import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { parseSubject } from "../../src/domain/subject.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { phytosanitary } from "../channels/fixtures.ts";
import { user } from "../http/test-callers.ts";
import { semantics, startIssuingNode, VERIFIER, type IssuingNode } from "../paper/issuing-node.ts";
import { codesIn, pictureOf, textsOf } from "../paper/scan.ts";
import { validSamples } from "../semantics/samples.ts";
import { testParticipant } from "../store/each-store.ts";
import { startFakeNode } from "./fake-node.ts";
import { icl } from "./icl.ts";

const officer = user("officer", "documents:write", "messages:read", "messages:write");
const clerk = user("clerk", "documents:write", "messages:read");

describe("icl print", () => {
  let directory: string;
  let store: Store;
  let issuer: IssuingNode;
  let sample: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-cli-print-"));
    const database = { technology: "sqlite", file: path.join(directory, "node.db") } as const;
    store = await openStore({ database, participant: testParticipant });
    issuer = await startIssuingNode(store, directory, { officer, clerk });
    const type = semantics.documentTypes.named("preferential-certificate-of-origin");
    if (type === null) throw new Error("The type is not known.");
    sample = JSON.stringify(validSamples(type).get("chafta-wine.json"));
    await writeFile(path.join(directory, "certificate.json"), sample);
  });
  afterEach(async () => {
    await issuer.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  const print = (token: string, ...args: readonly string[]) =>
    icl(["print", ...args], { env: { ICL_NODE: issuer.url, ICL_TOKEN: token }, cwd: directory });
  const textIn = async (file: string) => (await textsOf(await readFile(path.join(directory, file)))).join("");

  it("prints a file, which it stores first, and then its hash, with codes that open and prove it", async () => {
    const obj = await issuer.store("officer", sample);
    const id = await issuer.issue(obj);
    const first = await print("officer", "certificate.json", "--language", "fr", "--out", "paper.pdf");
    expect(first, first.err).to.include({ code: 0, out: "paper.pdf\n" });
    expect(await textIn("paper.pdf"))
      .to.contain("Certificat d’origine préférentielle")
      .and.to.contain("WBC208897");
    expect((await stat(path.join(directory, "paper.pdf"))).mode & 0o777).to.equal(0o600);
    const codes = [...codesIn(await pictureOf(await readFile(path.join(directory, "paper.pdf"))), 2)];
    const link = codes.find((code) => code.startsWith(`https://${VERIFIER}/verify#`)) ?? "";
    const opened = await issuer.open(link);
    expect([opened.messageId, Buffer.from(opened.bytes).toString("utf8")]).to.deep.equal([id, sample]);
    const { outcome, facts } = await issuer.check(codes.find((code) => code !== link) ?? "");
    expect([outcome, facts?.messageId, facts?.status]).to.deep.equal(["genuine", id, "issued"]);

    // A file that was there, longer, and for everybody to read.
    await writeFile(path.join(directory, `${obj}.pdf`), Buffer.alloc(4 * 1024 * 1024, 7), { mode: 0o644 });
    const json = await print("officer", "certificate.json", "--json");
    const replaced = await stat(path.join(directory, `${obj}.pdf`));
    expect([replaced.mode & 0o777, replaced.size < 4 * 1024 * 1024]).to.deep.equal([0o600, true]);
    const { file, multihash: hash } = JSON.parse(json.out) as { file: string; multihash: string };
    expect([file, hash]).to.deep.equal([`${obj}.pdf`, obj]);
    const other = await issuer.issue(obj, { subject: parseSubject("chamber.com.au:again") });
    const second = await print("officer", hash, "--message", other);
    expect(second).to.include({ code: 0, out: `${hash}.pdf\n` });
    expect(await textIn(`${hash}.pdf`))
      .to.contain("Preferential certificate of origin")
      .and.to.contain(hash)
      .and.to.contain(other);
  }).timeout(120_000);

  it("says why not, and writes no file", async () => {
    await writeFile(path.join(directory, "other.json"), '{"salt":"q8Jn3mYt5Hc1Zr7WbXs0Lk"}');
    const refused = await print("officer", "other.json", "--out", "paper.pdf");
    expect(refused.code).to.equal(3);
    expect(refused.err).to.contain("document-not-printable");
    expect((await print("clerk", "certificate.json", "--out", "paper.pdf")).err).to.contain("not-allowed");
    const unissued = await print("officer", "certificate.json", "--out", "paper.pdf");
    expect([unissued.code, unissued.err.includes("document-not-issued")]).to.deep.equal([3, true]);
    const multihash = await issuer.store("officer", sample);
    await issuer.issue(multihash, { predicate: phytosanitary });
    for (const command of ["print", "seal"]) {
      const env = { ICL_NODE: issuer.url, ICL_TOKEN: "officer" };
      const mismatch = await icl([command, multihash], { env, cwd: directory });
      expect(mismatch.code, command).to.equal(3);
      expect(mismatch.err).to.contain("document-type-mismatch").and.to.contain("issue it by");
    }
    expect((await print("officer", "certificate.json", "--language", "de")).err).to.contain("en, fr, es, zh");
    const right = await issuer.issue(multihash);
    const nowhere = await print("officer", multihash, "--message", right, "--out", "no/such/place.pdf");
    expect(nowhere.code).to.equal(2);
    await textIn("paper.pdf").then(
      () => expect.fail("a file was written"),
      (error: unknown) => expect(error).to.include({ code: "ENOENT" }),
    );
  }).timeout(60_000);

  it("takes nothing but a PDF for paper", async () => {
    const fake = await startFakeNode();
    try {
      fake.answer((_request, response) =>
        response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
      );
      const multihash = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
      const env = { ICL_NODE: fake.url, ICL_TOKEN: "officer" };
      const outcome = await icl(["print", multihash], { env, cwd: directory });
      expect(outcome).to.include({ code: 1, out: "" });
      expect(outcome.err).to.contain("did not answer with a PDF");
    } finally {
      await fake.close();
    }
  }).timeout(30_000);
});
