import type { MessageStatus } from "../../src/domain/journal.ts";
import type { Hex32 } from "../../src/domain/hex.ts";
import { eventTypes } from "./events.ts";

/** What `POST /messages` takes. */
export interface Draft {
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
}

/** The parts of a message's record that the demonstration looks at. */
export interface MessageRecord {
  readonly id: string;
  readonly subject: string;
  readonly predicate: string;
  readonly status: MessageStatus;
  readonly journal: readonly {
    readonly status: MessageStatus;
    readonly reason?: { readonly code: string; readonly detail: string };
  }[];
  readonly channelTxnId: string | null;
  readonly batch?: {
    readonly root: Hex32;
    readonly index: number;
    readonly count: number;
    readonly proof: readonly Hex32[];
  };
  readonly certificate?: { readonly acquitted: boolean; readonly revoked: boolean };
}

/** What a node says of a document to whoever asks. */
export interface Verification {
  readonly verdict: string;
  readonly findings: readonly {
    readonly name: "integrity" | "issuer" | "status";
    readonly outcome: "pass" | "fail" | "unknown";
  }[];
}

/** An error that a node answered (RFC 9457). */
interface ProblemAnswer {
  readonly code: string;
  readonly detail: string;
}

const patienceMilliseconds = 30_000;

/** A user's program that talks to one node over HTTP, as any application of an agency would. */
export class NodeClient {
  readonly url: string;
  readonly #authorization: string;

  /**
   * @param url the node's, without trailing slash
   * @param authorization the whole header, such as `Bearer …`
   */
  constructor(url: string, authorization: string) {
    this.url = url;
    this.#authorization = authorization;
  }

  /** Stores a document and returns its multihash. */
  async store(bytes: Uint8Array<ArrayBuffer>, mediaType: string): Promise<string> {
    const response = await this.#ask("/documents", {
      method: "POST",
      headers: { "content-type": mediaType },
      body: bytes,
    });
    const { multihash } = (await accepted(response)) as { multihash: string };
    return multihash;
  }

  /** Reads a document's bytes. */
  async read(multihash: string): Promise<Uint8Array> {
    const response = await this.#ask(`/documents/${multihash}`);
    if (!response.ok) throw await failure(response);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The HTTP status with which the node answers somebody who asks for a document. */
  async readStatus(multihash: string): Promise<number> {
    const response = await this.#ask(`/documents/${multihash}`);
    await response.body?.cancel();
    return response.status;
  }

  /** The participants to which a document is open. */
  async readers(multihash: string): Promise<readonly string[]> {
    const response = await this.#ask(`/documents/${multihash}/acl`);
    const { items } = (await accepted(response)) as { items: readonly { participant: string }[] };
    return items.map(({ participant }) => participant);
  }

  /** Sends a message that the node takes. */
  async send(draft: Draft): Promise<MessageRecord> {
    const response = await this.#ask("/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(draft),
    });
    return (await accepted(response)) as MessageRecord;
  }

  /**
   * Sends many messages in one request, all of which the node takes.
   *
   * @returns their ids, in order
   */
  async sendMany(drafts: readonly Draft[]): Promise<readonly string[]> {
    const response = await this.#ask("/messages/batch", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(""),
    });
    if (!response.ok) throw await failure(response);
    const answers = (await response.text()).trimEnd().split("\n");
    return answers.map((line) => {
      const { id, error } = JSON.parse(line) as { readonly id?: string; readonly error?: ProblemAnswer };
      if (id === undefined) throw new Error(`A line was answered ${error?.code ?? "nothing"}: ${line}`);
      return id;
    });
  }

  /**
   * Sends a message that the ledger is to refuse.
   *
   * @returns why it failed: the contract's decoded error and a sentence
   */
  async sendInVain(draft: Draft): Promise<{ readonly code: string; readonly detail: string }> {
    const { id } = await this.send(draft);
    const { journal } = await this.until(id, "failed");
    const reason = journal.at(-1)?.reason;
    if (reason === undefined) throw new Error(`Message ${id} failed without a reason.`);
    return reason;
  }

  /** The record of a message; null where the node does not show it (yet). */
  async message(id: string): Promise<MessageRecord | null> {
    const response = await this.#ask(`/messages/${id}`);
    if (response.status === 404) {
      await response.body?.cancel();
      return null;
    }
    return (await accepted(response)) as MessageRecord;
  }

  /**
   * Waits, half a minute at most, until a message's record is as wanted: the node says when something happens, and is
   * asked only then.
   *
   * @param wanted a status, or a question to the record
   */
  async until(
    id: string,
    wanted: MessageStatus | ((record: MessageRecord) => boolean),
  ): Promise<MessageRecord> {
    const isWanted =
      typeof wanted === "string" ? (record: MessageRecord) => record.status === wanted : wanted;
    const patience = AbortSignal.timeout(patienceMilliseconds);
    const done = new AbortController();
    // Before the first look: what happens after it is told.
    const stream = await this.#ask("/events", { signal: AbortSignal.any([patience, done.signal]) });
    if (!stream.ok || stream.body === null) throw await failure(stream);
    let record = await this.message(id);
    const events = eventTypes(stream.body);
    try {
      while (record === null || !isWanted(record)) {
        if ((await events.next()).done === true) throw new Error(`${this.url} ended its stream of events.`);
        record = await this.message(id);
      }
      return record;
    } catch (error) {
      if (!patience.aborted) throw error;
      const shown = JSON.stringify(record?.journal ?? "absent");
      throw new Error(`${this.url} still shows message ${id} as ${shown}.`, { cause: error });
    } finally {
      done.abort();
    }
  }

  /** Every message of one type that the node received. */
  async received(predicate: string): Promise<readonly MessageRecord[]> {
    const query = new URLSearchParams({ predicate, direction: "incoming", limit: "1000" });
    const found: MessageRecord[] = [];
    for (let after: string | null = ""; after !== null;) {
      if (after !== "") query.set("after", after);
      const page = (await accepted(await this.#ask(`/messages?${query.toString()}`))) as {
        readonly items: readonly MessageRecord[];
        readonly next: string | null;
      };
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }

  /** Asks, as anybody may, what a document is worth as the certificate that a message issued. */
  async verify(multihash: string, messageId: string): Promise<Verification> {
    const response = await fetch(`${this.url}/verify/${multihash}?message=${messageId}`);
    return (await accepted(response)) as Verification;
  }

  /** Sends a form to the node's WebSub hub. */
  async askHub(form: Readonly<Record<string, string>>): Promise<void> {
    const response = await this.#ask("/subscriptions", { method: "POST", body: new URLSearchParams(form) });
    if (!response.ok) throw await failure(response);
    await response.body?.cancel();
  }

  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", this.#authorization);
    return fetch(`${this.url}${path}`, { ...init, headers });
  }
}

async function accepted(response: Response): Promise<unknown> {
  if (!response.ok) throw await failure(response);
  return response.json();
}

async function failure(response: Response): Promise<Error> {
  const { code, detail } = (await response.json()) as ProblemAnswer;
  return new Error(`${response.url} answered ${response.status} ${code}: ${detail}`);
}
