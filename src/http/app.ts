import express, { type Express, type Request, type Response, type Router } from "express";

import type { Refusal } from "../audit/access-refusals.ts";
import { Problem } from "../domain/problems.ts";
import type { Authenticate } from "../identity/authenticate.ts";
import type { Logger } from "../log.ts";
import type { AnsweredRequest } from "../operations/metrics.ts";
import { accessLog } from "./access-log.ts";
import { authentication } from "./authentication.ts";
import { knownCaller } from "./caller.ts";
import { docsRouter } from "./docs-router.ts";
import { errorHandler } from "./error-handler.ts";
import { healthRouter, type Health } from "./health-router.ts";
import { measureRequests } from "./metrics-router.ts";
import { loadOpenApi } from "./openapi.ts";
import { loadPages, type Pages } from "./pages.ts";
import { pagesRouter } from "./pages-router.ts";
import { addressOf, limitAddresses, limitCallers, RateLimiter } from "./rate-limit.ts";
import { requestId } from "./request-id.ts";
import { requestValidation } from "./request-validation.ts";
import { routeNames } from "./route-names.ts";
import { sessionCookies } from "./session-cookies.ts";
import { securityHeaders } from "./security-headers.ts";
import { StopGate } from "./stop-gate.ts";

/** What the HTTP shell is built from. */
export interface AppOptions {
  /** The APIs' routers, mounted at the root behind authentication, rate limit and validation. */
  readonly routers: readonly Router[];
  /** Routers of what is open to everybody, at `openPaths` and below them: before authentication, limited by address. */
  readonly openRouters?: readonly Router[];
  readonly authenticate: Authenticate;
  /** Whether people can sign in at the console; not where left out. */
  readonly signIn?: boolean;
  readonly health: Health;
  /** Lets requests in until the node stops; where left out, always. */
  readonly gate?: StopGate;
  readonly log: Logger;
  readonly limits: {
    /** Bytes of a JSON body. */
    readonly messageBytes: number;
    /** Requests a minute by one identified caller. */
    readonly requestsPerMinute: number;
    /** Requests a minute by one address to open routes, and failed authentications a minute. */
    readonly anonymousRequestsPerMinute: number;
  };
  /** Base URL under which others reach this node, without trailing slash. */
  readonly publicUrl: string;
  /** Addresses or subnets of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Told of requests that were refused for who made them (401 and 403). */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Told of each request once it is answered, and of each error that is answered, for metrics. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
  readonly onProblem?: (code: string) => void;
  /** What people see; as built, where left out, and null for none. */
  readonly pages?: Pages | null;
  /** Checks answers too; for tests. */
  readonly validateResponses?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A credential of the largest size, and what stands around it. */
const CREDENTIAL_BYTES = 384 * 1024;
/** A thousand hashes in their longest form. */
const RETRIEVE_BYTES = 384 * 1024;

/** What is open to everybody. Whatever is not below one of these asks for a token. */
const openPaths = [
  ...["/health", "/docs", "/openapi.json", "/channels", "/verify"],
  ...["/verify-worker.js", "/console", "/assets", "/document-types"],
];

/** What is open to everybody to read, though what is written there is not. */
const openReads = [
  ...["/credentials/status/:list", "/credentials/anchors/:did", "/.well-known/did.json"],
  ...["/documents/:multihash/sealed", "/trust-list"],
];

/** A public URL's path, without trailing slash: empty for most. */
function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, "");
}

function refusalOf({ code }: Problem, request: Request, response: Response): Refusal {
  const [path = "/"] = request.originalUrl.split("?", 1);
  return { caller: knownCaller(response), address: addressOf(request), code, method: request.method, path };
}

/**
 * Builds the HTTP shell of a node. Order is meaning: what is open comes first; then nobody passes without a token;
 * only then is a body read, checked against the OpenAPI document and handed to the API it is for.
 */
export function createApp(options: AppOptions): Express {
  const { limits, log } = options;
  const document = { ...loadOpenApi(), servers: [{ url: options.publicUrl }] };
  const strangers = new RateLimiter(limits.anonymousRequestsPerMinute, options.now);
  const failures = new RateLimiter(limits.anonymousRequestsPerMinute, options.now);
  const callers = new RateLimiter(limits.requestsPerMinute, options.now);
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.set("strict routing", true);
  app.set("trust proxy", [...(options.trustedProxies ?? [])]);

  app.use(requestId(), securityHeaders(), accessLog(log));
  const { onAnswered } = options;
  if (onAnswered !== undefined) app.use(measureRequests(routeNames(document), onAnswered));

  const { gate = new StopGate() } = options;
  app.use(gate.handler());
  const watch = (routers: readonly Router[]) => routers.map((router) => gate.watch(router));

  const validate = requestValidation(
    { ...document, servers: [{ url: "/" }] },
    options.validateResponses ?? false,
  );
  const open = limitAddresses(strangers);
  app.use(openPaths, open);
  const readJson = express.json({ limit: limits.messageBytes, inflate: false, type: "application/json" });
  app.post("/verify", readJson);
  app.post("/console/sign-out", express.urlencoded({ limit: 4_096, inflate: false, extended: false }));
  app.use(openPaths, validate);
  app.get(openReads, open, validate);
  const { pages = loadPages() } = options;
  app.use(healthRouter(options.health), pagesRouter(pages), ...watch(options.openRouters ?? []));
  app.get("/openapi.json", (_request, response) => {
    response.json(document);
  });
  app.use(docsRouter(document));

  app.use(
    gate.watched(
      authentication(
        options.authenticate,
        basePathOf(options.publicUrl),
        failures,
        options.signIn === true ? sessionCookies(options.publicUrl) : null,
      ),
    ),
    limitCallers(callers),
  );
  app.post(["/messages", "/subjects/private"], readJson);
  app.post(["/documents/:multihash/print", "/documents/:multihash/seal"], readJson);
  app.put("/documents/:multihash/hold", readJson);
  app.post(["/operations/stuck/:id/give-up", "/subscriptions/:id/replay"], readJson);
  app.post(
    ["/credentials", "/credentials/check", "/credentials/anchors"],
    express.json({ limit: CREDENTIAL_BYTES, inflate: false, type: "application/json" }),
  );
  app.post(
    "/documents/retrieve",
    express.json({ limit: RETRIEVE_BYTES, inflate: false, type: "application/json" }),
  );
  app.post(
    "/subscriptions",
    express.urlencoded({ limit: limits.messageBytes, inflate: false, extended: false, parameterLimit: 50 }),
  );
  app.use(validate, ...watch(options.routers));
  app.use(() => {
    throw new Problem("not-found", "There is no such address: see /openapi.json for those that exist.");
  });
  app.use(
    errorHandler(log, (problem, request, response) => {
      options.onProblem?.(problem.code);
      if (problem.status === 401 || problem.status === 403) {
        options.onRefused?.(refusalOf(problem, request, response));
      }
    }),
  );
  return app;
}
