/**
 * Compiles the schemas of the document types that come with the node into `src/semantics/compiled/validators.js`, so that a
 * node that starts has none to compile. `--check` only says whether the file is as it would be made.
 */
import { readFile, writeFile } from "node:fs/promises";

import { compiledValidators } from "./validators/compiled-validators.ts";

const file = new URL("../src/semantics/compiled/validators.js", import.meta.url);
const made = compiledValidators();

if (!process.argv.includes("--check")) {
  await writeFile(file, made);
} else if ((await readFile(file, "utf8")) !== made) {
  console.error("The compiled validators are not those of the schemas: run npm run build:validators.");
  process.exitCode = 1;
}
