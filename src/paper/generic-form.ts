import { valueAt } from "../semantics/json-pointer.ts";
import { isRecord, type JsonRecord } from "../semantics/record.ts";
import type { Form, FormBox, FormColumn, FormField, FormFieldKind, FormTable } from "./form.ts";
import { inEveryLanguage } from "./form-words.ts";

/** The definitions of common.json that have a way of being written. */
const KINDS: Readonly<Record<string, FormFieldKind>> = {
  "common.party": "party",
  "common.location": "place",
  "common.date": "date",
  "common.dateTime": "date",
  "common.country": "country",
  "common.quantity": "quantity",
  "common.measure": "quantity",
  "common.amount": "money",
  "common.package": "packages",
  "common.invoice": "invoice",
  "common.documentReference": "document",
  "common.signature": "signature",
  "common.issuer": "identity",
  "common.did": "identity",
};
const CODE_LIST = /^[a-z-]+-codes$/;
const MOST_DEPTH = 8;
const MOST_COLUMNS = 12;
const PROGRAMS = ["@context", "type", "credentialSchema", "credentialStatus", "salt", "proof"];
/** Where the facts of a credential are. */
const SUBJECT = "/credentialSubject";

/**
 * A form for documents of a type that has none: a box for each member of its schema and a table for each list of objects, named by
 * the titles of the schema or else by the members' own names, in whatever language these are.
 *
 * @param schema that refers to nothing outside itself (`bundleSchema`)
 * @param number pointer to the document's number, the first fact that is sealed
 */
export function genericForm(title: string, schema: JsonRecord, number: string): Form {
  const boxes: FormBox[] = [];
  const tables: FormTable[] = [];
  const omitted: string[] = [];

  const take = (name: string, value: unknown, pointer: string, within: readonly string[], depth: number) => {
    if (PROGRAMS.includes(name)) {
      omitted.push(pointer);
      return;
    }
    const { resolved, kind } = follow(value, schema);
    const titled = isRecord(value) ? value.title : undefined; // what it refers to has a title of its own, of another thing
    const label = typeof titled === "string" ? titled.slice(0, 200) : spoken(name);
    const names = [...within, label];
    const next = String(boxes.length + tables.length + 1);
    const items = isRecord(resolved.items) ? follow(resolved.items, schema) : null;
    if (kind === null && items?.kind === null && isRecord(items.resolved.properties)) {
      const columns: FormColumn[] = Object.entries(items.resolved.properties).map(([member, inner]) => ({
        label: inEveryLanguage(spoken(member)),
        share: 1,
        fields: [{ pointer: `/${escaped(member)}`, kind: kindOf(inner, schema), label: null }],
      }));
      const last = columns.splice(MOST_COLUMNS - 1);
      if (last.length > 0) columns.push(together(last));
      tables.push({ number: next, label: inEveryLanguage(names.join(" · ")), each: pointer, columns });
    } else if (kind === null && isRecord(resolved.properties) && depth < MOST_DEPTH) {
      for (const [member, inner] of Object.entries(resolved.properties)) {
        take(member, inner, `${pointer}/${escaped(member)}`, pointer === SUBJECT ? [] : names, depth + 1);
      }
    } else {
      const field: FormField = { pointer, kind: kindOf(value, schema), label: null };
      boxes.push({ number: next, label: inEveryLanguage(names.join(" · ")), wide: false, fields: [field] });
    }
  };
  const members = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  const inner = members.filter(([name]) => `/${name}` === SUBJECT);
  const outer = members.filter(([name]) => `/${name}` !== SUBJECT);
  for (const [name, value] of [...inner, ...outer]) take(name, value, `/${escaped(name)}`, [], 0);
  const label = inEveryLanguage(spoken(number.split("/").at(-1) ?? number));
  return {
    title: inEveryLanguage(title),
    boxes,
    tables,
    sealed: [{ pointer: number, kind: "text", label }],
    omitted,
  };
}

/** Several columns in one, each value with its name. */
function together(columns: readonly FormColumn[]): FormColumn {
  const fields = columns.flatMap((column) =>
    column.fields.map((field) => ({ ...field, label: column.label })),
  );
  return { label: inEveryLanguage("…"), share: 2, fields };
}

function kindOf(value: unknown, schema: JsonRecord): FormFieldKind {
  const { resolved, kind } = follow(value, schema);
  if (kind !== null) return kind;
  if (isRecord(resolved.items)) return follow(resolved.items, schema).kind ?? "list";
  return resolved.type === "boolean" ? "yes-no" : "text";
}

/** What a schema says once its references are followed, and the kind of the first of them that has one. */
function follow(value: unknown, schema: JsonRecord): { resolved: JsonRecord; kind: FormFieldKind | null } {
  let resolved: JsonRecord = isRecord(value) ? value : {};
  for (let steps = 0; steps < MOST_DEPTH && typeof resolved.$ref === "string"; steps++) {
    const name = resolved.$ref.replace("#/$defs/", "");
    const found = valueAt(schema, `/$defs/${name}`);
    if (Object.hasOwn(KINDS, name)) return { resolved: {}, kind: KINDS[name] ?? null };
    if (CODE_LIST.test(name)) return { resolved: {}, kind: { code: name } };
    resolved = isRecord(found) ? found : {};
  }
  return { resolved, kind: null };
}

/** `issuePlace` as people write it: Issue place. */
function spoken(name: string): string {
  const words = name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_whole, end: string, begin: string) => `${end} ${begin.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
