import {
  sql,
  type ColumnBuilderCallback,
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type Kysely,
} from "kysely";

import { keepAuditAppendOnly } from "../append-only.ts";
import type { Store } from "../store.ts";
import { batches } from "./0001-batch-tables.ts";
import { operations } from "./0001-operations-tables.ts";
import { subscriptions } from "./0001-subscription-tables.ts";

type Columns = Readonly<Record<string, "text" | "number" | "text?" | "number?" | "serial">>;

/** One table, in words that mean the same on both databases. */
export interface Table {
  readonly columns: Columns;
  readonly primary: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly indexes?: readonly (readonly string[])[];
  /** Columns that refer to another table's primary key. */
  readonly references?: readonly { readonly columns: readonly string[]; readonly table: string }[];
}

const documents: Readonly<Record<string, Table>> = {
  document: {
    columns: {
      digest: "text",
      size: "number",
      media_type: "text",
      stored_at: "number",
      origin: "text",
      stored_by: "text",
    },
    primary: ["digest"],
  },
  document_intent: {
    columns: { message_id: "text", digest: "text", participant: "text" },
    primary: ["message_id"],
  },
  document_acl: {
    columns: {
      digest: "text",
      participant: "text",
      message_id: "text",
      granted_at: "number",
      granted_by: "text",
    },
    primary: ["digest", "participant"],
  },
  document_fetch: {
    columns: {
      message_id: "text",
      digest: "text",
      source: "text",
      channel_id: "text",
      max_bytes: "number?",
      state: "text",
      tries: "number",
      due_at: "number",
      first_tried_at: "number?",
      last_error: "text?",
      lease_owner: "text?",
      lease_epoch: "number",
      lease_until: "number",
    },
    primary: ["message_id", "channel_id"],
    indexes: [["state", "source", "channel_id", "due_at"], ["state", "due_at"], ["digest"]],
  },
};

const messages: Readonly<Record<string, Table>> = {
  message: {
    columns: {
      seq: "serial",
      id: "text",
      sender: "text",
      receiver: "text",
      subject: "text",
      predicate: "text",
      digest: "text",
      valid_until: "number?",
      direction: "text",
      channel_id: "text",
      effect: "text",
      status: "text",
      attempt: "number",
      created_at: "number",
      accepted_by: "text?",
      txn: "text?",
      height: "number?",
      batch_id: "text?",
      batch_index: "number?",
    },
    primary: ["seq"],
    unique: [["id"]],
    indexes: [
      ["subject", "seq"],
      ["predicate", "seq"],
      ["sender", "seq"],
      ["receiver", "seq"],
      ["status", "seq"],
      ["direction", "seq"],
      ["digest"],
      ["channel_id", "height"],
      ["batch_id", "batch_index"],
    ],
  },
  journal: {
    columns: {
      message_id: "text",
      seq: "number",
      attempt: "number",
      status: "text",
      at: "number",
      reason_code: "text?",
      reason_detail: "text?",
    },
    primary: ["message_id", "seq"],
  },
  outbox: {
    columns: {
      message_id: "text",
      kind: "text",
      channel_id: "text",
      attempt: "number",
      state: "text",
      group_key: "text?",
      bulk: "number",
      bundle_id: "text?",
      submission: "number",
      tries: "number",
      refused_at: "number?",
      due_at: "number",
      lease_owner: "text?",
      lease_epoch: "number",
      lease_until: "number",
    },
    primary: ["message_id"],
    indexes: [
      ["channel_id", "state", "due_at"],
      ["channel_id", "state", "group_key", "due_at"],
      ["bundle_id"],
    ],
  },
};

const ledgers: Readonly<Record<string, Table>> = {
  evm_transaction: {
    columns: {
      chain_id: "number",
      signer: "text",
      nonce: "number",
      channel_id: "text",
      submission_key: "text?",
      to_address: "text",
      data: "text",
      gas_limit: "number",
      state: "text",
      created_at: "number",
      touched_at: "number",
      txn: "text?",
      height: "number?",
      refusal: "text?",
    },
    primary: ["chain_id", "signer", "nonce"],
    unique: [["submission_key"]],
    indexes: [
      ["chain_id", "signer", "state", "nonce"],
      ["channel_id", "state"],
    ],
  },
  evm_broadcast: {
    columns: {
      hash: "text",
      chain_id: "number",
      signer: "text",
      nonce: "number",
      raw: "text",
      max_fee: "text",
      max_priority_fee: "text",
      created_at: "number",
    },
    primary: ["hash"],
    indexes: [["chain_id", "signer", "nonce"]],
    references: [{ columns: ["chain_id", "signer", "nonce"], table: "evm_transaction" }],
  },
  channel: {
    columns: {
      id: "text",
      name: "text",
      type: "text",
      status: "text",
      successor: "text?",
      cursor: "text?",
      followed: "number",
      final: "number",
      head: "number",
      updated_at: "number",
      stopped: "text?",
      precedence: "number",
    },
    primary: ["id"],
  },
  ledger_event: {
    columns: {
      channel_id: "text",
      height: "number",
      index: "number",
      kind: "text",
      message_id: "text?",
      txn: "text",
      time_seconds: "number",
      event: "text",
      final: "number",
    },
    primary: ["channel_id", "height", "index"],
    indexes: [["message_id"], ["channel_id", "final", "height", "index"]],
  },
  certificate: {
    columns: {
      channel_id: "text",
      message_id: "text",
      sender: "text",
      predicate: "text",
      subject: "text",
      receiver: "text",
      digest: "text",
      valid_until: "number?",
      issued_height: "number",
      issued_index: "number",
      issued_at_seconds: "number",
      batch_id: "text?",
      batch_index: "number?",
      acquitted_by: "text?",
      acquitted_at_seconds: "number?",
      revoked_by: "text?",
      revoked_at_seconds: "number?",
      invalidated_at_seconds: "number?",
      duplicate: "number",
    },
    primary: ["channel_id", "message_id"],
    indexes: [
      ["sender", "predicate", "subject"],
      ["message_id"],
      ["digest"],
      ["subject"],
      ["batch_id", "batch_index"],
    ],
  },
  participant: {
    columns: { channel_id: "text", domain: "text", jurisdiction: "text", status: "text", endpoint: "text?" },
    primary: ["channel_id", "domain"],
    indexes: [["domain"], ["jurisdiction"]],
  },
  message_type: {
    columns: {
      channel_id: "text",
      predicate: "text",
      effect: "text",
      batchable: "number",
      closed: "number",
      target: "text?",
    },
    primary: ["channel_id", "predicate"],
    indexes: [["predicate"]],
  },
};

const registry: Readonly<Record<string, Table>> = {
  registry_change: {
    columns: {
      channel_id: "text",
      height: "number",
      index: "number",
      txn: "text",
      time_seconds: "number",
      kind: "text",
      record: "text",
    },
    primary: ["channel_id", "height", "index"],
  },
  discovered_channel: {
    columns: { channel_id: "text", directory: "text", found_at: "number" },
    primary: ["channel_id"],
    indexes: [["directory"]],
  },
};

// Text compares by its bytes on SQLite. PostgreSQL's default follows the server's language, so it is told to do the same.
const textType = { sqlite: sql`text`, postgres: sql`text collate "C"` } as const;

function columnAdder(dialect: Store["dialect"]) {
  return (
    table: CreateTableBuilder<string, string>,
    name: string,
    kind: Columns[string],
  ): CreateTableBuilder<string, string> => {
    if (kind === "serial") {
      return dialect === "sqlite"
        ? table.addColumn(name, "integer", (column) => column.primaryKey().autoIncrement())
        : table.addColumn(name, "bigint", (column) => column.primaryKey().generatedByDefaultAsIdentity());
    }
    const type = kind.startsWith("text") ? textType[dialect] : dialect === "sqlite" ? "integer" : "bigint";
    const nullability: ColumnBuilderCallback = (column: ColumnDefinitionBuilder) =>
      kind.endsWith("?") ? column : column.notNull();
    return table.addColumn(name, type, nullability);
  };
}

/** Creates one table and its indexes. */
export async function createTable(
  db: Kysely<unknown>,
  dialect: Store["dialect"],
  name: string,
  table: Table,
): Promise<void> {
  const addColumn = columnAdder(dialect);
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, kind] of Object.entries(table.columns)) builder = addColumn(builder, column, kind);
  if (!Object.values(table.columns).includes("serial")) {
    builder = builder.addPrimaryKeyConstraint(`${name}_pk`, [...table.primary]);
  }
  for (const columns of table.unique ?? []) {
    builder = builder.addUniqueConstraint(`${name}_${columns.join("_")}_unique`, [...columns]);
  }
  for (const { columns, table: target } of table.references ?? []) {
    builder = builder.addForeignKeyConstraint(`${name}_${target}_fk`, [...columns], target, [...columns]);
  }
  // SQLite would otherwise keep whatever it is given, such as a moment with a fraction, where PostgreSQL refuses it.
  await (dialect === "sqlite" ? builder.modifyEnd(sql`strict`) : builder).execute();
  for (const columns of table.indexes ?? []) {
    await db.schema
      .createIndex(`${name}_${columns.join("_")}`)
      .on(name)
      .columns([...columns])
      .execute();
  }
}

/** Creates every table of the first version. */
export async function createTables(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  for (const group of [documents, messages, batches, ledgers, registry, subscriptions, operations]) {
    for (const [name, table] of Object.entries(group)) await createTable(db, dialect, name, table);
  }
  await keepAuditAppendOnly(db, dialect);
}
