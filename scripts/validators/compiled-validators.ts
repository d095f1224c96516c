import standalone from "ajv/dist/standalone/index.js";

import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { schemaCompiler } from "../../src/semantics/schema-compiler.ts";

const NAME = /[^A-Za-z0-9]/g;

/**
 * The validators of the document types that come with the node, as the text of a module.
 *
 * @throws Error where a schema is none
 */
export function compiledValidators(): string {
  const types = loadDocumentTypes();
  const ajv = schemaCompiler(types, true);
  const names = new Map(types.all.map(({ name, schema }) => [name.replaceAll(NAME, "_"), schema]));
  const code = standalone.default(ajv, Object.fromEntries(names));
  const entries = [...names].map(([name, schema]) => `  ${JSON.stringify(schema)}: ${name},`);
  return [
    "// Made by npm run build:validators out of document-types/: change that, and make it again.",
    'import { createRequire } from "node:module";',
    "const require = createRequire(import.meta.url);",
    code.replace(/^["']use strict["'];/, "").trim(),
    `export const validators = {\n${entries.join("\n")}\n};`,
    "",
  ].join("\n");
}
