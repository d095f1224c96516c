import { readFileSync } from "node:fs";

/** Where a secret is found: never in the configuration itself. */
export type SecretSource = { readonly env: string } | { readonly file: string };

/**
 * Reads a secret.
 *
 * @param source an environment variable or a file, whose surrounding white space is cut off
 * @returns the secret; not to be logged or put into any error
 * @throws Error naming the source, not its content, where there is none
 */
export function readSecret(source: SecretSource, env: NodeJS.ProcessEnv = process.env): string {
  const where = "env" in source ? `environment variable ${source.env}` : `file ${source.file}`;
  let text: string;
  try {
    text = ("env" in source ? (env[source.env] ?? "") : readFileSync(source.file, "utf8")).trim();
  } catch (cause) {
    throw new Error(`the ${where} cannot be read`, { cause });
  }
  if (text === "") throw new Error(`the ${where} is empty or absent`);
  return text;
}
