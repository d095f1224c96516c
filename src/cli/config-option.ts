import { loadConfig, type Config } from "../config.ts";
import { textOf, type Values } from "./command.ts";

/** The option of commands that read a node's configuration. */
export const configOption = { config: { type: "string", short: "c" } } as const;

/** @throws ConfigError that tells every mistake in it */
export function configOf(values: Values): Config {
  return loadConfig({ file: textOf(values, "config") });
}
