import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

/** The number that each held document says, for whoever has only that; those that were there before are read by and by. */
export async function addDocumentNumbers(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const [text, flag] =
    dialect === "sqlite" ? [sql`text`, sql`integer`] : [sql`text collate "C"`, sql`bigint`];
  await db.schema.alterTable("document").addColumn("said_number", text).execute();
  await db.schema
    .alterTable("document")
    .addColumn("number_read", flag, (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`create index document_said_number on document (said_number) where said_number is not null`.execute(
    db,
  );
  await sql`create index document_number_unread on document (digest) where number_read = 0`.execute(db);
}
