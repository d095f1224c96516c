import type { Router } from "express";

import type { DocumentsOptions } from "../documents/documents.ts";
import { documentTypesRouter } from "../http/document-types-router.ts";
import { printRouter } from "../http/print-router.ts";
import { DocumentForms } from "../paper/document-forms.ts";
import { documentPrinter, type PrintingOptions } from "../paper/print-document.ts";
import type { NodeSemantics } from "./node-semantics.ts";

/** What a node shows people of documents: their forms, and paper. */
export class NodeForms {
  readonly forms: DocumentForms;
  readonly openRouters: readonly Router[];
  readonly #semantics: Pick<NodeSemantics, "documentTypes" | "validateDocument">;

  /** @throws Error that says which document type's form is wrong, and how */
  constructor(semantics: Pick<NodeSemantics, "documentTypes" | "validateDocument">) {
    this.#semantics = semantics;
    this.forms = new DocumentForms(semantics.documentTypes);
    this.openRouters = [documentTypesRouter(this.forms)];
  }

  /** Paper, where documents can be sealed. */
  routers(
    documents: DocumentsOptions,
    { sealDocument, participants }: Pick<PrintingOptions, "sealDocument" | "participants">,
  ): readonly Router[] {
    const { documentTypes, validateDocument } = this.#semantics;
    const { forms } = this;
    return [
      printRouter(
        documentPrinter({
          ...{ ...documents, documentTypes, validateDocument, forms },
          ...{ sealDocument, participants },
        }),
      ),
    ];
  }
}
