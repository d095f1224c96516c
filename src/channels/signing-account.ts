/** A transaction of an account that has no final word yet. */
export interface TransactionInFlight {
  readonly nonce: number;
  /** The version broadcast last. */
  readonly txn: string;
  /** When it was first signed; milliseconds since 1970. */
  readonly since: number;
  /** How often it was replaced by a version that pays more. */
  readonly raises: number;
  /** What the last version offers for a unit of gas. */
  readonly price: string;
  /** Whether it is in a block, which is not final yet. */
  readonly included: boolean;
  /** Key of the submission that it carries; null where it fills a gap. */
  readonly carries: string | null;
}

/** What an account paid of late. */
export interface FeesSpent {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly amount: string;
  /** How many transactions that was. */
  readonly transactions: number;
  /** Whether that is all since then; false where it was too much to be added up, or the ledger did not say all of it. */
  readonly complete: boolean;
}

/** What the ledger says of an account at present. */
export interface AccountOnLedger {
  /** In `unit`, as a decimal. */
  readonly balance: string;
  /** The first nonce that no transaction in a block has; null where the ledger has no nonces. */
  readonly nonce: number | null;
  /** How many messages the balance pays for, at the present price; null where they cost nothing. */
  readonly lastsFor: number | null;
}

/**
 * An account that signs for this node on a channel. `operator` sends messages, `former-operator` brings to their end those it
 * signed before it was replaced, `node` speaks for the node and sends nothing.
 */
export interface SigningAccount {
  readonly account: string;
  readonly use: "operator" | "former-operator" | "node";
  /** Of all amounts, such as `wei`; null where nothing is paid. */
  readonly unit: string | null;
  /** The nonce that is given out next here, as far as is stored; null where none was given out yet. */
  readonly nextNonce: number | null;
  /** Null where the ledger cannot be asked now; `failure` says why. */
  readonly ledger: AccountOnLedger | null;
  /** Code of why the ledger does not say; null where it does, or where there is nothing to ask. */
  readonly failure: string | null;
  /** Lowest nonces first, and not more of them than can be shown. */
  readonly inFlight: readonly TransactionInFlight[];
  /** How many there are in all. */
  readonly inFlightTotal: number;
  readonly spent: FeesSpent | null;
}
