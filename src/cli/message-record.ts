import { NodeFailure } from "./node-errors.ts";

/** What the commands use of a message's record. */
export interface MessageRecord {
  readonly id: string;
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly status: string;
  readonly channelId: string;
  /** Why it stands as it does; null where the node gives no reason. */
  readonly reason: { readonly code: string; readonly detail: string } | null;
  /** As it was answered. */
  readonly answer: unknown;
}

/** @throws NodeFailure for what is no record */
export function readMessageRecord(answer: unknown): MessageRecord {
  const members = membersOf(answer);
  const text = (name: string): string => {
    const value = members.get(name);
    if (typeof value !== "string") throw new NodeFailure(`the node answered a message without ${name}`);
    return value;
  };
  return {
    id: text("id"),
    sender: text("sender"),
    receiver: text("receiver"),
    subject: text("subject"),
    predicate: text("predicate"),
    status: text("status"),
    channelId: text("channelId"),
    reason: reasonOf(members.get("journal")),
    answer,
  };
}

/** An object's own members; none for what is no object. */
export function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value));
}

/** A list's items; none for what is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The line that people read of a message. */
export function messageLine(record: MessageRecord): string {
  const { id, status, sender, receiver, predicate, subject } = record;
  return `${id}  ${status.padEnd(12)}  ${sender} -> ${receiver}  ${predicate}  ${subject}`;
}

function reasonOf(journal: unknown): MessageRecord["reason"] {
  const reason = membersOf(membersOf(itemsOf(journal).at(-1)).get("reason"));
  const [code, detail] = [reason.get("code"), reason.get("detail")];
  return typeof code === "string" && typeof detail === "string" ? { code, detail } : null;
}
