import type { MessageRecord } from "../../src/messages/message-record.ts";
import { eventually } from "../eventually.ts";

/** A message as an officer writes it. */
export interface Draft {
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly sender?: string;
  readonly validUntil?: string;
}

/** An answer of a node, read to its end. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Somebody who works with a node over HTTP. */
export class Officer {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Asks the node for anything, with this officer's token unless `headers` says otherwise. */
  request(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> } = {},
  ) {
    const headers = { authorization: `Bearer ${this.#token}`, ...init.headers };
    return fetch(`${this.#url}${path}`, { ...init, headers });
  }

  /** @returns the multihash of the stored bytes */
  async store(bytes: Uint8Array<ArrayBuffer>, mediaType: string): Promise<string> {
    const response = await this.request("/documents", {
      method: "POST",
      headers: { "content-type": mediaType },
      body: bytes,
    });
    const body = (await response.json()) as { multihash: string };
    if (response.status !== 201) throw new Error(`The document was refused: ${JSON.stringify(body)}`);
    return body.multihash;
  }

  /** Reads a document; its bytes where the answer is 200. */
  async read(multihash: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
    const response = await this.request(`/documents/${multihash}`);
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  }

  async readers(multihash: string): Promise<readonly string[]> {
    const response = await this.request(`/documents/${multihash}/acl`);
    const { items } = (await response.json()) as { items: { participant: string }[] };
    return items.map(({ participant }) => participant);
  }

  async post(draft: Draft): Promise<Answer> {
    const response = await this.request("/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(draft),
    });
    return { status: response.status, body: await response.json() };
  }

  /** @returns the id of the accepted message */
  async send(draft: Draft): Promise<string> {
    const { status, body } = await this.post(draft);
    if (status !== 202 && status !== 200) throw new Error(`The message was refused: ${JSON.stringify(body)}`);
    return (body as MessageRecord).id;
  }

  /** A message's record; null when the node shows none. */
  async message(id: string): Promise<MessageRecord | null> {
    const response = await this.request(`/messages/${id}`);
    const body: unknown = await response.json();
    return response.status === 200 ? (body as MessageRecord) : null;
  }

  /** Waits until a message stands as said. */
  async until(id: string, status: string): Promise<MessageRecord> {
    const seen: (MessageRecord | null)[] = [];
    const stands = async () => {
      const record = await this.message(id);
      seen.push(record);
      return record?.status === status;
    };
    await eventually(stands).catch((cause: unknown) => {
      throw new Error(`It is not ${status}: ${JSON.stringify(seen.at(-1))}`, { cause });
    });
    const last = seen.at(-1);
    if (last === undefined || last === null) throw new Error(`There is no ${id}.`);
    return last;
  }

  /** Waits until a message has failed. @returns the reason's code */
  async reason(id: string): Promise<string | undefined> {
    const { journal } = await this.until(id, "failed");
    return journal.at(-1)?.reason?.code;
  }
}
