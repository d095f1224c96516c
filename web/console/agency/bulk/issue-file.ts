import { ApiFailure } from "../../../api/node-api.ts";
import { documentType, documentTypes, type DocumentTypeRecord } from "../document-types.ts";
import { keep, kept } from "../kept.ts";
import { numberIn } from "../read-document.ts";
import { documentOf, faultsIn } from "../send/check.ts";
import { labelOf, sentenceOfFault } from "../send/filling.ts";
import { makeDocument, privateSubject } from "../send/make-document.ts";
import { pathOf } from "../send/values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A file that is a document of a known type, not yet signed by anybody. */
export interface FiledDocument {
  readonly type: DocumentTypeRecord;
  readonly text: string;
  readonly json: Members;
}

/** What a file became, and the subject that goes with it. */
export interface Issued {
  readonly obj: string;
  readonly subject: string;
  /** RFC 3339; empty for no end. */
  readonly validUntil: string;
}

const LARGEST = 1024 * 1024;
const MOST_FAULTS_SAID = 3;
/** So much of a hash tells the documents of one tab apart, and leaves room for many. */
const NAME_BYTES = 16;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Finds what is to be issued in a file that goes with a message.
 *
 * @returns null for what is stored as it is: no JSON, a message type that issues no document of a known type, or a credential
 *   that somebody signed already
 * @throws ApiFailure `document-not-json` for what is called JSON and is none, and those of asking for the types
 */
export async function documentIn(file: File, predicate: string): Promise<FiledDocument | null> {
  const isJson = file.type.endsWith("json") || /\.(?:json|jsonld)$/i.test(file.name);
  if (!isJson || file.size > LARGEST) return null;
  const types = (await documentTypes()).filter(({ documentOf: predicates }) =>
    predicates.includes(predicate),
  );
  const [only] = types;
  if (only === undefined) return null;
  const text = await file.text().catch(() => {
    throw new ApiFailure("file-unreadable", 400, `${file.name} cannot be read.`);
  });
  const json = jsonIn(text);
  if (json === null) throw new ApiFailure("document-not-json", 400, "This is not JSON.");
  if ("proof" in json) return null;
  const claimed: readonly unknown[] = Array.isArray(json.type) ? json.type : [];
  const { name } = types.find(({ credentialType }) => claimed.includes(credentialType)) ?? only;
  return { type: await documentType(name), text, json };
}

function jsonIn(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Issues a document as a credential, once: the same file of the same user in this tab is the same credential, also after the
 * page was gone, so that what is sent of it is the same message.
 *
 * @param row `validUntil`: RFC 3339, empty for what the document says; `subject`: empty for one that says nothing to outsiders
 * @throws ApiFailure
 */
export async function issueFile(
  { type, text, json }: FiledDocument,
  row: { readonly validUntil: string; readonly subject: string },
  participant: string,
  signal: AbortSignal,
): Promise<Issued> {
  const said = (name: string) => (typeof json[name] === "string" ? json[name] : "");
  const validUntil = row.validUntil === "" ? said("validUntil") : row.validUntil;
  const name = `issued ${await shortHash(JSON.stringify([type.name, validUntil, text]))}`;
  const before = kept(name);
  if (isMembers(before) && typeof before.obj === "string" && typeof before.subject === "string") {
    const subject = row.subject === "" ? before.subject : row.subject;
    return { obj: before.obj, subject, validUntil };
  }
  const document = documentOf(type.schema, json.credentialSubject, {
    issuer: { id: `did:web:${participant}`, name: participant },
    validFrom: said("validFrom") === "" ? new Date().toISOString() : said("validFrom"),
    validUntil: validUntil === "" ? null : validUntil,
  });
  // Its name first: a number that the node makes none of leaves no credential behind.
  const subject =
    row.subject === "" ? await privateSubject(type.name, numberIn(document), signal) : row.subject;
  // It is waited for, whoever stops the run: nobody would know of what was issued.
  const { multihash: obj } = await inWords(type, makeDocument(document, type, "credential"));
  if (!keep(name, { obj, subject })) {
    throw new ApiFailure("no-room", 507, "This tab can note nothing more.");
  }
  return { obj, subject, validUntil };
}

/** Says in place of "see faults" what they are, each by the field that it is about. */
async function inWords<Answer>(type: DocumentTypeRecord, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    const faults = error instanceof ApiFailure ? faultsIn(error.members) : [];
    if (!(error instanceof ApiFailure) || faults.length === 0) throw error;
    const said = faults.slice(0, MOST_FAULTS_SAID).map((fault) => {
      const path = pathOf(fault.pointer);
      return path.length === 0 ? sentenceOfFault(fault) : `${labelOf(type, path)}: ${sentenceOfFault(fault)}`;
    });
    const more = faults.length > MOST_FAULTS_SAID ? ` (+${faults.length - MOST_FAULTS_SAID})` : "";
    throw new ApiFailure(error.code, error.status, `${said.join(" · ")}${more}`, { members: error.members });
  }
}

async function shortHash(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash).subarray(0, NAME_BYTES)));
}
