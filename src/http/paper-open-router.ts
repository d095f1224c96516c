import { pipeline } from "node:stream/promises";

import { Router } from "express";

import { parseMultihash } from "../domain/multihash.ts";
import type { SealedCopies } from "../paper/sealed-copies.ts";
import type { TrustLists } from "../paper/trust-lists.ts";
import { addressOf } from "./rate-limit.ts";

/** What is told everybody about papers. */
export interface PublishedPaper {
  readonly copies: SealedCopies;
  readonly trustLists: TrustLists;
}

const JOSE = "application/jose";
const LIST_SECONDS = 300;

/** Sealed copies, which the key on the paper opens, and whose seals this node believes (openapi/paper.yaml). Open to everybody. */
export function paperOpenRouter({ copies, trustLists }: PublishedPaper): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/documents/:multihash/sealed", async (request, response) => {
    const { length, content } = await copies.of(parseMultihash(request.params.multihash), addressOf(request));
    response.set("Cache-Control", "no-store").type(JOSE).set("Content-Length", String(length));
    await pipeline(content, response);
  });

  router.get("/trust-list", async (request, response) => {
    const isSigned = request.accepts(["application/json", JOSE]) === JOSE;
    const list = isSigned ? await trustLists.signed() : await trustLists.current();
    response.set("Cache-Control", `public, max-age=${LIST_SECONDS}`).vary("Accept");
    if (typeof list === "string") response.type(JOSE).send(list);
    else response.json(list);
  });

  return router;
}
