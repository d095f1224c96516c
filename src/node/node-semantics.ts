import { readSecret } from "../secret.ts";
import { documentNumbers, type NumberOfDocument } from "../semantics/document-number.ts";
import { loadDocumentTypes, loadLedgerContext, type DocumentTypes } from "../semantics/document-types.ts";
import { documentEmbedder, type EmbedDocument } from "../semantics/embed-document.ts";
import type { JsonRecord } from "../semantics/record.ts";
import { plainSemantics, type SemanticsConfig } from "../semantics/semantics-config.ts";
import { Subjects } from "../semantics/subjects.ts";
import {
  documentValidator,
  type DocumentFault,
  type ValidateDocument,
} from "../semantics/validate-document.ts";

/** A kind of credential, as those who issue and check credentials ask for it. */
export interface KnownCredentialType {
  readonly name: string;
  /** URLs of the contexts that it uses besides the data model's own, in order. */
  readonly contexts: readonly string[];
  readonly schema: { readonly id: string; readonly type: "JsonSchema" };
  readonly validate: (credential: unknown) => readonly DocumentFault[];
}

/** What a node knows of documents beyond their hash. */
export interface NodeSemantics {
  readonly documentTypes: DocumentTypes;
  readonly validateDocument: ValidateDocument;
  readonly subjects: Subjects;
  /** The kind of credential that calls itself so; null for one that this node does not know. */
  readonly findCredentialType: (credentialType: string) => KnownCredentialType | null;
  readonly embedDocument: EmbedDocument;
  readonly numberOf: NumberOfDocument;
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
    findCredentialType: (credentialType) => {
      const type = documentTypes.ofCredential(credentialType);
      if (type === null) return null;
      return {
        name: type.credentialType,
        contexts: [type.context],
        schema: { id: type.schema, type: "JsonSchema" },
        validate: (credential) => validateDocument(type, credential),
      };
    },
    embedDocument: documentEmbedder(documentTypes, validateDocument),
    numberOf: documentNumbers(documentTypes),
    ledgerContext: loadLedgerContext(),
    subjects: new Subjects(documentTypes, rules, secret === null ? null : readSecret(secret)),
  };
}
