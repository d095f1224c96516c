import {
  Agent as HttpAgent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

import { ChannelFailure } from "../channel.ts";
import type { RemoteKey } from "./evm-key.ts";

const ANSWER_MS = 5_000;
/** A signed transaction has 128 KiB at most; twice that in hexadecimal, and room for what a signer repeats of it. */
const ANSWER_BYTES = 1024 * 1024;
const HEADER_BYTES = 16 * 1024;
const CONNECTIONS = 4;
/** After a failure nobody is made to wait for another: what waits is told at once, for so long. */
const REST_MS = 1_000;

const unreachable = (why: string) =>
  new ChannelFailure("retry", "signer-unreachable", `The remote signer cannot be reached: ${why}.`);

/**
 * JSON-RPC over HTTP to a remote signer, within bounds: no redirect, five seconds and 1 MiB an answer, one certificate
 * authority where one is named. Nothing that it answers is repeated in a failure: it may quote what it was sent.
 */
export class SignerConnection {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #answerMs: number;
  readonly #underWay = new Set<ClientRequest>();
  #id = 0;
  #restUntil = 0;
  #closed = false;

  constructor(remote: RemoteKey["remote"]) {
    const { url, token, ca, certificate, privateKey, answerMilliseconds } = remote;
    this.#url = new URL(url);
    this.#headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    this.#answerMs = answerMilliseconds ?? ANSWER_MS;
    const options = { keepAlive: true, maxSockets: CONNECTIONS };
    this.#agent =
      this.#url.protocol === "https:"
        ? new HttpsAgent({
            ...options,
            minVersion: "TLSv1.2",
            ...(ca === undefined ? {} : { ca }),
            ...(certificate === undefined ? {} : { cert: certificate }),
            ...(privateKey === undefined ? {} : { key: privateKey }),
          })
        : new HttpAgent(options);
  }

  /**
   * Asks one question.
   *
   * @returns the member `result` of the answer
   * @throws ChannelFailure retry `signer-unreachable`, or `signer-refused` where it answers with an error
   */
  async ask(method: string, params: readonly unknown[]): Promise<unknown> {
    if (this.#closed) throw unreachable("it was closed");
    if (performance.now() < this.#restUntil) throw unreachable("it failed a moment ago");
    const id = (this.#id += 1);
    try {
      return resultOf(id, await this.#post(JSON.stringify({ jsonrpc: "2.0", id, method, params })));
    } catch (error) {
      if (!(error instanceof ChannelFailure && error.code === "signer-refused")) {
        this.#restUntil = performance.now() + REST_MS;
      }
      throw error;
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends what is under way; nothing is asked any more. */
  close(): void {
    this.#closed = true;
    for (const request of this.#underWay) request.destroy();
    this.#agent.destroy();
  }

  #post(body: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const ask = this.#url.protocol === "https:" ? requestHttps : requestHttp;
      const options = {
        method: "POST",
        headers: { ...this.#headers, "content-length": String(Buffer.byteLength(body)) },
        agent: this.#agent,
        maxHeaderSize: HEADER_BYTES,
      };
      let request: ClientRequest;
      try {
        request = ask(this.#url, options);
      } catch (error) {
        reject(unreachable(reasonOf(error)));
        return;
      }
      const giveUp = (why: string) => {
        reject(unreachable(why));
        request.destroy();
      };
      const timer = setTimeout(() => {
        giveUp(`no answer within ${this.#answerMs / 1000} seconds`);
      }, this.#answerMs);
      let answered = false;
      this.#underWay.add(request);
      request.once("close", () => {
        clearTimeout(timer);
        this.#underWay.delete(request);
        if (!answered) giveUp("no connection");
      });
      request.once("error", (error) => {
        giveUp(reasonOf(error));
      });
      request.once("response", (response) => {
        answered = true; // what is left of it may be read after the connection has ended
        readText(response).then(
          (text) => {
            resolve({ status: response.statusCode ?? 0, text });
          },
          (error: unknown) => {
            giveUp(error instanceof TooLong ? "its answer is too long" : reasonOf(error));
          },
        );
      });
      request.end(body);
    });
  }
}

class TooLong extends Error {}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_BYTES) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function resultOf(id: number, { status, text }: { readonly status: number; readonly text: string }): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw unreachable(`it answered with status ${status}, and not in JSON`); // the parser's message would quote it
  }
  if (typeof answer !== "object" || answer === null)
    throw unreachable("its answer is not in the form of JSON-RPC");
  const { id: answered, result, error } = answer as { id?: unknown; result?: unknown; error?: unknown };
  if (typeof error === "object" && error !== null) {
    const { code } = error as { code?: unknown };
    const which = Number.isSafeInteger(code) ? ` with error ${String(code)}` : "";
    throw new ChannelFailure(
      "retry",
      "signer-refused",
      `The remote signer refuses to sign${which}: see its own log.`,
    );
  }
  if (answered !== id || result === undefined) throw unreachable("its answer is not in the form of JSON-RPC");
  return result;
}

/** The operating system's or TLS's word for what went wrong, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "no connection";
}
