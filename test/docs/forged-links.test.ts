import { readFileSync } from "node:fs";

import { expect } from "chai";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/forged-links.md", root), "utf8");
const named = [...page.matchAll(/`(test\/[\w/.-]+\.test\.ts)`: “([^”]+)”/g)];

describe("the page of forged links", () => {
  it("names a test that is there for every one", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:-|forged )/.test(line));
    expect(rows.length).to.be.at.least(50);
    for (const row of rows) expect(row).to.match(/`test\/[\w/.-]+\.test\.ts`: “[^”]+” +\|$/);
    for (const [, file = "", title = ""] of named) {
      const source = readFileSync(new URL(file, root), "utf8");
      const there = ['"', "'", "`"].some((quote) => source.includes(`${quote}${title}${quote}`));
      expect(there, `${file}: ${title}`).to.equal(true);
    }
  });
});
