import type { Response } from "express";

import type { Problem } from "../domain/problems.ts";

/** The media type of every error (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** An error as it is sent. `type` names the code for machines that compare URIs; `code` is the same, bare. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly [member: string]: unknown;
}

/**
 * The problem document of an error.
 *
 * @param instance path of the request that failed, without query
 */
export function problemDocument(problem: Problem, instance: string): ProblemDocument {
  return {
    ...problem.members,
    type: `urn:icl:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance,
    code: problem.code,
  };
}

/** What may stand between quotes in a challenge (RFC 6750 §3). */
const QUOTABLE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The challenge of RFC 9470 §3: with which authentication to come again. */
function stepUp({ members }: Problem): string {
  const { acrValues, maxAge } = members;
  const acr = (Array.isArray(acrValues) ? acrValues : []).filter(
    (value) => typeof value === "string" && QUOTABLE.test(value),
  );
  return [
    'error="insufficient_user_authentication"',
    ...(acr.length === 0 ? [] : [`acr_values="${acr.join(" ")}"`]),
    ...(typeof maxAge === "number" ? [`max_age="${maxAge}"`] : []),
  ].join(", ");
}

/** The challenges of RFC 6750 §3 and of node tokens (PROTOCOL §6); null where a better token would not help. */
function challenge(problem: Problem): string | null {
  const bearer = 'Bearer realm="inter-customs-ledger"';
  if (problem.code === "token-missing") return `${bearer}, ICL realm="inter-customs-ledger"`;
  if (problem.status === 401) {
    return `${bearer}, error="invalid_token", error_description="${problem.code}", ICL realm="inter-customs-ledger"`;
  }
  if (problem.code === "assurance-too-low") return `${bearer}, ${stepUp(problem)}`;
  if (problem.code === "not-allowed") return `${bearer}, error="insufficient_scope"`;
  return null;
}

/**
 * Answers with a problem document. The one way in which this node reports an error over HTTP.
 *
 * @param response must not have been started
 */
export function sendProblem(response: Response, problem: Problem): void {
  const authenticate = challenge(problem);
  if (authenticate !== null) response.set("WWW-Authenticate", authenticate);
  if (problem.retryAfterSeconds !== undefined) {
    response.set("Retry-After", String(Math.max(1, Math.ceil(problem.retryAfterSeconds))));
  }
  for (const header of ["Content-Disposition", "Content-Length", "ETag", "Last-Modified"])
    response.removeHeader(header);
  response.set("Cache-Control", "no-store");
  const [path = "/"] = response.req.originalUrl.split("?", 1);
  response.status(problem.status).type(PROBLEM_MEDIA_TYPE).json(problemDocument(problem, path));
}
