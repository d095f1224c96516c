import { readFileSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "web/console/operator");

function messagesIn(language: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(folder, `messages/${language}.json`), "utf8")) as Record<
    string,
    string
  >;
}

function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{\w+\}/g)].map(([each]) => each))].sort();
}

async function textsOf(pattern: string): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) texts.push(await readFile(join(root, file), "utf8"));
  return texts.join("\n");
}

describe("what the operator's console says", () => {
  const english = messagesIn("en");

  for (const language of ["fr", "es", "zh"]) {
    it(`is said in ${language} with the same values`, () => {
      const messages = messagesIn(language);
      expect(Object.keys(messages)).to.deep.equal(Object.keys(english));
      for (const [key, text] of Object.entries(messages)) {
        expect(text.trim(), key).not.to.equal("");
        expect(placeholders(text), key).to.deep.equal(placeholders(english[key] ?? ""));
      }
    });
  }

  it("is said somewhere", async () => {
    const places = await textsOf("web/console/operator/*.{ts,tsx}");
    // Keys that are put together begin with what names their group.
    const groups = new Set([...places.matchAll(/sayOf\("([\w-]+)"/g)].map(([, group = ""]) => group));
    for (const key of Object.keys(english)) {
      const [group = ""] = key.split(".");
      const said = places.includes(`"${key}"`) || (key.includes(".") && groups.has(group));
      expect(said, key).to.equal(true);
    }
  });

  it("has words, and a next step, for codes that exist", async () => {
    const causes = readFileSync(join(folder, "causes.ts"), "utf8");
    const table = causes.slice(causes.indexOf("CAUSES"), causes.indexOf("\n};"));
    const code = `${await textsOf("src/**/*.ts")}\n${await textsOf("contracts/interfaces/*.sol")}`;
    const entries = [...table.matchAll(/^ {2}"?([a-z-]+)"?: \[((?:[^\]]|\](?!,\n))*)\],?$/gm)];
    expect(entries.length).to.be.greaterThan(20);
    for (const [, cause = "", list = ""] of entries) {
      expect(english, cause).to.include.keys(`why.${cause}`, `do.${cause}`);
      const codes = [...list.matchAll(/"([\w-]+)"/g)].map(([, each = ""]) => each);
      expect(codes.length, cause).to.be.greaterThan(0);
      for (const each of codes) expect(code, each).to.match(new RegExp(`["\` ]${each}["(;]`));
    }
  });
});
