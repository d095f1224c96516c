import type { Generated } from "kysely";

/** Who did or read what: append-only, kept so by the database, and chained by hashes once written. */
export interface AuditTable {
  seq: Generated<number>;
  at: number;
  /** One of `acts` in src/audit/act.ts. */
  act: string;
  actor_kind: "user" | "node" | "system" | "unknown";
  /** Of a user, issuer and subject; of a node, its participant; of the unknown, the address. */
  actor: string;
  /** The ledger account of a node. */
  account: string | null;
  object: string | null;
  request_id: string | null;
  /** A JSON object. */
  detail: string | null;
  /** 1, 2, 3, … in the chain; null until it is chained. */
  position: number | null;
  /** SHA-256 over the row and the hash before it. */
  hash: string | null;
}
