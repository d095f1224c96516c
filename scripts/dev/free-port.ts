import { once } from "node:events";
import { createServer } from "node:net";

async function listens(port: number): Promise<number | null> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return null;
    throw error;
  }
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : null;
}

/**
 * Finds a port on 127.0.0.1 to listen on.
 *
 * @param preferred taken when it is free
 * @returns `preferred`, or any other free port
 */
export async function freePort(preferred: number): Promise<number> {
  const port = (await listens(preferred)) ?? (await listens(0));
  if (port === null) throw new Error("There is no free port on 127.0.0.1.");
  return port;
}
