import type { OpenApiDocument } from "./openapi.ts";

/**
 * Names requests by the address of the OpenAPI document they are for, such as `/messages/{id}`: a bounded number of names,
 * none of which tells what was asked for.
 *
 * @returns the name of a path without query; `other` for what is in no document
 */
export function routeNames({ paths }: Pick<OpenApiDocument, "paths">): (path: string) => string {
  const templates = Object.keys(paths)
    // Those without parameters first: `/documents/batch` is no document of that name.
    .sort((a, b) => a.split("{").length - b.split("{").length)
    .map((name) => ({
      name,
      form: new RegExp(
        `^${name
          .split(/\{[^}]*\}/)
          .map(literal)
          .join("[^/]+")}$`,
      ),
    }));
  return (path) => templates.find(({ form }) => form.test(path))?.name ?? "other";
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
