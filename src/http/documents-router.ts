import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Router, type Request, type Response } from "express";

import {
  listReaders,
  openByHand,
  type DocumentReader,
  type HeldDocument,
} from "../documents/document-repository.ts";
import { DOCUMENT_FRAMES } from "../documents/document-frames.ts";
import {
  demandReader,
  findReadable,
  nameOf,
  readableSubjects,
  readContent,
  storeDocument,
  type DocumentsOptions,
} from "../documents/documents.ts";
import { frameMany } from "../documents/frame-many.ts";
import { parseMediaType } from "../documents/media-type.ts";
import { digestOf, multihashOf, parseMultihash } from "../domain/multihash.ts";
import { parseDomain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import { parseByteRange } from "./byte-range.ts";
import { callerOf, requireUser } from "./caller.ts";
import { namesEntityTag } from "./entity-tag.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * The Document API (PROTOCOL §5): store, read, and see and repair who may read.
 *
 * @param options what the node's documents are kept in
 */
export function documentsRouter(options: DocumentsOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.post("/documents", (request, response) => postDocument(options, request, response));
  router.post("/documents/retrieve", (request, response) => postRetrieve(options, request, response));
  router.get("/documents/:multihash", (request, response) => getDocument(options, request, response));
  router.get("/documents/:multihash/acl", (request, response) => getReaders(options, request, response));
  router.post("/documents/:multihash/acl/:participant", (request, response) =>
    postReader(options, request, response),
  );
  return router;
}

async function postDocument(options: DocumentsOptions, request: Request, response: Response): Promise<void> {
  const user = requireUser(response, "documents:write");
  const mediaType = parseMediaType(request.headers["content-type"]);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new Problem(
      "media-type-unsupported",
      "Send the document's bytes as they are, without Content-Encoding: its hash is that of these bytes.",
    );
  }
  const announced = request.headers["content-length"];
  const document = await storeDocument(options, user, {
    content: request,
    mediaType,
    ...(announced === undefined ? {} : { announcedBytes: Number(announced) }),
  });
  const multihash = multihashOf(document.digest);
  response
    .status(201)
    .location(`documents/${multihash}`)
    .json({ multihash, size: document.size, mediaType: document.mediaType });
}

async function postRetrieve(options: DocumentsOptions, request: Request, response: Response): Promise<void> {
  const caller = callerOf(response);
  const multihashes = request.body as readonly string[]; // its form was checked against the OpenAPI document
  const digests = multihashes.map((multihash) => digestOf(parseMultihash(multihash)));
  demandReader(caller);
  response.setHeader("Content-Type", DOCUMENT_FRAMES);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-store");
  const content = Readable.from(frameMany(options, caller, digests), { objectMode: false });
  try {
    await pipeline(content, response);
  } catch (error) {
    if (!(request.destroyed && content.errored === null)) throw error;
  }
}

/** Express answers HEAD by the same route; nothing is read then, so nothing goes on record. */
async function getDocument(options: DocumentsOptions, request: Request, response: Response): Promise<void> {
  const caller = callerOf(response);
  const document = await findReadable(options, caller, digestIn(request));
  const etag = `"${multihashOf(document.digest)}"`;
  setHeaders(response, document, etag);
  if (namesEntityTag(request.headers["if-none-match"], etag)) {
    response.removeHeader("Content-Type");
    response.status(304).end();
    return;
  }
  const ifRange = request.headers["if-range"];
  const wanted = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = parseByteRange(request.method === "GET" ? wanted : undefined, document.size);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${document.size}`);
    throw new Problem(
      "range-not-satisfiable",
      `The document has ${document.size} bytes: ask for some of them.`,
    );
  }
  if (request.method === "HEAD") {
    response.setHeader("Content-Length", document.size);
    response.end();
    return;
  }
  const content = await readContent(options, caller, document, range ?? undefined);
  if (range !== null) {
    response.status(206);
    response.setHeader("Content-Range", `bytes ${range.start}-${range.end}/${document.size}`);
  }
  response.setHeader("Content-Length", range === null ? document.size : range.end - range.start + 1);
  try {
    await pipeline(content, response);
  } catch (error) {
    // Whoever hangs up halfway is owed no answer; anything else cut the answer off, and is to be known.
    if (!(request.destroyed && content.errored === null)) throw error;
  }
}

function setHeaders(response: Response, document: HeldDocument, etag: string): void {
  // Not response.type(): the media type is sent exactly as it was stored.
  response.setHeader("Content-Type", document.mediaType);
  response.setHeader("Content-Disposition", `attachment; filename=${etag}`);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  response.setHeader("Cache-Control", `private, max-age=${YEAR_SECONDS}, immutable`);
  response.setHeader("Vary", "Authorization");
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("ETag", etag);
}

async function getReaders(options: DocumentsOptions, request: Request, response: Response): Promise<void> {
  const user = requireUser(response, "messages:read");
  const document = await findReadable(options, user, digestIn(request));
  const readers = await listReaders(options.store.db, document.digest, readableSubjects(user));
  response.json({ items: readers.map(toJson), next: null });
}

async function postReader(options: DocumentsOptions, request: Request, response: Response): Promise<void> {
  const administrator = requireUser(response, "admin");
  const digest = digestIn(request);
  const participant = parseDomain(String(request.params.participant));
  const reader = await options.store.transact((db) =>
    openByHand(db, { digest, participant, administrator: nameOf(administrator), at: options.now() }),
  );
  response.json(toJson(reader));
}

function digestIn(request: Request) {
  return digestOf(parseMultihash(String(request.params.multihash)));
}

function toJson(reader: DocumentReader) {
  const { participant, messageId, grantedBy } = reader;
  return {
    participant,
    messageId,
    grantedAt: new Date(reader.grantedAt).toISOString(),
    grantedBy,
    ...(reader.firstReadAt === null ? {} : { firstReadAt: new Date(reader.firstReadAt).toISOString() }),
  };
}
