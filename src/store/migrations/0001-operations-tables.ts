import type { Table } from "./0001-create-tables.ts";

/** The tables of running a node: whose it is, leases, what may not be erased or was, and the audit log. */
export const operations: Readonly<Record<string, Table>> = {
  document_hold: {
    columns: { digest: "text", reason: "text", held_by: "text", held_at: "number" },
    primary: ["digest"],
  },
  document_erasure: {
    columns: {
      digest: "text",
      origin: "text",
      stored_by: "text",
      erased_at: "number",
      erased_by: "text",
      reason: "text",
      bytes_removed: "number",
    },
    primary: ["digest"],
    indexes: [["bytes_removed", "erased_at"]],
  },
  node: {
    columns: { id: "number", participant: "text", created_at: "number" },
    primary: ["id"],
  },
  lease: {
    columns: { name: "text", owner: "text", epoch: "number", until: "number" },
    primary: ["name"],
  },
  used_token: {
    columns: { issuer: "text", jti: "text", expires_at: "number" },
    primary: ["issuer", "jti"],
    indexes: [["expires_at"]],
  },
  audit: {
    columns: {
      seq: "serial",
      at: "number",
      act: "text",
      actor_kind: "text",
      actor: "text",
      account: "text?",
      object: "text?",
      request_id: "text?",
      detail: "text?",
      position: "number?",
      hash: "text?",
    },
    primary: ["seq"],
    unique: [["position"]],
    indexes: [["object", "seq"], ["actor", "seq"], ["at"], ["request_id"]],
  },
};
