/**
 * What goes wrong and is made good, or is given up: each is counted for the operator (`icl_<fault>_total` in `/metrics`),
 * beside the channel where there is one.
 */
export const faults = {
  resubmissions: "Submissions made again, because what was signed for them before is void.",
  fee_bumps: "Transactions replaced at the same nonce by one that pays more.",
  nonce_gaps: "Nonces that were left out and filled, so that what waited behind them goes on.",
  transactions_taken_back: "Transactions of ours whose block the ledger took back.",
  ledger_endpoint_failures: "Questions that an endpoint of the ledger did not answer.",
  ledger_failovers: "Changes from one endpoint of a ledger to another.",
  signer_failures: "Signatures that a remote signer did not give, or that were not what was asked for.",
  takeovers: "Channels that this replica follows after another did.",
  delivery_failures: "Notifications that a callback did not take, each time it was tried.",
  dead_letters_made: "Notifications given up after the time allowed.",
  fetch_failures: "Documents that another node did not show as it should, each time it was tried.",
  document_storage_failures: "Requests that the object storage of documents did not answer as it should.",
  documents_damaged: "Damaged documents come upon, each time one was to be read.",
  clock_leaps: "Times that this process's clock was set forward or back by half a minute or more.",
  tls_reload_failures:
    "Changed TLS files that could not be used, so that the node goes on with those it had.",
  did_failures: "Documents of DIDs that could not be had when they were asked for.",
  backlog_refusals: "Requests refused because too much waits for the ledger.",
} as const;

export type Fault = keyof typeof faults;

/** Counts a fault. `channel` is the channel's id, left out where it belongs to none. */
export type CountFault = (fault: Fault, channel?: string) => void;

/** Counts nothing. */
export const uncounted: CountFault = () => undefined;
