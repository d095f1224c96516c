import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/requirements.md"), "utf8");

/** The rows of the page's tables, without their heads. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, , says]) => says !== "says" && !/^-+$/.test(says ?? ""));

function names(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
}

describe("the requirements page", () => {
  it("has a row for every duty, principle and trap", () => {
    const ids = rows.map(([, id]) => id);
    expect(ids).to.include.members([...names("R", 16), ...names("P", 7), ...names("", 14)]);
  });

  it("names code that is there, in every row", () => {
    for (const [, id = "", , code = ""] of rows) {
      const files = [...code.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
      expect(files, id).to.not.be.empty;
      for (const file of files) expect(existsSync(join(root, file)), `${id}: ${file}`).to.equal(true);
    }
  });

  it("names tests that are there, in every row", () => {
    for (const [, id = "", , , shown = ""] of rows) {
      const cited = [...shown.matchAll(/`([^`]+)`: ((?:“[^”]+”(?:, )?)+)/g)];
      expect(cited, id).to.not.be.empty;
      for (const [, file = "", list = ""] of cited) {
        const text = readFileSync(join(root, file), "utf8");
        for (const [, name = ""] of list.matchAll(/“([^”]+)”/g)) {
          expect(text.includes(`it("${name}"`), `${id}: ${file}: ${name}`).to.equal(true);
        }
      }
    }
  });
});
