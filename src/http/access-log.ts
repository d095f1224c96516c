import type { RequestHandler } from "express";

import type { Logger } from "../log.ts";
import { requestIdOf } from "./caller.ts";

/** Logs each finished request in one line: without query, headers and body, which may be nobody's business. */
export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      log.info("request", {
        requestId: requestIdOf(request),
        method: request.method,
        path: request.originalUrl.split("?", 1)[0],
        status: response.statusCode,
        milliseconds: Math.round(performance.now() - start),
        ...(response.writableFinished ? {} : { cutOff: true }),
      });
    });
    next();
  };
}
