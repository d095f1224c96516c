import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { problems } from "../../src/domain/problems.ts";
import { fieldsOf, termsOf, type Field } from "./certificate-fields.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = join(root, "document-types");
const certificate = join(types, "preferential-certificate-of-origin");
const prefix = "UN.CEFACT.Regulatory.CertificateOfOrigin.";
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const page = (name: string): string => read(`docs/coo/${name}.md`);

interface Manifest {
  readonly lifeCycle: readonly { readonly state: string; readonly predicate: string | null }[];
  readonly rules: readonly { readonly name: string }[];
}
const manifest = (): Manifest =>
  JSON.parse(readFileSync(join(certificate, "document-type.json"), "utf8")) as Manifest;

/** The effect of each message type of the certificate, by the last word of its name. */
function effects(): Map<string, string> {
  const list = JSON.parse(readFileSync(join(certificate, "message-types.json"), "utf8")) as readonly {
    readonly name: string;
    readonly effect: string;
  }[];
  return new Map(list.map(({ name, effect }) => [name.replace(prefix, "…"), effect]));
}

/** The cells of every table row of a text whose first cell holds code, and nothing but code. */
function rowsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => /^\| `[^`]+` +\|/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

describe("the requirements mapping", () => {
  const rows = rowsOf(page("requirements-mapping"));
  const row = new Map(rows.map((cells) => [codesIn(cells[0] ?? "")[0] ?? "", cells]));
  let fields: readonly Field[];

  before(() => {
    fields = fieldsOf(types, "preferential-certificate-of-origin");
  });

  it("has every field of the schema, each once, and no other", () => {
    expect(rows.map(([path = ""]) => codesIn(path)[0])).to.have.members(fields.map(({ path }) => path));
  });

  it("says how often each occurs", () => {
    for (const { path, cardinality } of fields) expect(row.get(path)?.[1], path).to.equal(cardinality);
  });

  it("names the shared type or the code lists of each", () => {
    for (const { path, type, codeLists } of fields) {
      const form = row.get(path)?.[4] ?? "";
      if (type !== undefined) expect(form, path).to.equal(`[${type}](#${type.toLowerCase()})`);
      expect(codesIn(form), path).to.include.members([...codeLists]);
      for (const list of codesIn(form)) {
        expect(existsSync(join(types, `code-lists/${list}.json`)), `${path}: ${list}`).to.equal(true);
      }
    }
  });

  it("gives each the term that the JSON-LD context gives it", () => {
    const terms = termsOf(types, "preferential-certificate-of-origin");
    expect(terms.size).to.be.greaterThan(80);
    for (const [path, found] of terms) {
      expect(codesIn(row.get(path)?.[3] ?? ""), path).to.have.members([...found]);
    }
  });
});

describe("the business rules", () => {
  const rows = page("business-requirements")
    .split("\n")
    .filter((line) => /^\| BR-\d\d /.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

  it("have each a number of their own", () => {
    const numbers = rows.map(([, number]) => number);
    expect(numbers.length).to.be.greaterThan(50);
    expect(new Set(numbers).size).to.equal(numbers.length);
  });

  it("name errors of the contract and codes of the node that exist", () => {
    const contracts =
      read("contracts/interfaces/IChannel.sol") + read("contracts/interfaces/ITariffQuota.sol");
    for (const [, number = "", , by = ""] of rows) {
      for (const name of codesIn(by)) {
        if (/^[A-Z]/.test(name)) expect(contracts, number).to.contain(`error ${name}(`);
        else if (number < "BR-31") expect(Object.keys(problems), number).to.include(name);
      }
    }
  });

  it("name every rule of the certificate's manifest, and every sample that is refused", () => {
    const ofContent = rows.filter(([, number = ""]) => number > "BR-40" && number < "BR-70");
    const named = (cell: number) => ofContent.flatMap((cells) => codesIn(cells[cell] ?? ""));
    const inManifest = manifest().rules.map(({ name }) => name);
    expect(named(3).filter((name) => name !== "schema.json")).to.have.members(inManifest);
    const samples = readdirSync(join(certificate, "samples/invalid")).map((file) => basename(file, ".json"));
    expect(named(4)).to.have.members(samples);
  });

  it("name tests that are there", () => {
    let cited = 0;
    for (const [, number = "", , , shown = ""] of rows) {
      for (const [, file = "", list = ""] of shown.matchAll(/`([^`]+\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)) {
        const text = read(file);
        for (const [, name = ""] of list.matchAll(/“([^”]+)”/g)) {
          expect(text.includes(`it("${name}"`), `${number}: ${file}: ${name}`).to.equal(true);
          cited++;
        }
      }
    }
    expect(cited).to.be.greaterThan(30);
  });
});

describe("the business requirements", () => {
  const text = page("business-requirements");
  const rules = [...text.matchAll(/^\| (BR-\d\d) /gm)].map(([, rule = ""]) => rule);
  const cases = [...text.matchAll(/^#+ (UC-\d\d) /gm)].map(([, useCase = ""]) => useCase);
  const rows = [...text.matchAll(/^\| RQ-\d\d .*$/gm)].map(([line]) => line);

  /** The rules that a row names, one by one or from one to another. */
  function rulesOf(row: string): string[] {
    return [...row.matchAll(/(BR-\d\d)(?: to (BR-\d\d))?/g)].flatMap(([, first = "", last = first]) => {
      expect(rules, row).to.include.members([first, last]);
      return rules.filter((rule) => rule >= first && rule <= last);
    });
  }

  it("are each met by a use case, and every use case meets one", () => {
    const named = rows.map((row) => [...row.matchAll(/UC-\d\d/g)].map(([useCase]) => useCase));
    for (const [place, each] of named.entries()) expect(each, rows[place]).to.not.be.empty;
    expect([...new Set(named.flat())]).to.have.members(cases);
  });

  it("are each kept by a rule, and every rule keeps one", () => {
    const named = rows.map(rulesOf);
    for (const [place, each] of named.entries()) expect(each, rows[place]).to.not.be.empty;
    expect([...new Set(named.flat())]).to.have.members(rules);
  });
});

describe("the life cycle", () => {
  const text = page("business-requirements");
  const start = text.search(/^\| state +\| message type/m);
  const rows = text
    .slice(start, text.indexOf("\n\n", start))
    .split("\n")
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()));

  it("is that of the manifest: state by state, with the message type that leads there", () => {
    const shown = rows.map(([, state = "", type = ""]) => `${state} ${codesIn(type)[0] ?? "-"}`);
    const known = manifest().lifeCycle.map(
      ({ state, predicate }) => `${state} ${predicate?.replace(prefix, "…") ?? "-"}`,
    );
    expect(shown).to.have.members(known);
  });

  it("gives each message type the effect that it is registered with", () => {
    const shown = rows.flatMap(([, , type = "", effect = ""]) => codesIn(type).map((name) => [name, effect]));
    expect(Object.fromEntries(shown)).to.deep.equal(Object.fromEntries(effects()));
  });
});

describe("the interoperability page", () => {
  it("names message types that exist, with their effects", () => {
    const text = page("interoperability");
    const known = effects();
    const named = [...text.matchAll(/`(…\w+)`/g)].map(([, name = ""]) => name);
    expect(named.length).to.be.greaterThan(20);
    for (const name of named) expect([...known.keys()]).to.include(name);
    for (const [, name = "", effect = ""] of text.matchAll(/`(…\w+)` \((\w+)\)/g)) {
      expect(known.get(name), name).to.equal(effect);
    }
  });
});
