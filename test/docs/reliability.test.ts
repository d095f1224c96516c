import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { edited, readPromises } from "../../scripts/disable/promises.ts";
import { tableOf } from "../../scripts/disable/table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const promises = await readPromises();

/** Rows of a table by their cells: Prettier pads them. */
function cellsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| -+ /.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

describe("the reliability page", () => {
  it("has the promises as they are tried", () => {
    expect(cellsOf(read("docs/reliability.md"))).to.deep.include.members(cellsOf(tableOf(promises)));
  });

  it("names a test that is there for every promise", () => {
    for (const { test, promise } of promises) {
      const [text, title] = [read(test.file), test.title];
      const there = ['"', "'", "`"].some((quote) => text.includes(`it(${quote}${title}${quote}`));
      expect(there, `${promise}: ${title}`).to.equal(true);
    }
  });

  it("names a place for every mechanism at which it can be disabled", () => {
    for (const { mechanism, off } of promises) {
      for (const edit of off) expect(edited(read(edit.file), edit), mechanism).not.to.equal(read(edit.file));
    }
  });

  it("leaves out no file of faults", () => {
    const files = readdirSync(join(root, "test/faults")).filter((file) => file.endsWith(".test.ts"));
    const named = new Set(promises.map(({ test }) => test.file));
    expect(files.map((file) => `test/faults/${file}`).filter((file) => !named.has(file))).to.deep.equal([]);
  });
});
