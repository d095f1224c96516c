import type { OpenApiDocument } from "./openapi.ts";

type Json = Readonly<Record<string, unknown>>;

const METHODS = ["get", "head", "post", "put", "patch", "delete"];

/**
 * The OpenAPI document as a page to read. It is made here, without scripts and without anything from elsewhere, so that it
 * works where there is no other network and under a policy that lets a browser run and load nothing.
 *
 * @returns HTML that needs nothing but the style sheet beside it
 */
export function docsPage(document: OpenApiDocument): string {
  const info = document.info as Json;
  const operations = operationsOf(document);
  const tags = list((document as unknown as Json).tags);
  const schemas = Object.entries(object(document.components.schemas)).sort(([a], [b]) => a.localeCompare(b));
  const sections = tags.map((tag) => sectionOf(tag, operations, document));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}</title>
<link rel="stylesheet" href="docs/style.css">
</head>
<body>
<nav>${tags.map((tag) => contentsOf(tag, operations)).join("")}<a href="#schemas">Schemas</a></nav>
<main>
<h1>${escape(info.title)} <small>${escape(info.version)}</small></h1>
<p>The same for machines: <a href="openapi.json">openapi.json</a>. Server: <code>${escape(document.servers[0]?.url)}</code></p>
${prose(info.description)}
${sections.join("\n")}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => `<section id="schema-${escape(name)}"><h3>${escape(name)}</h3>${outline(schema)}</section>`).join("\n")}
</main>
</body>
</html>
`;
}

/** The page's style sheet. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #8885; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --accent: #7db8f0; } }
body { margin: 0; display: grid; grid-template-columns: 19rem minmax(0, 60rem); font: 16px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; box-sizing: border-box; font-size: 0.85rem; border-right: 1px solid var(--line); }
nav a { display: block; overflow-wrap: anywhere; }
nav b { display: block; margin-top: 0.8rem; }
main { padding: 1rem 2rem 6rem; }
a { color: var(--accent); }
section { border-top: 1px solid var(--line); padding-block: 0.5rem; }
code, pre { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow: auto; border: 1px solid var(--line); padding: 0.6rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: 0.2rem 0.8rem 0.2rem 0; }
ul { padding-left: 1.2rem; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } }
`;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly content: Json;
  readonly parameters: readonly unknown[];
}

function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const content = object(item[method]);
      return {
        ...{ method: method.toUpperCase(), path, content },
        id: text(content.operationId),
        tag: text(list(content.tags)[0]),
        parameters: [...list(item.parameters), ...list(content.parameters)].map((each) =>
          found(each, document),
        ),
      };
    }),
  );
}

function contentsOf(tag: unknown, operations: readonly Operation[]): string {
  const name = text(object(tag).name);
  const links = operations
    .filter((operation) => operation.tag === name)
    .map(({ id, method, path }) => `<a href="#${escape(id)}">${method} ${escape(path)}</a>`);
  return `<b>${escape(name)}</b>${links.join("")}`;
}

function sectionOf(tag: unknown, operations: readonly Operation[], document: OpenApiDocument): string {
  const { name, description } = object(tag);
  const own = operations.filter((operation) => operation.tag === name);
  return `<h2>${escape(name)}</h2>${prose(description)}${own.map((each) => operationOf(each, document)).join("\n")}`;
}

function operationOf(
  { id, method, path, content, parameters }: Operation,
  document: OpenApiDocument,
): string {
  const open = Array.isArray(content.security) && content.security.length === 0;
  return `<section id="${escape(id)}">
<h3><code>${method} ${escape(path)}</code></h3>
<p><b>${escape(content.summary)}.</b>${open ? " Open to everybody." : ""}</p>
${prose(content.description)}
${parametersOf(parameters)}
${bodyOf(object(found(content.requestBody, document)), "Request body")}
<table><tr><th>Answer</th><th></th></tr>
${Object.entries(object(content.responses))
  .map(([status, each]) => answerOf(status, object(found(each, document))))
  .join("\n")}
</table>
</section>`;
}

function parametersOf(parameters: readonly unknown[]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map((each) => {
    const { name, in: place, required, description, schema } = object(each);
    const kind = `${escape(place)}${required === true ? ", required" : ""}`;
    return `<tr><td><code>${escape(name)}</code><br>${kind}</td><td>${prose(description)}${outline(schema)}</td></tr>`;
  });
  return `<table><tr><th>Parameter</th><th></th></tr>${rows.join("")}</table>`;
}

function bodyOf(body: Json, title: string): string {
  const kinds = Object.entries(object(body.content)).map(([mediaType, each]) => {
    const { schema, example } = object(each);
    const shown = typeof example === "string" ? example : JSON.stringify(example, null, 2);
    const sample = example === undefined ? "" : `<pre>${escape(shown)}</pre>`;
    return `<p>${title}: <code>${escape(mediaType)}</code></p>${outline(schema)}${sample}`;
  });
  return kinds.join("");
}

function answerOf(status: string, answer: Json): string {
  return `<tr><td><code>${escape(status)}</code></td><td>${prose(answer.description)}${bodyOf(answer, "Body")}</td></tr>`;
}

/** A schema as a list of its members; one that has a name leads to it. */
function outline(schema: unknown): string {
  const { $ref: reference, type, properties, items, required, description } = object(schema);
  if (typeof reference === "string") {
    const name = reference.split("/").at(-1);
    return `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
  }
  const members = Object.entries(object(properties)).map(([name, member]) => {
    const needed = list(required).includes(name) ? "" : " (optional)";
    return `<li><code>${escape(name)}</code>${needed}: ${outline(member)}</li>`;
  });
  const parts = [
    ["oneOf", "anyOf", "allOf"].flatMap((kind) => list(object(schema)[kind]).map(outline)).join(" "),
    type === undefined ? "" : `<code>${escape(Array.isArray(type) ? type.join(" or ") : type)}</code>`,
    bounds(object(schema)),
    items === undefined ? "" : ` of ${outline(items)}`,
    description === undefined ? "" : ` ${inline(text(description))}`,
    members.length === 0 ? "" : `<ul>${members.join("")}</ul>`,
  ];
  return parts.join("");
}

function bounds(schema: Json): string {
  const words = [
    "const",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "default",
  ]
    .filter((word) => schema[word] !== undefined)
    .map((word) => `${word} <code>${escape(JSON.stringify(schema[word]))}</code>`);
  return words.length === 0 ? "" : ` ${words.join(", ")}`;
}

/** Follows a reference inside the document, one step. */
function found(value: unknown, document: OpenApiDocument): unknown {
  const { $ref: reference } = object(value);
  if (typeof reference !== "string") return value;
  return reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((inner, step) => object(inner)[step], document);
}

/** Paragraphs, with what stands in backquotes as code. */
function prose(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join("");
}

function inline(value: string): string {
  return escape(value).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(value: unknown): string {
  return text(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
