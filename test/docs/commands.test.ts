import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { shellBlocks } from "./shell-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const prose = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const ci = read(".ci/run");

describe("what the documents promise", () => {
  it("the README names the two commands, and nothing else to type", () => {
    expect(shellBlocks("README.md")).to.deep.equal(["npm ci && npm start\n", "npm ci && npm test\n"]);
  });

  it("CI installs and tests by the README's own command", () => {
    expect(ci).to.match(/^run "install" npm ci .*$/m);
    expect(ci).to.match(/^run "test" npm test$/m);
  });

  it("every npm command written anywhere exists", () => {
    for (const file of prose) {
      for (const [command, name] of read(file).matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)) {
        expect(scripts, `${file}: ${command}`).to.have.property(name ?? "");
      }
    }
  });

  it("every command of CONTRIBUTING's table is run by CI", () => {
    const commands = [...read("CONTRIBUTING.md").matchAll(/^\| `(npm (?:run )?[\w:]+)`/gm)].map(
      ([, command]) => command ?? "",
    );
    expect(commands).to.include.members(["npm test", "npm run lint", "npm run prove", "npm run demo"]);
    const writesOnly = "npm run format";
    for (const command of commands.filter((each) => each !== writesOnly))
      expect(ci).to.contain(` ${command}`);
  });

  it("every link inside the project leads somewhere", () => {
    for (const file of prose) {
      for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        const path = normalize(join(dirname(file), target));
        expect(existsSync(join(root, path)), `${file} links to ${target}`).to.equal(true);
      }
    }
  });

  it("every decision record is in the index", () => {
    const index = read("docs/decisions/README.md");
    for (const record of readdirSync(join(root, "docs/decisions"))) {
      if (record !== "README.md") expect(index).to.contain(`(${record})`);
    }
  });
});
