import { askJson } from "../../api/node-api.ts";
import type { Form } from "../../../src/paper/form.ts";
import type { Effect } from "./node-records.ts";

/** What the node says of a document type in its list. */
export interface DocumentTypeSummary {
  readonly name: string;
  readonly title: string;
  readonly credentialType: string;
  /** The issuing message types whose document is of this type. */
  readonly documentOf: readonly string[];
  readonly messageTypes: readonly { readonly predicate: string; readonly effect: Effect }[];
}

/** All that is known of a document type. */
export interface DocumentTypeRecord extends DocumentTypeSummary {
  readonly form: Form | null;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly codeLists: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** JSON pointer to the document's number. */
  readonly number: string;
  /** A valid document to begin from. */
  readonly sample: Readonly<Record<string, unknown>> | null;
}

const asked = new Map<string, Promise<unknown>>();

/** Asks once: types change only when the node is started anew. What failed is asked again. */
function once<Answer>(path: string): Promise<Answer> {
  const known = asked.get(path);
  if (known !== undefined) return known as Promise<Answer>;
  const answer = askJson<Answer>(path);
  asked.set(path, answer);
  answer.catch(() => asked.delete(path));
  return answer;
}

/** The types that the node knows. @throws ApiFailure */
export async function documentTypes(): Promise<readonly DocumentTypeSummary[]> {
  const { items } = await once<{ readonly items: readonly DocumentTypeSummary[] }>("document-types");
  return items;
}

/** @throws ApiFailure */
export function documentType(name: string): Promise<DocumentTypeRecord> {
  return once(`document-types/${encodeURIComponent(name)}`);
}
