import type { BatchItem, BatchLimits } from "../documents/batch-item.ts";
import { parseMediaType } from "../documents/media-type.ts";
import { Problem } from "../domain/problems.ts";

const NEWLINE = 0x0a;
/** Room on a line for what is not content. */
const ENVELOPE_BYTES = 1_024;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads documents as lines of JSON, `{mediaType?, content}` with the content in base64. Never more than one line and one
 * chunk are in memory; a line that is too long is passed over to its end.
 *
 * @throws whatever `body` throws
 */
export async function* documentLines(
  body: AsyncIterable<Buffer>,
  limits: BatchLimits,
): AsyncGenerator<BatchItem> {
  const longest = Math.ceil(limits.itemBytes / 3) * 4 + ENVELOPE_BYTES;
  let line = 0;
  let items = 0;
  let read = 0;
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer) => {
    length += piece.length;
    if (length <= longest) pieces.push(piece);
    else pieces = [];
  };
  const finish = (): BatchItem | null => {
    line += 1;
    const [text, tooLong] = [Buffer.concat(pieces).toString("utf8"), length > longest];
    [pieces, length] = [[], 0];
    if (!tooLong && text.trim() === "") return null;
    items += 1;
    if (items > limits.items) return { line, problem: tooMany(limits) };
    return tooLong ? { line, problem: tooLarge(limits) } : itemOf(line, text, limits);
  };
  for await (const chunk of body) {
    read += chunk.length;
    if (read > limits.bytes) {
      yield { line: line + 1, problem: tooMuch(limits) };
      return;
    }
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const item = finish();
      if (item !== null) yield item;
      if (items > limits.items) return;
    }
    // A copy, so that a few bytes do not keep the whole chunk.
    if (start < chunk.length) take(Buffer.from(chunk.subarray(start)));
  }
  const last = length > 0 ? finish() : null;
  if (last !== null) yield last;
}

function itemOf(line: number, text: string, limits: BatchLimits): BatchItem {
  try {
    return { line, ...documentIn(text, limits) };
  } catch (error) {
    if (error instanceof Problem) return { line, problem: error };
    throw error;
  }
}

function documentIn(text: string, limits: BatchLimits): { mediaType: string; content: Uint8Array } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem("malformed-json", "The line is not JSON: write one JSON object a line, in UTF-8.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem("malformed-request", "Write each document as {mediaType, content}.");
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const content = members.get("content");
  const mediaType = members.get("mediaType");
  const known = (members.has("content") ? 1 : 0) + (members.has("mediaType") ? 1 : 0);
  if (members.size > known) {
    throw new Problem("malformed-request", "A document has no members but mediaType and content.");
  }
  if (typeof content !== "string" || (mediaType !== undefined && typeof mediaType !== "string")) {
    throw new Problem("malformed-request", "content is a string in base64, mediaType a media type.");
  }
  if (content === "") throw empty();
  if (content.length % 4 !== 0 || !BASE64.test(content)) {
    throw new Problem("malformed-request", "content is not base64 with padding (RFC 4648 §4): encode it so.");
  }
  const bytes = Buffer.from(content, "base64");
  if (bytes.length > limits.itemBytes) throw tooLarge(limits);
  return { mediaType: parseMediaType(mediaType), content: bytes };
}

/** A document without bytes. */
export function empty(): Problem {
  return new Problem("document-empty", "The document is empty: send its bytes.");
}

/** A document that is too large to come with others. */
export function tooLarge({ itemBytes }: BatchLimits): Problem {
  return new Problem(
    "document-too-large",
    `A document that comes with others may have ${itemBytes} bytes at most: send it alone, with POST /documents.`,
  );
}

/** The document after the last that a request may bring. */
export function tooMany({ items }: BatchLimits): Problem {
  return new Problem(
    "body-too-large",
    `A request may bring ${items} documents at most: from this one on send them with another.`,
  );
}

/** Where the request as a whole became too large. */
export function tooMuch({ bytes }: BatchLimits): Problem {
  return new Problem(
    "body-too-large",
    `A request may have ${bytes} bytes at most: from this document on send them with another.`,
  );
}
