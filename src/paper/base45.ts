// @ts-expect-error: the package brings no types
import { decode, encode } from "@digitalbazaar/base45";

const LETTERS = /^[0-9A-Z $%*+./:-]*$/;

/** Bytes in base45 (RFC 9285), the characters that a QR code packs best. */
export function toBase45(bytes: Uint8Array): string {
  // The encoder reads a view's buffer from its beginning.
  return (encode as (bytes: Uint8Array) => string)(Uint8Array.from(bytes));
}

/**
 * The bytes of a text in base45.
 *
 * @throws RangeError for any other text
 */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> {
  // The decoder takes a letter beyond its table of 256 for nothing.
  if (!LETTERS.test(text)) throw new RangeError("This is no base45.");
  return (decode as (text: string) => Uint8Array<ArrayBuffer>)(text);
}
