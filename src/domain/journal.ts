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

/** Which of this node's own users made a step. Kept at this node alone, and shown to its administrators only. */
export interface ActingUser {
  /** Issuer and subject of the token. */
  readonly issuer: string;
  readonly subject: string;
  readonly via: "person" | "system";
  /** The program that the token was given to. */
  readonly client?: string;
  /** How the person was authenticated, in the issuer's own word. */
  readonly acr?: string;
}

/** One line of the append-only status journal. `at` is milliseconds since 1970. */
export interface JournalEntry {
  readonly status: MessageStatus;
  readonly at: number;
  readonly attempt: number;
  readonly reason?: Reason;
  /** Who of this node's users made the step, where it was one, and where it is asked for. */
  readonly by?: ActingUser;
}
