import { connect, createServer, type Socket } from "node:net";

/** Stands before a node: lets everything through, late, or not at all. */
export interface SlowDoor {
  /** Milliseconds by which every answer is late from now on. */
  delay: number;
  /** Refuses connections, and breaks those that are there. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/**
 * Opens a door before a node on this machine.
 *
 * @param port where others come in
 * @param node the port on which the node itself listens
 */
export async function slowDoor(port: number, node: number): Promise<SlowDoor> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((caller) => {
    if (isShut) {
      caller.destroy();
      return;
    }
    const inner = connect(node, "127.0.0.1");
    for (const socket of [caller, inner]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        caller.destroy();
        inner.destroy();
      });
    }
    caller.pipe(inner);
    inner.on("data", (chunk) => {
      if (door.delay === 0) caller.write(chunk);
      else setTimeout(() => caller.destroyed || caller.write(chunk), door.delay);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const door: SlowDoor = {
    delay: 0,
    shut() {
      isShut = true;
      breakAll();
    },
    open() {
      isShut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        breakAll();
      }),
  };
  return door;
}
