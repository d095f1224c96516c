import { readSecret } from "../secret.ts";
import { loadDocumentTypes, type DocumentTypes } from "../semantics/document-types.ts";
import { plainSemantics, type SemanticsConfig } from "../semantics/semantics-config.ts";
import { Subjects } from "../semantics/subjects.ts";
import { documentValidator, type ValidateDocument } from "../semantics/validate-document.ts";

/** What a node knows of documents beyond their hash. */
export interface NodeSemantics {
  readonly documentTypes: DocumentTypes;
  readonly validateDocument: ValidateDocument;
  readonly subjects: Subjects;
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
  return {
    documentTypes,
    validateDocument: documentValidator(documentTypes),
    subjects: new Subjects(documentTypes, rules, secret === null ? null : readSecret(secret)),
  };
}
