import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

import { AddressRefused, lookupOf, type AddressGuard } from "../identity/address-guard.ts";

/** One request to a subscriber's callback. */
export interface CallbackRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole: resolving, connecting, redirects, answer. */
  readonly withinMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** What a callback answered. */
export interface CallbackAnswer {
  readonly status: number;
  /** How long it asks to be left alone (RFC 9110 §10.2.3), in milliseconds and never longer than an hour; null where it does not say. */
  readonly retryAfterMs: number | null;
  /** Null where it was longer than anybody expects, or broke off. */
  readonly body: string | null;
}

/** A callback gave no answer; the message says why, and holds nothing that somebody else wrote. */
export class CallbackFailed extends Error {
  override readonly name = "CallbackFailed";
}

const MOST_REDIRECTS = 3;
const BODY_BYTES = 1_024;
const HEADER_BYTES = 16 * 1024;
const LONGEST_RETRY_AFTER_MS = 60 * 60 * 1000;
const USER_AGENT = "inter-customs-ledger";

/**
 * Calls a callback. Its address was written down by a user and may lead anywhere, so it is vetted after it was resolved,
 * the connection goes to exactly the address that was vetted, and each redirect is treated alike (PROTOCOL §7, trap 9).
 * A POST follows only those redirects that keep its method and body.
 *
 * @param now milliseconds since 1970, for a Retry-After that is a date
 * @throws CallbackFailed
 * @throws the signal's reason when that ended it
 */
export async function callBack(
  guard: AddressGuard,
  request: CallbackRequest,
  now: number,
): Promise<CallbackAnswer> {
  const late = AbortSignal.timeout(request.withinMs);
  const signal = AbortSignal.any([request.signal, late]);
  try {
    return await follow(guard, { ...request, signal }, now);
  } catch (error) {
    request.signal.throwIfAborted();
    if (late.aborted) throw new CallbackFailed("The callback did not answer in time.", { cause: error });
    if (error instanceof CallbackFailed) throw error;
    if (error instanceof AddressRefused) throw new CallbackFailed(error.message, { cause: error });
    // Failures of name, connection, TLS and HTTP carry a code of the runtime's; what carries none is a mistake of ours.
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string") throw error;
    throw new CallbackFailed(`The callback cannot be reached (${code}).`, { cause: error });
  }
}

async function follow(guard: AddressGuard, request: CallbackRequest, now: number): Promise<CallbackAnswer> {
  const { method, signal } = request;
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const vetted = await unlessAborted(signal, guard.vet(url));
    const response = await ask({ ...request, url }, lookupOf(vetted));
    const status = response.statusCode ?? 0;
    const target = redirectOf(response, method, url);
    if (target === null) {
      const body = await bodyOf(response);
      return { status, retryAfterMs: retryAfterOf(response, now), body };
    }
    response.destroy();
    if (redirects === MOST_REDIRECTS) {
      throw new CallbackFailed(`The callback redirects more than ${MOST_REDIRECTS} times.`);
    }
    url = target;
  }
}

function ask(
  { method, url, headers, body, signal }: CallbackRequest,
  lookup: ReturnType<typeof lookupOf>,
): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      agent: false, // a connection of its own: none that was opened to another address is used again
      lookup,
      signal,
      maxHeaderSize: HEADER_BYTES,
      headers: {
        ...headers,
        "user-agent": USER_AGENT,
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      // Whoever reads the answer learns of its end; this keeps an answer nobody reads any more from ending the process.
      response.on("error", () => undefined);
      resolve(response);
    });
    request.end(body);
  });
}

/** Where an answer sends on to; null where it is the answer, or sends a POST on as something else. */
function redirectOf(response: IncomingMessage, method: "GET" | "POST", from: URL): URL | null {
  const kept = method === "GET" ? [301, 302, 303, 307, 308] : [307, 308];
  const { location } = response.headers;
  if (location === undefined || !kept.includes(response.statusCode ?? 0)) return null;
  return URL.parse(location, from.href);
}

async function bodyOf(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null; // the status has been said, and counts
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks).toString("utf8");
}

function retryAfterOf(response: IncomingMessage, now: number): number | null {
  const header = response.headers["retry-after"]?.trim();
  if (header === undefined) return null;
  const wait = /^\d{1,10}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER_MS);
}

/** Lets go of work that cannot be ended, such as the resolving of a name. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const onAbort = () => {
    ended.reject(signal.reason as Error);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
