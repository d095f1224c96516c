import { multihashOf, type Digest, type Multihash } from "../domain/multihash.ts";
import { PeerFailure } from "./peer-request.ts";

/** The media type of an answer with many documents. */
export const DOCUMENT_FRAMES = "application/vnd.icl.documents";
/** Documents asked for at once. */
export const MOST_DOCUMENTS = 1_000;
/** Bytes of the largest document in an answer with many. */
export const LARGEST_FRAMED = 1024 * 1024;

const LONGEST_HEAD = 4_096;
const LINE_FEED = 0x0a;

/**
 * What is said of each document, in the order asked for: a line of JSON. With status 200 exactly `size` bytes follow, and
 * then the next line. 404: absent, or not open to whoever asks. 410:
 * erased. 413: to be asked for alone. 500: damaged.
 */
export type FrameHead =
  | {
      readonly multihash: Multihash;
      readonly status: 200;
      readonly size: number;
      readonly mediaType: string;
    }
  | { readonly multihash: Multihash; readonly status: 404 | 410 | 413 | 500 };

/** A document as another node sent it, or why it did not. */
export interface Frame {
  readonly digest: Digest;
  readonly status: 200 | 404 | 410 | 413 | 500;
  /** With status 200. */
  readonly content: Buffer;
  readonly mediaType: string;
}

/** The line that goes before a document, with its line feed. */
export function headLine(head: FrameHead): Buffer {
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

/**
 * Takes an answer with many documents apart, one at a time.
 *
 * @param answer as it comes
 * @param asked in the order asked for
 * @throws PeerFailure `answer-malformed` or `answer-truncated`; what came before holds
 */
export async function* framesOf(
  answer: AsyncIterable<Uint8Array>,
  asked: readonly Digest[],
): AsyncGenerator<Frame> {
  const bytes = new Pieces(answer[Symbol.asyncIterator]());
  for (const digest of asked) {
    const head = parseHead(await bytes.line(), multihashOf(digest));
    const content = head.status === 200 ? await bytes.take(head.size) : Buffer.alloc(0);
    yield { digest, status: head.status, content, mediaType: head.status === 200 ? head.mediaType : "" };
  }
}

const malformed = () =>
  new PeerFailure("answer-malformed", "The sender's node did not answer in the agreed form.");

function parseHead(line: string, multihash: Multihash): FrameHead {
  let head: unknown;
  try {
    head = JSON.parse(line);
  } catch {
    throw malformed();
  }
  if (typeof head !== "object" || head === null) throw malformed();
  const { status, size, mediaType, ...rest } = head as Record<string, unknown>;
  if (rest.multihash !== multihash) throw malformed();
  if (status === 404 || status === 410 || status === 413 || status === 500) return { multihash, status };
  const sized = typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && size <= LARGEST_FRAMED;
  if (status !== 200 || !sized || typeof mediaType !== "string") throw malformed();
  return { multihash, status, size, mediaType };
}

/** Bytes as they come, read by lines and by lengths. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(LINE_FEED);
      if (end > LONGEST_HEAD || (end < 0 && this.#rest.length > LONGEST_HEAD)) throw malformed();
      if (end >= 0) {
        const line = this.#rest.toString("utf8", 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      this.#rest = Buffer.concat([this.#rest, await this.#next()]);
    }
  }

  async take(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [this.#rest];
    for (let length = this.#rest.length; length < size;) {
      const piece = await this.#next();
      pieces.push(piece);
      length += piece.length;
    }
    const bytes = Buffer.concat(pieces);
    this.#rest = bytes.subarray(size);
    return bytes.subarray(0, size);
  }

  async #next(): Promise<Buffer> {
    const next = await this.#source.next();
    if (next.done !== true) return Buffer.from(next.value);
    throw new PeerFailure("answer-truncated", "The sender's node broke off before all documents were there.");
  }
}
