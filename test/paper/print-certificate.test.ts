import { expect } from "chai";

import { rejection } from "../rejection.ts";
import { DocumentForms } from "../../src/paper/document-forms.ts";
import { formLanguages, type FormLanguage } from "../../src/paper/form.ts";
import { layOut } from "../../src/paper/lay-out.ts";
import { paperWords } from "../../src/paper/paper-words.ts";
import { printCertificate, type PrintedSeal } from "../../src/paper/print-certificate.ts";
import { plainLine, type Sheet } from "../../src/paper/sheet.ts";
import { withoutIsolates } from "../../src/paper/visible-text.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import type { JsonRecord } from "../../src/semantics/record.ts";
import { documentValidator } from "../../src/semantics/validate-document.ts";
import { validSamples } from "../semantics/samples.ts";
import { largestSeal } from "./largest-seal.ts";
import { codesIn, pictureOf, scanned, textsOf, type Lying, type Picture } from "./scan.ts";

const types = loadDocumentTypes();
const forms = new DocumentForms(types);
const validate = documentValidator(types);
const largest = await largestSeal();
const COO = "preferential-certificate-of-origin";

interface Certificate {
  readonly credentialSubject: JsonRecord & {
    readonly consignment: JsonRecord & { readonly lineItems: readonly JsonRecord[] };
  };
}

function certificate(change: JsonRecord = {}, lines = 2): Certificate {
  const type = types.named(COO);
  if (type === null) throw new Error("The type is not known.");
  const sample = validSamples(type).get("aanzfta-compressors.json") as Certificate;
  const { credentialSubject } = sample;
  const { consignment } = credentialSubject;
  const [line] = consignment.lineItems;
  const lineItems = Array.from({ length: lines }, (_line, place) => ({
    ...line,
    sequenceNumber: place + 1,
    description: `Compressors of lot ${place + 1}`,
  }));
  const subject = { ...credentialSubject, consignment: { ...consignment, lineItems }, ...change };
  return { ...sample, credentialSubject: subject };
}

function sheetOf(document: unknown, language: FormLanguage = "en", name = COO): Sheet {
  const type = forms.named(name);
  if (type === null) throw new Error("The type is not known.");
  return layOut(type.form, document, language, type.codeLists);
}

const print = (document: unknown, language: FormLanguage = "en", seal: PrintedSeal = largest) =>
  printCertificate(sheetOf(document, language), seal, language);

const squeezed = (text: string) => withoutIsolates(text).normalize("NFC").replaceAll(/\s+/gu, "");

function everyText({ title, boxes, tables }: Sheet): readonly string[] {
  const inBoxes = boxes.flatMap(({ number, label, lines }) => [
    `${number}. ${label}`,
    ...lines.map(plainLine),
  ]);
  const inTables = tables.flatMap(({ label, columns, rows }) => [
    label,
    ...columns,
    ...rows.flat(2).map(plainLine),
  ]);
  return [title, ...inBoxes, ...inTables];
}

function countOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return counts;
}

describe("a printed certificate", function () {
  this.timeout(120_000);

  describe("of two lines, rendered at 150 dpi", () => {
    let pdf: Buffer;
    let picture: Picture;

    before(async () => {
      pdf = await print(certificate());
      picture = await pictureOf(pdf);
    });

    const lying: readonly (readonly [string, Lying])[] = [
      ["upright", {}],
      ["turned by 7°", { turned: 7 }],
      ["on its side", { turned: 90 }],
      ["upside down, not quite", { turned: 181 }],
      ["slanted", { slanted: 0.03 }],
      ["specked", { noise: 60 }],
      ["turned, slanted and specked", { turned: -4, slanted: 0.02, noise: 40 }],
    ];
    for (const [how, lies] of lying) {
      it(`has both codes read back ${how}`, () => {
        const found = codesIn(scanned(picture, lies), 2);
        expect([...found].sort()).to.deep.equal([largest.offline, largest.link].sort());
      });
    }

    it("is the same, byte for byte, each time", async () => {
      expect(pdf.equals(await print(certificate()))).to.equal(true);
      const later = { ...largest, statusAsOf: largest.statusAsOf + 1_000 };
      expect(pdf.equals(await print(certificate(), "en", later))).to.equal(false);
    });

    it("is tagged for screen readers, with its title, language and what the codes are", () => {
      const text = pdf.toString("latin1");
      for (const part of [
        "/Marked true",
        "/Lang (en)",
        "/DisplayDocTitle true",
        "/S /Table",
        "/S /TH",
        "/S /H1",
      ]) {
        expect(text).to.contain(part);
      }
      expect(text)
        .to.contain(`/Alt (${paperWords.en.linkCode})`)
        .and.to.contain(`/Alt (${paperWords.en.sealCode})`);
    });

    it("is small: only the letters that it has are in it", () => {
      expect(pdf.length).to.be.lessThan(100_000);
    });
  });

  for (const language of formLanguages) {
    it(`says in ${language} everything that its form has, and what the codes are for`, async () => {
      const type = types.named(COO);
      if (type === null) throw new Error("The type is not known.");
      for (const [file, document] of validSamples(type)) {
        const texts = await textsOf(await print(document, language));
        const text = squeezed(texts.join(""));
        for (const said of everyText(sheetOf(document, language))) {
          expect(text, file).to.contain(squeezed(said));
        }
        const words = paperWords[language];
        const host = "icl.homeaffairs.gov.au";
        const stamp = words.sealed(words.status.issued, "2026-04-02 10:30:00 UTC");
        for (const sentence of [words.about, words.scan(host), words.onlyThere(host), stamp, words.offline]) {
          expect(text).to.contain(squeezed(sentence));
        }
        expect(text).to.contain(largest.multihash).and.to.contain(largest.messageId);
      }
    });
  }

  it("of the other types says everything too", async () => {
    for (const type of types.all.filter(({ name }) => name !== COO)) {
      for (const [, document] of validSamples(type)) {
        const sheet = sheetOf(document, "fr", type.name);
        const texts = await textsOf(await printCertificate(sheet, largest, "fr"));
        const text = squeezed(texts.join(""));
        for (const said of everyText(sheet)) expect(text).to.contain(squeezed(said));
      }
    }
  });

  it("of two hundred lines goes over pages, each with the head of the table, its number, and the document's hash", async () => {
    const texts = await textsOf(await print(certificate({}, 200)));
    expect(texts.length).to.be.within(10, 50);
    const whole = squeezed(texts.join(""));
    for (let line = 1; line <= 200; line++)
      expect(whole).to.match(new RegExp(`Compressorsoflot${line}(?!\\d)`));
    for (const [place, text] of texts.entries()) {
      expect(text).to.contain(largest.multihash);
      expect(text).to.contain(`Page ${place + 1} of ${texts.length}`);
      if (text.includes("Compressors of lot")) expect(text).to.contain("Quantity; weight");
    }
  });

  it("has names in Chinese, Greek, Cyrillic and Vietnamese letters, and other ones as code points", async () => {
    const exporter = {
      name: "广东进出口有限公司 Ελληνική Εταιρεία «Россия» Công ty Trách nhiệm Hữu hạn",
      address: { cityName: "שלום 한국", countryCode: "CN" },
    };
    const texts = await textsOf(await print(certificate({ exporter })));
    const text = squeezed(texts.join(""));
    expect(text).to.contain(squeezed(exporter.name));
    expect(text).to.contain("[U+05E9][U+05DC][U+05D5][U+05DD][U+D55C][U+AD6D]");
  });

  it("shows what is hidden in a text, and breaks what has no end", async () => {
    const remarks = `PAID\u202EdetrevnI\u202C ${"W".repeat(400)}\nHS code: 010101`;
    const texts = await textsOf(await print(certificate({ remarks })));
    const text = squeezed(texts.join(""));
    expect(text).to.contain("PAID[U+202E]detrevnI[U+202C]");
    expect(text).to.contain("W".repeat(400)).and.to.contain("¶HScode:010101");
  });

  it("goes on on the next page where a single cell is longer than one", async () => {
    const items = Array.from({ length: 150 }, (_item, place) => ({ scheme: "REG", value: `N${place}` }));
    const exporter = { name: "Example", registrations: items };
    const texts = await textsOf(await print(certificate({ exporter })));
    for (const { value } of items) expect(texts.join("\n")).to.match(new RegExp(`REG ${value}\\b`));
    expect(texts[1]).to.contain("(continued)");
  });

  it("has the first code alone where there is no key to sign a seal", async () => {
    const pdf = await print(certificate(), "en", { ...largest, offline: null });
    expect([...codesIn(await pictureOf(pdf), 2)]).to.deep.equal([largest.link]);
    expect(squeezed((await textsOf(pdf)).join(""))).not.to.contain("Signedseal");
  });

  it("says of a certificate that was used or revoked that it was", async () => {
    for (const status of ["used", "revoked", "expired", "pending"] as const) {
      const texts = await textsOf(await print(certificate(), "en", { ...largest, status }));
      expect(squeezed(texts.join(""))).to.contain(squeezed(`network: ${paperWords.en.status[status]} as of`));
    }
  });

  it("of a test channel says above all else, in each language, that it has no effect", async () => {
    for (const language of ["en", "fr", "es", "zh"] as const) {
      const [first = ""] = await textsOf(
        await print(certificate(), language, { ...largest, status: "training" }),
      );
      expect(squeezed(first)).to.contain(squeezed(paperWords[language].training));
    }
    const [real = ""] = await textsOf(await print(certificate(), "en", largest));
    expect(squeezed(real)).not.to.contain(squeezed(paperWords.en.training));
  });

  it("leaves room for a verifier of the longest name: nothing stands on what is under it", async () => {
    const host = `${`${"customs-".repeat(7)}a.`.repeat(4)}example.gov.au`;
    const link = largest.link.replace("icl.homeaffairs.gov.au", host);
    const boxes = ["1", "2", "3"].map((number) => ({ number, label: "A", wide: true, lines: [] }));
    const pdf = await printCertificate({ title: "T", boxes, tables: [] }, { ...largest, link }, "fr");
    const picture = await pictureOf(pdf);
    expect([...codesIn(picture, 2)].sort()).to.deep.equal([largest.offline, link].sort());
    expect(squeezed((await textsOf(pdf)).join("")).split(host)).to.have.length(3);
    const dark = (y: number, from: number, to: number) =>
      picture.grey.subarray(y * picture.width + from, y * picture.width + to).filter((shade) => shade < 110);
    const rows = Array.from({ length: picture.height }, (_row, y) => y);
    const rules = rows.filter((y) => dark(y, 0, picture.width).length > 0.8 * picture.width);
    const [frame = 0] = rules;
    // Empty boxes follow the frame: between their rules, right of their labels, the paper is white.
    const under =
      rules.find((y) => y - frame > 10 && rules.some((other) => other > y + 5 && other < y + 60)) ?? 0;
    expect(under).to.be.greaterThan(frame);
    const last = rules.at(-1) ?? 0;
    const written = rows.filter(
      (y) => y > under && y < last && !rules.includes(y) && dark(y, 320, 600).length > 0,
    );
    expect(written).to.deep.equal([]);
  });

  it("of sixty lines, and of the longest texts that its schema takes, has everything, its pages right, its codes readable", async () => {
    const longest = (letter: string, length: number) => `${letter.repeat(length - 4)} end`;
    const party = { name: longest("W", 200), address: { cityName: longest("C", 70), countryCode: "AU" } };
    const line = {
      description: longest("货", 2_000),
      marks: longest("M", 500),
    };
    const [many, long] = [certificate({}, 60), certificate({ exporter: party, consignee: party }, 3)];
    const { credentialSubject } = long;
    const lineItems = credentialSubject.consignment.lineItems.map((item) => ({ ...item, ...line }));
    const consignment = { ...credentialSubject.consignment, lineItems };
    const type = types.named(COO);
    if (type === null) throw new Error("The type is not known.");
    const wordy = { ...long, credentialSubject: { ...credentialSubject, consignment } };
    for (const [name, document] of Object.entries({ many, wordy })) {
      expect(validate(type, document), name).to.deep.equal([]);
      const pdf = await print(document);
      const texts = await textsOf(pdf);
      const body = texts.map((text, place) => {
        expect(text, name)
          .to.contain(`Page ${place + 1} of ${texts.length}`)
          .and.to.contain(largest.multihash);
        return text;
      });
      const letters = countOf(squeezed(body.join("")));
      for (const [letter, count] of countOf(squeezed(everyText(sheetOf(document)).join(""))))
        expect(letters.get(letter) ?? 0, `${name}: ${letter}`).to.be.at.least(count);
      expect([...codesIn(await pictureOf(pdf), 2)].sort()).to.deep.equal(
        [largest.offline, largest.link].sort(),
      );
    }
  });

  it("of the largest document that the schema takes is refused", async () => {
    const line = { description: "货".repeat(240), marks: "M".repeat(240) };
    const { credentialSubject, ...rest } = certificate({}, 999);
    const { consignment } = credentialSubject;
    const lineItems = consignment.lineItems.map((item) => ({ ...item, ...line }));
    const document = {
      ...rest,
      credentialSubject: { ...credentialSubject, consignment: { ...consignment, lineItems } },
    };
    expect(Buffer.byteLength(JSON.stringify(document))).to.be.greaterThan(1024 * 1024);
    expect(await rejection(print(document))).to.include({ code: "paper-too-long" });
  });

  it("is refused where it would take more than fifty pages", async () => {
    const refused = await rejection(print(certificate({}, 900)));
    expect(refused).to.include({ code: "paper-too-long" });
  });
});
