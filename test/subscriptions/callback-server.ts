import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { NotificationPayload } from "../../src/subscriptions/notification.ts";

/** One request that a callback got. */
export interface Call {
  readonly method: string;
  /** Path and query as requested. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What a callback answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A subscriber's callback: real HTTP on a free port of this machine. */
export interface CallbackServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Every request, in the order of arrival. */
  readonly calls: readonly Call[];
  /** Answers a question of the hub; by default with the challenge. */
  confirm: (call: Call) => Reply;
  /** Answers a delivery, by default with 204; a promise that never ends is a subscriber that never answers. */
  receive: (call: Call) => Reply | Promise<Reply>;
  /** Deliveries under way at present. */
  readonly underWay: number;
  /** The most there ever were at once. */
  readonly mostAtOnce: number;
  /** Deliveries to a path, in the order of arrival. */
  deliveries(path?: string): readonly NotificationPayload[];
  /** Questions of the hub. */
  questions(): readonly Call[];
  close(): Promise<void>;
}

export const confirming = (call: Call): Reply => ({
  status: 200,
  body: call.query.get("hub.challenge") ?? "",
});

export async function startCallbackServer(): Promise<CallbackServer> {
  const calls: Call[] = [];
  const count = { underWay: 0, mostAtOnce: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? "/";
    const { searchParams: query } = new URL(path, "http://callback");
    const body = await text(request);
    const call: Call = { method: request.method ?? "", path, query, headers: request.headers, body };
    calls.push(call);
    let reply: Reply;
    if (call.method === "GET") {
      reply = server.confirm(call);
    } else {
      count.underWay += 1;
      count.mostAtOnce = Math.max(count.mostAtOnce, count.underWay);
      reply = await server.receive(call);
      count.underWay -= 1;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const server: CallbackServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    confirm: confirming,
    receive: () => ({ status: 204 }),
    get underWay() {
      return count.underWay;
    },
    get mostAtOnce() {
      return count.mostAtOnce;
    },
    deliveries: (path) =>
      calls
        .filter((call) => call.method === "POST" && (path === undefined || call.path === path))
        .map((call) => JSON.parse(call.body) as NotificationPayload),
    questions: () => calls.filter((call) => call.method === "GET"),
    close: () =>
      new Promise((resolve) => {
        http.close(() => {
          resolve();
        });
        http.closeAllConnections();
      }),
  };
  return server;
}
