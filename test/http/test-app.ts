import type { Router } from "express";

import { parseDomain } from "../../src/domain/participant.ts";
import { createApp, type AppOptions } from "../../src/http/app.ts";
import { startServer, type HttpServer } from "../../src/http/server.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import { silentLogger } from "../../src/log.ts";

/** What the shell is tested with: real HTTP on a free port, answers checked against the OpenAPI document. */
export async function serve(
  authenticate: Authenticate,
  routers: readonly Router[],
  options: Partial<AppOptions> = {},
): Promise<HttpServer> {
  const app = createApp({
    routers,
    authenticate,
    health: {
      participant: parseDomain("homeaffairs.gov.au"),
      ready: () => Promise.resolve([]),
      channels: () => Promise.resolve([]),
    },
    log: silentLogger,
    limits: { messageBytes: 64 * 1024, requestsPerMinute: 1_000, anonymousRequestsPerMinute: 1_000 },
    publicUrl: "http://127.0.0.1",
    validateResponses: true,
    ...options,
  });
  return startServer(app, { host: "127.0.0.1", port: 0 }, { requestSeconds: 600, connections: 100 });
}

/** An answer's problem document, checked to be one. */
export async function problemOf(
  response: Response,
): Promise<{ status: number; code: string; detail: string }> {
  const mediaType = response.headers.get("content-type");
  if (!mediaType?.startsWith("application/problem+json")) {
    const begin = JSON.stringify((await response.text()).slice(0, 200));
    throw new Error(`expected a problem document, got ${response.status} ${mediaType}: ${begin}`);
  }
  const body = (await response.json()) as { status: number; code: string; detail: string };
  if (body.status !== response.status)
    throw new Error(`status ${body.status} in the document of a ${response.status}`);
  return body;
}
