import type { Config } from "../config.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { uncounted } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";

/** What the offline commands work on: a node's database as it is, and its documents. */
export interface ConfiguredStore {
  readonly database: Pick<Store, "db" | "dialect">;
  readonly files: DocumentStore;
}

/**
 * Does something with a configured node's database and documents, without starting the node.
 *
 * @throws StoreFailure `database-unreachable`
 */
export async function withConfiguredStore<T>(
  config: Config,
  work: (store: ConfiguredStore) => Promise<T>,
): Promise<T> {
  // Loaded only here: most commands do without a database.
  const { connect } = await import("../store/open-store.ts");
  const { openDocumentStore } = await import("../documents/open-document-store.ts");
  const db = await connect(config.store);
  try {
    const documents = await openDocumentStore(config.documents, { countFault: uncounted, now: Date.now });
    try {
      return await work({ database: { db, dialect: config.store.technology }, files: documents.files });
    } finally {
      await documents.close();
    }
  } finally {
    await db.destroy();
  }
}
