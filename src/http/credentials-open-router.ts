import { Router } from "express";

import { liveAnchors } from "../credentials/anchor-repository.ts";
import { LIST_LIFETIME_MS, type StatusPublisher } from "../credentials/status-publisher.ts";
import { CREDENTIAL_MEDIA_TYPE } from "../credentials/vc-jwt.ts";
import { Problem } from "../domain/problems.ts";
import type { Store } from "../store/store.ts";

/** What is told everybody about this agency's credentials. */
export interface PublishedCredentials {
  readonly store: Store;
  readonly publisher: StatusPublisher;
  /** The agency's DID document, as JSON. */
  readonly didDocument: () => Promise<Readonly<Record<string, unknown>>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const DOCUMENT_SECONDS = 300;

/** Status lists, anchors and the agency's DID document (openapi/credentials.yaml). Open to everybody. */
export function credentialsOpenRouter({ store, publisher, didDocument, now }: PublishedCredentials): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/credentials/status/:list", async (request, response) => {
    const text = await publisher.textOf(Number(request.params.list));
    if (text === null)
      throw new Problem("not-found", "There is no status list of this number: see the credential's own.");
    response
      .set("Cache-Control", `public, max-age=${Math.floor(LIST_LIFETIME_MS / 5_000)}`)
      .type(CREDENTIAL_MEDIA_TYPE)
      .send(text);
  });

  router.get("/credentials/anchors/:did", async (request, response) => {
    const anchors = await liveAnchors(store.db, request.params.did, now());
    response.set("Cache-Control", "no-store").json({ items: anchors.map(({ credential }) => credential) });
  });

  router.get("/.well-known/did.json", async (_request, response) => {
    response.set("Cache-Control", `public, max-age=${DOCUMENT_SECONDS}`).json(await didDocument());
  });

  return router;
}
