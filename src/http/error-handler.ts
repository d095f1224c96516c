import type { ErrorRequestHandler, Request, Response } from "express";
import { error as validation } from "express-openapi-validator";

import { Problem } from "../domain/problems.ts";
import type { Logger } from "../log.ts";
import { StoreUnavailable } from "../store/store-unavailable.ts";
import { requestIdOf } from "./caller.ts";
import { sendProblem } from "./problem-response.ts";

/** How long an upload that was refused halfway may go on, so that its sender can read the answer. */
const LINGER_MILLISECONDS = 2_000;
const MOST_ERRORS = 20;
/** When to come back to a node whose database is away. */
const STORE_AWAY_SECONDS = 5;

/** Sees every error that is answered, with the request it answers. */
export type ProblemObserver = (problem: Problem, request: Request, response: Response) => void;

interface MemberError {
  readonly member: string;
  readonly problem: string;
}

function property(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}

function text(error: unknown, name: string, otherwise: string): string {
  const value = property(error, name);
  return typeof value === "string" ? value : otherwise;
}

/** The validator's findings in plain words, where its own are for programmers. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^must have required property/, "is missing"],
  [/^must NOT have additional properties|^Unknown query parameter/, "is not known here; leave it out"],
  [/^must match pattern/, "does not have the form that /openapi.json gives"],
  [/^Empty value found/, "is empty; leave it out, or give it a value"],
  [/^malformed uri/, "is not percent-encoded UTF-8"],
];

function inWords(message: string): string {
  return WORDS.find(([form]) => form.test(message))?.[1] ?? message.slice(0, 300);
}

/** `/body/subject` becomes `subject`, `/query/limit` becomes `limit`; the whole body is `body`. */
function memberName(path: string): string {
  return (
    path
      .replace(/^\/?(?:body|query|params|headers)\//, "")
      .replaceAll("/", ".")
      .replace(/^\./, "") || "body"
  );
}

function memberErrors(error: unknown): readonly MemberError[] {
  const list: unknown = property(error, "errors");
  if (!Array.isArray(list)) return [];
  const seen = new Map<string, MemberError>();
  for (const item of list.slice(0, MOST_ERRORS) as unknown[]) {
    const member = memberName(text(item, "path", "")).slice(0, 100);
    const problem = inWords(text(item, "message", "is not as documented"));
    seen.set(`${member} ${problem}`, { member, problem });
  }
  return [...seen.values()];
}

function malformed(error: unknown): Problem {
  const errors = memberErrors(error);
  const [first] = errors;
  const what = first === undefined ? "the request is not as documented" : `${first.member} ${first.problem}`;
  return new Problem("malformed-request", `Correct this and send it again: ${what}.`, {
    members: { errors },
  });
}

/** Errors of express and of its body parser, which name themselves by `type` and `status`. */
function ofParser(error: unknown): Problem | null {
  switch (property(error, "type")) {
    case "entity.parse.failed":
      return new Problem("malformed-json", "The body is not JSON: send one JSON object in UTF-8.");
    case "entity.too.large":
      return new Problem(
        "body-too-large",
        `The body may have ${String(property(error, "limit"))} bytes at most.`,
      );
    case "parameters.too.many":
      return new Problem(
        "body-too-large",
        "The form has too many members: send those that /openapi.json names.",
      );
    case "encoding.unsupported":
      return new Problem("media-type-unsupported", "Send the body without Content-Encoding.");
    case "charset.unsupported":
      return new Problem("media-type-unsupported", "Send JSON in UTF-8: Content-Type: application/json.");
    case "request.aborted":
    case "request.size.invalid":
      return new Problem("truncated-upload", "The body ended early: send it again, whole.");
    default:
      return error instanceof URIError || property(error, "status") === 400
        ? new Problem(
            "malformed-request",
            "The address is not well-formed: percent-encode its parts in UTF-8.",
          )
        : null;
  }
}

/**
 * The problem that an error is, for the caller.
 *
 * @returns the same problem, or the documented form of an error of the framework or of a database that is away; null for one that is nobody's fault
 *   but this node's
 */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) {
    const detail =
      "The node's database cannot be used at the moment: send this again later, it may be the same.";
    return new Problem("unavailable", detail, { cause: error, retryAfterSeconds: STORE_AWAY_SECONDS });
  }
  if (error instanceof validation.NotFound) {
    return new Problem("not-found", "There is no such address: see /openapi.json for those that exist.");
  }
  if (error instanceof validation.MethodNotAllowed) {
    return new Problem("method-not-allowed", "See /openapi.json for the methods that this address takes.");
  }
  if (error instanceof validation.UnsupportedMediaType) {
    return new Problem("media-type-unsupported", "Send the body as application/json.");
  }
  if (error instanceof validation.BadRequest) return malformed(error);
  return ofParser(error);
}

/** How the runtime says that the other side closed its connection. */
const LEFT = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"]);

/** Whether the answer ended because nobody is there any more to read it. */
function hasLeft(error: unknown, response: Response): boolean {
  return LEFT.has(text(error, "code", "")) && response.closed && !response.writableFinished;
}

/** Lets a refused sender read the answer, then stops taking what it still sends. */
function stopReading(request: Request): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MILLISECONDS);
  timer.unref();
  request.once("close", () => {
    clearTimeout(timer);
  });
}

/**
 * The one error handler: every error becomes a problem document. What is not a `Problem` is logged whole and answered
 * as `internal` with nothing but the request's id.
 *
 * @param onProblem told of every error that is answered
 */
export function errorHandler(log: Logger, onProblem: ProblemObserver = () => undefined): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- express knows an error handler by its four parameters
  return (error: unknown, request, response, _next) => {
    const known = problemOf(error);
    const requestId = requestIdOf(request);
    // Who is told to come again will: that is how it is meant to be, and no alarm.
    const comesAgain = known?.status === 503 && known.retryAfterSeconds !== undefined;
    if (comesAgain) {
      const { code } = known;
      log.warn("request put off", { requestId, method: request.method, path: request.path, code });
    } else if (known === null && hasLeft(error, response)) {
      log.info("the caller left before the end of the answer", {
        ...{ requestId, method: request.method, path: request.path },
      });
      return;
    } else if (known === null || known.status >= 500) {
      log.error("request failed", { requestId, method: request.method, path: request.path, error });
    }
    if (response.headersSent) {
      // Half an answer cannot be taken back; cutting the connection tells the caller that it is not whole.
      log.warn("answer cut off", {
        requestId,
        method: request.method,
        path: request.path,
        code: known?.code,
      });
      request.socket.destroy();
      return;
    }
    const allow: unknown = property(property(error, "headers"), "Allow");
    if (known?.code === "method-not-allowed" && typeof allow === "string")
      response.set("Allow", allow.toUpperCase());
    const problem =
      known ??
      new Problem(
        "internal",
        `Something went wrong here: try again, and if it persists report request ${requestId}.`,
      );
    onProblem(problem, request, response);
    sendProblem(response, problem);
    stopReading(request);
  };
}
