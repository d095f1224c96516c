import { readSecret } from "../secret.ts";
import { loadDocumentTypes, loadLedgerContext, type DocumentTypes } from "../semantics/document-types.ts";
import { documentEmbedder, type EmbedDocument } from "../semantics/embed-document.ts";
import type { JsonRecord } from "../semantics/record.ts";
import { plainSemantics, type SemanticsConfig } from "../semantics/semantics-config.ts";
import { Subjects } from "../semantics/subjects.ts";
import { documentValidator, type ValidateDocument } from "../semantics/validate-document.ts";

/** What a node knows of documents beyond their hash. */
export interface NodeSemantics {
  readonly documentTypes: DocumentTypes;
  readonly validateDocument: ValidateDocument;
  readonly subjects: Subjects;
  readonly embedDocument: EmbedDocument;
  /** What the node's own words mean in JSON-LD. */
  readonly ledgerContext: JsonRecord;
}

/**
 * Reads the document types and makes ready what goes by them.
 *
 * @param config those that come with the node, and no secret, where left out
 * @throws Error with a sentence that says which document type or setting is wrong, and how
 */
export function openSemantics(config: SemanticsConfig = plainSemantics): NodeSemantics {
  const documentTypes = loadDocumentTypes(config.documentTypes);
  const { rules, secret } = config.subjects;
  const validateDocument = documentValidator(documentTypes);
  return {
    documentTypes,
    validateDocument,
    embedDocument: documentEmbedder(documentTypes, validateDocument),
    ledgerContext: loadLedgerContext(),
    subjects: new Subjects(documentTypes, rules, secret === null ? null : readSecret(secret)),
  };
}
