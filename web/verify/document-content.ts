import { isRecord } from "../../src/semantics/record.ts";
import { visibleText } from "../../src/paper/visible-text.ts";
import type { CodeWords } from "../../src/paper/field-lines.ts";
import type { Form } from "../../src/paper/form.ts";
import type { Sheet, SheetBox } from "../../src/paper/sheet.ts";

/** A document type as `GET /document-types/{name}` answers it, as far as the page reads it. */
export interface DocumentType {
  readonly name: string;
  readonly credentialType: string;
  readonly form: Form | null;
  readonly codeLists: CodeWords;
}

/** Bytes of the largest document that is laid out here. */
export const LARGEST_READ = 5 * 1024 * 1024;

const JWS = /^[\w-]+\.([\w-]+)\.[\w-]*$/;
const MOST_BOXES = 500;
const MOST_DEPTH = 32;

/**
 * Reads a document that can be laid out: JSON, or a credential as `vc+jwt`, whatever media type it is said to have.
 *
 * @returns undefined for any other
 */
export function readDocument(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_READ) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
    if (text.startsWith("{")) return JSON.parse(text);
    const payload = JWS.exec(text)?.[1];
    if (payload === undefined) return undefined;
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const decoded = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const document: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decoded));
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined; // neither
  }
}

/** Whether a document says that it is of a type. */
export function isOfType(document: unknown, credentialType: string): boolean {
  if (!isRecord(document)) return false;
  const { type } = document;
  return Array.isArray(type) ? type.includes(credentialType) : type === credentialType;
}

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
    boxes.push({ number, label, wide: true, lines: [visibleText(String(value))] });
  };
  add(document, []);
  return { title, boxes, tables: [] };
}
