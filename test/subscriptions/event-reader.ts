/** One server-sent event. */
export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Reads a stream of server-sent events as it comes. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  /** Comment lines: signs of life. */
  comments = 0;
  /** Whether the stream has ended. */
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(response: Response) {
    if (response.body === null) throw new Error("The answer has no body.");
    this.#reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    void this.#read();
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // The connection was cut; what matters is that it is over.
    }
    this.ended = true;
  }

  #take(block: string): void {
    if (block.startsWith(":")) {
      this.comments += 1;
      return;
    }
    const fields = new Map(
      block.split("\n").map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const data = fields.get("data");
    if (data === undefined) return; // `retry` alone
    this.events.push({ id: fields.get("id") ?? "", event: fields.get("event") ?? "", data });
  }
}
