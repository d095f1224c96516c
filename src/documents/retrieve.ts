import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";

import type { Reason } from "../domain/journal.ts";
import { multihashOf, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { AddressRefused, lookupOf, type AddressGuard } from "../identity/address-guard.ts";
import {
  DigestMismatch,
  type ContentRules,
  type DocumentStore,
  type StoredContent,
} from "./document-store.ts";
import { isMediaType, UNKNOWN_MEDIA_TYPE } from "./media-type.ts";

/** How much of another node's slowness is borne. */
export interface RetrievalLimits {
  /** Bytes of the largest document. */
  readonly maxBytes: number;
  /** Until the head of the answer is there, resolving and connecting included. */
  readonly answerMs: number;
  /** Without a byte. */
  readonly idleMs: number;
  /** For the whole. */
  readonly totalMs: number;
  /** After `graceMs` the average may not be below this. */
  readonly minBytesPerSecond: number;
  readonly graceMs: number;
}

/** Limits that let a gigabyte through over a line of 2 Mbit/s, and a peer that only pretends to send not for long. */
export const retrievalDefaults: Omit<RetrievalLimits, "maxBytes"> = {
  answerMs: 15_000,
  idleMs: 15_000,
  totalMs: 2 * 60 * 60 * 1000,
  minBytesPerSecond: 16 * 1024,
  graceMs: 30_000,
};

/** What became of an attempt to bring a document from its sender's node. */
export type Retrieval =
  | { readonly outcome: "stored"; readonly content: StoredContent; readonly mediaType: string }
  /** The sender's node does not show it to us yet. */
  | { readonly outcome: "not-yet" }
  | {
      readonly outcome: "failed";
      readonly reason: Reason;
      /** How long the other side asked us to wait; 0 when it did not. */
      readonly retryAfterMs: number;
      /** For the log. */
      readonly cause: unknown;
    }
  /** The caller's signal ended it. */
  | { readonly outcome: "interrupted" };

/** What is to be brought, and from where. */
export interface RetrievalRequest {
  readonly digest: Digest;
  /** Base URL of the sender's node as the ledger has it, without trailing slash. Written by somebody else: not trusted. */
  readonly endpoint: string;
  /** Makes the Authorization header for a GET of this path. */
  readonly authorize: (path: string) => Promise<string>;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** What `retrieve` works with. */
export interface RetrievalContext {
  readonly files: DocumentStore;
  readonly guard: AddressGuard;
  readonly limits: RetrievalLimits;
}

const HEADER_BYTES = 16 * 1024;
const LONGEST_RETRY_AFTER_MS = 60 * 60 * 1000;

class PeerTooSlow extends Error {
  override readonly name = "PeerTooSlow";
}

class Failed extends Error {
  override readonly name = "Failed";
  readonly reason: Reason;
  readonly retryAfterMs: number;

  constructor(
    code: string,
    detail: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(detail, { cause: options.cause });
    this.reason = { code, detail };
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/**
 * Brings a document from its sender's node into the store (PROTOCOL §5, the flow). Nothing the other side says is trusted:
 * the address is vetted and then kept to, no redirect is followed, size and time are bounded, and only bytes that have the
 * digest which the ledger names are kept (traps 6 and 9).
 *
 * @returns the outcome; every failure of the other side is one, none is thrown
 * @throws what is a mistake of this node itself
 */
export async function retrieve(context: RetrievalContext, request: RetrievalRequest): Promise<Retrieval> {
  const { limits } = context;
  const patience = new AbortController();
  const giveUp = (why: string) => {
    patience.abort(new PeerTooSlow(why));
  };
  const total = setTimeout(giveUp, limits.totalMs, "The document did not come in the time allowed.");
  const signal = AbortSignal.any([request.signal, patience.signal]);
  try {
    return await attempt(context, request, signal, giveUp);
  } catch (error) {
    if (request.signal.aborted) return { outcome: "interrupted" };
    // What broke off because time was up shows as a broken connection.
    const cause: unknown = patience.signal.aborted ? patience.signal.reason : error;
    const retryAfterMs = cause instanceof Failed ? cause.retryAfterMs : 0;
    return { outcome: "failed", reason: reasonOf(cause), retryAfterMs, cause };
  } finally {
    clearTimeout(total);
  }
}

async function attempt(
  { files, guard, limits }: RetrievalContext,
  { digest, endpoint, authorize }: RetrievalRequest,
  signal: AbortSignal,
  giveUp: (why: string) => void,
): Promise<Retrieval> {
  const url = documentUrl(endpoint, digest);
  const answer = setTimeout(giveUp, limits.answerMs, "The sender's node did not answer in time.");
  let response: IncomingMessage;
  try {
    const vetted = await unlessAborted(signal, guard.vet(url));
    const authorization = await unlessAborted(signal, authorizeBy(authorize, url.pathname));
    const lookup = lookupOf(vetted);
    response = await ask(url, { lookup, authorization, signal, idleMs: limits.idleMs, giveUp });
  } finally {
    clearTimeout(answer);
  }
  const pace = watchPace(response, limits, giveUp);
  try {
    if (response.statusCode === 404) return { outcome: "not-yet" };
    checkStatus(response);
    const announced = response.headers["content-length"];
    const content = await keep(files, response, {
      maxBytes: limits.maxBytes,
      expected: digest,
      ...(announced === undefined ? {} : { announcedBytes: Number(announced) }),
    });
    const mediaType = response.headers["content-type"] ?? UNKNOWN_MEDIA_TYPE;
    return { outcome: "stored", content, mediaType: isMediaType(mediaType) ? mediaType : UNKNOWN_MEDIA_TYPE };
  } finally {
    clearInterval(pace);
    response.destroy();
  }
}

async function keep(files: DocumentStore, content: Readable, rules: ContentRules): Promise<StoredContent> {
  try {
    return await files.put(content, rules);
  } catch (error) {
    if (error instanceof Problem || error instanceof DigestMismatch) throw error;
    throw new Failed(storageUnavailable.code, storageUnavailable.detail, { cause: error });
  }
}

function documentUrl(endpoint: string, digest: Digest): URL {
  const path = `/documents/${multihashOf(digest)}`;
  const url = URL.parse(endpoint + path);
  // An endpoint with a query or fragment would swallow the path.
  if (url?.pathname.endsWith(path) === true) return url;
  throw new Failed("endpoint-malformed", "The sender's endpoint on the ledger is no base URL.");
}

async function authorizeBy(authorize: RetrievalRequest["authorize"], path: string): Promise<string> {
  try {
    return await authorize(path);
  } catch (error) {
    throw new Failed("authorization-unavailable", "This node could not sign its request now.", {
      cause: error,
    });
  }
}

/** Lets go of work that cannot be ended, such as the resolving of a name. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const onAbort = () => {
    ended.reject(signal.reason as Error);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function ask(
  url: URL,
  options: {
    readonly lookup: ReturnType<typeof lookupOf>;
    readonly authorization: string;
    readonly signal: AbortSignal;
    readonly idleMs: number;
    readonly giveUp: (why: string) => void;
  },
): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      agent: false, // a connection of its own: none that was opened to another address is used again
      lookup: options.lookup,
      signal: options.signal,
      timeout: options.idleMs,
      maxHeaderSize: HEADER_BYTES,
      headers: { authorization: options.authorization, accept: "*/*", "accept-encoding": "identity" },
    });
    request.on("timeout", () => {
      options.giveUp("The sender's node fell silent.");
    });
    request.on("error", reject);
    request.on("response", (response) => {
      // Whoever reads the answer learns of its end; this keeps an answer nobody reads any more from ending the process.
      response.on("error", reject);
      resolve(response);
    });
    request.end();
  });
}

function watchPace(
  response: IncomingMessage,
  { graceMs, minBytesPerSecond }: RetrievalLimits,
  giveUp: (why: string) => void,
): NodeJS.Timeout {
  const started = performance.now();
  const before = response.socket.bytesRead;
  return setInterval(
    () => {
      const elapsed = performance.now() - started;
      const received = response.socket.bytesRead - before;
      if (elapsed > graceMs && received < (minBytesPerSecond * elapsed) / 1000) {
        giveUp("The sender's node sent too slowly.");
      }
    },
    Math.min(graceMs, 5_000),
  );
}

function checkStatus(response: IncomingMessage): void {
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  if (status >= 300 && status < 400) {
    throw new Failed("redirected", "The sender's node points elsewhere; this node follows no redirect.");
  }
  const seconds = Number(response.headers["retry-after"]);
  const retryAfterMs = Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : 0;
  throw new Failed("peer-refused", `The sender's node answered ${status}.`, {
    retryAfterMs: Math.max(0, retryAfterMs),
  });
}

const storageUnavailable: Reason = {
  code: "storage-unavailable",
  detail: "This node could not store the document.",
};
const mismatch: Reason = {
  code: "hash-mismatch",
  detail: "What the sender's node gave is not the document that the message names; it was thrown away.",
};

/** Why it failed, for the message's journal: a stable code, and nothing that a peer could have written. */
function reasonOf(error: unknown): Reason {
  if (error instanceof Failed) return error.reason;
  if (error instanceof AddressRefused) return { code: "address-refused", detail: error.message };
  if (error instanceof PeerTooSlow) return { code: "peer-timeout", detail: error.message };
  if (error instanceof DigestMismatch) return mismatch;
  if (error instanceof Problem) return reasonOfStore(error);
  // Failures of name, connection, TLS and HTTP carry a code of the runtime's; what carries none is a mistake of ours.
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  return { code: "peer-unreachable", detail: `The sender's node cannot be reached (${code}).` };
}

function reasonOfStore(problem: Problem): Reason {
  switch (problem.code) {
    case "document-empty":
      return mismatch;
    case "document-too-large":
      return { code: "document-too-large", detail: "The document is larger than this node takes." };
    case "truncated-upload":
      return {
        code: "answer-truncated",
        detail: "The sender's node broke off before the document was complete.",
      };
    default:
      return storageUnavailable;
  }
}
