import { Problem } from "../domain/problems.ts";
import type { Erasure } from "./erasure-repository.ts";

/** The answer to whoever might have read a document before it was erased. */
export function erasedProblem(erasure: Erasure): Problem {
  const erasedAt = new Date(erasure.erasedAt).toISOString();
  return new Problem(
    "document-erased",
    `This node erased the document on ${erasedAt}: ask its sender for it. Reason: ${erasure.reason}`,
    { members: { erasedAt, reason: erasure.reason } },
  );
}
