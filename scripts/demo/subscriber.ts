import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { NodeClient } from "./node-client.ts";

/** What a node tells a subscriber; the parts that the demonstration looks at. */
export interface Notice {
  readonly id: number;
  readonly type: string;
  readonly message: { readonly id: string };
}

const patienceMilliseconds = 30_000;

/** An agency's own system that its node tells what happens (W3C WebSub), so that it need not ask. */
export class Subscriber {
  readonly #client: NodeClient;
  readonly #topic: string;
  readonly #secret = randomBytes(32).toString("hex");
  readonly #notices: Notice[] = [];
  #server: Server | null = null;
  #confirmed = 0;
  #news = Promise.withResolvers<undefined>();

  /**
   * @param client a user of the node with the role `subscriptions`
   * @param topic path of a topic at the node, such as `/topics/jurisdictions/AU`
   */
  constructor(client: NodeClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  /** Subscribes; the node's question, whether this is meant, is answered by then. */
  async subscribe(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(0, "127.0.0.1");
    server.unref();
    await once(server, "listening");
    this.#server = server;
    await this.#ask("subscribe");
  }

  /** Waits, half a minute at most, until the node has told of something about a message. */
  async told(type: string, messageId: string): Promise<Notice> {
    return this.#until(
      () => this.#notices.find((notice) => notice.type === type && notice.message.id === messageId),
      `${type} of ${messageId}`,
    );
  }

  /** Unsubscribes, and listens no more. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    try {
      await this.#ask("unsubscribe");
    } finally {
      this.#server = null;
      server.close();
      server.closeAllConnections();
    }
  }

  async #ask(mode: "subscribe" | "unsubscribe"): Promise<void> {
    const before = this.#confirmed;
    const { port } = this.#server?.address() as AddressInfo;
    await this.#client.askHub({
      "hub.mode": mode,
      "hub.topic": this.#client.url + this.#topic,
      "hub.callback": `http://127.0.0.1:${port}/notices`,
      "hub.secret": this.#secret,
    });
    await this.#until(() => (this.#confirmed > before ? true : undefined), `the question about ${mode}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.method === "GET") {
      const { searchParams } = new URL(request.url ?? "/", this.#client.url);
      response.end(searchParams.get("hub.challenge"));
      this.#confirmed += 1;
    } else if (this.#isSigned(body, request.headers["x-hub-signature"])) {
      this.#notices.push(JSON.parse(body) as Notice);
      response.writeHead(204).end();
    } else {
      response.writeHead(403).end();
    }
    this.#news.resolve(undefined);
    this.#news = Promise.withResolvers();
  }

  #isSigned(body: string, signature: string | string[] | undefined): boolean {
    const expected = Buffer.from(`sha256=${createHmac("sha256", this.#secret).update(body).digest("hex")}`);
    const given = Buffer.from(String(signature));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async #until<T>(look: () => T | undefined, what: string): Promise<T> {
    const late = AbortSignal.timeout(patienceMilliseconds);
    const lateness = once(late, "abort");
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (late.aborted) throw new Error(`${this.#client.url} never told its subscriber: ${what}.`);
      await Promise.race([this.#news.promise, lateness]);
    }
  }
}
