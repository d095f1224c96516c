import type { Message } from "../domain/message.ts";
import { multihashOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";
import type { Subject } from "../domain/subject.ts";

/** The columns that hold a message, wherever a table has them. */
export interface MessageColumns {
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly digest: string;
  readonly valid_until: number | null;
}

/** The message in a row of this node's own tables; its form was checked before it was written there. */
export function messageOf(row: MessageColumns): Message {
  return {
    sender: row.sender as Domain,
    receiver: row.receiver as Domain,
    subject: row.subject as Subject,
    predicate: row.predicate as Predicate,
    obj: multihashOf(row.digest),
    validUntil: row.valid_until,
  };
}
