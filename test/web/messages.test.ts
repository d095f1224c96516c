import { readdirSync, readFileSync } from "node:fs";

import { expect } from "chai";

const web = new URL("../../web/", import.meta.url);
const languages = ["en", "fr", "es", "zh"];
/** Names are the same in every language. */
const NAMES = ["Inter Customs Ledger"];

/** Folders of message files, one for each part of the pages that speaks. */
const folders = readdirSync(web, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name === "messages" && !entry.parentPath.includes("/dist"))
  .map(
    (entry) =>
      new URL(`${entry.parentPath.slice(web.pathname.length - 1).replace(/^\//, "")}/messages/`, web),
  );

function messagesIn(folder: URL, language: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8")) as Record<string, string>;
}

const placeholdersIn = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

const wordsIn = (text: string) => text.replaceAll(/\{\w+\}/g, "").match(/\p{L}+/gu)?.length ?? 0;

describe("what the pages say", () => {
  it("is found", () => {
    expect(folders.length).to.be.at.least(2);
  });

  for (const folder of folders) {
    const place = folder.pathname.slice(web.pathname.length);
    const english = messagesIn(folder, "en");

    for (const language of languages) {
      it(`${place} says the same things in ${language}, with the same values, and nothing empty`, () => {
        const own = messagesIn(folder, language);
        expect(Object.keys(own)).to.deep.equal(Object.keys(english));
        for (const [key, text] of Object.entries(own)) {
          expect(text.trim(), key).not.to.equal("");
          expect(placeholdersIn(text), key).to.deep.equal(placeholdersIn(english[key] ?? ""));
        }
      });
    }

    it(`${place} is set as its languages are: blanks that hold in French, Chinese marks in Chinese`, () => {
      const wrong = (language: string, mistake: RegExp) =>
        Object.entries(messagesIn(folder, language)).filter(([, text]) => mistake.test(text));
      // A line must not begin with a colon; and neither French nor Spanish puts a blank before what is left open.
      expect(wrong("fr", / [:;?!»]|« |\S …$/)).to.deep.equal([]);
      expect(wrong("es", /\S …$/)).to.deep.equal([]);
      expect(
        wrong("zh", /\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}|\p{Script=Han} \p{Script=Han}/u),
      ).to.deep.equal([]);
    });

    it(`${place} is translated, but for what is the same word`, () => {
      for (const language of languages.slice(1)) {
        const own = messagesIn(folder, language);
        const untranslated = Object.entries(english).filter(
          ([key, text]) => own[key] === text && wordsIn(text) > 2 && !NAMES.includes(text),
        );
        expect(untranslated, language).to.deep.equal([]);
      }
    });
  }
});
