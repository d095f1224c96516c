import type { ByteRange } from "../documents/document-store.ts";

const ONE_RANGE = /^bytes=(?:(?<first>\d{1,15})-(?<last>\d{0,15})|-(?<suffix>\d{1,15}))$/;

/**
 * Reads a Range header (RFC 9110 §14). What is not one range of bytes is ignored, as the RFC allows: the whole is sent.
 *
 * @param header the header as sent
 * @param size bytes of the whole; at least 1
 * @returns the range within the whole; null for the whole; `unsatisfiable` for one that lies outside it
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const groups = header === undefined ? undefined : ONE_RANGE.exec(header.trim())?.groups;
  if (groups === undefined) return null;
  const { first, last, suffix } = groups;
  if (suffix !== undefined) {
    const length = Number(suffix);
    return length === 0 ? "unsatisfiable" : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  const end = last === undefined || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== undefined && last !== "" && Number(last) < start) return null; // invalid, so ignored
  return start >= size ? "unsatisfiable" : { start, end };
}
