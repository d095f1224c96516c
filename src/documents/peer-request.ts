import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { TLSSocket } from "node:tls";

import { ChannelFailure } from "../channels/channel.ts";
import type { Reason } from "../domain/journal.ts";
import { AddressRefused, lookupOf, type AddressGuard } from "../identity/address-guard.ts";
import { PeerCertificateRefused, type PeerAddress } from "../identity/peer-tls.ts";

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

/** Makes a TLS connection to one participant's node, checked before anything is sent: see `PeerTls`. */
export type ConnectToPeer = (address: Pick<PeerAddress, "url" | "lookup" | "signal">) => Promise<TLSSocket>;

/** What another participant's node is asked. */
export interface PeerRequest {
  /** Base URL of its node as the ledger has it, without trailing slash. Written by somebody else: not trusted. */
  readonly endpoint: string;
  readonly method: "GET" | "POST";
  /** Beneath the endpoint, beginning with a slash. */
  readonly path: string;
  /** What is sent along, as JSON. */
  readonly json?: string;
  /** Makes the Authorization header for this request: `path` is that of the whole URL; null for what is open to everybody. */
  readonly authorize: ((path: string) => Promise<string>) | null;
  /** Connects over TLS as this node, to nobody but whose node it is; left out where this node has no certificate. */
  readonly connect?: ConnectToPeer;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** Why there is no answer. */
export type NoAnswer =
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

/** What went wrong with another participant's node, or with what it sent. */
export class PeerFailure extends Error {
  override readonly name = "PeerFailure";
  readonly reason: Reason;
  readonly retryAfterMs: number;

  /** @param code stable, for the message's journal; `detail` holds nothing that a peer could have written */
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

class PeerTooSlow extends Error {
  override readonly name = "PeerTooSlow";
}

/** A little less than what tokens are forgiven: it takes time until an answer is here. */
const SKEW_MS = 25_000;
const HEADER_BYTES = 16 * 1024;
const LONGEST_RETRY_AFTER_MS = 60 * 60 * 1000;

/**
 * Asks another participant's node, and reads its answer (PROTOCOL §5, the flow). Nothing the other side says is trusted:
 * the address is vetted and then kept to, no redirect is followed, and time is bounded (traps 6 and 9).
 *
 * @param use reads the answer to its end; may throw `PeerFailure`
 * @returns what `use` returned, or why there is no answer; every failure of the other side is one, none is thrown
 * @throws what is a mistake of this node itself
 */
export async function askPeer<T>(
  { guard, limits }: { readonly guard: AddressGuard; readonly limits: RetrievalLimits },
  request: PeerRequest,
  use: (response: IncomingMessage) => Promise<T>,
): Promise<T | NoAnswer> {
  const patience = new AbortController();
  const giveUp = (why: string) => {
    patience.abort(new PeerTooSlow(why));
  };
  const total = setTimeout(giveUp, limits.totalMs, "The document did not come in the time allowed.");
  const signal = AbortSignal.any([request.signal, patience.signal]);
  try {
    const response = await answerTo({ guard, limits }, { ...request, signal }, giveUp);
    const pace = watchPace(response, limits, giveUp);
    try {
      return await use(response);
    } finally {
      clearInterval(pace);
      response.destroy();
    }
  } catch (error) {
    if (request.signal.aborted) return { outcome: "interrupted" };
    // What broke off because time was up shows as a broken connection.
    const cause: unknown = patience.signal.aborted ? patience.signal.reason : error;
    const retryAfterMs = cause instanceof PeerFailure ? cause.retryAfterMs : 0;
    return { outcome: "failed", reason: reasonOf(cause), retryAfterMs, cause };
  } finally {
    clearTimeout(total);
  }
}

/**
 * Makes sure that an answer is what was asked for.
 *
 * @param now milliseconds since 1970
 * @throws PeerFailure
 */
export function checkStatus(response: IncomingMessage, now: number): void {
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  if (status === 401) checkClock(response, now);
  if (status >= 300 && status < 400) {
    throw new PeerFailure("redirected", "The sender's node points elsewhere; this node follows no redirect.");
  }
  const seconds = Number(response.headers["retry-after"]);
  const retryAfterMs = Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : 0;
  throw new PeerFailure("peer-refused", `The sender's node answered ${status}.`, {
    retryAfterMs: Math.max(0, retryAfterMs),
  });
}

/** A token is refused where the two clocks disagree: whoever reads the journal is to know that it is not the key. */
function checkClock(response: IncomingMessage, now: number): void {
  const difference = Math.abs(Date.parse(response.headers.date ?? "") - now);
  if (Number.isNaN(difference) || difference <= SKEW_MS) return;
  throw new PeerFailure(
    "clock-skew",
    `The sender's node refuses this node's token, and its clock differs from ours by ${Math.round(difference / 1000)} s: set the wrong one.`,
  );
}

async function answerTo(
  { guard, limits }: { readonly guard: AddressGuard; readonly limits: RetrievalLimits },
  request: PeerRequest,
  giveUp: (why: string) => void,
): Promise<IncomingMessage> {
  const { endpoint, path, signal } = request;
  const url = URL.parse(endpoint + path);
  // An endpoint with a query or fragment would swallow the path.
  if (url?.pathname.endsWith(path) !== true) {
    throw new PeerFailure("endpoint-malformed", "The sender's endpoint on the ledger is no base URL.");
  }
  const answer = setTimeout(giveUp, limits.answerMs, "The sender's node did not answer in time.");
  try {
    const lookup = lookupOf(await unlessAborted(signal, guard.vet(url)));
    const authorization = await unlessAborted(signal, authorizeBy(request.authorize, url.pathname));
    const { connect } = request;
    const socket =
      connect === undefined || url.protocol !== "https:"
        ? null
        : await unlessAborted(signal, connect({ url, lookup, signal }));
    return await send(url, request, {
      ...{ lookup, socket, authorization },
      idleMs: limits.idleMs,
      giveUp,
    });
  } finally {
    clearTimeout(answer);
  }
}

async function authorizeBy(authorize: PeerRequest["authorize"], path: string): Promise<string | null> {
  if (authorize === null) return null;
  try {
    return await authorize(path);
  } catch (error) {
    throw new PeerFailure("authorization-unavailable", "This node could not sign its request now.", {
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

function send(
  url: URL,
  { method, json, signal }: PeerRequest,
  options: {
    readonly lookup: ReturnType<typeof lookupOf>;
    /** A connection made before; null where one is to be made. */
    readonly socket: TLSSocket | null;
    readonly authorization: string | null;
    readonly idleMs: number;
    readonly giveUp: (why: string) => void;
  },
): Promise<IncomingMessage> {
  const ask = url.protocol === "https:" ? requestHttps : requestHttp;
  const { authorization, socket } = options;
  return new Promise((resolve, reject) => {
    const request = ask(url, {
      // A connection of its own: none that was opened to another address is used again.
      ...(socket === null ? { agent: false } : { createConnection: () => socket }),
      method,
      lookup: options.lookup,
      signal,
      timeout: options.idleMs,
      maxHeaderSize: HEADER_BYTES,
      headers: {
        ...{ accept: "*/*", "accept-encoding": "identity" },
        ...(authorization === null ? {} : { authorization }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
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
    request.end(json);
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

/** Why it failed, for the message's journal: a stable code, and nothing that a peer could have written. */
function reasonOf(error: unknown): Reason {
  if (error instanceof PeerFailure) return error.reason;
  if (error instanceof AddressRefused) return { code: "address-refused", detail: error.message };
  if (error instanceof PeerTooSlow) return { code: "peer-timeout", detail: error.message };
  if (error instanceof PeerCertificateRefused) {
    return { code: "peer-certificate-refused", detail: error.message };
  }
  if (error instanceof ChannelFailure) {
    return {
      code: "authorization-unavailable",
      detail: "The ledger that knows the sender's node cannot be asked.",
    };
  }
  // Failures of name, connection, TLS and HTTP carry a code of the runtime's; what carries none is a mistake of ours.
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  return { code: "peer-unreachable", detail: `The sender's node cannot be reached (${code}).` };
}
