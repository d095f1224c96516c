/** Whether a participant's own domain names the accounts that act for it on a channel, as far as was found out. */
export interface BindingTable {
  channel_id: string;
  participant: string;
  outcome: "bound" | "unbound" | "unknown";
  /** A stable word for why it is not bound; null where it is. */
  reason: string | null;
  /** The accounts of the channel's ledger that the domain names: a JSON list. */
  accounts: string;
  /** When the domain's document was last had; null for never. */
  checked_at: number | null;
  /** When it is to be looked at next. */
  due_at: number;
}

/** The accounts whose messages a channel has taken for a participant. */
export interface ActingAccountTable {
  channel_id: string;
  participant: string;
  account: string;
  seen_at: number;
}
