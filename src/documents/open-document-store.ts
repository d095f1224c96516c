import type { CountFault } from "../operations/fault.ts";
import type { DocumentStore } from "./document-store.ts";
import type { DocumentsConfig } from "./documents-config.ts";
import { FileStore } from "./file-store.ts";
import { S3Store } from "./s3-store.ts";

/** A node's documents, and how to let go of them. */
export interface OpenedDocumentStore {
  readonly files: DocumentStore;
  close(): Promise<void>;
}

/**
 * Opens the place where a node's documents are kept.
 *
 * @throws the system's error for a directory that cannot be made or written, Error for a bucket that cannot be used
 */
export async function openDocumentStore(
  { directory, s3 }: DocumentsConfig,
  { countFault, now }: { readonly countFault: CountFault; readonly now: () => number },
): Promise<OpenedDocumentStore> {
  if (s3 === undefined) {
    return { files: await FileStore.open(directory, now), close: () => Promise.resolve() };
  }
  const files = await S3Store.open(s3, { countFault, now });
  return { files, close: () => files.close() };
}
