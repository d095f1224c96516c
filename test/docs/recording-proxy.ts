import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A call that went through. */
export interface RecordedCall {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly status: number;
}

/** Stands in front of a node and writes down what is asked of it. */
export interface RecordingProxy {
  readonly url: string;
  readonly calls: readonly RecordedCall[];
  close(): Promise<void>;
}

/** @param target the node's URL, without trailing slash */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const calls: RecordedCall[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    const onward = request(`${target}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      calls.push({ method, path: url.split("?", 1)[0] ?? "", status });
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
