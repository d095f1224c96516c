import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";

import { validators as compiled } from "./compiled/validators.js";
import type { DocumentType } from "./document-type.ts";
import type { DocumentTypes } from "./document-types.ts";
import { valueAt } from "./json-pointer.ts";
import { brokenBy } from "./rule.ts";
import { schemaCompiler } from "./schema-compiler.ts";

/** One thing that is wrong with a document. */
export interface DocumentFault {
  /** JSON pointer (RFC 6901) to where it is. */
  readonly pointer: string;
  /** What is wrong there; nothing of the document's content is in it. */
  readonly sentence: string;
}

/** Finds what is wrong with a document of a type; an empty list where nothing is. */
export type ValidateDocument = (type: DocumentType, document: unknown) => readonly DocumentFault[];

const MOST_FAULTS = 50;
const MOST_NODES = 100_000;
const DEEPEST = 32;
/** 22 characters of base64url are 132 bits. */
const SALT = /^[A-Za-z0-9_-]{22,}$/;
/** They only say that something below them is wrong, which is said itself. */
const WRAPPERS = ["if", "anyOf", "allOf", "$ref"];

/**
 * A validator of documents: by the schema of their type, and where that holds, by its rules. Those of the types that come with
 * the node were compiled before; an operator's own are now.
 *
 * @throws Error with a sentence that names the type whose schema cannot be compiled
 */
export function documentValidator(types: DocumentTypes): ValidateDocument {
  const own = types.all.filter(({ schema }) => !Object.hasOwn(compiled, schema));
  const functions = new Map<string, ValidateFunction>(Object.entries(compiled));
  if (own.length > 0) {
    const ajv = schemaCompiler(types);
    for (const { name, schema } of own) {
      try {
        functions.set(schema, ajv.compile({ $ref: schema }));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`The schema of the document type ${name} cannot be compiled: ${why}`, { cause });
      }
    }
  }
  return (type, document) => {
    if (!isModest(document))
      return [{ pointer: "", sentence: "The document has too many parts, or parts too deep." }];
    const validate = functions.get(type.schema);
    if (validate === undefined)
      throw new Error(`The document type ${type.name} is none of this validator's.`);
    if (!validate(document)) return faultsOf(validate.errors ?? []);
    const broken = type.rules.flatMap((rule) =>
      brokenBy(rule, document).map((pointer) => ({ pointer, sentence: `This is not so: ${rule.sentence}` })),
    );
    // Without it the content could be guessed back from the hash on the ledger, whatever a schema has forgotten.
    if (!isSalt(valueAt(document, type.salt))) {
      broken.push({
        pointer: type.salt,
        sentence: "This must be a salt of 128 random bits at least, in base64url.",
      });
    }
    return broken.slice(0, MOST_FAULTS);
  };
}

function isSalt(value: unknown): boolean {
  return typeof value === "string" && SALT.test(value);
}

/** Whether a parsed document is small enough to be looked at whole, whatever its schema. */
function isModest(document: unknown): boolean {
  let level: readonly unknown[] = [document];
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth++) {
    nodes += level.length;
    if (depth > DEEPEST || nodes > MOST_NODES) return false;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
  return true;
}

function faultsOf(errors: readonly ErrorObject[]): readonly DocumentFault[] {
  const telling = errors.filter(({ keyword }) => !WRAPPERS.includes(keyword));
  const faults = new Map<string, DocumentFault>();
  for (const error of telling.length > 0 ? telling : errors) {
    const fault = { pointer: error.instancePath, sentence: sentenceOf(error) };
    faults.set(`${fault.pointer} ${fault.sentence}`, fault);
    if (faults.size === MOST_FAULTS) break;
  }
  return [...faults.values()];
}

function sentenceOf({ keyword, params }: ErrorObject): string {
  const given = params as Readonly<Record<string, unknown>>;
  const said = (name: string) => String(given[name]).slice(0, 50);
  switch (keyword) {
    case "required":
      return `${said("missingProperty")} is missing.`;
    case "additionalProperties":
      return `Nobody knows the member ${said("additionalProperty")}: leave it out.`;
    case "type":
      return `This must be of the type ${said("type")}.`;
    case "enum":
      return "This is none of the codes that may stand here.";
    case "const":
      return "Only one value may stand here, and this is another.";
    case "pattern":
      return "This has not the form of what stands here.";
    case "minLength":
    case "maxLength":
    case "minItems":
    case "maxItems":
    case "minimum":
    case "maximum":
    case "minProperties":
      return `This is beyond its limit (${keyword} ${said("limit")}).`;
    case "items":
    case "prefixItems":
      return "There are more items than may stand here.";
    case "uniqueItems":
      return "An item is there twice.";
    default:
      return `This does not meet its schema (${keyword.slice(0, 50)}).`;
  }
}
