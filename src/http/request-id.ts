import { randomUUID } from "node:crypto";

import type { RequestHandler } from "express";

import { inRequest } from "../request-context.ts";

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

/**
 * Names each request, for logs and for the answer's X-Request-Id: by the caller's own id where that is 8 to 64 letters,
 * digits, dots, hyphens or underscores, by a fresh UUID otherwise. What handles the request logs and records under it.
 */
export function requestId(): RequestHandler {
  return (request, response, next) => {
    const offered = request.get("x-request-id");
    const id = offered !== undefined && WELL_FORMED.test(offered) ? offered : randomUUID();
    response.set("X-Request-Id", id);
    inRequest(id, next);
  };
}
