import type { DocumentTypeRecord } from "../document-types.ts";
import { withValue } from "./values.ts";

/**
 * The sample of a type to begin from, with a number that no other practice certificate has, and without what the node adds.
 *
 * @returns null where the type has none
 */
export function sampleOf({ sample, number }: DocumentTypeRecord): unknown {
  if (sample === null) return null;
  const { credentialSubject } = sample;
  const unsalted = withValue({ credentialSubject }, ["credentialSubject", "salt"], undefined);
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return withValue(unsalted, number.split("/").slice(1), `PRACTICE-${random.toString(36).toUpperCase()}`);
}
