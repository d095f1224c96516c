import type { Table } from "./0001-create-tables.ts";

/** The batches this node's participant sent or received, and what is in them. */
export const batches: Readonly<Record<string, Table>> = {
  batch: {
    columns: {
      channel_id: "text",
      id: "text",
      direction: "text",
      sender: "text",
      receiver: "text",
      predicate: "text",
      effect: "text",
      valid_until: "number?",
      root: "text",
      count: "number",
      body: "text",
      state: "text",
      fault_code: "text?",
      fault_detail: "text?",
      created_at: "number",
      txn: "text?",
      height: "number?",
      index: "number?",
      time_seconds: "number?",
    },
    primary: ["channel_id", "id"],
    indexes: [["id"], ["state"]],
  },
  batch_member: {
    columns: { channel_id: "text", batch_id: "text", batch_index: "number", message_id: "text" },
    primary: ["channel_id", "batch_id", "batch_index"],
    indexes: [["message_id"]],
  },
};
