import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from "ethers";

import { ChannelFailure } from "../channel.ts";

const ANSWER_MS = 10_000;
/** A page of logs may be large; whatever asks for more has to ask for less at a time. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** Asks a ledger's client, or one of several, in the form of JSON-RPC. */
export interface LedgerEndpoint {
  /** Another number whenever another client has come to answer: what lies between two changes is of one client. */
  readonly client: number;
  /**
   * @returns an answer for each question, errors of the client's own among them
   * @throws ChannelFailure retry `ledger-unreachable` or `ledger-overloaded`
   */
  ask(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]>;
  /** Ends what is under way; nothing is asked any more. */
  close(): void;
}

/** The answer goes beyond what is read: the question was too wide, whomever it is put to. */
export class AnswerTooLarge extends ChannelFailure {
  constructor() {
    super("retry", "ledger-overloaded", "The ledger's client did not cope: its answer is too large.");
  }
}

function unreachable(why: string): ChannelFailure {
  return new ChannelFailure("retry", "ledger-unreachable", `The ledger's client cannot be reached: ${why}.`);
}

/** The client is there and did not cope: smaller questions may help. */
export function overloaded(why: string): ChannelFailure {
  return new ChannelFailure("retry", "ledger-overloaded", `The ledger's client did not cope: ${why}.`);
}

/** What an endpoint may be told. */
export interface HttpEndpointOptions {
  /** How long an answer may take, in milliseconds; 10,000 where left out. */
  readonly answerMilliseconds?: number;
  /** Told of each time that nothing fit to use was answered. */
  readonly onFailure?: () => void;
}

/**
 * JSON-RPC over HTTP to one address, within bounds: no redirects, ten seconds an answer, 32 MiB an answer. The address
 * may carry a credential and is in no failure.
 */
export class HttpEndpoint implements LedgerEndpoint {
  readonly client = 0;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #answerMs: number;
  readonly #onFailure: () => void;
  readonly #underWay = new Set<AbortController>();
  #closed = false;

  /** @param url of the client; user name and password in it become basic authorization */
  constructor(url: string, options: HttpEndpointOptions = {}) {
    const target = new URL(url);
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    target.username = "";
    target.password = "";
    this.#url = target.href;
    this.#headers = {
      "content-type": "application/json",
      ...(credentials === ":"
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
    };
    this.#answerMs = options.answerMilliseconds ?? ANSWER_MS;
    this.#onFailure = options.onFailure ?? (() => undefined);
  }

  async ask(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    try {
      return answersTo(payload, await this.#post(JSON.stringify(payload)));
    } catch (error) {
      if (!this.#closed && !(error instanceof AnswerTooLarge)) this.#onFailure();
      throw error;
    }
  }

  // A method, so that the compiler does not take the answer for settled across an await.
  #isClosed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#underWay) controller.abort();
  }

  async #post(body: string): Promise<string> {
    if (this.#closed) throw unreachable("it was closed");
    const controller = new AbortController();
    this.#underWay.add(controller);
    const timer = setTimeout(() => {
      controller.abort();
    }, this.#answerMs);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body,
        redirect: "error",
        signal: controller.signal,
      });
      const text = await boundedText(response);
      // Some clients send their JSON-RPC errors with an HTTP error status; these two are about all questions.
      const busy = response.status === 429 || response.status === 503;
      if (busy || (!response.ok && !text.startsWith("{") && !text.startsWith("["))) {
        throw overloaded(`HTTP status ${response.status}`);
      }
      return text;
    } catch (error) {
      if (error instanceof ChannelFailure) throw error;
      if (controller.signal.aborted && !this.#isClosed())
        throw overloaded(`no answer within ${this.#answerMs / 1000} seconds`);
      // Not the error itself: it may name the address, which may carry a credential.
      throw unreachable(reasonOf(error));
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(controller);
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The body of a fetched answer is an asynchronous sequence of byte chunks.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The answers in a text, each to one of the questions, and each question with one. */
function answersTo(
  payload: JsonRpcPayload | JsonRpcPayload[],
  text: string,
): (JsonRpcResult | JsonRpcError)[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw overloaded("its answer is not JSON"); // the parser's message would quote the answer
  }
  const answers: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const questions = Array.isArray(payload) ? payload : [payload];
  return questions.map(({ id }) => {
    const found = answers.find((each) => isAnswer(each) && each.id === id);
    if (found === undefined) throw overloaded("its answer is not in the form of JSON-RPC");
    return found as JsonRpcResult | JsonRpcError;
  });
}

function isAnswer(value: unknown): value is { readonly id: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const { error } = value as { error?: unknown };
  return "result" in value || (typeof error === "object" && error !== null);
}

/** The operating system's word for what went wrong, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "no connection";
}
