import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { Interception } from "../channels/evm/rpc-door.ts";

/**
 * What an endpoint does instead of answering: breaks the connection off before or within its answer, keeps silent, or says
 * something of its own.
 */
export type EndpointFault =
  "hang up" | "cut the answer" | "keep silent" | { readonly status: number; readonly body: string };

/** An endpoint on the way to a ledger's client, as a proxy in front of it is. */
export interface FaultyEndpoint {
  readonly rpcUrl: string;
  /** When each request came, in milliseconds of the process's own clock. */
  readonly asked: readonly number[];
  /** Null for none. */
  setFault(fault: EndpointFault | null): void;
  /** Leads to these from now on, each request to any of them. */
  lead(...targets: readonly string[]): void;
  close(): Promise<void>;
}

/** Opens an endpoint on a free port of this machine that leads to other addresses. */
export async function openFaultyEndpoint(...targets: readonly string[]): Promise<FaultyEndpoint> {
  const asked: number[] = [];
  let places = targets;
  let state = 1; // of a generator of numbers that are the same each time
  let fault: EndpointFault | null = null;

  async function answer(body: string, response: ServerResponse): Promise<void> {
    asked.push(performance.now());
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const target = places[Math.floor((state / 2 ** 32) * places.length)];
    if (fault === "keep silent") return;
    if (fault === "hang up" || target === undefined) {
      response.socket?.destroy();
    } else if (fault === "cut the answer") {
      response.writeHead(200, { "content-type": "application/json", "content-length": 1_000 });
      response.write('{"jsonrpc":"2.0","id":1,"res', () => response.socket?.destroy());
    } else if (fault !== null) {
      response.writeHead(fault.status).end(fault.body);
    } else {
      const passed = await fetch(target, { method: "POST", body });
      response.writeHead(passed.status, { "content-type": "application/json" }).end(await passed.text());
    }
  }

  const server = createServer((request, response) => {
    text(request)
      .then((body) => answer(body, response))
      .catch(() => response.socket?.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    setFault(value) {
      fault = value;
    },
    lead(...others) {
      places = others;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Answers as a client that has come as far as a block and no further: it knows nothing of later ones.
 *
 * @param send asks the ledger
 */
export function frozenAt(
  height: number,
  send: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Interception {
  const at = `0x${height.toString(16)}`;
  const beyond = (tag: unknown) => typeof tag === "string" && tag.startsWith("0x") && Number(tag) > height;
  const isTag = (tag: unknown) => typeof tag === "string" && !tag.startsWith("0x");
  return async ({ method, params }, pass) => {
    const [first, second] = params;
    switch (method) {
      case "eth_blockNumber":
        return { result: at };
      case "eth_getBlockByNumber":
        if (beyond(first)) return { result: null };
        return isTag(first) ? { result: await send(method, [at, second]) } : null;
      case "eth_getLogs": {
        const logs = (await pass()) as readonly { readonly blockNumber: string }[];
        return { result: logs.filter(({ blockNumber }) => !beyond(blockNumber)) };
      }
      case "eth_getTransactionReceipt": {
        const receipt = (await pass()) as { readonly blockNumber: string } | null;
        return { result: receipt === null || beyond(receipt.blockNumber) ? null : receipt };
      }
      case "eth_call":
      case "eth_getTransactionCount":
        if (beyond(second)) return { error: { code: -32000, message: "header not found" } };
        return isTag(second) ? { result: await send(method, [first, at]) } : null;
      default:
        return null;
    }
  };
}
