import { expect } from "chai";

import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { quadsOf, w3c } from "./bundled-contexts.ts";
import { validSamples } from "./samples.ts";

const types = loadDocumentTypes();
const UNCEFACT = "https://vocabulary.uncefact.org/";
/** What the samples say, as RDF; a term that stands for nothing is an error. */
const dataset = (sample: unknown) => quadsOf(types, sample);

/** The names of members anywhere in a value, within members of whose names `counts` says so. */
function membersOf(value: unknown, counts: (within: string) => boolean, within = ""): Set<string> {
  const names = new Set<string>();
  if (typeof value !== "object" || value === null) return names;
  for (const [name, inner] of Object.entries(value)) {
    if (counts(within) && !Array.isArray(value)) names.add(name);
    for (const deeper of membersOf(inner, counts, name)) names.add(deeper);
  }
  return names;
}

describe("the JSON-LD contexts", () => {
  for (const type of types.all) {
    for (const [file, sample] of validSamples(type)) {
      it(`give every term of ${type.name}/samples/valid/${file} a meaning, most by UN/CEFACT's vocabulary`, async () => {
        const quads = await dataset(sample);
        const predicates = new Set([...quads.matchAll(/^\S+ <([^>]+)>/gm)].map(([, iri]) => iri ?? ""));
        const theirs = [...predicates].filter((iri) => iri.startsWith(UNCEFACT));
        const ours = [...predicates].filter((iri) => iri.includes("intercustomsledger.example/vocabulary#"));
        expect(theirs.length).to.be.greaterThan(ours.length);
        expect(quads).to.match(/<https:\/\/vocabulary\.uncefact\.org\/identifier> "[^"]+"/);
        expect(quads).to.match(/<https:\/\/vocabulary\.uncefact\.org\/CountryId#[A-Z]{2}>/);
      });
    }
  }

  for (const type of types.all) {
    it(`know every member that the schema of ${type.name} has, also those that no sample uses`, () => {
      const known = membersOf(type.contextDocument, () => true);
      for (const name of membersOf(w3c, () => true)) known.add(name);
      const asked = membersOf(type.schemaDocument, (within) => within === "properties");
      const common = types.shared.find(({ $id }) => String($id).endsWith("/common.json"));
      const used = JSON.stringify(type.schemaDocument);
      for (const [name, definition] of Object.entries(common?.$defs ?? {})) {
        if (!used.includes(`common.json#/$defs/${name}"`)) continue;
        for (const member of membersOf(definition, (within) => within === "properties")) asked.add(member);
      }
      expect([...asked].filter((name) => !known.has(name))).to.deep.equal([]);
    });
  }

  it("refuse a term that nobody defined", async () => {
    const [type] = types.all;
    if (type === undefined) throw new Error("There is no type.");
    const [sample] = validSamples(type).values();
    const spoilt = { ...(sample as object), quality: "x" };
    let said = "taken";
    await dataset(spoilt).catch((error: unknown) => {
      said = error instanceof Error ? error.message : String(error);
    });
    expect(said).not.to.equal("taken");
  });

  it("say a certificate's facts in the words of the Buy-Ship-Pay model", async () => {
    const type = types.named("preferential-certificate-of-origin");
    if (type === null) throw new Error("There is no such type.");
    const quads = await dataset(validSamples(type).get("chafta-wine.json"));
    const said = (predicate: string, object: string) => {
      expect(quads).to.contain(`<${UNCEFACT}${predicate}> ${object}`);
    };
    said("identifier", '"WBC208897"');
    said("documentTypeCode", `<${UNCEFACT}DocumentCodeList#861>`);
    said("freeTradeAgreementName", '"CHAFTA"');
    said("exportCountry", `<${UNCEFACT}CountryId#AU>`);
    said("importCountry", `<${UNCEFACT}CountryId#CN>`);
    said("transportModeCode", `<${UNCEFACT}TransportModeCodeList#4>`);
    said("originCriteria", '"PSR"');
    said("classCode", '"220421"');
    said("AmountTypeCurrency", `<${UNCEFACT}AmountCurrency#AUD>`);
    said("actualOccurrenceDateTime", '"2020-06-20"^^<http://www.w3.org/2001/XMLSchema#date>');
    said("MeasureTypeValue", '"2376.5"^^<http://www.w3.org/2001/XMLSchema#decimal>');
  });
});
