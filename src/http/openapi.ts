import { readdirSync, readFileSync } from "node:fs";

import { parse } from "yaml";

/** The parsed OpenAPI 3.1 document of this node's APIs. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

type Section = Readonly<Record<string, unknown>>;
type Part = Readonly<{ paths?: Section; components?: Readonly<Record<string, Section>> }>;

const directory = new URL("./openapi/", import.meta.url);

let loaded: OpenApiDocument | null = null;

/** The document, read once in a process; nobody changes it. @throws Error as {@link readOpenApi} */
export function loadOpenApi(): OpenApiDocument {
  return (loaded ??= readOpenApi());
}

/**
 * Reads the documents in `openapi/`, the source of truth of every request and answer, and puts them together: one for
 * each API, and what they have in common in `common.yaml`.
 *
 * @throws Error when two of them define the same address or component
 */
function readOpenApi(): OpenApiDocument {
  const common = read("common.yaml") as Part;
  let paths: Section = {};
  let components = common.components ?? {};
  for (const file of readdirSync(directory).sort()) {
    if (file === "common.yaml" || !file.endsWith(".yaml")) continue;
    const part = read(file) as Part;
    paths = joined(paths, part.paths ?? {}, file);
    for (const [kind, section] of Object.entries(part.components ?? {})) {
      components = { ...components, [kind]: joined(components[kind] ?? {}, section, file) };
    }
  }
  return { ...common, paths, components } as unknown as OpenApiDocument;
}

function read(file: string): unknown {
  return parse(readFileSync(new URL(file, directory), "utf8"));
}

function joined(all: Section, more: Section, file: string): Section {
  const twice = Object.keys(more).find((name) => Object.hasOwn(all, name));
  if (twice !== undefined) throw new Error(`openapi/${file} defines ${twice} a second time.`);
  return { ...all, ...more };
}
