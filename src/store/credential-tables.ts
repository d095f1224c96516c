/** The tables of credentials, a part of `Schema`. */
export interface CredentialTables {
  status_list: StatusListTable;
  status_entry: StatusEntryTable;
  identity_anchor: IdentityAnchorTable;
  credential_check: CredentialCheckTable;
}

/** A status list that this node publishes. */
export interface StatusListTable {
  /** 1, 2, 3, …; new entries are given out of the last one. */
  list: number;
  /** How many of its entries are given. */
  given: number;
  opened_at: number;
}

/** An entry of a status list that was given to a credential. */
export interface StatusEntryTable {
  list: number;
  /** Its place in the list, chosen at random. */
  position: number;
  /** The credential that carries it, once this node has seen it; whether it is revoked, its ledger says. */
  digest: string | null;
  /** Issuer and subject of the caller's token. */
  given_to: string;
  given_at: number;
  /** Of a credential that is on no ledger, such as an anchor: when it was revoked here, by whom, and why. */
  revoked_at: number | null;
  revoked_by: string | null;
  reason: string | null;
}

/** A Digital Identity Anchor that this node's agency issued. */
export interface IdentityAnchorTable {
  id: string;
  /** Whom it is about. */
  did: string;
  /** The compact JWS. */
  credential: string;
  /** Its entry in the status lists. */
  list: number;
  position: number;
  valid_until: number | null;
  issued_at: number;
  issued_by: string;
}

/** What was found of the credential that a message carries. */
export interface CredentialCheckTable {
  message_id: string;
  digest: string;
  /** `queued`: yet to be looked at, or to be looked at again. */
  state: "queued" | "done";
  /** `pass`, `fail` or `unknown`; null before it was looked at. */
  outcome: string | null;
  /** A JSON array, in the order of the steps. */
  findings: string | null;
  checked_at: number | null;
  queued_at: number;
  tries: number;
  due_at: number;
  lease_owner: string | null;
  lease_epoch: number;
  lease_until: number;
}
