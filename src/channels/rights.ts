import type { Domain } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";

/** Who may act for one participant. Accounts are the ledger's names for them. */
export interface ParticipantRights {
  readonly participant: Domain;
  /** Appoints and dismisses the others; null where the ledger knows no such account. */
  readonly admin: string | null;
  /** Each account once, with every message type that it may send. */
  readonly operators: readonly { readonly account: string; readonly predicates: readonly Predicate[] }[];
  /** May speak for the participant's node. */
  readonly nodeKeys: readonly string[];
}

/** Who may do what on a channel, by the ledger's final state. */
export interface ChannelRights {
  /** The final height by which it is so. */
  readonly height: number;
  /** May admit and suspend participants, and register message types. */
  readonly consortium: readonly string[];
  /** Those that are, or are invited, by their names. */
  readonly participants: readonly ParticipantRights[];
}
