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
  /** How the mechanism is disabled: one place of one file. */
  readonly off: { readonly file: string; readonly find: string; readonly replace: string };
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

function isPromise(value: unknown): value is ReliabilityPromise {
  if (typeof value !== "object" || value === null) return false;
  const { promise, fault, mechanism, test, off } = value as Record<string, unknown>;
  if (![promise, fault, mechanism].every(isText)) return false;
  const { file, title, database, case: tried } = (test ?? {}) as Record<string, unknown>;
  if (!isText(file) || !isText(title) || (tried !== undefined && !isText(tried))) return false;
  if (database !== undefined && database !== "SQLite" && database !== "PostgreSQL") return false;
  const edit = (off ?? {}) as Record<string, unknown>;
  return isText(edit.file) && isText(edit.find) && typeof edit.replace === "string";
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
 * A file with a mechanism disabled.
 *
 * @throws Error when the place is not there, or there more than once
 */
export function disabled(source: string, { off }: ReliabilityPromise): string {
  const parts = source.split(off.find);
  if (parts.length !== 2) {
    throw new Error(`${off.file} has ${parts.length - 1} places like: ${off.find}`);
  }
  return parts.join(off.replace);
}
