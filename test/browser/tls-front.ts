import { once } from "node:events";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";

/** By its address: its types are those of Node alone, and the browser's go by the same names. */
const CERTIFICATES = new URL("../identity/certificates.ts", import.meta.url).href;

interface Certificates {
  readonly selfSigned: (terms: {
    readonly addresses: readonly string[];
  }) => Promise<{ readonly certificate: string; readonly key: string }>;
}

/** What ends TLS before a node that listens without, as an agency's proxy does. */
export interface TlsFront {
  readonly url: string;
  /** How documents are passed on: as they are, compressed, or half of each and then no more. */
  documents: "whole" | "compressed" | "cut";
  close(): Promise<void>;
}

/**
 * Opens an https server with a certificate of its own making, which passes everything on.
 *
 * @param port of the node on this machine
 */
export async function tlsFront(port: number): Promise<TlsFront> {
  const { selfSigned } = (await import(CERTIFICATES)) as Certificates;
  const { certificate: cert, key } = await selfSigned({ addresses: ["127.0.0.1"] });
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const through = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      if (url?.startsWith("/documents/") !== true || front.documents === "whole") passOn(answer, outgoing);
      else if (front.documents === "compressed") compress(answer, outgoing);
      else cut(answer, outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    through.on("error", () => outgoing.destroy());
    outgoing.on("close", () => through.destroy());
    incoming.pipe(through);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const front: TlsFront = {
    documents: "whole",
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return front;
}

function passOn(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(outgoing);
}

function compress(answer: IncomingMessage, outgoing: ServerResponse): void {
  const headers = { ...answer.headers, "content-encoding": "gzip" };
  delete headers["content-length"];
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  answer.pipe(createGzip()).pipe(outgoing);
}

function cut(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.once("data", (chunk: Buffer) => {
    outgoing.write(chunk.subarray(0, chunk.length / 2), () => outgoing.destroy());
  });
}
