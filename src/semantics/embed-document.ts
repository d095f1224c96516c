import type { DocumentType } from "./document-type.ts";
import type { DocumentTypes } from "./document-types.ts";
import { isRecord, type JsonRecord } from "./record.ts";
import type { ValidateDocument } from "./validate-document.ts";

/** Why a document's content is given by reference only. */
export type NotEmbedded =
  /** Its media type is none of JSON's, or its bytes are no JSON. */
  | "not-json"
  /** It is of no document type that this node knows. */
  | "unknown-type"
  /** It is not as its type demands. */
  | "invalid"
  /** It would say something of what is not its own. */
  | "unsafe";

/** A document's content as JSON-LD that can stand inside another document, or why it cannot. */
export type Embedding =
  { readonly type: DocumentType; readonly content: JsonRecord } | { readonly reason: NotEmbedded };

/** Makes a document's bytes JSON-LD that can stand inside another document. */
export type EmbedDocument = (mediaType: string, bytes: Uint8Array) => Embedding;

const W3C_CONTEXT = "https://www.w3.org/ns/credentials/v2";
/** What names something else in the data model of credentials, where it is a text. */
const W3C_REFERENCES = [
  ...["id", "issuer", "holder", "credentialSubject", "credentialSchema", "credentialStatus", "evidence"],
  ...["statusListCredential", "statusReference", "termsOfUse", "refreshService", "relatedResource"],
  ...["renderMethod", "confidenceMethod", "verifiableCredential", "proof"],
];
const JSON_TYPES = ["application/json", "application/ld+json", "application/vc", "application/vc+json"];
const SECURED = "application/vc+jwt";
const JWS = /^[\w-]+\.([\w-]+)\.[\w-]*$/;
/** Neither a keyword, nor a prefixed name or an IRI in the place of a term. */
const MEMBER = /^[A-Za-z][A-Za-z0-9_-]{0,199}$/;
const NO_MEMBERS = ["constructor", "prototype"];
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
/** Blank nodes, which all graphs of an answer share; and the names that the node itself gives. */
const NOT_ITS_OWN = /^(?:_:|urn:icl:)/i;

/**
 * What makes documents of known types embeddable. A document is somebody else's word, so only one that meets its type's
 * schema is taken, with its type's contexts and no others, and it cannot use what the node's own nodes are named by.
 *
 * The signature of a credential is not looked at: what is embedded is what the document says, whoever wrote it.
 */
export function documentEmbedder(types: DocumentTypes, validate: ValidateDocument): EmbedDocument {
  const references = new Map(
    types.all.map((type) => [type.name, new Set([...W3C_REFERENCES, ...referencesIn(type.contextDocument)])]),
  );
  return (mediaType, bytes) => {
    const document = jsonOf(mediaType, bytes);
    if (document === undefined) return { reason: "not-json" };
    const type = typeOf(types, document);
    if (type === null || !isRecord(document)) return { reason: "unknown-type" };
    if (validate(type, document).length > 0) return { reason: "invalid" };
    const { "@context": own, ...content } = document;
    if (!isContained(content, references.get(type.name) ?? new Set(), "")) return { reason: "unsafe" };
    // First nothing, so that no word around the document has a meaning inside it.
    const context = [null, ...(own as readonly string[])];
    return { type, content: { "@context": context, ...content } };
  };
}

/** The JSON of a document, a credential's payload. @returns undefined for what is no JSON */
export function jsonOf(mediaType: string, bytes: Uint8Array): unknown {
  const [essence = ""] = mediaType.toLowerCase().split(";", 1);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (JSON_TYPES.includes(essence.trim())) return JSON.parse(text) as unknown;
    if (essence.trim() !== SECURED) return undefined;
    const payload = JWS.exec(text.trim())?.[1];
    if (payload === undefined) return undefined;
    const decoded = Buffer.from(payload, "base64url");
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(decoded)) as unknown;
  } catch {
    return undefined;
  }
}

/** The type of a document, by the contexts alone: these and no others say what its members mean. */
export function typeOf(types: DocumentTypes, document: unknown): DocumentType | null {
  const contexts: unknown = isRecord(document) ? document["@context"] : null;
  if (!Array.isArray(contexts) || contexts.length !== 2) return null;
  const [first, second] = contexts as readonly unknown[];
  return first === W3C_CONTEXT && typeof second === "string" ? types.ofContext(second) : null;
}

/** Whether a part of a document names nothing but what is its own. Its depth and size have been looked at before. */
function isContained(value: unknown, references: ReadonlySet<string>, within: string): boolean {
  if (typeof value === "string") {
    return !NOT_ITS_OWN.test(value) && (!references.has(within) || ABSOLUTE.test(value));
  }
  if (Array.isArray(value)) return value.every((item) => isContained(item, references, within));
  if (!isRecord(value)) return true;
  return Object.entries(value).every(
    ([name, inner]) =>
      MEMBER.test(name) && !NO_MEMBERS.includes(name) && isContained(inner, references, name),
  );
}

/** The terms of a context whose value, as a text, is the name of something. */
function referencesIn(value: unknown): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([term, definition]) => {
    const names = definition === "@id" || (isRecord(definition) && definition["@type"] === "@id");
    return [...(names ? [term] : []), ...referencesIn(definition)];
  });
}
