import { expect } from "chai";

import { translated, wordsKnownIn } from "../../src/paper/code-words.ts";
import { DocumentForms } from "../../src/paper/document-forms.ts";
import { fieldLines } from "../../src/paper/field-lines.ts";
import type { FormFieldKind, FormLanguage } from "../../src/paper/form.ts";
import { lineOf } from "../../src/paper/line-marks.ts";
import { visibleText } from "../../src/paper/visible-text.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";

const forms = new DocumentForms(loadDocumentTypes());
const codeLists = forms.named("preferential-certificate-of-origin")?.codeLists ?? {};
const lines = (value: unknown, kind: FormFieldKind, language: FormLanguage, part: string | null = null) =>
  fieldLines(value, kind, part, { language, codeLists }).map(lineOf);
const plain = (text: string) => ({ text, isEnglish: false, isSmall: false });

describe("the word of a code", () => {
  it("is in the reader's language where the platform knows the list: countries, territories and currencies", () => {
    const money = { value: "12800", currencyCode: "USD" };
    expect(lines(money, "money", "en")).to.deep.equal([[plain("12800 US Dollar (USD)")]]);
    expect(lines(money, "money", "fr")).to.deep.equal([[plain("12800 dollar des États-Unis (USD)")]]);
    expect(lines(money, "money", "zh")).to.deep.equal([[plain("12800 美元 (USD)")]]);
    for (const list of ["country-codes", "customs-territories"]) {
      expect(lines("EU", { code: list }, "fr"), list).to.deep.equal([[plain("Union européenne (EU)")]]);
    }
    expect(lines("CHF", { code: "currency-codes" }, "es")).to.deep.equal([[plain("franco suizo (CHF)")]]);
  });

  it("is by which list it is, never by how the code looks", () => {
    for (const list of ["unit-codes", "document-codes", "other"]) {
      const [line = []] = lines("EUR", { code: list }, "fr");
      expect(line.map(({ text }) => text).join(""), list).not.to.contain("euro");
    }
    expect(lines("EUR", "text", "fr")).to.deep.equal([[plain("EUR")]]);
    for (const odd of ["usd", "US", "USDD", "€", ""]) {
      expect(lines(odd, { code: "currency-codes" }, "fr")).to.deep.equal([odd === "" ? [] : [plain(odd)]]);
    }
  });

  it("is English, and marked as that, where it is known in English alone", () => {
    expect(lines({ value: "920.5", unitCode: "KGM" }, "quantity", "fr")).to.deep.equal([
      [plain("920.5 "), { text: "kilogram", isEnglish: true, isSmall: false }, plain(" (KGM)")],
    ]);
    const own = { language: "es", codeLists: { "currency-codes": { QQQ: "Test coin" } } } as const;
    expect(fieldLines({ value: "1", currencyCode: "QQQ" }, "money", null, own).map(lineOf)).to.deep.equal([
      [plain("1 "), { text: "Test coin", isEnglish: true, isSmall: false }, plain(" (QQQ)")],
    ]);
    expect(lines({ value: "920.5", unitCode: "KGM" }, "quantity", "en")).to.deep.equal([
      [plain("920.5 kilogram (KGM)")],
    ]);
  });

  it("of transport modes, agreements and origin criteria is known in every language, and of nothing else", () => {
    const known = ["transport-mode-codes", "trade-agreements", "origin-criteria"];
    const english = new Set(
      Object.entries(codeLists)
        .filter(([name]) => known.includes(name.split("/")[0] ?? ""))
        .flatMap(([, words]) => Object.values(words)),
    );
    for (const language of ["fr", "es", "zh"] as const) {
      expect(wordsKnownIn(language), language).to.have.members([...english]);
      for (const word of english)
        expect(translated(word, language)?.trim(), word).not.to.be.oneOf([undefined, ""]);
    }
    expect(lines("1", { code: "transport-mode-codes" }, "zh")).to.deep.equal([[plain("海运 (1)")]]);
    expect(lines("RVC", { code: "origin-criteria" }, "fr", "RCEP")).to.deep.equal([
      [plain("teneur en valeur régionale (RVC)")],
    ]);
    expect(translated("toString", "fr")).to.equal(null);
  });

  it("cannot be forged by a document: the marks are written out as code points", () => {
    const forged = "\uE000Genuine\uE002 \uE001small\uE002";
    expect(visibleText(forged)).to.equal("[U+E000]Genuine[U+E002] [U+E001]small[U+E002]");
    const [line = []] = lines({ name: forged, [forged]: forged }, "party", "fr");
    expect(line).to.deep.equal([plain("[U+E000]Genuine[U+E002] [U+E001]small[U+E002]")]);
  });
});
