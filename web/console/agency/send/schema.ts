/** A JSON Schema, or a part of one, as it is read here. */
export type Schema = Readonly<Record<string, unknown>>;

/** A part of a document as a form asks for it. */
export interface Asked {
  readonly kind: "object" | "list" | "code" | "text" | "day" | "moment" | "whole-number" | "yes-no" | "fixed";
  /** What it says of itself; empty where nothing. */
  readonly title: string;
  /** The codes that may stand there, and the code lists that have words for them. */
  readonly codes: readonly string[];
  readonly lists: readonly string[];
  /** The only value that may stand there, of kind `fixed`. */
  readonly fixed: unknown;
  readonly members: readonly { readonly name: string; readonly schema: Schema; readonly required: boolean }[];
  /** Of the items of a list. */
  readonly item: Schema | null;
  readonly fewest: number;
  readonly most: number;
  readonly longest: number | null;
  /** Whether it is a text of several lines, and not a code or an address, however long these may be. */
  readonly isProse: boolean;
}

const DEFINITIONS = "#/$defs/";
const MOST_STEPS = 20;
/** From this length on a text is written on several lines. */
const LONG_TEXT = 300;
/** The pattern that takes whatever is not blank. */
const ANYTHING = "\\S";

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const schemasIn = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

interface Merged {
  readonly schema: Schema;
  readonly lists: readonly string[];
}

/**
 * Follows references, and puts together what stands beside them: titles of the nearer go before those of the farther, codes are
 * those that all allow. What depends on other values (`if`) is left to the check.
 */
function merged(schema: Schema, root: Schema, steps = 0): Merged {
  if (steps > MOST_STEPS) return { schema, lists: [] };
  const parts: Merged[] = [];
  const { $ref } = schema;
  if (typeof $ref === "string" && $ref.startsWith(DEFINITIONS)) {
    const name = $ref.slice(DEFINITIONS.length);
    const target = isSchema(root.$defs) ? root.$defs[name] : undefined;
    if (isSchema(target)) {
      const { schema: found, lists } = merged(target, root, steps + 1);
      parts.push({ schema: found, lists: [name.replace(".", "/"), ...lists] });
    }
  }
  for (const part of schemasIn(schema.allOf)) {
    if (part.if === undefined) parts.push(merged(part, root, steps + 1));
  }
  const choices = schemasIn(schema.anyOf).map((part) => merged(part, root, steps + 1));
  if (choices.length > 0 && choices.every((choice) => choice.schema.enum !== undefined)) {
    const codes = choices.flatMap((choice) => textsIn(choice.schema.enum));
    parts.push({
      schema: { type: "string", enum: codes },
      lists: choices.flatMap(({ lists }) => lists),
    });
  }
  const whole = Object.assign({}, ...parts.map((part) => part.schema), schema) as Record<string, unknown>;
  const allowed = [...parts.map((part) => part.schema.enum), schema.enum].filter(Array.isArray);
  if (allowed.length > 0) {
    const [first = [], ...others] = allowed.map(textsIn);
    whole.enum = first.filter((code) => others.every((codes) => codes.includes(code)));
  }
  return { schema: whole, lists: parts.flatMap(({ lists }) => lists) };
}

/** Whether a pattern takes days, or moments, and nothing else of their kind: patterns say it, since formats are none. */
function takes(pattern: unknown, good: readonly string[], bad: readonly string[]): boolean {
  if (typeof pattern !== "string") return false;
  try {
    const form = new RegExp(pattern, "u");
    return good.every((text) => form.test(text)) && !bad.some((text) => form.test(text));
  } catch {
    return false; // not of this browser's kind: the node checks it
  }
}

function kindOf(schema: Schema): Asked["kind"] {
  if (schema.const !== undefined) return "fixed";
  if (schema.enum !== undefined) return "code";
  if (schema.type === "object" || schema.properties !== undefined) return "object";
  if (schema.type === "array") return "list";
  if (schema.type === "boolean") return "yes-no";
  if (schema.type === "integer") return "whole-number";
  const { pattern } = schema;
  if (takes(pattern, ["2024-02-29", "2026-12-31"], ["2026-02-30", "2026-1-1", "day"])) return "day";
  if (takes(pattern, ["2026-12-31T10:00:00Z"], ["2026-12-31", "moment"])) return "moment";
  return "text";
}

/** How a part of a schema is asked for. @param root the schema that stands alone, with its `$defs` */
export function askedOf(part: Schema, root: Schema): Asked {
  const { schema, lists } = merged(part, root);
  const required = new Set(textsIn(schema.required));
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const numberIn = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
  return {
    kind: kindOf(schema),
    title: typeof schema.title === "string" ? schema.title : "",
    codes: textsIn(schema.enum),
    lists,
    fixed: schema.const,
    members: properties.flatMap(([name, value]) =>
      isSchema(value) ? [{ name, schema: value, required: required.has(name) }] : [],
    ),
    item: isSchema(schema.items) ? schema.items : null,
    fewest: numberIn(schema.minItems, 0),
    most: numberIn(schema.maxItems, 1_000),
    longest: typeof schema.maxLength === "number" ? schema.maxLength : null,
    isProse: numberIn(schema.maxLength, 0) > LONG_TEXT && (schema.pattern ?? ANYTHING) === ANYTHING,
  };
}

/**
 * What a schema leaves no choice about: contexts, types and the like.
 *
 * @returns undefined where it leaves one
 */
export function fixedValueOf(part: Schema, root: Schema): unknown {
  const { schema } = merged(part, root);
  if (schema.const !== undefined) return schema.const;
  const items = schemasIn(schema.prefixItems);
  if (items.length > 0) {
    const values = items.map((item) => fixedValueOf(item, root));
    return values.includes(undefined) ? undefined : values;
  }
  const required = textsIn(schema.required);
  if (required.length === 0 || !isSchema(schema.properties)) return undefined;
  const { properties } = schema;
  const entries = required.map((name) => {
    const member = properties[name];
    return [name, isSchema(member) ? fixedValueOf(member, root) : undefined] as const;
  });
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

/**
 * What was filled in, with what its schema demands and leaves no choice about. Parts that must be there are there, if empty: so
 * each of their fields is found missing, and not the part alone.
 */
export function withFixed(value: unknown, part: Schema, root: Schema, depth = 0): unknown {
  const { kind, members, item, fewest } = askedOf(part, root);
  if (depth > MOST_STEPS) return value;
  if (kind === "list" && item !== null) {
    const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
    const first = items.length === 0 && fewest > 0 && askedOf(item, root).kind === "object" ? [{}] : items;
    return first.map((each) => withFixed(each, item, root, depth + 1));
  }
  if (kind !== "object") return value;
  const given = isSchema(value) ? value : {};
  const filled = members.flatMap(({ name, schema, required }) => {
    const asked = askedOf(schema, root);
    const there = Object.hasOwn(given, name);
    if (!there && !required) return [];
    const made = asked.kind === "fixed" ? asked.fixed : withFixed(given[name], schema, root, depth + 1);
    return made === undefined ? [] : [[name, made] as const];
  });
  return { ...given, ...Object.fromEntries(filled) };
}
