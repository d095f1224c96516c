import type { DocumentTypes } from "./document-types.ts";
import { isPointer, valueAt } from "./json-pointer.ts";
import { isRecord, type JsonRecord } from "./record.ts";

/** A JSON Schema that refers to nothing outside itself, and the code lists that it took in. */
export interface BundledSchema {
  readonly schema: JsonRecord;
  /** Words of the codes, by code list; a list that has parts of its own has one for each: `origin-criteria/RCEP`. */
  readonly codeLists: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What belongs to a schema as a document, and not to the definition that it becomes. */
const OF_DOCUMENTS = ["$id", "$schema", "$comment"];
const CODE_LISTS = "/code-lists/";
const DEFINITIONS = /^\/\$defs\//;

/**
 * Makes a type's schema stand alone: whatever it refers to in other schemas becomes one of its own `$defs` (`common.party`,
 * `unit-codes`, `origin-criteria.RCEP`), and the names of codes, which validators need not, are given apart.
 *
 * @throws Error where it refers to a schema that there is not
 */
export function bundleSchema(types: DocumentTypes, root: JsonRecord): BundledSchema {
  const known = new Map([...types.shared, root].map((schema) => [String(schema.$id), schema]));
  const definitions = new Map<string, unknown>();
  const lists = new Map<string, JsonRecord>();

  /** The name under which a reference is found in the bundle. */
  const take = (reference: string, base: string): string => {
    const [id = "", pointer = ""] = reference.split("#", 2);
    const target = id === "" ? base : id;
    const source = known.get(target);
    const found = isPointer(pointer) ? valueAt(source, pointer) : undefined;
    if (source === undefined || !isRecord(found)) {
      throw new Error(
        `schema.json refers to ${reference.slice(0, 200)}, where there is nothing: refer by JSON pointers.`,
      );
    }
    if (source === root && pointer === "") return "#";
    const file = (target.split("/").at(-1) ?? target).replace(/\.json$/, "");
    const own = pointer
      .replace(DEFINITIONS, "/")
      .slice(1)
      .replaceAll(/[^A-Za-z0-9_-]/g, ".");
    const name = source === root ? own : [file, ...(own === "" ? [] : [own])].join(".");
    if (target.includes(CODE_LISTS)) lists.set(file, source);
    if (!definitions.has(name)) {
      definitions.set(name, true); // a definition may refer to itself
      definitions.set(name, copy(found, target));
    }
    return `#/$defs/${name}`;
  };

  const copy = (value: unknown, base: string): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => copy(item, base));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).filter(
      ([name, inner]) =>
        !(name === "names" && base.includes(CODE_LISTS)) && (!OF_DOCUMENTS.includes(name) || isRecord(inner)),
    );
    return Object.fromEntries(
      entries
        .filter(([name]) => name !== "$defs")
        .map(([name, inner]) => [
          name,
          name === "$ref" && typeof inner === "string" ? take(inner, base) : copy(inner, base),
        ]),
    );
  };

  const { $schema, $id } = root;
  const body = copy(root, String($id)) as JsonRecord;
  return {
    schema: { $schema, $id, ...body, $defs: Object.fromEntries([...definitions].sort(byName)) },
    codeLists: Object.fromEntries([...lists].sort(byName).flatMap(([file, list]) => wordsOf(file, list))),
  };
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function wordsOf(file: string, list: JsonRecord): [string, Record<string, string>][] {
  const parts = isRecord(list.$defs) ? Object.entries(list.$defs) : [];
  const own = [[file, list] as const, ...parts.map(([part, inner]) => [`${file}/${part}`, inner] as const)];
  return own.flatMap(([name, schema]): [string, Record<string, string>][] => {
    const names = isRecord(schema) ? schema.names : undefined;
    if (!isRecord(names)) return [];
    return [[name, Object.fromEntries(Object.entries(names).map(([code, word]) => [code, String(word)]))]];
  });
}
