import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One JSON-RPC request, as it passes by. */
export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * An answer in place of the ledger's own: `result` or `error`, or `hang up`, which breaks the connection off; null lets the
 * request pass. A `result` may be made from the true one.
 */
export type Interception = (
  request: RpcRequest,
  pass: () => Promise<unknown>,
) => Promise<
  | { readonly result: unknown }
  | { readonly error: { code: number; message: string; data?: unknown } }
  | "hang up"
  | null
>;

/** JSON-RPC over HTTP to a ledger's client, that a test shuts, listens at and answers at in its place. */
export interface RpcDoor {
  readonly rpcUrl: string;
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

class HangUp extends Error {}

/**
 * Opens a door to a ledger's client, on a free port of this machine. A ledger may have several.
 *
 * @param send asks the client itself
 */
export async function openRpcDoor(
  send: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Promise<RpcDoor> {
  const requests: RpcRequest[] = [];
  const authorizations: string[] = [];
  let reachable = true;
  let interception: Interception | null = null;

  async function answer({ id, method, params }: Payload): Promise<unknown> {
    const pass = () => send(method, params);
    requests.push({ method, params });
    try {
      const instead = (await interception?.({ method, params }, pass)) ?? null;
      if (instead === "hang up") throw new HangUp();
      return { jsonrpc: "2.0", id, ...(instead ?? { result: await pass() }) };
    } catch (error) {
      if (error instanceof HangUp) throw error;
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
    })().catch(() => {
      request.socket.destroy(); // hung up, here or by a client that was killed
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
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
    },
  };
}
