/**
 * What a node makes of it that a participant's own domain does not name an account that acts for it on a channel: nothing
 * goes on with that account, or it is only said, or it is not looked at (decision 0027).
 */
export type BindingRule = "required" | "reported" | "off";

export type BindingOutcome = "bound" | "unbound" | "unknown";

/** Why a participant or an account is not bound. Stable. */
export const bindingReasons = {
  "not-checked": "Whether the participant's domain names the account has not been looked at yet.",
  "account-not-named": "The DID document of the participant's domain does not name the account.",
  "no-account-named": "The DID document of the participant's domain names no account of this ledger.",
  "did-invalid": "The participant's domain publishes no DID document that can be used.",
  "did-unreachable": "The participant's domain has been out of reach for too long.",
  "ledger-unsupported": "Accounts of this ledger cannot be named in a DID document.",
} as const;

export type BindingReason = keyof typeof bindingReasons;

/** Whether a domain is bound to what acts for it. */
export interface Binding {
  readonly outcome: BindingOutcome;
  /** Null where it is bound. */
  readonly reason: BindingReason | null;
  /** When the domain's document was last had, in milliseconds since 1970; null for never. */
  readonly checkedAt: number | null;
}

/** A participant's binding on one channel, with the accounts that its domain names. */
export interface ParticipantBinding extends Binding {
  readonly accounts: ReadonlySet<string>;
}

/**
 * Whether one account is bound.
 *
 * @param known what was found out of its participant on its channel; null for nothing
 * @param account null where it is not known which one acted: then it must be all of them
 */
export function bindingOfAccount(known: ParticipantBinding | null, account: string | null): Binding {
  if (known === null) return { outcome: "unknown", reason: "not-checked", checkedAt: null };
  const { outcome, reason, checkedAt, accounts } = known;
  if (account === null || outcome === "unknown") return { outcome, reason, checkedAt };
  if (accounts.has(account.toLowerCase())) return { outcome: "bound", reason: null, checkedAt };
  return { outcome: "unbound", reason: reason ?? "account-not-named", checkedAt };
}
