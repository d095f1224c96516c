import { once } from "node:events";

import { Router, type Request, type Response } from "express";

import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import { acceptMessages, type AcceptOptions, type Outcome } from "../messages/accept.ts";
import { BulkRequest } from "../messages/bulk-request.ts";
import { requireUser } from "./caller.ts";
import { linesOf, type Line } from "./ndjson-lines.ts";

/** What many messages in one request may cost. */
export interface BatchLimits {
  /** Bytes of a line. */
  readonly lineBytes: number;
  /** Lines of a request. */
  readonly linesPerRequest: number;
}

/** The answer to one line. */
interface Answer {
  readonly line: number;
  readonly id?: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly detail: string; readonly retryAfterSeconds?: number };
}

const NDJSON = "application/x-ndjson";
const NDJSON_TYPE = /^application\/x-ndjson\s*(?:;|$)/i;
/** Lines accepted in one transaction. */
const GROUP = 500;

/**
 * `POST /messages/batch`: many messages in one request, answered line by line while they come (PROTOCOL §5;
 * openapi/messages-batch.yaml).
 */
export function messagesBatchRouter(options: AcceptOptions & { readonly limits: BatchLimits }): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.post("/messages/batch", async (request, response) => {
    const caller = requireUser(response);
    demandNdjson(request);
    response.status(200).setHeader("Content-Type", NDJSON);
    response.setHeader("Cache-Control", "no-store");
    // A sender may wait for the answer to begin before it sends its first line.
    response.flushHeaders();
    const bulk = new BulkRequest(options.now());
    try {
      await answerLines(options, { caller, request, response, bulk });
    } finally {
      for (const channelId of await bulk.end(options.store, options.now())) options.onAccepted(channelId);
    }
    response.end();
  });
  return router;
}

interface Exchange {
  readonly caller: UserCaller;
  readonly request: Request;
  readonly response: Response;
  readonly bulk: BulkRequest;
}

async function answerLines(
  options: AcceptOptions & { readonly limits: BatchLimits },
  { caller, request, response, bulk }: Exchange,
): Promise<void> {
  const { lineBytes, linesPerRequest } = options.limits;
  let taken = 0;
  try {
    for await (const lines of linesOf(request, lineBytes, GROUP)) {
      const room = lines.slice(0, linesPerRequest - taken);
      const answers = await answersTo(options, caller, room, bulk);
      const beyond = lines[room.length];
      if (beyond !== undefined) answers.push(answerOf(beyond.number, tooMany(linesPerRequest)));
      if (!(await write(response, answers))) return;
      if (beyond !== undefined) return;
      taken += room.length;
    }
  } catch (error) {
    // Whoever hangs up is owed no more answers; what was accepted until then goes its way.
    // (A request that was read to its end counts as destroyed, too.)
    if (!request.readableAborted && !response.destroyed) throw error;
  }
}

async function answersTo(
  options: AcceptOptions & { readonly limits: BatchLimits },
  caller: UserCaller,
  lines: readonly Line[],
  bulk: BulkRequest,
): Promise<Answer[]> {
  const bodies = lines.map((line) => bodyOf(line, options.limits));
  const posted = bodies.filter((body) => !(body instanceof Problem));
  const outcomes = await accepted(options, caller, posted, bulk);
  let next = 0;
  return lines.map(({ number }, place) => {
    const body = bodies[place];
    if (body instanceof Problem) return answerOf(number, body);
    const outcome = outcomes[next++];
    if (outcome === undefined) throw new Error(`Line ${number} came to nothing.`);
    return answerOf(number, outcome);
  });
}

async function accepted(
  options: AcceptOptions,
  caller: UserCaller,
  bodies: readonly unknown[],
  bulk: BulkRequest,
): Promise<readonly Outcome[]> {
  try {
    return await acceptMessages(options, caller, bodies, bulk);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return bodies.map(() => error);
  }
}

function bodyOf({ text, fault }: Line, { lineBytes }: BatchLimits): unknown {
  if (fault === "too-long")
    return new Problem("body-too-large", `A line may have ${lineBytes} bytes at most.`);
  try {
    if (text !== null) return JSON.parse(text) as unknown;
  } catch {
    // Answered as what is not UTF-8 is.
  }
  return new Problem("malformed-json", "The line is not JSON: send one JSON object in UTF-8 on each line.");
}

function answerOf(line: number, outcome: Outcome): Answer {
  if (outcome instanceof Problem) {
    const { status, code, message: detail, retryAfterSeconds } = outcome;
    const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    return { line, status, error: { code, detail, ...later } };
  }
  return { line, id: outcome.id, status: outcome.fresh ? 202 : 200 };
}

/** Hands answers over, and waits until the caller takes them. False when the caller has gone. */
async function write(response: Response, answers: readonly Answer[]): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""))) return true;
  const given = new AbortController();
  try {
    const { signal } = given;
    await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  } finally {
    given.abort();
  }
  return !response.destroyed;
}

function tooMany(linesPerRequest: number): Problem {
  return new Problem(
    "too-many-lines",
    `A request may have ${linesPerRequest} lines: send this line, and those after it, in another one.`,
  );
}

function demandNdjson(request: Request): void {
  const { "content-type": mediaType, "content-encoding": encoding = "identity" } = request.headers;
  if (mediaType === undefined || !NDJSON_TYPE.test(mediaType) || encoding.toLowerCase() !== "identity") {
    throw new Problem(
      "media-type-unsupported",
      `Send one message a line as JSON: Content-Type: ${NDJSON}, without Content-Encoding.`,
    );
  }
}
