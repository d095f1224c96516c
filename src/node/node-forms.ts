import type { Router } from "express";

import { documentTypesRouter } from "../http/document-types-router.ts";
import { DocumentForms } from "../paper/document-forms.ts";
import type { NodeSemantics } from "./node-semantics.ts";

/** What a node shows people of documents: their forms, and paper. */
export class NodeForms {
  readonly openRouters: readonly Router[];
  readonly forms: DocumentForms;

  /** @throws Error that says which document type's form is wrong, and how */
  constructor({ documentTypes }: Pick<NodeSemantics, "documentTypes">) {
    this.forms = new DocumentForms(documentTypes);
    this.openRouters = [documentTypesRouter(this.forms)];
  }
}
