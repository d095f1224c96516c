import { CredentialFault } from "./credential-fault.ts";
import { isRfc3339 } from "./moment.ts";

/** The context that every credential begins with (VC Data Model 2.0 §4.3). */
export const BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2";

type Json = Readonly<Record<string, unknown>>;

/** A verifiable credential (VC Data Model 2.0) as far as this node reads it. Its form was looked at; nothing is believed. */
export interface Credential {
  /** URL of the credential itself; null for one without. */
  readonly id: string | null;
  /** In order; the first is `BASE_CONTEXT`. */
  readonly contexts: readonly string[];
  /** `VerifiableCredential`, and what else it is. */
  readonly types: readonly string[];
  readonly issuer: { readonly id: string; readonly name: string | null };
  /** Milliseconds since 1970; null where it does not say. */
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  readonly schemas: readonly { readonly id: string; readonly type: string }[];
  /** Status entries, not looked at. */
  readonly statuses: readonly Json[];
  readonly subjects: readonly Json[];
  /** The whole, as parsed. */
  readonly json: Json;
}

const DEEPEST = 24;
const MOST_VALUES = 50_000;
const LONGEST_ARRAY = 10_000;
const LONGEST_URL = 2_048;
const MOST_ENTRIES = 20;
/** Names by which a careless program would change more than the object at hand. */
const DANGEROUS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads a credential of the VC Data Model 2.0.
 *
 * @param payload parsed JSON that somebody else wrote
 * @throws CredentialFault `credential-malformed`; also for one of version 1.1, which wraps it in a `vc` claim
 */
export function parseCredential(payload: unknown): Credential {
  if (!isJson(payload)) throw malformed("is no JSON object");
  checkBounds(payload);
  if (Object.hasOwn(payload, "vc") || Object.hasOwn(payload, "vp")) {
    throw malformed("is wrapped in a vc or vp claim, as of version 1.1: write it by version 2.0");
  }
  const contexts = readContexts(payload["@context"]);
  const types = texts(payload.type, "type");
  if (!types.includes("VerifiableCredential") || new Set(types).size < types.length) {
    throw malformed("must have the type VerifiableCredential, and no type twice");
  }
  const issuer = readIssuer(payload.issuer);
  const subjects = objects(payload.credentialSubject, "credentialSubject");
  if (subjects.length === 0) throw malformed("has no credentialSubject");
  const id = payload.id === undefined ? null : url(payload.id, "id");
  agree(payload.iss, issuer.id, "iss");
  agree(payload.jti, id, "jti");
  agree(payload.sub, subjects[0]?.id, "sub");
  const [validFrom, validUntil] = [moment(payload, "validFrom"), moment(payload, "validUntil")];
  if (validFrom !== null && validUntil !== null && validUntil < validFrom)
    throw malformed("ends before it begins");
  return {
    ...{ id, contexts, types, issuer, subjects },
    validFrom: latest(validFrom, seconds(payload, "nbf")),
    validUntil: earliest(validUntil, seconds(payload, "exp")),
    schemas: objects(payload.credentialSchema, "credentialSchema").map((schema) => ({
      id: url(schema.id, "credentialSchema.id"),
      type: text(schema.type, "credentialSchema.type"),
    })),
    statuses: objects(payload.credentialStatus, "credentialStatus"),
    json: payload,
  };
}

/** Depth and number are bounded before anything walks through it. */
function checkBounds(payload: Json): void {
  let values = 0;
  const look = (value: unknown, depth: number): void => {
    values += 1;
    if (values > MOST_VALUES || depth > DEEPEST) throw malformed("is too deep or too large");
    if (Array.isArray(value)) {
      if (value.length > LONGEST_ARRAY) throw malformed("has a list that is too long");
      for (const item of value as unknown[]) look(item, depth + 1);
      return;
    }
    if (!isJson(value)) return;
    for (const name of Object.keys(value)) {
      if (DANGEROUS.has(name)) throw malformed("has a member of a forbidden name");
      look(value[name], depth + 1);
    }
  };
  look(payload, 0);
}

function readContexts(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ENTRIES) {
    throw malformed("must have a list of contexts");
  }
  const contexts = value.map((context: unknown) => {
    // A context written into the credential could give its words another meaning than was agreed on.
    if (typeof context !== "string") throw malformed("has a context that is not named by its URL");
    return context;
  });
  if (contexts[0] !== BASE_CONTEXT) throw malformed(`must have ${BASE_CONTEXT} as its first context`);
  if (new Set(contexts).size < contexts.length) throw malformed("names a context twice");
  return contexts;
}

function readIssuer(value: unknown): Credential["issuer"] {
  if (typeof value === "string") return { id: url(value, "issuer"), name: null };
  if (!isJson(value)) throw malformed("has no issuer");
  return { id: url(value.id, "issuer.id"), name: typeof value.name === "string" ? value.name : null };
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_URL) {
    throw malformed(`must have a short text as ${name}`);
  }
  return value;
}

function url(value: unknown, name: string): string {
  const found = text(value, name);
  if (!URL.canParse(found)) throw malformed(`must have a URL as ${name}`);
  return found;
}

function texts(value: unknown, name: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length > MOST_ENTRIES) throw malformed(`has too many of ${name}`);
  return list.map((each) => text(each, name));
}

/** One object or a list of them; none where it is left out. */
function objects(value: unknown, name: string): readonly Json[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length > MOST_ENTRIES || !list.every((each) => isJson(each) && Object.keys(each).length > 0)) {
    throw malformed(`has a ${name} that is no object, or too many of them`);
  }
  return list as readonly Json[];
}

function moment(payload: Json, name: "validFrom" | "validUntil"): number | null {
  const value = payload[name];
  if (value === undefined) return null;
  if (typeof value !== "string" || !isRfc3339(value)) {
    throw malformed(`must have an RFC 3339 date-time with its offset as ${name}`);
  }
  return Date.parse(value);
}

/** A registered claim of JWTs (RFC 7519), in milliseconds: it can only narrow what the credential says. */
function seconds(payload: Json, name: "nbf" | "exp"): number | null {
  const value = payload[name];
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isFinite(value)) throw malformed(`must have a number as ${name}`);
  return value * 1000;
}

function latest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other);
}

function earliest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.min(one, other);
}

/** A claim of JWTs that repeats a member must say the same (VC JOSE COSE 1.0 §3.1.3). */
function agree(claim: unknown, member: unknown, name: string): void {
  if (claim !== undefined && claim !== member) throw malformed(`contradicts itself in ${name}`);
}

function malformed(what: string): CredentialFault {
  return new CredentialFault("credential-malformed", `The credential ${what}.`);
}
