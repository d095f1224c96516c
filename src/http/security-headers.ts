import type { RequestHandler } from "express";

/**
 * Headers that keep browsers from guessing, framing, caching or running what this node answers. Routes may relax
 * Cache-Control for what never changes.
 */
export function securityHeaders(): RequestHandler {
  return (_request, response, next) => {
    response.set({
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "Strict-Transport-Security": "max-age=31536000",
      "Cache-Control": "no-store",
    });
    next();
  };
}
