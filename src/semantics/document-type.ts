import { parsePredicate, type Effect, type Predicate } from "../domain/predicate.ts";
import { isPointer } from "./json-pointer.ts";
import { isRecord, type JsonRecord } from "./record.ts";
import { relations, type Rule } from "./rule.ts";
import { fail, listOf, membersOf } from "./strict-reading.ts";

/** How the subject of a type's messages is made of the document's number: as it is, at random, or keyed. */
export const subjectRules = ["plain", "uuid", "hmac"] as const;
export type SubjectRule = (typeof subjectRules)[number];

/** A state of a document's life, and the message that brings it about; null where none does. */
export interface LifeCycleState {
  readonly state: string;
  readonly predicate: Predicate | null;
  readonly says: string;
}

/** A message type that a consortium registers for a document type. */
export interface DocumentMessageType {
  readonly predicate: Predicate;
  readonly effect: Effect;
  readonly batchable: boolean;
  readonly target: Predicate | null;
}

/** Where a document of a type names another document. */
export interface DocumentLink {
  /** What the other one is to it, such as `replaces`. */
  readonly name: string;
  /** Pointer to the other one's number. */
  readonly number: string;
  /** Document type of the other one. */
  readonly documentType: string;
}

/** What `document-type.json` says of a kind of document. */
export interface DocumentTypeManifest {
  /** Also that of its folder. */
  readonly name: string;
  readonly title: string;
  /** The type by which its credentials call themselves. */
  readonly credentialType: string;
  /** `$id` of its JSON Schema, and `credentialSchema.id` of its credentials. */
  readonly schema: string;
  /** URL of its JSON-LD context, the second of its credentials. */
  readonly context: string;
  /** The issuing message types whose document is of this kind. */
  readonly documentOf: readonly Predicate[];
  /** How subjects are made, where the node's configuration does not say otherwise. */
  readonly subjects: SubjectRule;
  /** Pointers to the document's number, and to its salt. */
  readonly number: string;
  readonly salt: string;
  readonly lifeCycle: readonly LifeCycleState[];
  readonly rules: readonly Rule[];
  /** Documents that one of this type may name. */
  readonly links: readonly DocumentLink[];
  /** Name of the valid sample that people may begin from; null for none. */
  readonly sample: string | null;
}

/** A kind of document, as its folder has it. */
export interface DocumentType extends DocumentTypeManifest {
  readonly schemaDocument: JsonRecord;
  readonly contextDocument: JsonRecord;
  readonly messageTypes: readonly DocumentMessageType[];
  /** How it is laid out for people, as `form.json` has it, unread; null where the folder does not say. */
  readonly formDocument: JsonRecord | null;
  /** A valid document of the type, to begin from; null where the manifest names none. */
  readonly sampleDocument: JsonRecord | null;
}

const NAME = /^[a-z][a-z0-9]{0,31}(?:-[a-z0-9]{1,32}){0,7}$/;
const CREDENTIAL_TYPE = /^[A-Z][A-Za-z0-9]{0,99}$/;
const STATE = /^[a-z][a-z-]{0,31}$/;
const IRI = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,500}$/;
const MOST_ITEMS = 100;
const MOST_LINKS = 10;
const LONGEST_TEXT = 500;
const effects = ["inform", "issue", "acquit", "revoke"] as const;

/** Whether a text may name a document type, and so its folder. */
export function isDocumentTypeName(text: string): boolean {
  return NAME.test(text);
}

function textOf(record: JsonRecord, name: string, where: string, form: RegExp | null = null): string {
  const value = record[name];
  if (typeof value !== "string" || value === "" || value.length > LONGEST_TEXT) {
    fail(where, `needs ${name}, a text of ${LONGEST_TEXT} characters at most`);
  }
  if (form !== null && !form.test(value)) fail(where, `has a ${name} of another form`);
  return value;
}

function pointerOf(record: JsonRecord, name: string, where: string): string {
  const value = textOf(record, name, where);
  if (!isPointer(value)) fail(where, `has a ${name} that is no JSON pointer`);
  return value;
}

function wordOf<Word extends string>(value: unknown, words: readonly Word[], where: string): Word {
  return words.find((word) => word === value) ?? fail(where, `is none of ${words.join(", ")}`);
}

function predicateOf(record: JsonRecord, name: string, where: string): Predicate {
  return parsePredicate(textOf(record, name, where));
}

function ruleOf(value: unknown, where: string): Rule {
  const known = ["name", "sentence", "each", "when", "left", "is", "right", "distinct"];
  const record = membersOf(value, where, known);
  const said = { name: textOf(record, "name", where, NAME), sentence: textOf(record, "sentence", where) };
  if (record.distinct !== undefined) {
    membersOf(value, where, ["name", "sentence", "each", "distinct"]);
    const each = pointerOf(record, "each", where);
    return { ...said, each, distinct: pointerOf(record, "distinct", where) };
  }
  return {
    ...said,
    ...(record.each === undefined ? {} : { each: pointerOf(record, "each", where) }),
    ...(record.when === undefined ? {} : { when: conditionOf(record.when, `${where}, when,`) }),
    left: pointerOf(record, "left", where),
    is: wordOf(record.is, relations, `${where}, is,`),
    right: pointerOf(record, "right", where),
  };
}

function conditionOf(value: unknown, where: string) {
  const record = membersOf(value, where, ["path", "equals"]);
  const { equals } = record;
  if (typeof equals !== "string" && typeof equals !== "number" && typeof equals !== "boolean") {
    fail(where, "equals a text, a number, true or false");
  }
  return { path: pointerOf(record, "path", where), equals };
}

function linkOf(value: unknown, where: string, own: string): DocumentLink {
  const record = membersOf(value, where, ["name", "number", "documentType"]);
  return {
    name: textOf(record, "name", where, NAME),
    number: pointerOf(record, "number", where),
    documentType: record.documentType === undefined ? own : textOf(record, "documentType", where, NAME),
  };
}

function stateOf(value: unknown, where: string): LifeCycleState {
  const record = membersOf(value, where, ["state", "predicate", "says"]);
  return {
    state: textOf(record, "state", where, STATE),
    predicate: record.predicate === null ? null : predicateOf(record, "predicate", where),
    says: textOf(record, "says", where),
  };
}

/**
 * Reads the manifest of a document type (`document-types/README.md`), which somebody else may have written.
 *
 * @param value parsed JSON
 * @throws Error with a sentence that says what is wrong with it; Problem for a predicate of another form
 */
export function parseManifest(value: unknown): DocumentTypeManifest {
  const where = "document-type.json";
  const members = ["name", "title", "credentialType", "schema", "context", "documentOf", "subjects"];
  const record = membersOf(value, where, [
    ...members,
    "number",
    "salt",
    "lifeCycle",
    "rules",
    "links",
    "sample",
  ]);
  const documentOf = listOf(record.documentOf, `${where}, documentOf,`, MOST_ITEMS).map((predicate) =>
    parsePredicate(typeof predicate === "string" ? predicate : ""),
  );
  if (documentOf.length === 0) fail(where, "names no message type in documentOf");
  const name = textOf(record, "name", where, NAME);
  const links = listOf(record.links ?? [], `${where}, links,`, MOST_ITEMS);
  if (links.length > MOST_LINKS) fail(where, `has more than ${MOST_LINKS} links`);
  return {
    name,
    title: textOf(record, "title", where),
    credentialType: textOf(record, "credentialType", where, CREDENTIAL_TYPE),
    schema: textOf(record, "schema", where, IRI),
    context: textOf(record, "context", where, IRI),
    documentOf,
    subjects: wordOf(record.subjects, subjectRules, `${where}, subjects,`),
    number: pointerOf(record, "number", where),
    salt: pointerOf(record, "salt", where),
    lifeCycle: listOf(record.lifeCycle, `${where}, lifeCycle,`, MOST_ITEMS).map((state, place) =>
      stateOf(state, `${where}, lifeCycle[${place}],`),
    ),
    rules: listOf(record.rules, `${where}, rules,`, MOST_ITEMS).map((rule, place) =>
      ruleOf(rule, `${where}, rules[${place}],`),
    ),
    links: links.map((link, place) => linkOf(link, `${where}, links[${place}],`, name)),
    sample: record.sample === undefined ? null : textOf(record, "sample", where, NAME),
  };
}

/**
 * Reads the message types of a document type, an issuing one before those that act on it.
 *
 * @param value parsed JSON of `message-types.json`
 * @throws Error with a sentence that says what is wrong with it; Problem for a predicate of another form
 */
export function parseMessageTypes(value: unknown): readonly DocumentMessageType[] {
  const types: DocumentMessageType[] = [];
  for (const [place, each] of listOf(value, "message-types.json", MOST_ITEMS).entries()) {
    const where = `message-types.json, [${place}],`;
    const record = membersOf(each, where, ["name", "effect", "batchable", "target", "hook"]);
    const effect = wordOf(record.effect, effects, `${where} effect,`);
    const { batchable = false } = record;
    if (typeof batchable !== "boolean") fail(where, "has a batchable that is neither true nor false");
    const acts = effect === "acquit" || effect === "revoke";
    if (acts !== (record.target !== undefined))
      fail(where, "has a target where its effect acts on one, and only there");
    const target = record.target === undefined ? null : predicateOf(record, "target", where);
    const isIssuing = ({ predicate, effect: does }: DocumentMessageType) =>
      predicate === target && does === "issue";
    if (target !== null && !types.some(isIssuing))
      fail(where, "acts on a type that no line before it issues");
    const predicate = predicateOf(record, "name", where);
    if (types.some((type) => type.predicate === predicate)) fail(where, "is there twice");
    types.push({ predicate, effect, batchable, target });
  }
  return types;
}

/**
 * Puts a document type together out of its files' contents, and checks that they fit.
 *
 * @param files the form may be left out
 * @throws Error with a sentence that says what does not
 */
export function documentTypeOf(files: {
  readonly manifest: unknown;
  readonly schema: unknown;
  readonly context: unknown;
  readonly messageTypes: unknown;
  readonly form?: unknown;
  /** Reads the sample of a name. */
  readonly sample?: (name: string) => unknown;
}): DocumentType {
  const manifest = parseManifest(files.manifest);
  const messageTypes = parseMessageTypes(files.messageTypes);
  const { schema, context } = files;
  if (!isRecord(schema) || schema.$id !== manifest.schema) {
    fail("schema.json", "has another $id than document-type.json says");
  }
  if (!isRecord(context) || !isRecord(context["@context"])) fail("context.jsonld", "has no @context");
  for (const predicate of manifest.documentOf) {
    const type = messageTypes.find((each) => each.predicate === predicate);
    if (type?.effect !== "issue")
      fail("document-type.json", `names ${predicate} in documentOf, which issues nothing`);
  }
  for (const { predicate } of manifest.lifeCycle) {
    if (predicate !== null && !messageTypes.some((each) => each.predicate === predicate)) {
      fail("document-type.json", `has ${predicate} in its life cycle, which message-types.json has not`);
    }
  }
  const { form = null } = files;
  if (form !== null && !isRecord(form)) fail("form.json", "is no object");
  const sample = manifest.sample === null ? null : files.sample?.(manifest.sample);
  if (sample === undefined || (sample !== null && !isRecord(sample))) {
    fail("document-type.json", "names a sample that is no document");
  }
  return {
    ...{ ...manifest, schemaDocument: schema, contextDocument: context, messageTypes, formDocument: form },
    sampleDocument: sample,
  };
}
