import type { Transaction } from "kysely";

import type { AnchorSubmission, MessageSubmission, SettlementSubmission } from "../channels/channel.ts";
import type { Reason } from "../domain/journal.ts";
import type { Schema } from "../store/schema.ts";
import type { OutboxRow } from "./outbox-repository.ts";

/** A submission but for its key, which the outbox gives. */
export type Content =
  Omit<MessageSubmission, "key"> | Omit<AnchorSubmission, "key"> | Omit<SettlementSubmission, "key">;

/** What is to be done with a row that is due. */
export type Plan =
  /** To be handed to the channel, unless the ledger would refuse it. */
  | { readonly kind: "carry"; readonly content: Content }
  /** Needs no word of the ledger to end. */
  | { readonly kind: "end"; readonly reason: Reason }
  /** Cannot go before something else has happened. */
  | { readonly kind: "wait" }
  /** It has been given to somebody else, who looks after it from now on. */
  | { readonly kind: "given" };

/**
 * How something ended that its channel refuses for good: `failed`; `delivered`, where it is carried after all; `returned`,
 * where it goes on in another way; `not-yet`, where it has not ended, because another way may be about to open.
 */
export type Ending = "failed" | "delivered" | "returned" | "not-yet";

/** What the outbox has to know of one kind of thing that it carries: a message, an anchor or a settlement. */
export interface Freight {
  /** What is to be done with a row that waits, or whose hand-over was interrupted. */
  plan(row: OutboxRow): Promise<Plan>;

  /** Whether what a refusal depends on is still under way, so that it is no refusal yet however long that takes. */
  dependsOnOthers(row: OutboxRow): Promise<boolean>;

  /**
   * Ends it, together with its row, once the ledger has refused it for good and this node has followed that far.
   *
   * @param db a transaction
   * @returns null, having changed nothing, when another replica or the follower has it, or is about to
   */
  end(db: Transaction<Schema>, row: OutboxRow, reason: Reason): Promise<Ending | null>;

  /** Why what is left of it ends, once the ledger has taken it and this node has followed that far; null: nothing is left. */
  readonly afterwards: Reason | null;
}
