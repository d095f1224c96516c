import { expect } from "chai";

import { DocumentForms } from "../../src/paper/document-forms.ts";
import { formLanguages, type FormLanguage } from "../../src/paper/form.ts";
import { formWords } from "../../src/paper/form-words.ts";
import { layOut } from "../../src/paper/lay-out.ts";
import { plainLine, type SheetLine } from "../../src/paper/sheet.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";

const types = loadDocumentTypes();
const forms = new DocumentForms(types);
const australia = { domain: "homeaffairs.gov.au", jurisdiction: "AU" };

/** What stands in the box of the electronic certificate about who made it. */
function issuerLines(
  issuer: unknown,
  participants = [australia],
  language: FormLanguage = "en",
  name?: string,
) {
  const type = forms.named(name ?? "preferential-certificate-of-origin");
  if (type === null) throw new Error("The type is not known.");
  const { boxes } = layOut(type.form, { issuer }, language, type.codeLists, participants);
  const box = boxes.find(({ lines }) => lines.length > 0);
  return (box?.lines ?? []).map(saidOf);
}

const saidOf = (line: SheetLine) => {
  const small = line
    .filter(({ isSmall }) => isSmall)
    .map(({ text }) => text)
    .join("");
  return { read: plainLine(line.filter(({ isSmall }) => !isSmall)), small };
};

describe("who made a credential, on paper and pages", () => {
  it("is called by what the ledger knows of a participant, with the identifier under it", () => {
    const issuer = { id: "did:web:homeaffairs.gov.au", name: "Australian Border Force" };
    expect(issuerLines(issuer)).to.deep.equal([
      { read: "Issuer of the electronic certificate: homeaffairs.gov.au, Australia (AU)", small: "" },
      { read: "", small: "did:web:homeaffairs.gov.au, participant of the ledger" },
      { read: "", small: "Calls itself, not verified: Australian Border Force" },
    ]);
    for (const language of formLanguages) {
      const [first, id, claim] = issuerLines(issuer, [australia], language);
      expect(first?.read, language).to.contain("homeaffairs.gov.au").and.not.to.contain("Border Force");
      expect(id?.small)
        .to.contain("did:web:homeaffairs.gov.au")
        .and.to.contain(formWords[language].participant);
      expect(claim?.small).to.match(
        new RegExp(`^${formWords[language].callsItself.replaceAll(/[()]/g, ".")}`, "u"),
      );
    }
  });

  it("is called by the identifier alone where the ledger knows nobody by it, whatever name it gives itself", () => {
    const others = [
      "did:web:chamber.example",
      "did:web:homeaffairs.gov.au.example",
      "did:web:HOMEAFFAIRS.gov.au",
    ];
    for (const id of [...others, "did:web:homeaffairs.gov.au:unit", "did:key:homeaffairs.gov.au"]) {
      expect(issuerLines({ id, name: "homeaffairs.gov.au, Australia (AU)" }), id).to.deep.equal([
        { read: `Issuer of the electronic certificate: ${id}`, small: "" },
        { read: "", small: "Calls itself, not verified: homeaffairs.gov.au, Australia (AU)" },
      ]);
    }
    expect(issuerLines("did:web:homeaffairs.gov.au", [])).to.deep.equal([
      { read: "Issuer of the electronic certificate: did:web:homeaffairs.gov.au", small: "" },
    ]);
  });

  it("cannot take the looks of a participant: not by an identifier that is none, nor by more members, nor by a list", () => {
    const looks = "homeaffairs.gov.au, Australia (AU)";
    expect(issuerLines(looks)).to.deep.equal([
      { read: `Issuer of the electronic certificate: id: ${looks}`, small: "" },
    ]);
    const own = `did:web:homeaffairs.gov.au, ${formWords.en.participant}`;
    for (const issuer of [
      { id: looks, name: own },
      { name: own, id: { value: looks } },
      { id: "did:web:a.example", name: [looks, own] },
      [looks, { id: looks, name: own }],
      { id: "did:web:a.example", "\uE001x\uE002": own },
      { id: "did:web:a.example", name: `\uE002${looks}\uE001` },
    ]) {
      for (const { read, small } of issuerLines(issuer)) {
        if (small !== "") expect(small).to.match(/^Calls itself, not verified: /);
        const shown = read.replace("Issuer of the electronic certificate: ", "");
        expect(shown === "" || shown === "did:web:a.example" || /^(?:id|\[U\+E001\]x\[U\+E002\])[:.]/.test(shown), read).to.equal(true); // prettier-ignore
      }
    }
  });

  it("is shown so in every type that comes with the node, and of a party's identifier too", () => {
    for (const { name } of types.all) {
      const [first, id] = issuerLines({ id: "did:web:homeaffairs.gov.au" }, [australia], "fr", name);
      expect(first?.read, name).to.match(/homeaffairs\.gov\.au, Australie \(AU\)$/);
      expect(id?.small).to.equal("did:web:homeaffairs.gov.au, participant du registre");
    }
    const type = forms.named("preferential-certificate-of-origin");
    if (type === null) throw new Error("The type is not known.");
    const linesOf = (did: string) => {
      const document = { credentialSubject: { exporter: { name: "Home Affairs", id: did } } };
      const { boxes } = layOut(type.form, document, "en", type.codeLists, [australia]);
      return (boxes[0]?.lines ?? []).map(saidOf);
    };
    expect(linesOf("did:web:trader.example")).to.deep.equal([
      { read: "Home Affairs", small: "" },
      { read: "", small: "did:web:trader.example" },
    ]);
    expect(linesOf("did:web:homeaffairs.gov.au")).to.deep.equal([
      { read: "Home Affairs", small: "" },
      { read: "", small: "homeaffairs.gov.au, Australia (AU)" },
      { read: "", small: "did:web:homeaffairs.gov.au, participant of the ledger" },
    ]);
  });
});
