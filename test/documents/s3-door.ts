import { once } from "node:events";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A request to the storage, as it passes by. */
export interface S3Passing {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** What becomes of a request. What is cut is cut after half its bytes; what is changed, is changed in one of them. */
export type S3Conduct =
  | "pass"
  | "hang up"
  | "keep silent"
  | "cut the upload"
  | "cut the answer"
  | "change the upload"
  | "trickle the answer"
  | "hold back the answer"
  | "answer by a clock that is three hours slow"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** HTTP to a storage, that a test listens at and disturbs. It passes everything until it is told otherwise. */
export interface S3Door {
  readonly url: string;
  readonly requests: readonly S3Passing[];
  /** Says what becomes of each request; null for nothing out of the ordinary. */
  disturb(conduct: ((request: S3Passing) => S3Conduct | Promise<S3Conduct>) | null): void;
  close(): Promise<void>;
}

const TRICKLE_MS = 50;
const THREE_HOURS = 3 * 60 * 60 * 1000;

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function slowly(headers: IncomingMessage["headers"]): Record<string, string> {
  const shifted = Object.entries({ date: headers.date, "last-modified": headers["last-modified"] }).flatMap(
    ([name, moment]) =>
      moment === undefined ? [] : [[name, new Date(Date.parse(moment) - THREE_HOURS).toUTCString()] as const],
  );
  return Object.fromEntries(shifted);
}

/** @param target URL of the storage */
export async function openS3Door(target: string): Promise<S3Door> {
  const requests: S3Passing[] = [];
  let disturbance: ((request: S3Passing) => S3Conduct | Promise<S3Conduct>) | null = null;

  async function pass(incoming: IncomingMessage, response: ServerResponse, conduct: S3Conduct) {
    const { method, url, headers } = incoming;
    const body = await bodyOf(incoming);
    if (conduct === "change the upload" && body[0] !== undefined) body[0] ^= 1;
    // The signature names the host, so the headers go on as they came.
    const outgoing = send(new URL(url ?? "/", target), {
      method,
      headers: { ...headers, connection: "close" },
    });
    if (conduct === "cut the upload") {
      outgoing.on("error", () => undefined);
      outgoing.write(body.subarray(0, body.length / 2), () => {
        outgoing.destroy();
        incoming.socket.destroy();
      });
      return;
    }
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const content = await bodyOf(answer);
    if (conduct === "hold back the answer") return;
    const slow = conduct === "answer by a clock that is three hours slow" ? slowly(answer.headers) : {};
    response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...slow, connection: "keep-alive" });
    if (conduct === "cut the answer") {
      response.write(content.subarray(0, content.length / 2), () => incoming.socket.destroy());
    } else if (conduct === "trickle the answer") {
      for (const byte of content) {
        if (response.destroyed) return;
        response.write(Buffer.of(byte));
        await delay(TRICKLE_MS);
      }
      response.end();
    } else {
      response.end(content);
    }
  }

  const server = createServer((incoming, response) => {
    void (async () => {
      const request = { method: incoming.method ?? "", url: incoming.url ?? "" };
      requests.push(request);
      const conduct = (await disturbance?.(request)) ?? "pass";
      if (conduct === "keep silent") return;
      if (conduct === "hang up") incoming.socket.destroy();
      else if (typeof conduct === "string") await pass(incoming, response, conduct);
      else {
        await bodyOf(incoming);
        response.writeHead(conduct.status, conduct.headers).end(conduct.body);
      }
    })().catch(() => {
      incoming.socket.destroy(); // the storage is down, or whoever asked was killed
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    disturb(conduct) {
      disturbance = conduct;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
