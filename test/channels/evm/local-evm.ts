import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import hre from "hardhat";

/** One JSON-RPC request, as it passes by. */
export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * An answer in place of the ledger's own: `result` or `error`; null lets the request pass. A `result` may be made from the
 * true one.
 */
export type Interception = (
  request: RpcRequest,
  pass: () => Promise<unknown>,
) => Promise<
  { readonly result: unknown } | { readonly error: { code: number; message: string; data?: unknown } } | null
>;

/** A real EVM in this process, behind an HTTP door that can be shut and listened at. */
export interface LocalEvm {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly genesisHash: string;
  /** Asks the EVM itself, past the door. */
  send(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Shut, every connection is refused an answer. */
  setReachable(reachable: boolean): void;
  /** Answers in the ledger's place; null for honest answers. */
  intercept(interception: Interception | null): void;
  /** Requests that came through the door so far. */
  readonly requests: readonly RpcRequest[];
  /** Authorization headers that came with them, empty where there was none. */
  readonly authorizations: readonly string[];
  close(): Promise<void>;
}

interface Payload extends RpcRequest {
  readonly id: unknown;
}

/**
 * Starts a fresh EVM: it mines a block for every transaction until `evm_setAutomine` is told otherwise.
 *
 * @param chainId 31337 by default
 */
export async function startLocalEvm(chainId = 31_337): Promise<LocalEvm> {
  const connection = await hre.network.create({ network: "node", override: { chainId } });
  const requests: RpcRequest[] = [];
  const authorizations: string[] = [];
  let reachable = true;
  let interception: Interception | null = null;

  const send = async (method: string, params: readonly unknown[] = []): Promise<unknown> =>
    (await connection.provider.request({ method, params: [...params] })) as unknown;

  async function answer({ id, method, params }: Payload): Promise<unknown> {
    const pass = () => send(method, params);
    requests.push({ method, params });
    try {
      const instead = (await interception?.({ method, params }, pass)) ?? null;
      return { jsonrpc: "2.0", id, ...(instead ?? { result: await pass() }) };
    } catch (error) {
      const { code, message, data } = error as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code: code ?? -32603, message, data } };
    }
  }

  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      if (!reachable) {
        request.socket.destroy();
        return;
      }
      authorizations.push(request.headers.authorization ?? "");
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Payload | Payload[];
      const result = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(result));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const genesis = (await send("eth_getBlockByNumber", ["0x0", false])) as { hash: string };

  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    chainId,
    genesisHash: genesis.hash,
    send,
    setReachable(value) {
      reachable = value;
    },
    intercept(value) {
      interception = value;
    },
    requests,
    authorizations,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await connection.close();
    },
  };
}
