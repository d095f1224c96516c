import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { NodeForms } from "../../src/node/node-forms.ts";
import { openSemantics } from "../../src/node/node-semantics.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { serve } from "../http/test-app.ts";
import { authenticateAs, user } from "../http/test-callers.ts";
import { textsOf } from "../paper/scan.ts";
import { standInSeal } from "../paper/stand-in-seal.ts";
import { validSamples } from "../semantics/samples.ts";
import { testParticipant } from "../store/each-store.ts";
import { startFakeNode } from "./fake-node.ts";
import { icl } from "./icl.ts";

const semantics = openSemantics();
const officer = user("officer", "documents:write", "messages:read", "messages:write");
const clerk = user("clerk", "documents:write", "messages:read");

describe("icl print", () => {
  let directory: string;
  let store: Store;
  let server: HttpServer;
  let messages: (string | null)[];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-cli-print-"));
    messages = [];
    const files = await FileStore.open(path.join(directory, "store"));
    const database = { technology: "sqlite", file: path.join(directory, "node.db") } as const;
    store = await openStore({ database, participant: testParticipant });
    const options = { store, files, maxBytes: 3_000_000, now: Date.now };
    const routers = new NodeForms(semantics).routers(options, (_caller, multihash, messageId) => {
      messages.push(messageId);
      return Promise.resolve({ ...standInSeal, multihash });
    });
    server = await serve(authenticateAs({ officer, clerk }), [documentsRouter(options), ...routers]);
    const type = semantics.documentTypes.named("preferential-certificate-of-origin");
    if (type === null) throw new Error("The type is not known.");
    const sample = validSamples(type).get("chafta-wine.json");
    await writeFile(path.join(directory, "certificate.json"), JSON.stringify(sample));
  });
  afterEach(async () => {
    await server.close(0);
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  const print = (token: string, ...args: readonly string[]) =>
    icl(["print", ...args], { env: { ICL_NODE: server.url, ICL_TOKEN: token }, cwd: directory });
  const textIn = async (file: string) => (await textsOf(await readFile(path.join(directory, file)))).join("");

  it("prints a file, which it stores first, and then its hash", async () => {
    const first = await print("officer", "certificate.json", "--language", "fr", "--out", "paper.pdf");
    expect(first).to.include({ code: 0, out: "paper.pdf\n" });
    expect(await textIn("paper.pdf"))
      .to.contain("Certificat d’origine préférentielle")
      .and.to.contain("WBC208897");
    expect((await stat(path.join(directory, "paper.pdf"))).mode & 0o777).to.equal(0o600);

    const json = await print("officer", "certificate.json", "--json");
    const { file, multihash: hash } = JSON.parse(json.out) as { file: string; multihash: string };
    expect(file).to.equal(`${hash}.pdf`);
    const second = await print("officer", hash, "--message", standInSeal.messageId);
    expect(second).to.include({ code: 0, out: `${hash}.pdf\n` });
    expect(await textIn(`${hash}.pdf`))
      .to.contain("Preferential certificate of origin")
      .and.to.contain(hash);
    expect(messages).to.deep.equal([null, null, standInSeal.messageId]);
  }).timeout(60_000);

  it("says why not, and writes no file", async () => {
    await writeFile(path.join(directory, "other.json"), '{"salt":"q8Jn3mYt5Hc1Zr7WbXs0Lk"}');
    const refused = await print("officer", "other.json", "--out", "paper.pdf");
    expect(refused.code).to.equal(3);
    expect(refused.err).to.contain("document-not-printable");
    expect((await print("clerk", "certificate.json", "--out", "paper.pdf")).err).to.contain("not-allowed");
    expect((await print("officer", "certificate.json", "--language", "de")).err).to.contain("en, fr, es, zh");
    expect((await print("officer", "certificate.json", "--out", "no/such/place.pdf")).code).to.equal(2);
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
      const { multihash } = standInSeal;
      const env = { ICL_NODE: fake.url, ICL_TOKEN: "officer" };
      const outcome = await icl(["print", multihash], { env, cwd: directory });
      expect(outcome).to.include({ code: 1, out: "" });
      expect(outcome.err).to.contain("did not answer with a PDF");
    } finally {
      await fake.close();
    }
  }).timeout(30_000);
});
