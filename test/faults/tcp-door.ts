import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A door in front of a server, that passes bytes both ways until it is told to keep an answer back. */
export interface TcpDoor {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Breaks the next connection off as soon as the server answers: the client never hears it. `then` is called first. */
  keepBack(then: () => Promise<void>): void;
  close(): Promise<void>;
}

/** @param port of the server behind it, on this machine */
export async function openTcpDoor(port: number): Promise<TcpDoor> {
  const sockets = new Set<Socket>();
  let kept: (() => Promise<void>) | null = null;
  const server = createServer((client) => {
    const behind = connect(port, "127.0.0.1");
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("error", () => behind.destroy());
    behind.on("error", () => client.destroy());
    client.on("close", () => behind.destroy());
    behind.on("end", () => client.end());
    client.pipe(behind);
    behind.on("data", (bytes) => {
      if (kept === null) {
        client.write(bytes);
        return;
      }
      const then = kept;
      kept = null;
      void then().finally(() => client.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keepBack(then) {
      kept = then;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
