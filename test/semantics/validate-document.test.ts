import { readFileSync } from "node:fs";

import { expect } from "chai";

import { compiledValidators } from "../../scripts/validators/compiled-validators.ts";
import type { DocumentType } from "../../src/semantics/document-type.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { documentValidator } from "../../src/semantics/validate-document.ts";
import { invalidSamples, validSamples } from "./samples.ts";

const types = loadDocumentTypes();
const validate = documentValidator(types);

function typeNamed(name: string): DocumentType {
  const type = types.named(name);
  if (type === null) throw new Error(`There is no ${name}.`);
  return type;
}

type Json = Record<string, unknown>;

/** A good sample that a test may spoil. */
function sample(type: DocumentType, file: string) {
  const copy = structuredClone(validSamples(type).get(file)) as Json & { credentialSubject: Json };
  return { document: copy, subject: copy.credentialSubject };
}

describe("checking a document by its type", () => {
  for (const type of types.all) {
    describe(type.name, () => {
      for (const [file, document] of validSamples(type)) {
        it(`finds nothing wrong with samples/valid/${file}`, () => {
          expect(validate(type, document)).to.deep.equal([]);
        });
      }

      for (const [file, { reason, path, document }] of invalidSamples(type)) {
        it(`finds what is wrong with samples/invalid/${file}: ${reason}`, () => {
          expect(validate(type, document).map((fault) => fault.pointer)).to.include(path);
        });
      }

      it("breaks each of its rules by some sample", () => {
        const told = [...invalidSamples(type).values()].flatMap(({ document }) =>
          validate(type, document).map(({ sentence }) => sentence),
        );
        for (const { name, sentence } of type.rules) {
          expect(told, name).to.include(`This is not so: ${sentence}`);
        }
      });
    });
  }

  const certificate = typeNamed("preferential-certificate-of-origin");

  it("was compiled from the schemas as they are: npm run build:validators", () => {
    const committed = new URL("../../src/semantics/compiled/validators.js", import.meta.url);
    expect(readFileSync(committed, "utf8") === compiledValidators()).to.equal(true);
  });

  it("tells fifty faults at most, whatever there is", () => {
    const { document, subject } = sample(certificate, "chafta-wine.json");
    const consignment = subject.consignment as Json;
    consignment.lineItems = Array.from({ length: 900 }, () => ({ nonsense: 1 }));
    expect(validate(certificate, document)).to.have.length(50);
  });

  it("looks at no document of too many parts, or too deep", () => {
    const told = [{ pointer: "", sentence: "The document has too many parts, or parts too deep." }];
    expect(validate(certificate, { many: Array.from({ length: 100_001 }, () => 1) })).to.deep.equal(told);
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(validate(certificate, deep)).to.deep.equal(told);
  });

  it("takes nothing for a document that is none", () => {
    for (const value of [null, undefined, 1, "text", [], {}]) {
      expect(validate(certificate, value), JSON.stringify(value)).not.to.deep.equal([]);
    }
  });

  it("says nothing of a document's content", () => {
    const { document, subject } = sample(certificate, "chafta-wine.json");
    const secret = "9-do-not-tell-9";
    Object.assign(subject, {
      agreement: secret,
      number: `${secret}\n`,
      issueDate: secret,
      isPreferential: secret,
    });
    (subject.exporter as Json).name = ` ${secret.repeat(100)}`;
    const faults = validate(certificate, document);
    expect(faults).to.have.length.greaterThan(3);
    expect(JSON.stringify(faults)).not.to.contain(secret);
  });

  it("is not led astray by names that objects inherit", () => {
    const { document, subject } = sample(certificate, "chafta-wine.json");
    const polluted = JSON.parse(
      JSON.stringify(document).replace('"salt"', '"__proto__":{"polluted":true},"salt"'),
    ) as unknown;
    expect(validate(certificate, polluted).map(({ pointer }) => pointer)).to.include("/credentialSubject");
    subject.agreement = "constructor";
    expect(validate(certificate, document)).not.to.deep.equal([]);
    expect(Object.hasOwn(Object.prototype, "polluted")).to.equal(false);
  });

  it("compares weights to the last digit, and only in one unit", () => {
    const faults = (gross: Json, net: Json) => {
      const { document, subject } = sample(certificate, "usmca-brake-discs.json");
      Object.assign(subject.consignment as Json, { grossWeight: gross, netWeight: net });
      return validate(certificate, document).length;
    };
    const kilograms = (value: string) => ({ value, unitCode: "KGM" });
    expect(faults(kilograms("100000000000000.000001"), kilograms("100000000000000"))).to.equal(0);
    expect(faults(kilograms("100000000000000"), kilograms("100000000000000.000001"))).to.equal(1);
    expect(faults(kilograms("9"), kilograms("10"))).to.equal(1);
    expect(faults({ value: "1", unitCode: "TNE" }, kilograms("900"))).to.equal(0);
  });

  it("compares times by the moment, whatever their offset", () => {
    const { document } = sample(certificate, "chafta-wine.json");
    Object.assign(document, { validFrom: "2020-06-03T10:00:00+10:00", validUntil: "2020-06-03T00:00:01Z" });
    expect(validate(certificate, document)).to.deep.equal([]);
    document.validUntil = "2020-06-03T00:00:00Z";
    expect(validate(certificate, document).map(({ pointer }) => pointer)).to.deep.equal(["/validUntil"]);
  });
});
