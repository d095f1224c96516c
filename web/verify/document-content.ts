import { isRecord } from "../../src/semantics/record.ts";
import { visibleText } from "../../src/paper/visible-text.ts";
import type { CodeWords } from "../../src/paper/field-lines.ts";
import { lineOf } from "../../src/paper/line-marks.ts";
import type { Form } from "../../src/paper/form.ts";
import type { Sheet, SheetBox } from "../../src/paper/sheet.ts";

/** A document type as `GET /document-types/{name}` answers it, as far as the page reads it. */
export interface DocumentType {
  readonly name: string;
  readonly credentialType: string;
  readonly form: Form | null;
  readonly codeLists: CodeWords;
}

const MOST_BOXES = 500;
const MOST_DEPTH = 32;

/** Who made a credential, as it says itself; null where it says nothing. */
export function makerOf(
  document: unknown,
): { readonly id: string | null; readonly name: string | null } | null {
  if (!isRecord(document)) return null;
  const { issuer } = document;
  if (typeof issuer === "string") return { id: visibleText(issuer), name: null };
  if (!isRecord(issuer)) return null;
  const textOf = (value: unknown) => (typeof value === "string" ? visibleText(value) : null);
  return { id: textOf(issuer.id), name: textOf(issuer.name) };
}

/** A document of which no form is known: a box for each of its values, named by where it stands. */
export function plainSheet(document: unknown, title: string): Sheet {
  const boxes: SheetBox[] = [];
  const add = (value: unknown, path: readonly string[]): void => {
    if (boxes.length >= MOST_BOXES) return;
    if (typeof value === "object" && value !== null && path.length < MOST_DEPTH) {
      for (const [name, each] of Object.entries(value)) add(each, [...path, name]);
      return;
    }
    const [number, label] = [String(boxes.length + 1), visibleText(path.join(" › "))];
    boxes.push({ number, label, wide: true, lines: [lineOf(visibleText(String(value)))] });
  };
  add(document, []);
  return { title, boxes, tables: [] };
}
