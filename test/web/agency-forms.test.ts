import { expect } from "chai";

import { documentOf, faultsIn, faultsOf } from "../../web/console/agency/send/check.ts";
import { askedOf, fixedValueOf, type Schema } from "../../web/console/agency/send/schema.ts";
import { pointerOf, pruned, valueIn, withValue } from "../../web/console/agency/send/values.ts";

const day = "^(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9])|2026-12-31)$";
const schema: Schema = {
  type: "object",
  required: ["type", "issuer", "validFrom", "credentialSubject"],
  properties: {
    type: { type: "array", prefixItems: [{ const: "VerifiableCredential" }, { const: "Sample" }] },
    issuer: { type: "object" },
    validFrom: { type: "string" },
    validUntil: { type: "string" },
    credentialSubject: { $ref: "#/$defs/certificate" },
  },
  additionalProperties: false,
  $defs: {
    certificate: {
      title: "The certificate",
      type: "object",
      required: ["number", "isPreferential", "kind", "country", "lines"],
      properties: {
        number: { type: "string", minLength: 1, pattern: "^[A-Z0-9-]+$" },
        isPreferential: { const: true },
        kind: { allOf: [{ $ref: "#/$defs/kinds" }, { enum: ["861", "862"] }] },
        country: { title: "Of export", $ref: "#/$defs/common.country" },
        issued: { type: "string", pattern: day },
        lines: { type: "array", minItems: 1, items: { $ref: "#/$defs/line" } },
        importer: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
        consignee: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
      },
      anyOf: [{ required: ["importer"] }, { required: ["consignee"] }],
      allOf: [{ if: { required: ["issued"] }, then: { required: ["importer"] } }],
      additionalProperties: false,
    },
    line: {
      type: "object",
      required: ["count", "isGood"],
      properties: { count: { type: "integer" }, isGood: { const: true } },
    },
    kinds: { type: "string", enum: ["1", "861", "862"] },
    "common.country": { anyOf: [{ $ref: "#/$defs/countries" }, { $ref: "#/$defs/territories" }] },
    countries: { type: "string", enum: ["AU", "CN"] },
    territories: { type: "string", enum: ["EU"] },
  },
};
const around = {
  issuer: { id: "did:web:x", name: "x" },
  validFrom: "2026-06-03T00:00:00Z",
  validUntil: null,
};
const whole = { number: "WBC-1", kind: "861", country: "AU", lines: [{ count: 2 }], importer: { name: "A" } };
const memberOf = (name: string) => {
  const found = askedOf({ $ref: "#/$defs/certificate" }, schema).members.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return askedOf(found.schema, schema);
};

describe("forms made from a schema", () => {
  it("ask for each value as its schema says it is", () => {
    expect(memberOf("number")).to.include({ kind: "text" });
    expect(memberOf("issued").kind).to.equal("day");
    expect(memberOf("isPreferential")).to.include({ kind: "fixed", fixed: true });
    expect(memberOf("lines")).to.include({ kind: "list", fewest: 1 });
    expect(memberOf("kind").codes, "what all parts allow").to.deep.equal(["861", "862"]);
    expect(memberOf("country").codes, "what any choice allows").to.deep.equal(["AU", "CN", "EU"]);
    expect(memberOf("country").title, "the nearest title").to.equal("Of export");
    expect(memberOf("country").lists).to.include.members(["countries", "territories"]);
  });

  it("end with references that lead in a circle", () => {
    const circle: Schema = {
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
      $ref: "#/$defs/a",
    };
    expect(askedOf(circle, circle).kind).to.equal("text");
  });

  it("fill in what leaves no choice, wherever there is something", () => {
    expect(fixedValueOf((schema.properties as Record<string, Schema>).type ?? {}, schema)).to.deep.equal([
      "VerifiableCredential",
      "Sample",
    ]);
    const document = documentOf(schema, whole, around);
    expect(document.type).to.deep.equal(["VerifiableCredential", "Sample"]);
    expect(document.credentialSubject).to.deep.equal({
      ...whole,
      isPreferential: true,
      lines: [{ count: 2, isGood: true }],
    });
    expect(faultsOf(schema, document)).to.deep.equal([]);
  });

  it("say of every fault where it is, and are never silent", () => {
    const faultsAt = (subject: unknown) =>
      faultsOf(schema, documentOf(schema, subject, around)).map(
        ({ pointer, keyword }) => `${pointer.replace("/credentialSubject", "")} ${keyword}`,
      );
    expect(faultsAt({ ...whole, number: "small" })).to.deep.equal(["/number pattern"]);
    expect(faultsAt({ ...whole, lines: [{ count: 1 }, { count: "two" }] })).to.deep.equal([
      "/lines/1/count type",
    ]);
    expect(faultsAt({ ...whole, country: "XX" })).to.deep.equal(["/country enum"]);
    expect(faultsAt({ ...whole, importer: undefined })).to.deep.equal([
      "/importer required",
      "/consignee required",
    ]);
    expect(
      faultsAt({ ...whole, importer: undefined, consignee: { name: "B" }, issued: "2026-12-31" }),
    ).to.include("/importer required");
    expect(faultsAt({}), "each field of what must be there").to.include.members([
      "/number required",
      "/lines/0/count required",
    ]);
    expect(faultsOf({ not: {} }, {})).to.have.length(1);
  });

  it("take over what the node found, whatever its answer looks like", () => {
    const faults = [{ pointer: "/a", sentence: "Wrong." }, { pointer: 1 }, "x"];
    expect(faultsIn({ faults })).to.deep.equal([{ pointer: "/a", keyword: "other", sentence: "Wrong." }]);
    expect(faultsIn({ faults: "none" })).to.deep.equal([]);
    expect(faultsIn({})).to.deep.equal([]);
  });

  it("change a value without changing the rest, and leave out what was left empty", () => {
    const before = { a: [{ b: 1 }, { b: 2 }], c: "x" };
    const after = withValue(before, ["a", 1, "b"], 3);
    expect(after).to.deep.equal({ a: [{ b: 1 }, { b: 3 }], c: "x" });
    expect(before.a[1]).to.deep.equal({ b: 2 });
    expect(withValue(before, ["a", 0], undefined)).to.deep.equal({ a: [{ b: 2 }], c: "x" });
    expect(withValue({}, ["d", 0, "e"], "y")).to.deep.equal({ d: [{ e: "y" }] });
    expect(valueIn(before, ["a", 1, "b"])).to.equal(2);
    expect(valueIn(before, ["constructor"])).to.equal(undefined);
    expect(pointerOf(["a/b", 0, "c~d"])).to.equal("/a~1b/0/c~0d");
    expect(
      pruned({ a: " ", b: {}, c: [{ d: "" }], e: { f: " g " }, h: [{ i: "" }, { i: "j" }] }),
    ).to.deep.equal({
      e: { f: "g" },
      h: [{}, { i: "j" }],
    });
  });
});
