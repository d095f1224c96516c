import { expect } from "chai";

import { fieldLines } from "../../src/paper/field-lines.ts";
import type { Form, FormFieldKind, FormLanguage } from "../../src/paper/form.ts";
import { layOut, sealedFacts } from "../../src/paper/lay-out.ts";
import { plainLine } from "../../src/paper/sheet.ts";
import { visibleText, withoutIsolates } from "../../src/paper/visible-text.ts";

const codeLists = {
  "unit-codes": { KGM: "kilogram" },
  "package-type-codes": { CT: "Carton" },
  "document-codes": { 861: "Certificate of origin" },
  "origin-criteria/RCEP": { RVC: "regional value content" },
};
const lines = (
  value: unknown,
  kind: FormFieldKind,
  language: FormLanguage = "en",
  part: string | null = null,
) => fieldLines(value, kind, part, { language, codeLists });
const text = (word: string) => ({ en: word, fr: word, es: word, zh: word });
const form: Form = {
  title: text("Form"),
  boxes: [
    {
      number: "1",
      label: text("Box"),
      wide: false,
      fields: [{ pointer: "/a", kind: "text", label: text("A") }],
    },
  ],
  tables: [
    {
      number: "2",
      label: text("Lines"),
      each: "/lines",
      columns: [{ label: text("B"), share: 1, fields: [{ pointer: "/b", kind: "text", label: null }] }],
    },
  ],
  sealed: [{ pointer: "/lines/*/b", kind: "text", label: text("B") }],
  omitted: ["/type"],
};

describe("a value on a form", () => {
  it("is a day as it stands, and a time with what it differs from UTC by", () => {
    expect(lines("2026-04-02", "date")).to.deep.equal(["2026-04-02"]);
    expect(lines("2026-04-02T23:30:00Z", "date", "fr")).to.deep.equal(["2026-04-02 23:30:00 UTC"]);
    expect(lines("2026-04-02T23:30:00.5-08:00", "date")).to.deep.equal(["2026-04-02 23:30:00.5 UTC-08:00"]);
    expect(lines("soon", "date")).to.deep.equal(["soon"]);
  });

  it("is a country by its name in the language, with its code", () => {
    expect(lines("AU", "country")).to.deep.equal(["Australia (AU)"]);
    expect(lines("DE", "country", "fr")).to.deep.equal(["Allemagne (DE)"]);
    expect(lines("CN", "country", "zh")).to.deep.equal(["中国 (CN)"]);
    expect(lines("ES", "country", "es")).to.deep.equal(["España (ES)"]);
    expect(lines(["AU", "CN"], "country")).to.deep.equal(["Australia (AU), China (CN)"]);
    expect(lines("XX", "country")).to.deep.equal(["XX"]);
  });

  it("is a number with its last digit, and its unit by word and code", () => {
    expect(lines({ value: "920.50", unitCode: "KGM" }, "quantity")).to.deep.equal(["920.50 kilogram (KGM)"]);
    expect(lines({ value: "12800", currencyCode: "USD" }, "money")).to.deep.equal(["12800 US Dollar (USD)"]);
    expect(lines({ quantity: 40, typeCode: "CT" }, "packages")).to.deep.equal(["40 Carton (CT)"]);
    expect(lines("46.5", "percent")).to.deep.equal(["46.5 %"]);
    expect(lines({ value: "1", unitCode: "constructor" }, "quantity")).to.deep.equal(["1 constructor"]);
  });

  it("is a code with the word of its list, of the part that another value names", () => {
    const kind = { code: "origin-criteria", by: "/agreement" };
    expect(lines("RVC", kind, "en", "RCEP")).to.deep.equal(["regional value content (RVC)"]);
    expect(lines("RVC", kind, "en", "toString")).to.deep.equal(["RVC"]);
    expect(lines("861", { code: "document-codes" })).to.deep.equal(["Certificate of origin (861)"]);
  });

  it("is yes or no in the language", () => {
    expect(
      (["en", "fr", "es", "zh"] as const).map((language) => lines(true, "yes-no", language)[0]),
    ).to.deep.equal(["Yes", "Oui", "Sí", "是"]);
    expect(lines(false, "yes-no")).to.deep.equal(["No"]);
  });

  it("is a party, a place, a signature, an invoice and another document in their usual order", () => {
    const address = {
      countryCode: "TH",
      cityName: "Rayong",
      postcode: "21140",
      streetName: "1 Example Road",
    };
    const party = {
      name: "Example Co.",
      address,
      registrations: [{ scheme: "ABN", value: "55" }],
      email: "a@b.c",
    };
    expect(lines(party, "party")).to.deep.equal([
      "Example Co.",
      "1 Example Road",
      "21140 Rayong",
      "Thailand (TH)",
      "ABN 55",
      "a@b.c",
    ]);
    expect(lines({ name: "Sydney", locode: "AUSYD" }, "place")).to.deep.equal(["Sydney (AUSYD)"]);
    expect(lines({ locode: "AUSYD", countryCode: "AU" }, "place")).to.deep.equal(["AUSYD, Australia (AU)"]);
    const signature = {
      signatoryName: "I. Issuer",
      capacity: "officer",
      place: { name: "Bangkok" },
      date: "2026-03-12",
    };
    expect(lines(signature, "signature")).to.deep.equal(["I. Issuer, officer", "Bangkok, 2026-03-12"]);
    expect(lines([{ number: "S-1", date: "2026-03-01" }], "invoice")).to.deep.equal(["S-1, 2026-03-01"]);
    const other = { number: "X1", issueDate: "2026-03-12", countryCode: "TH", typeCode: "861" };
    expect(lines(other, "document")).to.deep.equal([
      "X1, 2026-03-12, Thailand (TH), Certificate of origin (861)",
    ]);
  });

  it("keeps what its kind does not know", () => {
    expect(lines({ name: "A", nickname: "B" }, "party")).to.deep.equal(["A", "nickname: B"]);
    expect(lines({ value: "1", unitCode: "KGM", about: ["C"] }, "quantity")).to.deep.equal([
      "1 kilogram (KGM)",
      "about: C",
    ]);
    expect(lines({ value: { deep: "D" }, unitCode: "KGM" }, "quantity")).to.deep.equal([
      "kilogram (KGM)",
      "value: deep: D",
    ]);
    expect(lines("a party by name alone", "party")).to.deep.equal(["a party by name alone"]);
    expect(lines("perhaps", "yes-no")).to.deep.equal(["perhaps"]);
  });
});

describe("a document on a form", () => {
  it("shows what the form has no box for, in a box of its own, last", () => {
    const document = { a: "x", lines: [{ b: "y", c: "z" }], type: "T", more: { deep: [true, 7] } };
    const { boxes } = layOut(form, document, "en", {});
    const last = boxes.at(-1);
    expect(last).to.include({
      number: "3",
      label: "Further particulars that the form has no box for",
      wide: true,
    });
    expect(last?.lines.map(plainLine)).to.deep.equal([
      "/lines/0/c: z",
      "/more/deep/0: true",
      "/more/deep/1: 7",
    ]);
    expect(layOut(form, { a: "x", type: "T" }, "en", {}).boxes).to.have.length(1);
  });

  it("is laid out whatever it is", () => {
    for (const document of [
      null,
      undefined,
      7,
      "text",
      [],
      [1],
      { lines: "none" },
      { lines: [null, 1, []] },
    ]) {
      expect(layOut(form, document, "en", {}).boxes.length).to.be.greaterThan(0);
    }
    let deep: unknown = "end";
    for (let depth = 0; depth < 5_000; depth++) deep = { a: deep };
    expect(layOut(form, deep, "en", {}).boxes[0]?.lines.length).to.equal(1);
    expect(plainLine(layOut(form, { x: deep }, "en", {}).boxes.at(-1)?.lines[0] ?? [])).to.contain("…");
  });

  it("ends after a thousand lines, and says how many more there are", () => {
    const document = { lines: Array.from({ length: 1_005 }, (_one, place) => ({ b: String(place) })) };
    const rows = layOut(form, document, "en", {}).tables[0]?.rows;
    expect(rows).to.have.length(1_001);
    expect(rows?.at(-1)?.[0]?.map(plainLine)).to.deep.equal(["… and 5 more"]);
  });

  it("has each value of a list sealed once", () => {
    const document = { lines: [{ b: "y" }, { b: "z" }, { b: "y" }, {}] };
    expect(sealedFacts(form, document).map(({ values }) => values)).to.deep.equal([["y", "z"]]);
    expect(sealedFacts(form, {})).to.deep.equal([]);
  });
});

describe("a text of somebody else's", () => {
  it("has every character that nobody would see written as its code point", () => {
    expect(visibleText("PAID\u202Edeliver\u202C")).to.equal("PAID[U+202E]deliver[U+202C]");
    expect(visibleText("a\u0000b\u001Bc\u200Bd\u2066e\uFEFFf")).to.equal(
      "a[U+0000]b[U+001B]c[U+200B]d[U+2066]e[U+FEFF]f",
    );
    expect(visibleText("x\u{E0041}\u{E000}\uD800y\u00ADz")).to.equal("x[U+E0041][U+E000][U+D800]y[U+00AD]z");
    expect(visibleText("a\u3164b\u115Fc")).to.equal("a[U+3164]b[U+115F]c");
  });

  it("cannot begin a line of its own, such as one that looks like another field's", () => {
    expect(visibleText("Wine\nHS code: 220421\r\n\u2028end")).to.equal("Wine ¶ HS code: 220421 ¶ ¶ end");
    expect(visibleText("a\t\u00A0\u3000b")).to.equal("a b");
    const { boxes } = layOut(form, { a: "x\nA: y" }, "en", {});
    expect(boxes[0]?.lines.map(plainLine)).to.deep.equal(["A: x ¶ A: y"]);
  });

  it("does not turn what stands around it", () => {
    const name = "שלום 12";
    expect(visibleText(name)).to.equal(`\u2068${name}\u2069`);
    expect(withoutIsolates(`A: ${visibleText(name)}`)).to.equal(`A: ${name}`);
    expect(visibleText("Công ty Ελλάδα Россия 中国")).to.equal("Công ty Ελλάδα Россия 中国");
  });

  it("ends where nobody would read on, and says how much more there is", () => {
    expect(visibleText("x".repeat(5_007))).to.equal(`${"x".repeat(5_000)}… (+7)`);
  });

  it("keeps joiners within the scripts that need them, and nowhere else", () => {
    expect(withoutIsolates(visibleText("می\u200Cخواهم"))).to.equal("می\u200Cخواهم");
    expect(visibleText("clause\u200Dd")).to.equal("clause[U+200D]d");
  });
});
