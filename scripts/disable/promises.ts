import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What is promised, the fault that tries it, the test that causes the fault, and the mechanism by which it holds. */
export interface ReliabilityPromise {
  readonly promise: string;
  readonly fault: string;
  readonly test: {
    /** From the project's root. */
    readonly file: string;
    /** As `it` is given it in the source, `${…}` included. */
    readonly title: string;
    /** What stands for `${…}` in the case to try. */
    readonly case?: string;
    /** Where the test runs on several databases: the one to try it on. */
    readonly database?: "SQLite" | "PostgreSQL";
  };
  readonly mechanism: string;
  /** How the mechanism is disabled; in several places where it holds by any one of several. */
  readonly off: readonly Edit[];
}

/** A change at one place of one file. */
export interface Edit {
  /** From the project's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The title of a promise's test, as the run shows it. */
export function titleOf({ test }: ReliabilityPromise): string {
  return test.title.replaceAll(/\$\{[^}]*\}/g, () => test.case ?? "");
}

/** Where they are written down. */
export const promisesFile = new URL("../../test/faults/promises.json", import.meta.url);

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isEdit(value: unknown): value is Edit {
  const edit = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return isText(edit.file) && isText(edit.find) && typeof edit.replace === "string";
}

function isPromise(value: unknown): value is ReliabilityPromise {
  if (typeof value !== "object" || value === null) return false;
  const { promise, fault, mechanism, test, off } = value as Record<string, unknown>;
  if (![promise, fault, mechanism].every(isText)) return false;
  const { file, title, database, case: tried } = (test ?? {}) as Record<string, unknown>;
  if (!isText(file) || !isText(title) || (tried !== undefined && !isText(tried))) return false;
  if (database !== undefined && database !== "SQLite" && database !== "PostgreSQL") return false;
  return Array.isArray(off) && off.length > 0 && off.every(isEdit);
}

/**
 * Reads the promises of `test/faults/promises.json`.
 *
 * @throws Error that names the first entry which is not as it must be
 */
export async function readPromises(): Promise<readonly ReliabilityPromise[]> {
  const list: unknown = JSON.parse(await readFile(promisesFile, "utf8"));
  if (!Array.isArray(list)) throw new Error(`${fileURLToPath(promisesFile)} holds no list.`);
  return list.map((entry: unknown, place) => {
    if (isPromise(entry)) return entry;
    throw new Error(`Entry ${place} of ${fileURLToPath(promisesFile)} is not as it must be.`);
  });
}

/**
 * A file after a change.
 *
 * @throws Error when the place is not there, or there more than once
 */
export function edited(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places like: ${find}`);
  return parts.join(replace);
}
