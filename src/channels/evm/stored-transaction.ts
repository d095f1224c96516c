import type { Selectable } from "kysely";

import type { EvmTransactionTable } from "../../store/schema.ts";
import type { Refusal } from "../channel.ts";
import type { SignedVersion } from "./sign-transaction.ts";

/** A transaction of this node's, with the versions that were signed for it, oldest first. */
export interface StoredTransaction extends Omit<Selectable<EvmTransactionTable>, "refusal"> {
  readonly refusal: Refusal | null;
  readonly versions: readonly StoredVersion[];
}

export interface StoredVersion extends SignedVersion {
  readonly createdAt: number;
}

/** A transaction to be stored under the next free nonce. */
export interface NewTransaction {
  readonly signer: string;
  readonly channelId: string;
  readonly key: string;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: number;
  /** Nonces below this one are used up on the ledger. */
  readonly nonceFloor: number;
}

/** Where a version was included. */
export interface Inclusion {
  readonly txn: string;
  readonly height: number;
  readonly refusal: Refusal | null;
  /** What the ledger took for it, in wei; null where its client does not say. */
  readonly fee: bigint | null;
}
