import { Router } from "express";

import type { MessageId } from "../domain/message.ts";
import { parseMultihash } from "../domain/multihash.ts";
import type { FormLanguage } from "../paper/form.ts";
import type { PrintDocument } from "../paper/print-document.ts";
import { requireUser } from "./caller.ts";

/** What may be said of a paper that is asked for; its form was checked against the OpenAPI document. */
interface PrintRequest {
  readonly language?: FormLanguage;
  readonly message?: MessageId;
}

/** The paper of a certificate (openapi/print.yaml). */
export function printRouter(printDocument: PrintDocument): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.post("/documents/:multihash/print", async (request, response) => {
    const caller = requireUser(response, "messages:write");
    const multihash = parseMultihash(request.params.multihash);
    const { language = "en", message = null } = (request.body ?? {}) as PrintRequest;
    const paper = await printDocument(caller, multihash, { language, messageId: message });
    response
      .set("Content-Disposition", `attachment; filename="${multihash}.pdf"`)
      .set("Content-Language", language)
      .type("application/pdf")
      .send(paper);
  });

  return router;
}
