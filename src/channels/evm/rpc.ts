import {
  JsonRpcApiProvider,
  Network,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
} from "ethers";

import { ChannelFailure } from "../channel.ts";
import { HttpEndpoint, overloaded, type LedgerEndpoint } from "./http-endpoint.ts";

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

/** One question: a method of JSON-RPC and its parameters. */
export type Question = readonly [method: string, params: readonly unknown[]];

/**
 * JSON-RPC to the clients of one Ethereum ledger, by an endpoint that keeps within bounds: 50 requests a batch, no cache
 * and no polling of its own. Failures to reach them are `ChannelFailure`s; a client's own errors are `RpcError`s.
 */
export class EvmRpc extends JsonRpcApiProvider {
  readonly #endpoint: LedgerEndpoint;
  #settled = -1;

  /** @param ledger address of the only client, or what chooses among several */
  constructor(ledger: string | LedgerEndpoint, chainId: number) {
    const network = Network.from(chainId);
    super(network, {
      staticNetwork: network,
      batchMaxCount: MAX_BATCH_REQUESTS,
      batchStallTime: 0,
      cacheTimeout: -1,
    });
    this.#endpoint = typeof ledger === "string" ? new HttpEndpoint(ledger) : ledger;
  }

  /** Another number whenever another client has come to answer. */
  get client(): number {
    return this.#endpoint.client;
  }

  /**
   * Remembers the highest final block that any client has named.
   *
   * @returns false where it had come further before: whoever names this block is behind
   */
  settles(height: number): boolean {
    this.#settled = Math.max(this.#settled, height);
    return height >= this.#settled;
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
      if (this.destroyed) throw closed();
      if (error instanceof ChannelFailure || error instanceof RpcError) throw error;
      throw overloaded("its answer is not in the form of JSON-RPC");
    }
  }

  /**
   * Asks several things in one request, which one client answers in this order: also behind an address that spreads
   * requests over several.
   *
   * @throws ChannelFailure when it is out of reach; RpcError for the first question that it answers with an error
   */
  async sendTogether(...questions: readonly Question[]): Promise<readonly unknown[]> {
    if (this.destroyed) throw closed();
    const payloads = questions.map(([method, params], index): JsonRpcPayload => ({
      ...{ jsonrpc: "2.0", id: index + 1, method },
      params: [...params],
    }));
    const answers = await this.#endpoint.ask(payloads).catch((error: unknown) => {
      throw this.destroyed ? closed() : error;
    });
    return payloads.map((payload, index) => {
      const answer = answers[index];
      if (answer === undefined) throw overloaded("it left a question out");
      if ("error" in answer) throw this.getRpcError(payload, answer);
      return answer.result as unknown;
    });
  }

  override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    return this.#endpoint.ask(payload);
  }

  override getRpcError(payload: JsonRpcPayload, { error }: JsonRpcError): Error {
    return new RpcError(payload.method, error.code, error.message ?? "", revertData(error.data));
  }

  /** Ends what is under way; nothing is asked any more. */
  override destroy(): void {
    super.destroy();
    this.#endpoint.close();
  }
}

function closed(): ChannelFailure {
  return new ChannelFailure("retry", "channel-closed", "The channel was closed meanwhile.");
}
