import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

import { lookupOf, type AddressGuard } from "./address-guard.ts";

/** What somebody else's server answered. */
export interface GuardedAnswer {
  readonly status: number;
  /** In lower case, without parameters; empty where it says none. */
  readonly mediaType: string;
  readonly body: Buffer;
}

/** The answer is larger than what is read of it. */
export class AnswerTooLarge extends Error {
  constructor() {
    super("The answer is too large.");
    this.name = "AnswerTooLarge";
  }
}

const HEADER_BYTES = 16 * 1024;

/**
 * Asks an address that somebody else wrote down for something small. The address is vetted and then kept to, no redirect is
 * followed, nothing is decompressed, and size and time are bounded.
 *
 * @param limits `maxBytes` of the body; `withinMs` for the whole
 * @throws AddressRefused, AnswerTooLarge, or the system's error where there is no answer in time
 */
export async function guardedGet(
  url: URL,
  {
    guard,
    maxBytes,
    withinMs,
  }: { readonly guard: AddressGuard; readonly maxBytes: number; readonly withinMs: number },
): Promise<GuardedAnswer> {
  const signal = AbortSignal.timeout(withinMs);
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  signal.addEventListener("abort", () => {
    late.reject(signal.reason as Error);
  });
  // The resolving of a name cannot be ended; it is let go of.
  const vetted = await Promise.race([guard.vet(url), late.promise]);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const ask = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = ask(url, {
      ...{ agent: false, lookup: lookupOf(vetted), signal, maxHeaderSize: HEADER_BYTES },
      headers: { accept: "application/json", "accept-encoding": "identity" },
    });
    request.on("error", reject);
    request.on("response", resolve);
    request.end();
  });
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of response as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBytes) throw new AnswerTooLarge();
      pieces.push(piece);
    }
    const [mediaType = ""] = (response.headers["content-type"] ?? "").split(";", 1);
    return {
      status: response.statusCode ?? 0,
      mediaType: mediaType.trim().toLowerCase(),
      body: Buffer.concat(pieces),
    };
  } finally {
    response.destroy();
  }
}
