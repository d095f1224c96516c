import { isRecord } from "./record.ts";

const POINTER = /^(?:\/(?:[^~/]|~[01])*){0,32}$/;
const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** Whether a text is a JSON pointer (RFC 6901) of at most 32 steps; the empty one is the whole document. */
export function isPointer(text: string): boolean {
  return text.length <= 500 && POINTER.test(text);
}

/**
 * What a JSON pointer leads to.
 *
 * @param pointer as {@link isPointer} takes it
 * @returns undefined where there is nothing
 */
export function valueAt(document: unknown, pointer: string): unknown {
  let found: unknown = document;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found))
      found = INDEX.test(name) ? (found as readonly unknown[])[Number(name)] : undefined;
    else found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}
