import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

import type { DatabaseLocation } from "../../src/store/store.ts";

/** A way to a PostgreSQL server on which a test has everything hang, as on a server that is stopped in its tracks. */
export interface DatabaseDoor {
  readonly location: DatabaseLocation;
  /** Nothing passes any more, and no connection is closed either; false lets what was held back pass. */
  hang(hanging: boolean): void;
  close(): Promise<void>;
}

/** Opens a door to a PostgreSQL database, on a free port of this machine. */
export async function openDatabaseDoor(location: DatabaseLocation): Promise<DatabaseDoor> {
  if (location.technology !== "postgres") throw new Error("There is a way to PostgreSQL only.");
  const url = new URL(location.url);
  const target = url.hostname.startsWith("%2F")
    ? { path: `${decodeURIComponent(url.hostname)}/.s.PGSQL.${url.port === "" ? "5432" : url.port}` }
    : { host: url.hostname, port: Number(url.port === "" ? "5432" : url.port) };
  const sockets = new Set<Socket>();
  let hanging = false;
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ ...target, allowHalfOpen: true });
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
      if (hanging) socket.pause();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const through = new URL(location.url.replace(/@[^/]*\//, `@127.0.0.1:${port}/`));
  return {
    location: { ...location, url: through.href },
    hang(value) {
      hanging = value;
      for (const socket of sockets) {
        if (value) socket.pause();
        else socket.resume();
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
