import { isRecord } from "../semantics/record.ts";
import type { Form } from "./form.ts";

/** A value that no field of a form shows. */
interface UnshownValue {
  readonly pointer: string;
  readonly value: string;
}

const MOST_DEPTH = 64;

/**
 * What a document says and its form has no place for, value by value; nothing, for a document of the form's own type. A field
 * shows all of what it points to.
 *
 * @param most how many are given; what comes after is counted by the last
 */
export function unshown(form: Form, document: unknown, most: number): readonly UnshownValue[] {
  const shown = new Set([
    ...form.boxes.flatMap(({ fields }) => fields.map(({ pointer }) => pointer)),
    ...form.omitted,
  ]);
  const lists = new Map(
    form.tables.map(({ each, columns }) => [
      each,
      new Set(columns.flatMap(({ fields }) => fields.map(({ pointer }) => pointer))),
    ]),
  );
  const found: UnshownValue[] = [];

  const look = (value: unknown, pointer: string, known: ReadonlySet<string>, base: string, depth: number) => {
    if (value === undefined || value === null || found.length > most) return;
    const own = pointer.slice(base.length);
    if (known.has(own)) return;
    const columns = base === "" ? lists.get(pointer) : undefined;
    if (columns !== undefined && Array.isArray(value)) {
      for (const [place, item] of (value as readonly unknown[]).entries()) {
        const line = `${pointer}/${place}`;
        look(item, line, columns, line, depth + 1);
      }
      return;
    }
    if (depth > MOST_DEPTH) {
      found.push({ pointer, value: "…" });
    } else if (Array.isArray(value)) {
      for (const [place, item] of (value as readonly unknown[]).entries()) {
        look(item, `${pointer}/${place}`, known, base, depth + 1);
      }
    } else if (isRecord(value)) {
      for (const [name, inner] of Object.entries(value)) {
        look(inner, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, known, base, depth + 1);
      }
    } else {
      found.push({ pointer, value: typeof value === "string" ? value : JSON.stringify(value) });
    }
  };
  look(document, "", shown, "", 0);
  return found.length > most ? [...found.slice(0, most), { pointer: "…", value: "…" }] : found;
}
