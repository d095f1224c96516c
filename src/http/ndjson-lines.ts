import type { Readable } from "node:stream";

/** One line of a request that is not blank. */
export interface Line {
  /** Counted from 1, blank lines included. */
  readonly number: number;
  /** The text without its line feed; null for a line that is longer than allowed, or not UTF-8. */
  readonly text: string | null;
  readonly fault: "too-long" | "not-utf-8" | null;
}

const LINE_FEED = 0x0a;
const BLANK = /^\s*$/;

/**
 * Splits a stream into lines, never keeping more of it than one line and what arrived together.
 *
 * @param maxBytes bytes of a line at most; a longer one is read over and reported
 * @param groupSize lines that are handed out together at most
 * @returns the lines that have arrived together, again and again, so that whoever sends little at a time is answered at once
 */
export async function* linesOf(
  stream: Readable,
  maxBytes: number,
  groupSize: number,
): AsyncGenerator<readonly Line[]> {
  const splitter = new Splitter(maxBytes);
  // Whoever sent too much is still to be answered, so leaving early must not end the stream.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    let group: Line[] = [];
    for (const line of splitter.take(chunk as Buffer)) {
      group.push(line);
      if (group.length < groupSize) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  }
  const last = splitter.rest();
  if (last !== null) yield [last];
}

class Splitter {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #parts: Buffer[] = [];
  #bytes = 0;
  #number = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  *take(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const line = this.#finish();
      if (line !== null) yield line;
    }
    this.#keep(chunk.subarray(start));
  }

  rest(): Line | null {
    return this.#bytes === 0 ? null : this.#finish();
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** @returns null for a blank line */
  #finish(): Line | null {
    const [parts, bytes] = [this.#parts, this.#bytes];
    this.#parts = [];
    this.#bytes = 0;
    this.#number += 1;
    const number = this.#number;
    if (bytes > this.#maxBytes) return { number, text: null, fault: "too-long" };
    try {
      const text = this.#decoder.decode(Buffer.concat(parts));
      return BLANK.test(text) ? null : { number, text, fault: null };
    } catch {
      return { number, text: null, fault: "not-utf-8" };
    }
  }
}
