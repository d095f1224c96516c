import type { Duplex } from "node:stream";

import { Problem } from "../domain/problems.ts";
import { PROBLEM_MEDIA_TYPE, problemDocument } from "./problem-response.ts";

function problemOf(error: NodeJS.ErrnoException): Problem {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new Problem("headers-too-large", "Send fewer or shorter headers: 16 KiB in all at most.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Problem(
        "request-timeout",
        "The request took too long to arrive: send it again over a better line.",
      );
    default:
      return new Problem(
        "malformed-request",
        "This is not HTTP/1.1 as RFC 9112 has it: check what sends it.",
      );
  }
}

/**
 * Answers what never became a request (not HTTP, too many headers, too slow) with a problem document, and closes the
 * connection. For a server's `clientError`.
 */
export function answerConnectionError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A connection that the other side has left takes no answer.
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  const body = JSON.stringify(problemDocument(problem, "/"));
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
