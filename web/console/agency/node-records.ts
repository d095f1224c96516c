import type { MessageStatus } from "../../../src/domain/journal.ts";

// What the node's API answers, as far as an agency's pages read it (openapi/messages.yaml, registry.yaml, subjects.yaml).

/** Where a message may stand, in the order in which it does: at its sender, then at its receiver. */
export const messageStatuses = [
  ...(["pending", "bundled", "sent", "delivered", "failed", "withdrawn"] as const),
  ...(["received", "fetching", "available", "fetch-failed"] as const),
] as const satisfies readonly MessageStatus[];

export type Direction = "outgoing" | "incoming";
export type Effect = "inform" | "issue" | "acquit" | "revoke";

export interface Reason {
  readonly code: string;
  readonly detail: string;
}

export interface JournalEntry {
  readonly status: MessageStatus;
  /** RFC 3339. */
  readonly at: string;
  readonly attempt: number;
  readonly reason?: Reason;
  /** Who did it; for administrators alone. */
  readonly by?: { readonly subject: string };
}

export interface Certificate {
  readonly issued: boolean;
  readonly acquitted: boolean;
  readonly revoked: boolean;
  readonly expired: boolean;
  readonly duplicate: boolean;
  readonly invalidated?: boolean;
  readonly issuedAt?: string;
  readonly acquittedBy?: string;
  readonly acquittedAt?: string;
  readonly revokedBy?: string;
  readonly revokedAt?: string;
}

export interface CredentialFinding {
  readonly name: string;
  readonly outcome: "pass" | "fail" | "unknown";
  readonly code: string;
  readonly detail: string;
}

export interface CredentialCheck {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly findings: readonly CredentialFinding[];
  readonly checkedAt: string;
}

export interface MessageRecord {
  readonly id: string;
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly validUntil?: string;
  readonly direction: Direction;
  readonly status: MessageStatus;
  readonly journal: readonly JournalEntry[];
  readonly channelId: string;
  readonly channelTxnId: string | null;
  readonly batch?: {
    readonly id: string;
    readonly root: string;
    readonly index: number;
    readonly count: number;
  };
  readonly certificate?: Certificate;
  readonly credential?: CredentialCheck;
  readonly binding?: {
    readonly outcome: "bound" | "unbound" | "unknown";
    readonly reason?: string;
    readonly account?: string;
    readonly checkedAt?: string;
  };
  readonly documentErased?: { readonly at: string; readonly reason: string };
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface ChannelMessageType {
  readonly predicate: string;
  readonly effect: Effect;
  readonly batchable: boolean;
  readonly closed: boolean;
  readonly target: string | null;
}

export interface Participant {
  readonly domain: string;
  readonly jurisdiction: string;
  readonly status: "invited" | "active" | "suspended";
}

export interface ChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly status: "active" | "deprecated" | "retired";
  readonly type: "test" | "production";
  readonly network: string;
  readonly opaqueSubjects: boolean;
  readonly participants: readonly Participant[];
  readonly messageTypes: readonly ChannelMessageType[];
}

/** What a stream of events tells (openapi/subscriptions.yaml, Notification). */
export interface Notification {
  readonly id: number;
  readonly type: string;
  readonly message: { readonly id: string; readonly subject: string };
}

/** The other side of a message. */
export function partnerOf({ direction, sender, receiver }: MessageRecord): string {
  return direction === "outgoing" ? receiver : sender;
}
