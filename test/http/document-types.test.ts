import { expect } from "chai";

import { documentTypesRouter } from "../../src/http/document-types-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { DocumentForms } from "../../src/paper/document-forms.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { valueAt } from "../../src/semantics/json-pointer.ts";
import { documentValidator } from "../../src/semantics/validate-document.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

const COO = "preferential-certificate-of-origin";

describe("GET /document-types", () => {
  let server: HttpServer;

  before(async () => {
    const forms = new DocumentForms(loadDocumentTypes());
    server = await serve(authenticateAs({}), [], { openRouters: [documentTypesRouter(forms)] });
  });

  after(() => server.close(0));

  it("has a sample of each kind to begin from, which is a valid document of it", async () => {
    const types = loadDocumentTypes();
    const validate = documentValidator(types);
    for (const type of types.all) {
      const answer = await fetch(`${server.url}/document-types/${type.name}`);
      const { sample, number } = (await answer.json()) as { sample: unknown; number: string };
      expect(validate(type, sample), type.name).to.deep.equal([]);
      expect(valueAt(sample, number), type.name).to.be.a("string");
    }
  });

  it("tells everybody which kinds of documents there are, with their message types", async () => {
    const answer = await fetch(`${server.url}/document-types`);
    expect(answer.status).to.equal(200);
    const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
    expect(items.map(({ name }) => name)).to.include.members([COO, "phytosanitary-certificate"]);
    const type = items.find(({ name }) => name === COO);
    expect(Object.keys(type ?? {})).to.have.members([
      "name",
      "title",
      "credentialType",
      "documentOf",
      "messageTypes",
    ]);
    expect(type?.messageTypes).to.deep.include({
      predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.acquitted",
      effect: "acquit",
      target: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
      batchable: false,
    });
  });

  it("gives one whole: its form, its schema, the words of its codes and its life", async () => {
    const answer = await fetch(`${server.url}/document-types/${COO}`);
    expect(answer.status).to.equal(200);
    const type = (await answer.json()) as Record<string, Record<string, unknown>>;
    expect(type).to.include({ name: COO, credentialType: "PreferentialCertificateOfOrigin" });
    expect(type.form?.title).to.include({ fr: "Certificat d’origine préférentielle" });
    expect(type.schema?.$id).to.contain(COO);
    expect(type.codeLists?.["origin-criteria/CHAFTA"]).to.include({ PSR: "product-specific rule" });
    expect(type.lifeCycle).to.be.an("array").that.has.length.greaterThan(5);
  });

  it("is asked again in a few bytes", async () => {
    for (const path of ["/document-types", `/document-types/${COO}`]) {
      const first = await fetch(server.url + path);
      expect(first.headers.get("cache-control")).to.equal("public, max-age=300");
      const etag = first.headers.get("etag") ?? "";
      await first.arrayBuffer();
      const again = await fetch(server.url + path, { headers: { "if-none-match": `"other", W/${etag}` } });
      expect(again.status).to.equal(304);
      expect(await again.text()).to.equal("");
      const other = await fetch(server.url + path, { headers: { "if-none-match": '"other"' } });
      expect(other.status).to.equal(200);
      await other.arrayBuffer();
    }
  });

  it("says that there is none of another name", async () => {
    for (const name of ["certificate-of-nothing", "constructor", "%2e%2e%2fcommon.json", "x".repeat(300)]) {
      expect((await problemOf(await fetch(`${server.url}/document-types/${name}`))).code).to.equal(
        "not-found",
      );
    }
    const long = await fetch(`${server.url}/document-types/${"x".repeat(301)}`);
    expect((await problemOf(long)).code).to.equal("malformed-request");
  });
});
