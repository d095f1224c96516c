/** A value of a document, and its name: the way to it. */
export interface FlatMember {
  readonly name: string;
  readonly value: string;
}

const MOST_ROWS = 200;
const DEEPEST = 12;
const LONGEST_VALUE = 2_000;
/** It says nothing to people: it keeps others from guessing the content. */
const UNSAID: ReadonlySet<string> = new Set(["salt", "@context"]);

/**
 * A JSON document as a list of names and values, for a document that has no form.
 *
 * @returns the first two hundred values, and whether there are more
 */
export function flatten(json: unknown): { readonly rows: readonly FlatMember[]; readonly more: boolean } {
  const rows: FlatMember[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (rows.length > MOST_ROWS || UNSAID.has(path.at(-1) ?? "")) return;
    if (typeof value === "object" && value !== null) {
      // Whoever wrote the document chose its depth: what lies deeper is named, and not shown.
      if (path.length === DEEPEST) {
        rows.push({ name: path.join(" › "), value: "…" });
        return;
      }
      for (const [name, member] of Object.entries(value)) {
        walk(member, [...path, Array.isArray(value) ? String(Number(name) + 1) : name]);
      }
      return;
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    rows.push({ name: path.join(" › "), value: text.slice(0, LONGEST_VALUE) });
  };
  walk(json, []);
  return { rows: rows.slice(0, MOST_ROWS), more: rows.length > MOST_ROWS };
}
