import { Router, type Request, type Response } from "express";

import type { BatchItem, BatchLimits } from "../documents/batch-item.ts";
import type { DocumentsOptions } from "../documents/documents.ts";
import { storeDocuments, type BatchOutcome } from "../documents/store-batch.ts";
import { multihashOf } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { requireUser } from "./caller.ts";
import { documentLines } from "./document-lines.ts";
import { documentParts } from "./document-parts.ts";

const MIB = 1024 * 1024;

/** What a batch of documents may cost. */
export const documentBatchLimits: BatchLimits = { itemBytes: MIB, items: 20_000, bytes: 1024 * MIB };

/** `POST /documents/batch`: many small documents in one request (openapi/document-batch.yaml). */
export function documentBatchRouter(
  options: DocumentsOptions,
  limits: BatchLimits = documentBatchLimits,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const most = { ...limits, itemBytes: Math.min(limits.itemBytes, options.maxBytes) };
  router.post("/documents/batch", (request, response) => postBatch(options, most, request, response));
  return router;
}

async function postBatch(
  options: DocumentsOptions,
  limits: BatchLimits,
  request: Request,
  response: Response,
): Promise<void> {
  const user = requireUser(response, "documents:write");
  const answers = storeDocuments(options, user, itemsOf(request, limits));
  let line = 0;
  try {
    for await (const outcome of answers) {
      // Whoever hangs up is owed no more answers, and sends again what was not answered.
      if (response.closed) return;
      begin(response);
      line = outcome.line;
      // Not waited for: a sender that reads only when it has sent everything must not be stopped, and `limits.items`
      // bounds what may gather here.
      response.write(`${JSON.stringify(answerOf(outcome))}\n`);
    }
  } catch (error) {
    // Before the first answer it is a problem like any other; then the last line says why there are no more.
    if (!response.headersSent || !(error instanceof Problem) || request.destroyed) throw error;
    response.write(`${JSON.stringify(answerOf({ line: line + 1, problem: error }))}\n`);
  }
  begin(response);
  response.end();
  // What was not read any more, for its size, is let go of.
  if (!request.complete) response.once("finish", () => request.destroy());
}

function begin(response: Response): void {
  if (!response.headersSent) response.status(200).type("application/x-ndjson");
}

function itemsOf(request: Request, limits: BatchLimits): AsyncIterable<BatchItem> {
  const contentType = request.headers["content-type"] ?? "";
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new Problem("media-type-unsupported", "Send the documents without Content-Encoding.");
  }
  const body = chunksOf(request);
  if (/^application\/x-ndjson\s*(?:;|$)/i.test(contentType)) return documentLines(body, limits);
  if (/^multipart\/form-data\s*;/i.test(contentType)) return documentParts(body, contentType, limits);
  throw new Problem(
    "media-type-unsupported",
    "Send the documents as application/x-ndjson or as multipart/form-data.",
  );
}

async function* chunksOf(request: Request): AsyncGenerator<Buffer> {
  try {
    // Whoever sent too much is still to be answered, so leaving early must not end the stream.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (cause) {
    throw new Problem("truncated-upload", "The request ended before it was complete: send the rest again.", {
      cause,
    });
  }
}

function answerOf(outcome: BatchOutcome) {
  if ("document" in outcome) {
    const { digest, size, mediaType } = outcome.document;
    return { line: outcome.line, status: 201, multihash: multihashOf(digest), size, mediaType };
  }
  const { code, message, status } = outcome.problem;
  return { line: outcome.line, status, error: { code, detail: message } };
}
