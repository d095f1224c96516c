import { isRecord, type JsonRecord } from "./record.ts";

/**
 * Says what is wrong with a file that somebody else may have written.
 *
 * @param where the file and the place in it, as a sentence begins
 * @throws Error with the sentence
 */
export function fail(where: string, what: string): never {
  throw new Error(`${where} ${what}.`);
}

/**
 * An object of which every member is known.
 *
 * @throws Error with a sentence that says what is wrong with it
 */
export function membersOf(value: unknown, where: string, known: readonly string[]): JsonRecord {
  if (!isRecord(value)) fail(where, "is no object");
  const unknownMember = Object.keys(value).find((name) => !known.includes(name));
  if (unknownMember !== undefined)
    fail(where, `has the member ${unknownMember.slice(0, 50)}, which nobody knows`);
  return value;
}

/**
 * A list of `most` items at most.
 *
 * @throws Error with a sentence that says what is wrong with it
 */
export function listOf(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) fail(where, `is no list of ${most} items at most`);
  return value;
}
