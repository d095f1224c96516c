import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";

/** Seconds after which it makes sense to ask again for what there was no room for, or no storage. */
const RETRY_SECONDS = 10;
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The system's own word for an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** @param maxBytes of the largest document */
export function tooLarge(maxBytes: number): Problem {
  return new Problem("document-too-large", `A document may have ${maxBytes} bytes at most.`, {
    members: { maxBytes },
  });
}

export function truncated(cause?: unknown): Problem {
  return new Problem("truncated-upload", "The document ended before it was complete: send it again, whole.", {
    cause,
  });
}

export function damaged(digest: Digest): Problem {
  return new Problem(
    "document-damaged",
    "The stored bytes are gone or no longer have their hash: tell this node's operator to restore the document, or store it again.",
    { members: { digest } },
  );
}

/** The error as the caller is to see it: a full disc is nobody's mistake. */
export function noRoom(error: unknown): unknown {
  if (!NO_ROOM.has(codeOf(error) ?? "")) return error;
  return new Problem("unavailable", "This node has no room for the document now: try again later.", {
    cause: error,
    retryAfterSeconds: RETRY_SECONDS,
  });
}

/** @param retryAfterSeconds as the storage itself said, if it did */
export function outOfReach(cause: unknown, retryAfterSeconds: number = RETRY_SECONDS): Problem {
  return new Problem(
    "unavailable",
    "The storage of this node's documents does not answer now: try again later.",
    { cause, retryAfterSeconds },
  );
}
