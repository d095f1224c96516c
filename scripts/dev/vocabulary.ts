import type { Effect } from "../../src/domain/predicate.ts";

const prefix = "UN.CEFACT.Regulatory.CertificateOfOrigin.";

/** A message type of the development channel; `target` is the issuing type that it acts on. */
interface DevelopmentType {
  readonly predicate: string;
  readonly effect: Effect;
  readonly target?: string;
  /** Whether its messages may go in batches. */
  readonly batchable?: true;
}

/** The names by which the demonstration calls its message types. */
export const coo = {
  created: `${prefix}created`,
  acquitted: `${prefix}acquitted`,
  revoked: `${prefix}revoked`,
  attached: `${prefix}attached`,
  queried: `${prefix}queried`,
  verified: `${prefix}verified`,
  disputed: `${prefix}disputed`,
  rejected: `${prefix}rejected`,
} as const;

/** The vocabulary registered on the development channel. An issuing type stands before those that act on it. */
export const developmentTypes: readonly DevelopmentType[] = [
  { predicate: coo.created, effect: "issue", batchable: true },
  { predicate: coo.acquitted, effect: "acquit", target: coo.created },
  { predicate: coo.revoked, effect: "revoke", target: coo.created },
  { predicate: coo.attached, effect: "inform" },
  { predicate: coo.queried, effect: "inform" },
  { predicate: coo.verified, effect: "inform" },
  { predicate: coo.disputed, effect: "inform" },
  { predicate: coo.rejected, effect: "inform" },
];
