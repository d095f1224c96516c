import { readFileSync } from "node:fs";

import { parse } from "yaml";

/** The parsed OpenAPI 3.1 document of this node's APIs. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** Reads `openapi.yaml`, the source of truth of every request and answer. */
export function loadOpenApi(): OpenApiDocument {
  return parse(readFileSync(new URL("./openapi.yaml", import.meta.url), "utf8")) as OpenApiDocument;
}
