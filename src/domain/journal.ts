/** Where a message stands at its sender (first six) or at its receiver (last four); PROTOCOL §3. */
export type MessageStatus =
  | "pending"
  | "bundled"
  | "sent"
  | "delivered"
  | "failed"
  | "withdrawn"
  | "received"
  | "fetching"
  | "available"
  | "fetch-failed";

/** Why a message stands where it does: a stable code and a sentence. */
export interface Reason {
  readonly code: string;
  readonly detail: string;
}

/** One line of the append-only status journal. `at` is milliseconds since 1970. */
export interface JournalEntry {
  readonly status: MessageStatus;
  readonly at: number;
  readonly attempt: number;
  readonly reason?: Reason;
}
