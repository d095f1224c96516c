import {
  JsonRpcApiProvider,
  Network,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
} from "ethers";

import { ChannelFailure } from "../channel.ts";

const TIMEOUT_MS = 10_000;
/** A page of logs may be large; whatever asks for more has to ask for less at a time. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
const MAX_BATCH_REQUESTS = 50;
const MAX_ERROR_TEXT = 200;

/**
 * The ledger's client answered with an error. It is judged by `errorCode` and `data` only; the text is for people.
 */
export class RpcError extends Error {
  /** JSON-RPC error code. */
  readonly errorCode: number;
  /** What the contract reverted with, in hexadecimal; null where the client gave none. */
  readonly data: string | null;

  constructor(method: string, errorCode: number, text: string, data: string | null) {
    super(`${method}: ${text.slice(0, MAX_ERROR_TEXT)} (${errorCode})`);
    this.name = "RpcError";
    this.errorCode = errorCode;
    this.data = data;
  }
}

/** Clients put a revert's data at `data`, or one or two levels below it. */
function revertData(value: unknown, depth = 0): string | null {
  if (typeof value === "string") return /^0x(?:[0-9a-f]{2})*$/i.test(value) ? value : null;
  if (typeof value !== "object" || value === null || depth === 2) return null;
  return revertData((value as { data?: unknown }).data, depth + 1);
}

function unreachable(why: string, cause?: unknown): ChannelFailure {
  return new ChannelFailure("retry", "ledger-unreachable", `The ledger's client cannot be reached: ${why}.`, {
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The client is there and did not cope: smaller questions may help. */
function overloaded(why: string): ChannelFailure {
  return new ChannelFailure("retry", "ledger-overloaded", `The ledger's client did not cope: ${why}.`);
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The body of a fetched answer is an asynchronous sequence of byte chunks.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw overloaded("its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * JSON-RPC over HTTP to one Ethereum client, within bounds: no redirects, ten seconds an answer, 32 MiB an answer, 50
 * requests a batch, no cache and no polling of its own. Failures to reach it are `ChannelFailure`s; the client's own
 * errors are `RpcError`s.
 */
export class EvmRpc extends JsonRpcApiProvider {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param url of the client; user name and password in it become basic authorization */
  constructor(url: string, chainId: number) {
    const network = Network.from(chainId);
    super(network, {
      staticNetwork: network,
      batchMaxCount: MAX_BATCH_REQUESTS,
      batchStallTime: 0,
      cacheTimeout: -1,
    });
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
  }

  /**
   * Asks the client.
   *
   * @throws ChannelFailure when it is out of reach; RpcError when it answers with an error
   */
  override async send(method: string, params: unknown[]): Promise<unknown> {
    this._start();
    try {
      return (await super.send(method, params)) as unknown;
    } catch (error) {
      if (error instanceof ChannelFailure || error instanceof RpcError) throw error;
      if (this.destroyed)
        throw new ChannelFailure("retry", "channel-closed", "The channel was closed meanwhile.");
      throw overloaded("its answer is not in the form of JSON-RPC");
    }
  }

  override async _send(
    payload: JsonRpcPayload | JsonRpcPayload[],
  ): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const text = await this.#post(JSON.stringify(payload));
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw overloaded("its answer is not JSON"); // the parser's message would quote the answer
    }
    return (Array.isArray(answer) ? answer : [answer]) as (JsonRpcResult | JsonRpcError)[];
  }

  override getRpcError(payload: JsonRpcPayload, { error }: JsonRpcError): Error {
    return new RpcError(payload.method, error.code, error.message ?? "", revertData(error.data));
  }

  async #post(body: string): Promise<string> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body,
        redirect: "error",
        signal,
      });
      const text = await boundedText(response);
      // Some clients send their JSON-RPC errors with an HTTP error status.
      if (!response.ok && !text.startsWith("{") && !text.startsWith("[")) {
        throw overloaded(`HTTP status ${response.status}`);
      }
      return text;
    } catch (error) {
      if (error instanceof ChannelFailure) throw error;
      if (signal.aborted) throw overloaded(`no answer within ${TIMEOUT_MS / 1000} seconds`);
      // Not the error itself: it may name the address, which may carry a credential.
      throw unreachable(reasonOf(error));
    }
  }
}

/** The operating system's word for what went wrong, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "no connection";
}
