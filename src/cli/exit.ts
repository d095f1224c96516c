/** What the process ends with; documented in docs/cli.md. */
export const EXIT = {
  done: 0,
  /** Something went wrong, here or in the node. */
  failed: 1,
  /** Called or configured wrongly. */
  usage: 2,
  /** The node refused the request: its answer says why. */
  refused: 3,
  /** The node, or the ledger, is out of reach. */
  unreachable: 4,
  /** What was to be verified is not valid. */
  notValid: 5,
  /** The ledger refused the message that was waited for, or it was withdrawn. */
  messageFailed: 6,
  /** What was waited for did not come in time; it may still come. */
  timedOut: 7,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];
