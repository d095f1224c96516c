import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Something that answers like a node, or as one never should. */
export interface FakeNode {
  readonly url: string;
  /** Authorization headers that came, in order. */
  readonly authorizations: readonly (string | undefined)[];
  /** From now on answers so. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Starts an HTTP server on a free port. */
export async function startFakeNode(): Promise<FakeNode> {
  let listener: RequestListener = (_request, response) => response.writeHead(404).end();
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    authorizations,
    answer: (next) => {
      listener = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
