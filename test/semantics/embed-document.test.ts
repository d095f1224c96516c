import { expect } from "chai";

import type { DocumentType } from "../../src/semantics/document-type.ts";
import { DocumentTypes, loadDocumentTypes, loadLedgerContext } from "../../src/semantics/document-types.ts";
import { documentEmbedder, type EmbedDocument } from "../../src/semantics/embed-document.ts";
import type { JsonRecord } from "../../src/semantics/record.ts";
import { documentValidator } from "../../src/semantics/validate-document.ts";
import { quadsOf } from "./bundled-contexts.ts";
import { invalidSamples, validSamples } from "./samples.ts";

const shipped = loadDocumentTypes();
const W3C = "https://www.w3.org/ns/credentials/v2";
const LOOSE = "https://types.example/loose/context.jsonld";
const bytesOf = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** A careless operator's type: its schema lets anything through, its context gives anything a meaning. */
const loose: DocumentType = {
  name: "loose",
  title: "Loose",
  credentialType: "Loose",
  schema: "https://types.example/loose/schema.json",
  context: LOOSE,
  documentOf: [],
  subjects: "plain",
  number: "/number",
  salt: "/salt",
  lifeCycle: [],
  rules: [],
  links: [],
  schemaDocument: { $id: "https://types.example/loose/schema.json", type: "object" },
  contextDocument: {
    "@context": {
      icl: "https://intercustomsledger.example/vocabulary#",
      salt: "icl:salt",
      number: "icl:number",
      said: "icl:said",
      about: { "@id": "icl:about", "@type": "@id" },
      key: "@id",
    },
  },
  messageTypes: [],
  formDocument: null,
  ...{ sample: null, sampleDocument: null },
};
const types = new DocumentTypes([...shipped.all, loose], shipped.shared);

describe("a document's content inside a graph", () => {
  let embed: EmbedDocument;

  before(() => {
    embed = documentEmbedder(types, documentValidator(types));
  });

  const reasonOf = (document: unknown, mediaType = "application/json") => {
    const embedding = embed(mediaType, bytesOf(document));
    return "reason" in embedding ? embedding.reason : "embedded";
  };
  const careless = (members: object) => ({
    "@context": [W3C, LOOSE],
    salt: "m3Vw8KzQ1tYb6XnJ0rSdHg",
    number: "1",
    ...members,
  });
  const wine = () => {
    const type = shipped.named("preferential-certificate-of-origin");
    if (type === null) throw new Error("There is no such type.");
    return validSamples(type).get("chafta-wine.json") as JsonRecord;
  };

  it("is that of every good sample, as JSON and as the payload of a signed credential", () => {
    for (const type of shipped.all) {
      for (const [file, sample] of validSamples(type)) {
        const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
        const jwt = Buffer.from(`${part({ alg: "ES256", typ: "vc+jwt" })}.${part(sample)}.c2ln`);
        for (const embedding of [
          embed("application/vc+jwt", jwt),
          embed("application/json; charset=utf-8", bytesOf(sample)),
        ]) {
          if ("reason" in embedding) throw new Error(`${file}: ${embedding.reason}`);
          expect(embedding.type.name).to.equal(type.name);
          const { "@context": context, ...content } = embedding.content;
          const { "@context": own, ...members } = sample as JsonRecord;
          expect(content).to.deep.equal(members);
          expect(context).to.deep.equal([null, ...(own as string[])]);
        }
      }
    }
  });

  it("is left out where it is not as its type demands", () => {
    for (const type of shipped.all) {
      for (const [file, { document }] of invalidSamples(type)) {
        expect(reasonOf(document), file).to.be.oneOf(["invalid", "unknown-type"]);
      }
    }
  });

  it("is left out where it is no JSON, or says that it is something else", () => {
    const bare = { ...wine(), "@context": undefined };
    expect(reasonOf(wine(), "application/pdf")).to.equal("not-json");
    expect(reasonOf(wine(), "application/vc+jwt")).to.equal("not-json");
    for (const text of ["", "{", "a.b", "a.!!.c", Buffer.from([0x22, 0xff, 0x22]).toString("latin1")]) {
      for (const mediaType of ["application/json", "application/vc+jwt"]) {
        const embedding = embed(mediaType, Buffer.from(text, "latin1"));
        expect(embedding, text).to.deep.equal({ reason: "not-json" });
      }
    }
    for (const other of [null, 1, "text", [], [wine()], {}, bare]) {
      expect(reasonOf(other), JSON.stringify(other)).to.equal("unknown-type");
    }
  });

  it("is left out with any context but its type's own", () => {
    const [, own] = wine()["@context"] as string[];
    for (const context of [
      W3C,
      [W3C],
      [own, W3C],
      [W3C, own, "https://attacker.example/context.jsonld"],
      [W3C, own, { sender: "https://intercustomsledger.example/vocabulary#sender" }],
      [W3C, "https://attacker.example/context.jsonld"],
      [W3C, { "@import": own }],
      { "@vocab": "https://attacker.example/" },
      null,
    ]) {
      expect(reasonOf({ ...wine(), "@context": context }), JSON.stringify(context)).to.equal("unknown-type");
    }
  });

  it("is left out where it nests contexts, graphs or other keywords, however careless its schema", () => {
    expect(reasonOf(careless({}))).to.equal("embedded");
    for (const members of [
      { said: { "@context": "https://attacker.example/context.jsonld" } },
      { said: [{ "@context": { said: "@id" } }] },
      { "@id": "https://attacker.example/" },
      { "@graph": [{ "@id": "https://attacker.example/" }] },
      { "@included": [] },
      { "@reverse": { about: "https://attacker.example/" } },
      { said: { "@value": "x" } },
      { "icl:sender": "x" },
      { "https://intercustomsledger.example/vocabulary#sender": "x" },
      { "": "x" },
    ]) {
      expect(reasonOf(careless(members)), JSON.stringify(members)).to.equal("unsafe");
    }
  });

  it("is left out where it names the node's own nodes, blank nodes, or what depends on where it is read", () => {
    for (const members of [
      { id: "urn:icl:message:0x00" },
      { id: "URN:ICL:subject:x" },
      { key: "urn:icl:message:0x00" },
      { about: ["https://customs.example/", "urn:icl:certificate:0x00"] },
      { said: [{ id: "_:b0" }] },
      { about: "_:b0" },
      { type: "_:b0" },
      { id: "" },
      { id: "../messages/0x00" },
      { about: "#x" },
      { key: "//attacker.example/" },
      { issuer: "customs.gov.cn" },
    ]) {
      expect(reasonOf(careless(members)), JSON.stringify(members)).to.equal("unsafe");
    }
  });

  it("is left out where a member is meant for the prototypes of its readers", () => {
    const text = JSON.stringify(careless({ said: "PROTO" }));
    for (const member of ["__proto__", "constructor", "prototype"]) {
      for (const hostile of [
        text.replace('"PROTO"', `{"${member}":{"polluted":true}}`),
        text.replace('"said"', `"${member}"`),
      ]) {
        const embedding = embed("application/json", Buffer.from(hostile));
        expect(embedding, hostile).to.deep.equal({ reason: "unsafe" });
      }
    }
    expect({}).not.to.have.property("polluted");
  });

  it("is left out where it is nested deeper, or has more parts, than anybody reads", () => {
    const deep = (depth: number): unknown => (depth === 0 ? "x" : [deep(depth - 1)]);
    expect(reasonOf(careless({ said: deep(100) }))).to.equal("invalid");
    expect(reasonOf(careless({ said: Array.from({ length: 100_001 }, () => 0) }))).to.equal("invalid");
    const hollow = Buffer.from("[".repeat(200_000));
    expect(embed("application/json", hollow)).to.deep.equal({ reason: "not-json" });
    const full = Buffer.from("[".repeat(100_000) + "]".repeat(100_000));
    expect(embed("application/json", full)).to.have.property("reason");
  });

  it("says in a graph of its own what it said alone, and none of the words around it have a meaning in it", async () => {
    const inside = async (document: JsonRecord) => {
      const embedding = embed("application/json", bytesOf(document));
      if ("reason" in embedding) throw new Error(embedding.reason);
      const id = "urn:icl:document:QmX";
      const answer = {
        "@context": loadLedgerContext(),
        id: "urn:icl:subject:x",
        type: "Subject",
        documents: [{ id, type: "Document", multihash: "QmX", content: embedding.content }],
      };
      const quads = await quadsOf(types, answer, "https://icl.customs.example/subjects/x");
      const lines = quads.split("\n").filter((line) => line !== "");
      // What has the document as its object ends alike, and is no part of its graph.
      const named = lines.filter((line) => line.endsWith(` <${id}> .`) && !/^\S+ \S+ \S+ \.$/.test(line));
      return { named, others: lines.filter((line) => !named.includes(line)) };
    };
    const { named, others } = await inside(wine());
    const alone = await quadsOf(types, wine());
    expect(named).to.have.length(alone.trim().split("\n").length);
    expect(others).to.have.length(4);
    // Words of the node's own vocabulary, in a document whose contexts have none of them.
    let said = "taken";
    await inside(careless({ sender: "customs.gov.cn", acquitted: true }) as JsonRecord).catch(
      (error: unknown) => {
        said = error instanceof Error ? error.message : String(error);
      },
    );
    expect(said).to.match(/safe mode/i);
  });
});
