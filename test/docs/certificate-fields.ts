import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A field of a document type's schema, as the mapping's table shows it. */
export interface Field {
  /** Way to it from the credential, or from the shared type that holds it; `[]` is each member of a list. */
  readonly path: string;
  /** `1`, `0..1`, `1..999`: how often it occurs in the object that holds it. */
  readonly cardinality: string;
  /** Name of the shared type in `common.json` that it is of. */
  readonly type?: string;
  /** Names of the code lists that its own schema refers to. */
  readonly codeLists: readonly string[];
}

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | false;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

type Term = string | null | { readonly "@id"?: string; readonly "@context"?: Context };
type Context = Readonly<Record<string, Term>>;

interface Found extends Field {
  /** The term that the context in force at this place gives; none where no context is. */
  readonly term?: string;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** Terms of the W3C context for credentials that a document type does not define again. */
const ofCredentials: Context = {
  id: "@id",
  type: "@type",
  name: "https://schema.org/name",
  description: "https://schema.org/description",
};

/** What each member of a list is; nothing is said of it where the list is fixed, member by member. */
function memberOf({ items }: Schema): Schema {
  return items === undefined || items === false ? {} : items;
}

/** Walks a document type's schema, shared types apart, and with it the JSON-LD context. */
class Walk {
  readonly #own: Schema;
  readonly #common: Schema;
  readonly #context: Context;
  readonly found: Found[] = [];

  constructor(folder: string, name: string) {
    this.#own = json(join(folder, name, "schema.json")) as Schema;
    this.#common = json(join(folder, "common.json")) as Schema;
    const { "@context": own } = json(join(folder, name, "context.jsonld")) as {
      readonly "@context": Context;
    };
    this.#context = { ...ofCredentials, ...own };
    this.#object(this.#own, "", undefined);
  }

  #resolve(schema: Schema): { readonly schema: Schema; readonly shared?: string; readonly list?: string } {
    if (schema.$ref === undefined) return { schema };
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    if (schema.$ref.includes("/code-lists/")) return { schema: {}, list: name.replace(/\.json$/, "") };
    const shared = schema.$ref.includes("/common.json#");
    const found = (shared ? this.#common : this.#own).$defs?.[name];
    if (found === undefined) throw new Error(`${schema.$ref} leads nowhere.`);
    return shared ? { schema: found, shared: name } : { schema: found };
  }

  #lists(schema: Schema): string[] {
    const { schema: target, list } = this.#resolve(schema);
    if (list !== undefined) return [list];
    return [...(target.anyOf ?? []), ...(target.allOf ?? [])].flatMap((each) => this.#lists(each));
  }

  /** A list, or one or a list of the same, as the list that it is. */
  #listOf(schema: Schema): Schema | undefined {
    if (schema.type === "array") return schema;
    return schema.anyOf?.find(({ type }) => type === "array");
  }

  #object({ properties = {}, required = [] }: Schema, prefix: string, context: Context | undefined): void {
    for (const [name, property] of Object.entries(properties)) {
      const least = required.includes(name) ? 1 : 0;
      const list = this.#listOf(this.#resolve(property).schema);
      const member = list === undefined ? property : memberOf(list);
      const low = list === undefined ? least : least * (list.minItems ?? 0);
      const high = list === undefined ? 1 : (list.maxItems ?? Infinity);
      const path = `${prefix}${name}${list === undefined ? "" : "[]"}`;
      const { schema, shared } = this.#resolve(member);
      const type = schema.properties === undefined ? undefined : shared;
      const term = context?.[name];
      const iri = typeof term === "string" ? term : term?.["@id"];
      this.found.push({
        path,
        cardinality: low === high ? String(low) : `${low}..${high}`,
        codeLists: schema.properties === undefined ? this.#lists(member) : [],
        ...(type === undefined ? {} : { type }),
        ...(iri === undefined ? {} : { term: iri }),
      });
      if (schema.properties === undefined) continue;
      const scoped = typeof term === "object" && term !== null ? term["@context"] : undefined;
      const inner = path === "credentialSubject" ? this.#context : context && { ...context, ...scoped };
      this.#object(schema, type === undefined ? `${path}.` : `${type}.`, inner);
    }
  }
}

/** Every field of a document type, those of shared types once. */
export function fieldsOf(folder: string, name: string): Field[] {
  return [...new Map(new Walk(folder, name).found.map((field) => [field.path, field])).values()];
}

/** What the context makes of each field inside the credential's subject, at all places where it occurs. */
export function termsOf(folder: string, name: string): Map<string, Set<string>> {
  const terms = new Map<string, Set<string>>();
  for (const { path, term } of new Walk(folder, name).found) {
    if (term !== undefined) terms.set(path, (terms.get(path) ?? new Set()).add(term));
  }
  return terms;
}
