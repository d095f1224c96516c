import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import type { Multihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { NodeForms } from "../../src/node/node-forms.ts";
import { openSemantics } from "../../src/node/node-semantics.ts";
import type { Store } from "../../src/store/store.ts";
import { eachStore } from "../store/each-store.ts";
import { codesIn, pictureOf, textsOf } from "../paper/scan.ts";
import { standInSeal } from "../paper/stand-in-seal.ts";
import { validSamples } from "../semantics/samples.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, node, user } from "./test-callers.ts";

const callers = {
  officer: user("officer", "documents:write", "messages:read", "messages:write"),
  clerk: user("clerk", "documents:write"),
  sender: user("sender", "messages:write"),
  cn: node("customs.gov.cn"),
};
const semantics = openSemantics();
const other = `0x${"07".repeat(32)}`;

function sample(name = "preferential-certificate-of-origin", file = "chafta-wine.json") {
  const type = semantics.documentTypes.named(name);
  if (type === null) throw new Error("The type is not known.");
  return validSamples(type).get(file) as Record<string, unknown>;
}

eachStore("POST /documents/{multihash}/print", (openFresh) => {
  let directory: string;
  let store: Store;
  let server: HttpServer;
  /** What was sealed: how seals are made is tested elsewhere. */
  let sealed: (readonly [multihash: string, messageId: string | null])[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-print-"));
    store = await openFresh();
    sealed = [];
    const options = { store, files: await FileStore.open(directory), maxBytes: 3_000_000, now: Date.now };
    const routers = new NodeForms(semantics).routers(options, (_caller, multihash, messageId) => {
      if (messageId === other) {
        return Promise.reject(new Problem("not-found", "No such message issued the document: name another."));
      }
      sealed.push([multihash, messageId]);
      return Promise.resolve({ ...standInSeal, multihash, messageId: messageId ?? standInSeal.messageId });
    });
    server = await serve(authenticateAs(callers), [documentsRouter(options), ...routers]);
  });
  afterEach(async () => {
    await server.close(0);
    await rm(directory, { recursive: true, force: true });
  });

  async function stored(content: string | Buffer, mediaType = "application/json"): Promise<Multihash> {
    const answer = await fetch(`${server.url}/documents`, {
      method: "POST",
      body: content,
      headers: { authorization: "Bearer officer", "content-type": mediaType },
    });
    return ((await answer.json()) as { multihash: Multihash }).multihash;
  }
  const print = (as: string, multihash: string, body?: unknown) =>
    fetch(`${server.url}/documents/${multihash}/print`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${as}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const refusal = async (as: string, multihash: string, body?: unknown) =>
    problemOf(await print(as, multihash, body));

  it("prints a certificate that is JSON, and one that is signed", async () => {
    const json = JSON.stringify(sample());
    const part = (text: string) => Buffer.from(text).toString("base64url");
    const signed = `${part('{"alg":"ES256"}')}.${part(json)}.${part("signature")}`;
    for (const [content, mediaType] of [
      [json, "application/json"],
      [signed, "application/vc+jwt"],
    ] as const) {
      const multihash = await stored(content, mediaType);
      const answer = await print("officer", multihash);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get("content-type")).to.equal("application/pdf");
      expect(answer.headers.get("content-disposition")).to.equal(`attachment; filename="${multihash}.pdf"`);
      expect(answer.headers.get("cache-control")).to.equal("no-store");
      const pdf = Buffer.from(await answer.arrayBuffer());
      const text = (await textsOf(pdf)).join("");
      expect(text).to.contain("WBC208897").and.to.contain(multihash);
      expect(sealed.at(-1)).to.deep.equal([multihash, null]);
      if (mediaType === "application/vc+jwt") {
        const codes = [...codesIn(await pictureOf(pdf), 2)].sort();
        expect(codes).to.deep.equal([standInSeal.offline, standInSeal.link].sort());
      }
    }
  }).timeout(30_000);

  it("prints in the language that is asked for, and seals for the message that is named", async () => {
    const multihash = await stored(JSON.stringify(sample()));
    const answer = await print("officer", multihash, { language: "es", message: standInSeal.messageId });
    expect(answer.headers.get("content-language")).to.equal("es");
    const texts = await textsOf(new Uint8Array(await answer.arrayBuffer()));
    expect(texts.join("")).to.contain("Certificado de origen preferencial");
    expect(sealed).to.deep.equal([[multihash, standInSeal.messageId]]);
  });

  it("puts the reading on record", async () => {
    const multihash = await stored(JSON.stringify(sample()));
    await print("officer", multihash);
    const reads = await store.db
      .selectFrom("audit")
      .select("act")
      .where("act", "=", "document.read")
      .execute();
    expect(reads).to.have.length(1);
  });

  it("is for those who send, and may read the document: not for other nodes", async () => {
    const multihash = await stored(JSON.stringify(sample()));
    for (const as of ["clerk", "sender", "cn"]) {
      expect((await refusal(as, multihash)).code, as).to.equal("not-allowed");
    }
    expect((await refusal("nobody", multihash)).code).to.equal("token-missing");
    const absent = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
    expect((await refusal("officer", absent)).code).to.equal("not-found");
    expect((await refusal("officer", multihash, { message: other })).code).to.equal("not-found");
    expect(sealed).to.deep.equal([]);
  });

  it("refuses a document that has no form, and seals none", async () => {
    const type = "UnknownCertificate";
    for (const [content, mediaType] of [
      ["%PDF-1.7", "application/pdf"],
      ['{"certificateOfOrigin":{"id":"WBC1"},"salt":"q8Jn3mYt5Hc1Zr7WbXs0Lk"}', "application/json"],
      [JSON.stringify({ ...sample(), type: ["VerifiableCredential", type] }), "application/json"],
      [JSON.stringify(sample()), "application/octet-stream"],
      ["not.a.credential", "application/vc+jwt"],
      ["{", "application/json"],
      ["[]", "application/json"],
      [`{"type":["PreferentialCertificateOfOrigin"],"x":"${"x".repeat(1_100_000)}"}`, "application/json"],
    ] as const) {
      expect((await refusal("officer", await stored(content, mediaType))).code).to.equal(
        "document-not-printable",
      );
    }
    expect(sealed).to.deep.equal([]);
  });

  it("refuses a document that is not as its type demands, and says where", async () => {
    const bad = { ...sample(), validFrom: "yesterday" };
    const problem = await refusal("officer", await stored(JSON.stringify(bad)));
    expect(problem).to.include({ code: "document-not-printable" });
    expect(problem).to.have.nested.property("errors[0].member", "/validFrom");
    expect(sealed).to.deep.equal([]);
  });

  it("refuses one that is too long for paper before it is sealed", async () => {
    const document = sample();
    const subject = document.credentialSubject as { consignment: { lineItems: Record<string, unknown>[] } };
    const [line] = subject.consignment.lineItems;
    const lineItems = Array.from({ length: 900 }, (_line, place) => ({ ...line, sequenceNumber: place + 1 }));
    const consignment = { ...subject.consignment, lineItems };
    const long = JSON.stringify({ ...document, credentialSubject: { ...subject, consignment } });
    expect((await refusal("officer", await stored(long))).code).to.equal("paper-too-long");
    expect(sealed).to.deep.equal([]);
  }).timeout(30_000);

  it("refuses what is not as documented", async () => {
    const multihash = await stored(JSON.stringify(sample()));
    for (const body of [{ language: "de" }, { message: "0x1" }, { html: true }, []]) {
      expect((await refusal("officer", multihash, body)).code, JSON.stringify(body)).to.equal(
        "malformed-request",
      );
    }
    expect((await refusal("officer", multihash, "{")).code).to.equal("malformed-json");
    const form = await fetch(`${server.url}/documents/${multihash}/print`, {
      method: "POST",
      headers: { authorization: "Bearer officer" },
      body: new URLSearchParams({ language: "en" }),
    });
    expect((await problemOf(form)).code).to.equal("media-type-unsupported");
    expect((await refusal("officer", "nonsense")).code).to.equal("malformed-multihash");
  });
});
