import { Router, type Request } from "express";
import { middleware as openApiValidator } from "express-openapi-validator";

import { Problem } from "../domain/problems.ts";
import type { OpenApiDocument } from "./openapi.ts";

const JSON_MEDIA_TYPE = /^application\/json\s*(?:;|$)/i;
const FORM = "application/x-www-form-urlencoded";
const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** The calls whose body is JSON. */
const JSON_CALLS: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: "POST", path: /^\/messages$/ },
  { method: "POST", path: /^\/subjects\/private$/ },
  { method: "POST", path: /^\/documents\/retrieve$/ },
  { method: "PUT", path: /^\/documents\/[^/]+\/hold$/ },
  { method: "POST", path: /^\/operations\/stuck\/[^/]+\/give-up$/ },
  { method: "POST", path: /^\/subscriptions\/[^/]+\/replay$/ },
  { method: "POST", path: /^\/credentials(?:\/check|\/anchors)?$/ },
];

/** The calls whose body is a form. */
const FORM_CALLS: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: "POST", path: /^\/subscriptions$/ },
  { method: "POST", path: /^\/console\/sign-out$/ },
];
/** The calls that may have such a body, or none. */
const OPTIONAL_JSON_CALLS: typeof JSON_CALLS = [
  { method: "POST", path: /^\/documents\/[^/]+\/(?:print|seal)$/ },
];

/** The calls whose body is one JSON object a line; they demand it themselves, and read it as it comes. */
const NDJSON_CALLS: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: "POST", path: /^\/messages\/batch$/ },
];

/** Whether a request's body is JSON; documents of any media type stay streams. */
function carriesJson(request: Request): boolean {
  const path = pathOf(request);
  // What is presented to be verified is JSON or a document, as its sender says.
  if (request.method === "POST" && path === "/verify") {
    return JSON_MEDIA_TYPE.test(request.headers["content-type"] ?? "");
  }
  return isOneOf(JSON_CALLS, request) || (isOneOf(OPTIONAL_JSON_CALLS, request) && hasBody(request));
}

function hasBody({ headers }: Request): boolean {
  const { "content-type": mediaType, "content-length": length = "0", "transfer-encoding": chunked } = headers;
  return mediaType !== undefined || length !== "0" || chunked !== undefined;
}

function pathOf(request: Request): string {
  return `${request.baseUrl}${request.path === "/" ? "" : request.path}`;
}

function isOneOf(calls: typeof JSON_CALLS, request: Request): boolean {
  return calls.some(({ method, path }) => request.method === method && path.test(pathOf(request)));
}

/** Whether there is the character U+0000 in a text of a parsed body: PostgreSQL keeps none, and SQLite does. */
function hasNul(body: unknown): boolean {
  // Without recursion: how deep a body is, is for who sends it to choose.
  const left = [body];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string" && value.includes("\0")) return true;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) left.push(name, member);
  }
  return false;
}

/** Whether a request's body is a form. */
function carriesForm(request: Request): boolean {
  return isOneOf(FORM_CALLS, request);
}

type Handlers = ReturnType<typeof openApiValidator>;

/** What was compiled of each document in this process, without and with a check of answers: it takes a second of work. */
const known = new WeakMap<OpenApiDocument["paths"], Partial<Record<"requests" | "all", Handlers>>>();

function compiled(document: OpenApiDocument, validateResponses: boolean): Handlers {
  const own = known.get(document.paths) ?? {};
  known.set(document.paths, own);
  return (own[validateResponses ? "all" : "requests"] ??= openApiValidator({
    // The validator works on the document it is given.
    apiSpec: structuredClone(document) as unknown as Parameters<typeof openApiValidator>[0]["apiSpec"],
    validateRequests: { allErrors: true },
    validateResponses,
    validateSecurity: false,
    fileUploader: false,
  }));
}

/**
 * Checks requests (and in tests answers) against the OpenAPI document.
 *
 * The validator compiles and keeps one check for every Content-Type it meets, and a caller is free to invent those. So
 * it is shown only the one it needs to know: that of JSON, of JSON lines or of a form where such a one is expected, none elsewhere.
 *
 * @param document at the server `/`; applications that are given the same paths share what is compiled of them
 */
export function requestValidation(document: OpenApiDocument, validateResponses: boolean): Router {
  const router = Router();
  const shown = new WeakMap<Request, string>();
  router.use((request, _response, next) => {
    if (request.originalUrl.includes("%00") || hasNul(request.body)) {
      throw new Problem("malformed-request", "The character U+0000 has no place in a request: leave it out.");
    }
    const mediaType = request.headers["content-type"];
    if (carriesJson(request)) {
      if (mediaType === undefined || !JSON_MEDIA_TYPE.test(mediaType)) {
        throw new Problem("media-type-unsupported", "Send the body as JSON: Content-Type: application/json.");
      }
      if (request.body === undefined) {
        throw new Problem("malformed-json", "The body is empty: send one JSON object.");
      }
    }
    // Who signs out may say all there is to say in a header.
    const formless = mediaType === undefined && pathOf(request) === "/console/sign-out";
    if (carriesForm(request) && !formless && !FORM_MEDIA_TYPE.test(mediaType ?? "")) {
      throw new Problem("media-type-unsupported", `Send a form: Content-Type: ${FORM}.`);
    }
    if (mediaType !== undefined) {
      shown.set(request, mediaType);
      if (carriesJson(request)) request.headers["content-type"] = "application/json";
      else if (carriesForm(request)) request.headers["content-type"] = FORM;
      else if (isOneOf(NDJSON_CALLS, request)) request.headers["content-type"] = "application/x-ndjson";
      else delete request.headers["content-type"];
    }
    next();
  });
  router.use(compiled(document, validateResponses));
  router.use((request, _response, next) => {
    const mediaType = shown.get(request);
    if (mediaType !== undefined) request.headers["content-type"] = mediaType;
    next();
  });
  return router;
}
