import { sql, type Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Schema } from "../store/schema.ts";
import type { HeldDocument } from "./document-repository.ts";

/** Documents that nobody has looked into for their number. */
export async function documentsUnread(
  db: Kysely<Schema>,
  most: number,
): Promise<readonly Pick<HeldDocument, "digest" | "size" | "mediaType">[]> {
  const rows = await db
    .selectFrom("document")
    .select(["digest", "size", "media_type"])
    // Not as a parameter: SQLite takes an index of some rows only where the text says that these are meant.
    .where("number_read", "=", sql.lit(0))
    .limit(most)
    .execute();
  return rows.map(({ digest, size, media_type: mediaType }) => ({
    digest: digest as Digest,
    ...{ size, mediaType },
  }));
}

/** Notes the number that a document says. Another replica that read it too found the same. */
export async function noteNumber(db: Kysely<Schema>, digest: Digest, number: string): Promise<void> {
  await db
    .updateTable("document")
    .set({ said_number: number, number_read: 1 })
    .where("digest", "=", digest)
    .execute();
}

/** Notes that some documents say none. @param digests some hundreds at most */
export async function noteNoNumber(db: Kysely<Schema>, digests: readonly Digest[]): Promise<void> {
  if (digests.length === 0) return;
  await db.updateTable("document").set({ number_read: 1 }).where("digest", "in", digests).execute();
}

/** Held documents that say a number, some of them where there are very many. */
export async function documentsNumbered(
  db: Kysely<Schema>,
  number: string,
  most: number,
): Promise<readonly Digest[]> {
  const rows = await db
    .selectFrom("document")
    .select("digest")
    .where("said_number", "=", number)
    .limit(most)
    .execute();
  return rows.map(({ digest }) => digest as Digest);
}
