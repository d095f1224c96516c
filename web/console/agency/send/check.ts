import { Validator, type OutputUnit } from "@cfworker/json-schema";

import { askedOf, fixedValueOf, withFixed, type Schema } from "./schema.ts";
import { pruned } from "./values.ts";

/** Something that is wrong with a document, and where. */
export interface Fault {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  /** The rule that is broken: a keyword of JSON Schema, or `other` where the node has a sentence of its own. */
  readonly keyword: string;
  /** The node's sentence; empty where there is none. */
  readonly sentence: string;
}

/** They say only that something below them is wrong, which is said itself. */
const WRAPPERS: ReadonlySet<string> = new Set([
  ...["$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "properties", "items", "prefixItems"],
  ...["dependentSchemas", "additionalProperties", "false"],
]);
const MOST_FAULTS = 50;

/** Who issues, and from when to when: what a form does not ask of the document itself. Moments are RFC 3339. */
export interface Around {
  readonly issuer: { readonly id: string; readonly name: string };
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** A whole document around what was filled in, with all that its schema leaves no choice about. */
export function documentOf(
  schema: Schema,
  subject: unknown,
  around: Around,
): Readonly<Record<string, unknown>> {
  const { members } = askedOf(schema, schema);
  const own = members.find(({ name }) => name === "credentialSubject");
  const filled = pruned(subject) ?? {};
  const fixed = members.flatMap(({ name, schema: member, required }) => {
    const value = required ? fixedValueOf(member, schema) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(fixed),
    issuer: around.issuer,
    validFrom: around.validFrom,
    ...(around.validUntil === null ? {} : { validUntil: around.validUntil }),
    credentialSubject: own === undefined ? filled : withFixed(filled, own.schema, schema),
  };
}

/**
 * Checks a document by its schema, as far as a browser can: by interpreting it, since the page's policy lets nothing be
 * compiled. The node looks at it again, and at what a schema cannot say.
 */
export function faultsOf(schema: Schema, document: unknown): readonly Fault[] {
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(document);
  if (valid) return [];
  const faults = new Map<string, Fault>();
  for (const error of errors.filter(({ keyword }) => !WRAPPERS.has(keyword))) {
    const fault = faultOf(error);
    if (!faults.has(fault.pointer)) faults.set(fault.pointer, fault);
  }
  // Never silent about a document that is not as it should be.
  if (faults.size === 0) return [{ pointer: "", keyword: "other", sentence: "" }];
  return [...faults.values()].slice(0, MOST_FAULTS);
}

function faultOf({ instanceLocation, keyword, error }: OutputUnit): Fault {
  const at = decodeURIComponent(instanceLocation.replace(/^#/, ""));
  const missing = keyword === "required" ? /required property "(.*)"/.exec(error)?.[1] : undefined;
  const pointer = missing === undefined ? at : `${at}/${missing.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return { pointer, keyword, sentence: "" };
}

/** What the node found wrong with a document, out of its problem's members. */
export function faultsIn(members: Readonly<Record<string, unknown>>): readonly Fault[] {
  const { faults } = members;
  if (!Array.isArray(faults)) return [];
  return (faults as readonly unknown[]).flatMap((each) => {
    const { pointer, sentence } = each as { readonly pointer?: unknown; readonly sentence?: unknown };
    if (typeof pointer !== "string" || typeof sentence !== "string") return [];
    return [{ pointer, keyword: "other", sentence }];
  });
}
