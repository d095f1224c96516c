import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a door behaves towards whoever comes to it. */
export type DoorMood =
  | { readonly kind: "open" }
  | { readonly kind: "shut" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  | {
      readonly kind: "answers";
      readonly status: number;
      readonly mediaType: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A door before a node: it lets requests through, or behaves as a bad line or another server would. */
export interface Door {
  readonly url: string;
  /** What comes to the API; the page itself and its scripts always come through, unless the door is shut. */
  mood: DoorMood;
  close(): Promise<void>;
}

/** Opens a door before a node. @param target the node's address */
export async function openDoor(target: string): Promise<Door> {
  let mood: DoorMood = { kind: "open" };
  const server = createServer((incoming, outgoing) => {
    const isPage = incoming.method === "GET" && /^\/(verify|assets\/|offline)/.test(incoming.url ?? "");
    if (mood.kind === "shut") {
      incoming.socket.destroy();
    } else if (mood.kind === "open" || isPage) {
      pass(target, incoming, outgoing);
    } else if (mood.kind === "slow") {
      setTimeout(() => {
        pass(target, incoming, outgoing);
      }, mood.milliseconds);
    } else {
      outgoing.writeHead(mood.status, { "content-type": mood.mediaType, ...mood.headers });
      outgoing.end(mood.body);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get mood() {
      return mood;
    },
    set mood(changed) {
      mood = changed;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming;
  const through = request(`${target}${url ?? ""}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  through.on("error", () => {
    outgoing.destroy();
  });
  incoming.pipe(through);
}
