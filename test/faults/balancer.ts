import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What stands before the replicas of a node: each new connection goes to the next of them. */
export interface Balancer {
  /** Leaves a replica out, and breaks off what goes on with it, as a health check that fails does. */
  leaveOut(port: number): void;
  /** Has a replica take part. */
  takeIn(port: number): void;
  close(): Promise<void>;
}

/** @param port to listen at, on this machine */
export async function startBalancer(port: number): Promise<Balancer> {
  const replicas: number[] = [];
  const sockets = new Map<Socket, number>();
  let turn = 0;
  const server = createServer((client) => {
    const chosen = replicas[(turn += 1) % replicas.length];
    if (chosen === undefined) {
      client.destroy();
      return;
    }
    const behind = connect(chosen, "127.0.0.1");
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.set(socket, chosen);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const leaveOut = (left: number) => {
    replicas.splice(0, replicas.length, ...replicas.filter((each) => each !== left));
    for (const [socket, used] of sockets) if (used === left) socket.destroy();
  };
  return {
    leaveOut,
    takeIn(added) {
      if (!replicas.includes(added)) replicas.push(added);
    },
    async close() {
      for (const socket of sockets.keys()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
