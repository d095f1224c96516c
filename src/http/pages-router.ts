import { Router, type Response } from "express";

import { isMessageId } from "../domain/message.ts";
import { parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { formatFragment } from "../paper/verifier-link.ts";
import type { Pages } from "./pages.ts";

/** Names no stranger chose: a year is as good as for ever. */
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * What a page may do: run and load what this node serves, and speak with this node. No script in the page itself, none from
 * elsewhere, and no text that becomes one (Trusted Types).
 */
const policy = (formAction: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");

/**
 * The pages for people: `/verify` for everybody, `/console` for who signs in there. They come from this node alone and use
 * its public API (openapi/pages.yaml; decision record 0032).
 *
 * @param pages null where they are not built: their addresses say so
 */
export function pagesRouter(pages: Pages | null): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const built = (): Pages => {
    if (pages !== null) return pages;
    throw new Problem("not-found", "The pages are not built on this node: its operator runs npm run build.");
  };

  router.get("/verify", (_request, response) => {
    send(response, built().verify, "'none'", "camera=(self)");
  });
  // A browser that follows an address made for programs is led to the page, with what it asked for.
  router.get("/verify/:multihash", (request, response, next) => {
    if (pages === null || request.accepts(["json", "html"]) !== "html") {
      next();
      return;
    }
    const { multihash } = request.params;
    const id: unknown = request.query.message;
    const fragment = formatFragment({
      multihash: parseMultihash(multihash),
      messageId: typeof id === "string" && isMessageId(id) ? id : null,
      accessKey: null,
    });
    response.vary("Accept").redirect(303, `../verify#${fragment}`);
  });
  router.get("/verify-worker.js", (_request, response) => {
    response
      .set({
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
        "Cache-Control": "no-cache",
      })
      .type("js")
      .send(built().verifyWorker);
  });
  router.get("/console", (_request, response) => {
    send(response, built().console, "'self'", "camera=()");
  });
  router.get("/assets/:name", (request, response) => {
    const { name } = request.params;
    const asset = built().assets.get(name);
    if (asset === undefined) throw new Problem("not-found", "There is no such file: load the page anew.");
    response
      .set({ "Cache-Control": FOR_EVER, "Content-Security-Policy": "default-src 'none'" })
      .type(name.slice(name.lastIndexOf(".")))
      .send(asset);
  });
  return router;
}

function send(response: Response, page: Buffer, formAction: string, permissions: string): void {
  response
    .set({
      "Content-Security-Policy": policy(formAction),
      "Permissions-Policy": `${permissions}, geolocation=(), microphone=(), payment=(), usb=()`,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cache-Control": "no-cache",
    })
    .type("html")
    .send(page);
}
