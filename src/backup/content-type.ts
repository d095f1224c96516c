import type { Readable } from "node:stream";

import { UNKNOWN_MEDIA_TYPE } from "../documents/media-type.ts";

/** What content shows of itself. */
export interface ContentShape {
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
}

const LARGEST_JSON = 16 * 1024 * 1024;
const PDF = Buffer.from("%PDF-");

/** Reads content to its end and tells what it is: JSON, PDF, or just bytes. What its sender called it is lost. */
export async function shapeOf(content: Readable): Promise<ContentShape> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= LARGEST_JSON || pieces.length === 0) pieces.push(piece);
  }
  const start = pieces[0] ?? Buffer.alloc(0);
  if (start.subarray(0, PDF.length).equals(PDF)) return { size, mediaType: "application/pdf" };
  const isJson = size <= LARGEST_JSON && parses(Buffer.concat(pieces));
  return { size, mediaType: isJson ? "application/json" : UNKNOWN_MEDIA_TYPE };
}

function parses(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    // A lone number or word is as likely to be something else.
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
