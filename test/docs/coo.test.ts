import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { problems } from "../../src/domain/problems.ts";
import { fieldsOf, termsOf, type Field } from "./certificate-fields.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = join(root, "document-types");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const page = (name: string): string => read(`docs/coo/${name}.md`);

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
        else if (name.includes("-")) expect(Object.keys(problems), number).to.include(name);
      }
    }
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
