import { readFileSync } from "node:fs";

import jsonld from "jsonld";

import type { DocumentTypes } from "../../src/semantics/document-types.ts";

const W3C = "https://www.w3.org/ns/credentials/v2";
const w3cFile = new URL("../contexts/v2.jsonld", import.meta.resolve("@digitalbazaar/credentials-context"));

/** The W3C's context of credentials. */
export const w3c = JSON.parse(readFileSync(w3cFile, "utf8")) as object;

/** Gives the contexts that are bundled, and asks nobody for others. */
function loader(types: DocumentTypes) {
  return (url: string) => {
    const document = url === W3C ? w3c : types.ofContext(url)?.contextDocument;
    if (document === undefined) return Promise.reject(new Error(`Nobody bundled ${url}.`));
    return Promise.resolve({ contextUrl: undefined as never, documentUrl: url, document });
  };
}

/**
 * What a JSON-LD document says, as RDF (N-Quads); a term that stands for nothing is an error, and so is a context that nobody
 * bundled.
 *
 * @param base URL that the document was read at, where it matters
 */
export async function quadsOf(types: DocumentTypes, document: unknown, base?: string): Promise<string> {
  const quads = await jsonld.toRDF(
    document as jsonld.JsonLdDocument,
    {
      documentLoader: loader(types),
      format: "application/n-quads",
      safe: true,
      ...(base === undefined ? {} : { base }),
    } as jsonld.Options.ToRdf,
  );
  return quads as unknown as string;
}
