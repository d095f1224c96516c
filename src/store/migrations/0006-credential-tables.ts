import type { Kysely } from "kysely";

import type { Store } from "../store.ts";
import { createTable, type Table } from "./0001-create-tables.ts";

const tables: Readonly<Record<string, Table>> = {
  status_list: {
    columns: { list: "number", given: "number", opened_at: "number" },
    primary: ["list"],
  },
  status_entry: {
    columns: {
      list: "number",
      position: "number",
      digest: "text?",
      given_to: "text",
      given_at: "number",
      revoked_at: "number?",
      revoked_by: "text?",
      reason: "text?",
    },
    primary: ["list", "position"],
    indexes: [["digest"]],
  },
  identity_anchor: {
    columns: {
      id: "text",
      did: "text",
      credential: "text",
      list: "number",
      position: "number",
      valid_until: "number?",
      issued_at: "number",
      issued_by: "text",
    },
    primary: ["id"],
    indexes: [["did", "issued_at"]],
  },
  credential_check: {
    columns: {
      message_id: "text",
      digest: "text",
      state: "text",
      outcome: "text?",
      findings: "text?",
      checked_at: "number?",
      queued_at: "number",
      tries: "number",
      due_at: "number",
      lease_owner: "text?",
      lease_epoch: "number",
      lease_until: "number",
    },
    primary: ["message_id"],
    indexes: [["state", "due_at"]],
  },
};

/** The tables of credentials: status lists, anchors, and what was found of the credentials that messages carry. */
export async function createCredentialTables(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  for (const [name, table] of Object.entries(tables)) await createTable(db, dialect, name, table);
}
