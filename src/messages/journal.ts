import type { MessageStatus } from "../domain/journal.ts";

/**
 * What may follow what in the status journal (PROTOCOL §3). `delivered` and `available` are never left. `sent` goes back
 * to `pending` only when a fork took its block, `bundled` when its bundle ended for a cause that is not the message's. A message that this node gave up (`failed`, `withdrawn`) goes on when it
 * is posted again, or when another node of the same participant brings it to the ledger after all.
 */
const successors: Readonly<Record<MessageStatus, readonly MessageStatus[]>> = {
  pending: ["bundled", "sent", "failed", "withdrawn"],
  bundled: ["pending", "sent", "failed"],
  sent: ["pending", "delivered"],
  delivered: [],
  failed: ["pending", "sent"],
  withdrawn: ["pending", "sent"],
  received: ["fetching", "available", "fetch-failed"],
  fetching: ["available", "fetch-failed"],
  "fetch-failed": ["fetching", "available"],
  available: [],
};

const statuses = Object.keys(successors) as MessageStatus[];

/** Reads a status out of a request or a row; null when `text` is none. */
export function asMessageStatus(text: string): MessageStatus | null {
  return statuses.find((status) => status === text) ?? null;
}

/** The statuses out of which the journal may move to `status`. */
export function predecessorsOf(status: MessageStatus): readonly MessageStatus[] {
  return statuses.filter((from) => successors[from].includes(status));
}
