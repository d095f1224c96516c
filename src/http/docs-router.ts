import { Router } from "express";

import { docsPage, docsStyle } from "./docs-page.ts";
import type { OpenApiDocument } from "./openapi.ts";

/** The page runs nothing, and loads nothing but its own style sheet. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/docs`: the OpenAPI document as a page, open to everybody as the document itself is. */
export function docsRouter(document: OpenApiDocument): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const page = docsPage(document);
  router.get("/docs", (_request, response) => {
    response.set("Content-Security-Policy", POLICY).type("html").end(page);
  });
  router.get("/docs/style.css", (_request, response) => {
    response.set("Content-Security-Policy", POLICY).type("css").end(docsStyle);
  });
  return router;
}
