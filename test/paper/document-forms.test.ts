import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";

import { DocumentForms, type PublishedType } from "../../src/paper/document-forms.ts";
import { formLanguages, type Form, type FormField } from "../../src/paper/form.ts";
import { genericForm } from "../../src/paper/generic-form.ts";
import { layOut, sealedFacts } from "../../src/paper/lay-out.ts";
import { inOrder, plainLine, type Sheet } from "../../src/paper/sheet.ts";
import type { DocumentType } from "../../src/semantics/document-type.ts";
import { DocumentTypes, loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { valueAt } from "../../src/semantics/json-pointer.ts";
import { isRecord, type JsonRecord } from "../../src/semantics/record.ts";
import { invalidSamples, validSamples } from "../semantics/samples.ts";

const types = loadDocumentTypes();
const forms = new DocumentForms(types);
/** Definitions that are written whole, by a kind of their own. */
const whole = ["party", "location", "date", "dateTime", "country", "quantity", "measure", "amount"];
const wholeToo = ["package", "invoice", "documentReference", "signature"];
const isWhole = (name: string) => [...whole, ...wholeToo].some((each) => name === `common.${each}`);

function published(type: DocumentType): PublishedType {
  const found = forms.named(type.name);
  if (found === null) throw new Error(`${type.name} has no form.`);
  return found;
}

/** Pointers to every value that a document of a schema can hold; a star stands for each item of a list. */
function everyPointer(schema: JsonRecord): readonly string[] {
  const walk = (value: unknown, pointer: string): readonly string[] => {
    const record = isRecord(value) ? value : {};
    const name = typeof record.$ref === "string" ? record.$ref.replace("#/$defs/", "") : null;
    if (name !== null) return isWhole(name) ? [pointer] : walk(valueAt(schema, `/$defs/${name}`), pointer);
    if (isRecord(record.properties)) {
      return Object.entries(record.properties).flatMap(([member, inner]) =>
        walk(inner, `${pointer}/${member}`),
      );
    }
    return isRecord(record.items) ? walk(record.items, `${pointer}/*`) : [pointer];
  };
  return walk(schema, "");
}

/** Pointers to what a form shows, in the same writing. */
function shownBy(form: Form): readonly string[] {
  const inTables = form.tables.flatMap(({ each, columns }) =>
    columns.flatMap(({ fields }) => fields.map(({ pointer }) => `${each}/*${pointer}`)),
  );
  const inBoxes = form.boxes.flatMap(({ fields }) => fields.map(({ pointer }) => pointer));
  return [...inBoxes, ...inTables, ...form.omitted];
}

const fieldsOf = (form: Form): readonly FormField[] => [
  ...form.boxes.flatMap(({ fields }) => fields),
  ...form.tables.flatMap(({ columns }) => columns.flatMap(({ fields }) => fields)),
];

function everyLine({ boxes, tables }: Sheet): readonly string[] {
  const lines = [...boxes.flatMap((box) => box.lines), ...tables.flatMap(({ rows }) => rows.flat(2))];
  return lines.map(plainLine);
}

/** Texts and numbers of a document that people read. */
function valuesOf(value: unknown, pointer: string, omitted: readonly string[]): readonly string[] {
  if (omitted.includes(pointer) || typeof value === "boolean") return [];
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  const entries = Array.isArray(value) ? value.map((item: unknown) => ["*", item] as const) : [];
  return [...entries, ...(isRecord(value) ? Object.entries(value) : [])].flatMap(([name, inner]) =>
    valuesOf(inner, `${pointer}/${name}`, omitted),
  );
}

describe("the forms that come with the node", () => {
  for (const type of types.all) {
    describe(type.name, () => {
      const { form, schema, codeLists } = published(type);

      it("is its own, and has a place for everything that a document can say", () => {
        expect(type.formDocument).not.to.equal(null);
        const shown = shownBy(form);
        const isShown = (pointer: string) =>
          shown.some((each) => pointer === each || pointer.startsWith(`${each}/`));
        expect(everyPointer(schema).filter((pointer) => !isShown(pointer))).to.deep.equal([]);
        expect(everyPointer(schema).length).to.be.greaterThan(20);
      });

      it("points to nothing that no document can have", () => {
        const possible = everyPointer(schema);
        const lost = [...shownBy(form), ...form.sealed.map(({ pointer }) => pointer)].filter(
          (pointer) =>
            !possible.some(
              (each) => each === pointer || each.startsWith(`${pointer}/`) || pointer.startsWith(`${each}/`),
            ),
        );
        expect(lost).to.deep.equal([]);
      });

      it("names code lists that there are", () => {
        const lists = types.shared.map(({ $id }) => String($id).replace(/^.*\/(.*)\.json$/, "$1"));
        for (const { kind, pointer } of fieldsOf(form)) {
          if (typeof kind === "object") expect(lists, pointer).to.include(kind.code);
        }
      });

      it("lays every good sample out whole, in each language", () => {
        for (const [file, document] of validSamples(type)) {
          for (const language of formLanguages) {
            const sheet = layOut(form, document, language, codeLists);
            const text = everyLine(sheet).join("\n");
            for (const value of valuesOf(document, "", form.omitted)) {
              // A time is written with a space in the place of its T.
              const looked = /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : value;
              expect(text, `${file} ${language}`).to.contain(looked);
            }
            expect(sheet.boxes.map(({ number }) => number)).to.deep.equal(
              form.boxes.map(({ number }) => number),
            );
            expect(sheet.title).to.equal(form.title[language]);
          }
        }
      });

      it("lays out bad samples, and says what it has no box for", () => {
        for (const [, { document }] of invalidSamples(type)) {
          const sheet = layOut(form, document, "en", codeLists);
          const text = everyLine(sheet).join("\n");
          for (const value of valuesOf(document, "", form.omitted)) {
            const looked = /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : value;
            expect(text).to.contain(looked);
          }
        }
      });

      it("has facts to seal, and the document's number first", () => {
        for (const [, document] of validSamples(type)) {
          const [first, ...others] = sealedFacts(form, document);
          expect(first?.values).to.deep.equal([valueAt(document, type.number)]);
          expect(others.length).to.be.greaterThan(3);
        }
      });

      it("has a schema that stands alone, and judges as the node does", () => {
        const ajv = new Ajv2020({
          strict: true,
          strictRequired: false,
          strictTypes: false,
          strictTuples: false,
        });
        const validate = ajv.compile(schema);
        for (const [file, document] of validSamples(type)) expect(validate(document), file).to.equal(true);
        const refused = [...invalidSamples(type)].filter(([, { document }]) => !validate(document));
        expect(refused.length).to.be.greaterThan(2); // the other ones break a rule, and no schema
        expect(JSON.stringify(schema)).not.to.match(/"\$ref":"[^#]/);
      });

      it("has a form made from its schema that shows as much, where it had none of its own", () => {
        const made = genericForm(type.title, schema, type.number);
        const shown = shownBy(made);
        const isShown = (pointer: string) =>
          shown.some((each) => pointer === each || pointer.startsWith(`${each}/`) || `${each}/*` === pointer);
        expect(everyPointer(schema).filter((pointer) => !isShown(pointer))).to.deep.equal([]);
        for (const [, document] of validSamples(type)) {
          const text = everyLine(layOut(made, document, "en", codeLists)).join("\n");
          for (const value of valuesOf(document, "", made.omitted)) {
            expect(text).to.contain(/^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : value);
          }
        }
      });
    });
  }

  it("have goods between boxes, in the order of their numbers", () => {
    const [type] = types.all.filter(({ name }) => name === "preferential-certificate-of-origin");
    if (type === undefined) throw new Error("The type is not known.");
    const { form, codeLists } = published(type);
    const sheet = layOut(form, {}, "en", codeLists);
    const numbers = inOrder(sheet).map(({ box, table }) => Number(box?.number ?? table?.number));
    expect(numbers).to.deep.equal([...numbers].sort((one, other) => one - other));
    expect(inOrder(sheet).findIndex(({ table }) => table !== null)).to.be.within(1, numbers.length - 2);
  });
});

describe("a form that somebody wrote", () => {
  const [shipped] = types.all;
  if (shipped?.formDocument === null || shipped === undefined) throw new Error("There is no form.");
  const good = shipped.formDocument;
  const refusal = (form: JsonRecord): string => {
    try {
      new DocumentForms(new DocumentTypes([{ ...shipped, formDocument: form }], types.shared));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "taken";
  };
  const box = (change: JsonRecord) => {
    const boxes = good.boxes as readonly JsonRecord[];
    return { ...good, boxes: [{ ...boxes[0], ...change }, ...boxes.slice(1)] };
  };
  const text = { en: "a", fr: "b", es: "c", zh: "d" };
  const field = (change: JsonRecord) => box({ fields: [{ pointer: "/a", ...change }] });

  it("is taken as it stands in the folder", () => {
    expect(refusal(good)).to.equal("taken");
  });

  const wrong: readonly (readonly [string, JsonRecord, string])[] = [
    ["a member that nobody knows", { ...good, colour: "red" }, "the member colour"],
    ["no title", { ...good, title: undefined }, "title, is no object"],
    ["a title in three languages", { ...good, title: { en: "a", fr: "b", es: "c" } }, "needs zh"],
    ["a language that nobody knows", { ...good, title: { ...text, de: "e" } }, "the member de"],
    ["an empty label", box({ label: { ...text, fr: " " } }), "needs fr"],
    ["a label without end", box({ label: { ...text, en: "x".repeat(201) } }), "needs en"],
    ["no box", { ...good, boxes: [] }, "has no box"],
    ["more boxes than paper holds", { ...good, boxes: Array(61).fill({}) }, "60 items"],
    ["a number that is none", box({ number: "1a" }), "needs number"],
    ["a number twice", box({ number: "2" }), "the number 2 twice"],
    ["a pointer that is none", field({ pointer: "a" }), "no JSON pointer"],
    ["a star in a box's pointer", field({ pointer: "/a/*/b" }), "only sealed facts"],
    ["a kind that nobody knows", field({ kind: "html" }), "is none of text"],
    ["a code list outside the folder", field({ kind: { code: "../x" } }), "names no code list"],
    [
      "a table without columns",
      { ...good, tables: [{ number: "99", label: text, each: "/a", columns: [] }] },
      "no column",
    ],
    [
      "a column of no width",
      {
        ...good,
        tables: [{ number: "99", label: text, each: "/a", columns: [{ label: text, share: 0, fields: [] }] }],
      },
      "has a share",
    ],
  ];
  for (const [what, form, why] of wrong) {
    it(`is refused for ${what}`, () => {
      expect(refusal(form)).to.contain(`The document type ${shipped.name}`).and.to.contain(why);
    });
  }

  it("is refused where a schema refers to nothing", () => {
    const schemaDocument = { ...shipped.schemaDocument, $defs: {} };
    expect(
      () => new DocumentForms(new DocumentTypes([{ ...shipped, schemaDocument }], types.shared)),
    ).to.throw("where there is nothing");
  });
});
