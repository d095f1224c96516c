import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import type { Predicate } from "../domain/predicate.ts";
import { documentTypeOf, isDocumentTypeName, type DocumentType } from "./document-type.ts";
import { isRecord, type JsonRecord } from "./record.ts";

const MOST_TYPES = 100;
const MOST_BYTES = 1024 * 1024;
const CODE_LISTS = "code-lists";

/** The kinds of documents that a node knows by meaning. */
export class DocumentTypes {
  readonly all: readonly DocumentType[];
  /** Schemas that those of the types refer to: the code lists, and what the types have in common. */
  readonly shared: readonly JsonRecord[];

  /** @throws Error where two types have a name, a credential type, a schema, a context or an issuing message type in common */
  constructor(all: readonly DocumentType[], shared: readonly JsonRecord[] = []) {
    const taken = new Set<string>();
    for (const type of all) {
      const own = [type.name, type.credentialType, type.schema, type.context, ...type.documentOf];
      const twice = own.find((each) => taken.has(each));
      if (twice !== undefined)
        throw new Error(`Two document types have ${twice}: take one out, or rename it.`);
      for (const each of own) taken.add(each);
    }
    this.all = all;
    this.shared = shared;
  }

  named(name: string): DocumentType | null {
    return this.all.find((type) => type.name === name) ?? null;
  }

  /** The type that a credential calls itself by. */
  ofCredential(credentialType: string): DocumentType | null {
    return this.all.find((type) => type.credentialType === credentialType) ?? null;
  }

  /** The type that a document calls itself by: parsed JSON, signed or not. */
  ofDocument(document: unknown): DocumentType | null {
    const names: unknown = isRecord(document) ? document.type : null;
    if (!Array.isArray(names)) return null;
    return this.all.find(({ credentialType }) => names.includes(credentialType)) ?? null;
  }

  /** The type of the documents that messages of an issuing type speak of. */
  ofPredicate(predicate: Predicate): DocumentType | null {
    return this.all.find((type) => type.documentOf.includes(predicate)) ?? null;
  }

  /** The type whose schema has this `$id`. */
  ofSchema(id: string): DocumentType | null {
    return this.all.find((type) => type.schema === id) ?? null;
  }

  /** The type whose JSON-LD context has this URL. */
  ofContext(url: string): DocumentType | null {
    return this.all.find((type) => type.context === url) ?? null;
  }
}

/**
 * Reads the document types that come with the node, and an operator's own.
 *
 * @param directory of the operator's own types, a folder for each; null for none
 * @throws Error with a sentence that says which file is wrong, and how
 */
export function loadDocumentTypes(directory: string | null = null): DocumentTypes {
  const shipped = shippedDirectory();
  const own = directory === null ? [] : typesIn(directory);
  const lists = path.join(shipped, CODE_LISTS);
  const shared = readdirSync(lists)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => path.join(lists, name));
  const schemas = [path.join(shipped, "common.json"), ...shared].map((file) => readJson(shipped, file));
  return new DocumentTypes([...typesIn(shipped), ...own], schemas.filter(isRecord));
}

/**
 * The JSON-LD context of the node's own words: subjects, messages, certificates and documents (document-types/ledger-context.jsonld).
 *
 * @throws Error where it is missing or no context
 */
export function loadLedgerContext(): JsonRecord {
  const shipped = shippedDirectory();
  const file = readJson(shipped, path.join(shipped, "ledger-context.jsonld"));
  const context = isRecord(file) ? file["@context"] : null;
  if (!isRecord(context)) throw new Error("ledger-context.jsonld has no @context: install the node again.");
  return context;
}

/** Beside `src` in a clone; beside `dist` in the package. */
function shippedDirectory(): string {
  const candidates = ["../../document-types", "../../../document-types"];
  const found = candidates
    .map((each) => fileURLToPath(new URL(each, import.meta.url)))
    .find((each) => existsSync(path.join(each, "common.json")));
  if (found === undefined) throw new Error("The node's own document types are missing: install it again.");
  return found;
}

function typesIn(directory: string): readonly DocumentType[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== CODE_LISTS)
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    throw new Error(`The document types in ${directory} cannot be read.`, { cause });
  }
  if (names.length > MOST_TYPES)
    throw new Error(`There are more than ${MOST_TYPES} document types in ${directory}.`);
  return names.map((name) => typeIn(directory, name));
}

function typeIn(directory: string, name: string): DocumentType {
  const folder = path.join(directory, name);
  try {
    if (!isDocumentTypeName(name)) throw new Error("the folder's name is none for a document type.");
    const read = (file: string) => readJson(directory, path.join(folder, file));
    const type = documentTypeOf({
      manifest: read("document-type.json"),
      schema: read("schema.json"),
      context: read("context.jsonld"),
      messageTypes: read("message-types.json"),
      sample: (sample) => read(`samples/valid/${sample}.json`),
      ...(existsSync(path.join(folder, "form.json")) ? { form: read("form.json") } : {}),
    });
    if (type.name !== name)
      throw new Error(`document-type.json has the name ${type.name}, and its folder another.`);
    return type;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The document type in ${folder} cannot be used: ${why}`, { cause: error });
  }
}

/** A JSON file that lies within `directory`, also where links are followed. */
function readJson(directory: string, file: string): unknown {
  const name = path.basename(file);
  const real = realpathSync(file);
  if (!real.startsWith(realpathSync(directory) + path.sep))
    throw new Error(`${name} leads out of ${directory}.`);
  const about = statSync(real);
  if (!about.isFile() || about.size > MOST_BYTES)
    throw new Error(`${name} is no file of ${MOST_BYTES} bytes at most.`);
  try {
    return JSON.parse(readFileSync(real, "utf8"));
  } catch (cause) {
    throw new Error(`${name} is no JSON.`, { cause });
  }
}
