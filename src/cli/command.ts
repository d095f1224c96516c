import type { ParseArgsConfig } from "node:util";

import type { Exit } from "./exit.ts";

/** Options as they were given, by their long names. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The command was not called as it must be; the message says how. */
export class UsageError extends Error {}

/** One command of the command line. */
export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** How it is called, each option, and an example. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Names of the arguments that must be given besides options; none by default. */
  readonly operands?: readonly string[];
  /**
   * @param values the options given
   * @param operands as many as `operands` names
   * @throws UsageError
   */
  readonly run: (values: Values, operands: readonly string[]) => Promise<Exit>;
}

/** The option's value; null where it was left out. */
export function textOf(values: Values, name: string): string | null {
  const value = values[name];
  return typeof value === "string" ? value : null;
}

/** The values of an option that may be repeated, in the order given. */
export function textsOf(values: Values, name: string): readonly string[] {
  const given = values[name];
  return Array.isArray(given) ? given.filter((value) => typeof value === "string") : [];
}

/**
 * A whole number that an option gives.
 *
 * @param otherwise where it was left out
 * @throws UsageError for what is no such number, or out of range
 */
export function numberOf(
  values: Values,
  name: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const text = textOf(values, name);
  if (text === null) return otherwise;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}`);
}
