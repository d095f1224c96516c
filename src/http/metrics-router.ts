import { Router, type RequestHandler } from "express";

import type { AnsweredRequest } from "../operations/metrics.ts";
import { requireUser } from "./caller.ts";

/** What can be scraped. */
export interface Scraped {
  readonly mediaType: string;
  text(): Promise<string>;
}

/** `GET /metrics` for administrators. */
export function metricsRouter(metrics: Scraped): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/metrics", async (_request, response) => {
    requireUser(response, "admin");
    await sendMetrics(metrics)(_request, response, () => undefined);
  });
  return router;
}

/** Answers with the metrics, whoever asks: for an address of its own that only the monitoring reaches. */
export function sendMetrics(metrics: Scraped): RequestHandler {
  return async (_request, response) => {
    const text = await metrics.text();
    response.set("Content-Type", metrics.mediaType).set("Cache-Control", "no-store").end(text);
  };
}

/**
 * Measures each request from its arrival to the end of its answer.
 *
 * @param nameOf a path's name, of which there must not be many
 */
export function measureRequests(
  nameOf: (path: string) => string,
  onAnswered: (request: AnsweredRequest) => void,
): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const [path = "/"] = request.originalUrl.split("?", 1);
    response.once("close", () => {
      onAnswered({
        method: METHODS.has(request.method) ? request.method : "other",
        route: nameOf(path),
        status: response.statusCode,
        seconds: (performance.now() - start) / 1000,
      });
    });
    next();
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);
