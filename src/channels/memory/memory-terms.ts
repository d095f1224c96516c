import type { Message } from "../../domain/message.ts";

/** The unchangeable terms of a channel in memory; moments are seconds since 1970. */
export interface MemoryTerms {
  readonly name: string;
  readonly type: "test" | "production";
  readonly opaqueSubjects: boolean;
  readonly validFrom: number;
  readonly validUntil: number | null;
}

/** What a channel asks of the one it takes over from. */
export interface MemoryPredecessor {
  /** Whether it has been deprecated in favour of this channel. */
  readonly handedOver: () => boolean;
  /** Whether a number was issued on it, or on a predecessor of its own. */
  readonly isIssued: (issuance: Message) => boolean;
}
