import type { Kysely } from "kysely";

import type { Store } from "../store.ts";
import { createTable } from "./0001-create-tables.ts";

/** The access keys of documents whose paper can be checked. */
export async function createDocumentSeal(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  await createTable(db, dialect, "document_seal", {
    columns: {
      digest: "text",
      message_id: "text",
      access_key: "text",
      created_at: "number",
      created_by: "text",
    },
    primary: ["digest"],
  });
}
