import { Router, type Request } from "express";

import { eraseDocument, holdDocument, releaseDocument, type ErasureOptions } from "../documents/erasure.ts";
import { findHold, type Hold } from "../documents/hold-repository.ts";
import { digestOf, multihashOf, parseMultihash, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { requireUser } from "./caller.ts";

const LONGEST_REASON = 500;

/** Legal hold and erasure of documents, for administrators (openapi/keeping.yaml and documents.yaml). */
export function keepingRouter(options: ErasureOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/documents/:multihash/hold", async (request, response) => {
    requireUser(response, "admin");
    const hold = await findHold(options.store.db, digestIn(request));
    if (hold === null) throw new Problem("not-found", "The document is under no hold.");
    response.json(toJson(hold));
  });

  router.put("/documents/:multihash/hold", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const { reason } = request.body as { readonly reason?: unknown };
    response.json(toJson(await holdDocument(options, administrator, digestIn(request), reasonOf(reason))));
  });

  router.delete("/documents/:multihash/hold", async (request, response) => {
    await releaseDocument(options, requireUser(response, "admin"), digestIn(request));
    response.status(204).end();
  });

  router.delete("/documents/:multihash", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const digest = digestIn(request);
    const reason = reasonOf(request.query.reason);
    const { erasedAt, bytesRemoved } = await eraseDocument(options, administrator, digest, reason);
    response.json({
      multihash: multihashOf(digest),
      erasedAt: new Date(erasedAt).toISOString(),
      bytesRemoved,
    });
  });

  return router;
}

function digestIn(request: Request): Digest {
  return digestOf(parseMultihash(String(request.params.multihash)));
}

function reasonOf(reason: unknown): string {
  const text = typeof reason === "string" ? reason.trim() : "";
  if (text === "" || text.length > LONGEST_REASON) {
    throw new Problem("malformed-request", `Give a reason of 1 to ${LONGEST_REASON} characters.`);
  }
  return text;
}

function toJson({ digest, reason, heldBy, heldAt }: Hold) {
  return { multihash: multihashOf(digest), reason, heldBy, heldAt: new Date(heldAt).toISOString() };
}
