import { createHash } from "node:crypto";

import { Router, type Request, type Response } from "express";

import { Problem } from "../domain/problems.ts";
import type { DocumentForms } from "../paper/document-forms.ts";
import { namesEntityTag } from "./entity-tag.ts";

/** They change only when the node is started anew; whoever asks again is told in a few bytes that they did not. */
const SECONDS = 300;

/** An answer that stays the same as long as the node runs. */
interface FixedAnswer {
  readonly answer: unknown;
  readonly etag: string;
}

/** What is known of documents by their kind (openapi/document-types.yaml). Open to everybody. */
export function documentTypesRouter(forms: DocumentForms): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const list = fixed({ items: forms.all });
  const types = new Map(forms.all.map(({ name }) => [name, fixed(forms.named(name))]));

  router.get("/document-types", (request, response) => {
    send(list, request, response);
  });

  router.get("/document-types/:name", (request, response) => {
    const type = types.get(request.params.name);
    if (type === undefined)
      throw new Problem("not-found", "This node knows no such document type: see GET /document-types.");
    send(type, request, response);
  });

  return router;
}

function fixed(answer: unknown): FixedAnswer {
  const body = JSON.stringify(answer);
  return { answer, etag: `"${createHash("sha256").update(body).digest("base64url")}"` };
}

function send({ answer, etag }: FixedAnswer, request: Request, response: Response): void {
  response.set("Cache-Control", `public, max-age=${SECONDS}`).set("ETag", etag);
  if (namesEntityTag(request.headers["if-none-match"], etag)) response.status(304).end();
  else response.json(answer);
}
