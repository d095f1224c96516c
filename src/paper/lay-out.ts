import { valueAt } from "../semantics/json-pointer.ts";
import type { Form, FormField, FormLanguage } from "./form.ts";
import type { Sheet } from "./sheet.ts";

type CodeLists = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Lays a document out by its form, in one language. A stand-in: it writes values as they are. */
export function layOut(form: Form, document: unknown, language: FormLanguage, codeLists: CodeLists): Sheet {
  const lines = (field: FormField, whole: unknown): readonly string[] => {
    const value = valueAt(whole, field.pointer);
    if (value === undefined || value === null) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const word = typeof field.kind === "object" ? codeLists[field.kind.code]?.[text] : undefined;
    const label = field.label === null ? "" : `${field.label[language]}: `;
    return [`${label}${text}${word === undefined ? "" : ` (${word})`}`];
  };
  return {
    title: form.title[language],
    boxes: form.boxes.map(({ number, label, fields }) => ({
      ...{ number, label: label[language] },
      lines: fields.flatMap((field) => lines(field, document)),
    })),
    tables: form.tables.map(({ number, label, each, columns }) => {
      const items: unknown = valueAt(document, each);
      return {
        ...{ number, label: label[language] },
        columns: columns.map((column) => column.label[language]),
        rows: (Array.isArray(items) ? items : []).map((item: unknown) =>
          columns.map(({ fields }) => fields.flatMap((field) => lines(field, item))),
        ),
      };
    }),
  };
}
