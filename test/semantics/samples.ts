import { readdirSync, readFileSync } from "node:fs";

import type { DocumentType } from "../../src/semantics/document-type.ts";

const root = new URL("../../document-types/", import.meta.url);

/** A document that is not as it must be, and where, and why. */
export interface InvalidSample {
  readonly reason: string;
  /** JSON pointer to what is wrong. */
  readonly path: string;
  readonly document: unknown;
}

function samplesIn<Sample>(type: DocumentType, kind: "valid" | "invalid"): ReadonlyMap<string, Sample> {
  const folder = new URL(`${type.name}/samples/${kind}/`, root);
  return new Map(readdirSync(folder).map((file) => [file, readJson(new URL(file, folder)) as Sample]));
}

function readJson(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The good samples of a document type, by file. */
export function validSamples(type: DocumentType): ReadonlyMap<string, unknown> {
  return samplesIn(type, "valid");
}

/** The bad samples of a document type, by file. */
export function invalidSamples(type: DocumentType): ReadonlyMap<string, InvalidSample> {
  return samplesIn(type, "invalid");
}
