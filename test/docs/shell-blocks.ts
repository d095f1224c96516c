import { readFileSync } from "node:fs";

/** The fenced `sh` blocks of one of the project's Markdown files, in order. */
export function shellBlocks(file: string): readonly string[] {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
}
