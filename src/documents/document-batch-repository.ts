import { sql, type Kysely } from "kysely";

import { recordActs } from "../audit/audit-repository.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Schema } from "../store/schema.ts";
import { storing } from "./document-acts.ts";
import type { HeldDocument } from "./document-repository.ts";

/**
 * Records that this node holds documents that its own user brought, as `recordDocument` does for one, in a few statements
 * for all.
 *
 * @param documents at most some hundreds; `at` is milliseconds since 1970
 * @returns the documents as recorded, by digest
 */
export async function recordDocuments(
  db: Kysely<Schema>,
  documents: readonly (Omit<HeldDocument, "origin"> & { readonly at: number })[],
): Promise<ReadonlyMap<Digest, HeldDocument>> {
  if (documents.length === 0) return new Map();
  // The same bytes twice are one row; the first that brings them names them. In one order, so that two such requests at
  // once do not wait for each other.
  const rows = new Map(
    documents.toReversed().map(({ digest, size, mediaType, storedBy, at }) => [
      digest,
      {
        ...{ digest, size, media_type: mediaType, stored_at: at },
        ...{ origin: "user" as const, stored_by: storedBy },
      },
    ]),
  );
  const digests = [...rows.keys()].sort();
  await db
    .insertInto("document")
    .values(digests.flatMap((digest) => rows.get(digest) ?? []))
    .onConflict((conflict) =>
      conflict
        .column("digest")
        .doUpdateSet({
          origin: "user",
          stored_by: sql`excluded.stored_by`,
          media_type: sql`excluded.media_type`,
        })
        .where("document.origin", "=", "fetched"),
    )
    .execute();
  await db.deleteFrom("document_erasure").where("digest", "in", digests).execute();
  await recordActs(
    db,
    documents.map((document) => storing({ ...document, origin: "user" })),
  );
  const recorded = await db.selectFrom("document").selectAll().where("digest", "in", digests).execute();
  return new Map(
    recorded.map((row) => [
      row.digest as Digest,
      {
        ...{ digest: row.digest as Digest, size: row.size, mediaType: row.media_type },
        ...{ origin: row.origin, storedBy: row.stored_by },
      },
    ]),
  );
}
