import { Ajv2020 } from "ajv/dist/2020.js";

import type { DocumentTypes } from "./document-types.ts";
import type { JsonRecord } from "./record.ts";

/** What a code list has for people, and validators need not carry. */
const FOR_PEOPLE = ["names", "title", "description", "$comment"];

/**
 * A compiler of JSON Schema 2020-12 that knows every shared schema and that of every document type. A keyword it does not
 * know is an error, and `format` says nothing: forms are demanded by `pattern`.
 *
 * @param code whether the validators are to be written to a file
 */
export function schemaCompiler(types: DocumentTypes, code = false): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    validateFormats: false,
    inlineRefs: false,
    ...(code ? { code: { source: true, esm: true, lines: true } } : {}),
  });
  ajv.addVocabulary(["names"]);
  for (const schema of types.shared) ajv.addSchema(withoutProse(schema));
  for (const { schemaDocument } of types.all) ajv.addSchema(withoutProse(schemaDocument));
  return ajv;
}

function withoutProse(schema: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !FOR_PEOPLE.includes(name) || isProperty(name, value))
      .map(([name, value]) => [name, strip(value, name)]),
  );
}

/** `title` and the like may also be names of properties, which are schemas. */
function isProperty(name: string, value: unknown): boolean {
  return name === "names" ? false : typeof value === "object";
}

function strip(value: unknown, within: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => strip(item, within));
  if (typeof value !== "object" || value === null || within === "const") return value;
  return withoutProse(value as JsonRecord);
}
