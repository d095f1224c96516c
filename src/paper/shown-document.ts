import { isRecord } from "../semantics/record.ts";

/** Bytes of the largest document that pages lay out. */
export const LARGEST_SHOWN = 5 * 1024 * 1024;

const JWS = /^[\w-]+\.([\w-]+)\.[\w-]*$/;

/**
 * Reads a document as whoever holds its paper is shown it: JSON, or a credential as `vc+jwt`, whatever media type it is said to
 * have.
 *
 * @returns undefined for any other
 */
export function shownDocument(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_SHOWN) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
    if (text.startsWith("{")) return JSON.parse(text);
    const payload = JWS.exec(text)?.[1];
    if (payload === undefined) return undefined;
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const decoded = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const document: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decoded));
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined; // neither
  }
}

/** Whether a document says that it is of a type. */
export function isOfType(document: unknown, credentialType: string): boolean {
  if (!isRecord(document)) return false;
  const { type } = document;
  return Array.isArray(type) ? type.includes(credentialType) : type === credentialType;
}
