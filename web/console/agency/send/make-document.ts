import { ApiFailure, askJson } from "../../../api/node-api.ts";
import type { DocumentTypeRecord } from "../document-types.ts";

/** How a document of a type goes: signed by the node as a verifiable credential, or stored as the JSON that it is. */
export type DocumentForm = "credential" | "json";

/** A document that the node holds. */
export interface Made {
  readonly multihash: string;
}

/** The node has no subject of its own making for it: the browser makes one at random. */
const NO_SUBJECT: ReadonlySet<string> = new Set(["subject-secret-missing", "document-type-unknown"]);

/**
 * Has the node issue a document as a credential, or store it as JSON.
 *
 * @param document whole, as `documentOf` makes it
 * @throws ApiFailure
 */
export function makeDocument(
  document: Readonly<Record<string, unknown>>,
  { credentialType }: Pick<DocumentTypeRecord, "credentialType">,
  form: DocumentForm,
): Promise<Made> {
  if (form === "json") {
    return askJson<Made>("documents", {
      method: "POST",
      body: { content: JSON.stringify(document), mediaType: "application/json" },
    });
  }
  const { credentialSubject, validFrom, validUntil } = document;
  return askJson<Made>("credentials", {
    method: "POST",
    json: {
      ...{ type: credentialType, credentialSubject, validFrom },
      ...(validUntil === undefined ? {} : { validUntil }),
    },
  });
}

/**
 * A subject that says nothing to outsiders: the node's own for the document's number, where it has one, else at random.
 *
 * @param type name of the document type; null where there is none
 * @param number null where it says none
 * @throws ApiFailure
 */
export async function privateSubject(
  type: string | null,
  number: string | null,
  signal?: AbortSignal,
): Promise<string> {
  if (type !== null && number !== null) {
    try {
      const { subject } = await askJson<{ readonly subject: string }>("subjects/private", {
        ...{ method: "POST", json: { type, number } },
        ...(signal === undefined ? {} : { signal }),
      });
      return subject;
    } catch (error) {
      if (!(error instanceof ApiFailure) || !NO_SUBJECT.has(error.code)) throw error;
    }
  }
  return `urn:uuid:${crypto.randomUUID()}`;
}
