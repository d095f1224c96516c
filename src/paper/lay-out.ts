import { valueAt } from "../semantics/json-pointer.ts";
import { isRecord } from "../semantics/record.ts";
import { fieldLines, type CodeWords, type Writing } from "./field-lines.ts";
import type { Form, FormField, FormLanguage } from "./form.ts";
import { formWords } from "./form-words.ts";
import { knownNames, type NamedParticipant } from "./known-names.ts";
import { lineOf } from "./line-marks.ts";
import type { Sheet, SheetBox, SheetTable } from "./sheet.ts";
import { unshown } from "./unshown.ts";
import { visibleText } from "./visible-text.ts";

const MOST_ROWS = 1_000;

/** A fact that an offline seal carries. */
export interface SealedFact {
  readonly field: FormField;
  /** As the document has it, without words: in a list, each value once. */
  readonly values: readonly string[];
}

/**
 * Lays a document out by its form, in one language. Whatever the document is, the answer is harmless to show: texts are one line
 * each, in which every character is seen (`visibleText`), dates are written year first, codes with their words. Nothing that the
 * document says is left out: what the form has no box for stands in a box of its own, the last.
 *
 * @param document parsed JSON: the payload, where it is a signed credential
 * @param codeLists words of the codes; codes without one stand alone
 * @param participants who is known by the ledger's own list; whoever else has a DID is shown by that alone
 */
export function layOut(
  form: Form,
  document: unknown,
  language: FormLanguage,
  codeLists: CodeWords,
  participants: readonly NamedParticipant[] = [],
): Sheet {
  const writing = { language, codeLists, names: knownNames(participants) };
  const boxes = form.boxes.map((box): SheetBox => {
    const lines = box.fields.flatMap((field) => labelled(field, document, document, writing));
    return { number: box.number, label: box.label[language], wide: box.wide, lines: lines.map(lineOf) };
  });
  const tables = form.tables.map((table): SheetTable => {
    const found = valueAt(document, table.each);
    const items = Array.isArray(found) ? (found as readonly unknown[]) : [];
    const rows = items
      .slice(0, MOST_ROWS)
      .map((item) =>
        table.columns.map(({ fields }) =>
          fields.flatMap((field) => labelled(field, item, document, writing)).map(lineOf),
        ),
      );
    if (items.length > MOST_ROWS) {
      const more = formWords[language].more(items.length - MOST_ROWS);
      rows.push(table.columns.map((_column, place) => (place === 0 ? [lineOf(more)] : [])));
    }
    const columns = table.columns.map(({ label }) => label[language]);
    const shares = table.columns.map(({ share }) => share);
    return { number: table.number, label: table.label[language], columns, shares, rows };
  });
  const rest = unshown(form, document, MOST_ROWS).map(({ pointer, value }) => {
    return `${visibleText(pointer)}${formWords[language].colon}${visibleText(value)}`;
  });
  if (rest.length > 0) {
    const number = String(
      Math.max(0, ...[...form.boxes, ...form.tables].map((each) => Number(each.number))) + 1,
    );
    boxes.push({ number, label: formWords[language].notOnForm, wide: true, lines: rest.map(lineOf) });
  }
  return { title: form.title[language], boxes, tables };
}

/**
 * What a document says of the facts that its form has sealed, in the form's order; facts that it is silent about are left out.
 *
 * @param document parsed JSON: the payload, where it is a signed credential
 */
export function sealedFacts(form: Form, document: unknown): readonly SealedFact[] {
  return form.sealed.flatMap((field) => {
    const found = everyValueAt(document, field.pointer).flatMap((value) =>
      Array.isArray(value) ? (value as readonly unknown[]) : [value],
    );
    const plain = found.filter((value) => typeof value === "string" || typeof value === "number");
    const values = [...new Set(plain.map((value) => visibleText(String(value))))];
    return values.length === 0 ? [] : [{ field, values }];
  });
}

function labelled(field: FormField, from: unknown, document: unknown, writing: Writing): readonly string[] {
  const { kind, label, pointer } = field;
  const by = typeof kind === "object" && kind.by !== undefined ? valueAt(document, kind.by) : undefined;
  const part = typeof by === "string" ? by : null;
  const lines = fieldLines(valueAt(from, pointer), kind, part, writing);
  const [first, ...others] = lines;
  if (label === null || first === undefined) return lines;
  return [`${label[writing.language]}${formWords[writing.language].colon}${first}`, ...others];
}

/** What a pointer leads to, in which `*` stands for every item of a list. */
function everyValueAt(document: unknown, pointer: string): readonly unknown[] {
  const [before = "", ...after] = pointer.split("/*");
  let found: readonly unknown[] = [valueAt(document, before)];
  for (const rest of after) {
    found = found.flatMap((value) =>
      Array.isArray(value) ? (value as readonly unknown[]).map((item) => valueAt(item, rest)) : [],
    );
  }
  return found.filter((value) => value !== undefined && !isRecord(value));
}
