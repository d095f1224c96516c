import { sql, type Kysely, type Selectable } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import { dropSeal } from "../paper/seal-repository.ts";
import type { DocumentErasureTable, Schema } from "../store/schema.ts";
import type { HeldDocument } from "./document-repository.ts";
import { dropRepair, isForMessage } from "./repair-repository.ts";

/** A document that this node held and erased. Moments are milliseconds since 1970. */
export interface Erasure {
  readonly digest: Digest;
  readonly erasedAt: number;
  /** Issuer and subject of the administrator's token, or `retention`. */
  readonly erasedBy: string;
  readonly reason: string;
  readonly origin: "user" | "fetched";
  /** Who had brought it. */
  readonly storedBy: string;
}

/** A receiver's node tries for so long to fetch what was opened to it. */
const FETCHED_WITHIN_MS = 3 * 24 * 60 * 60 * 1000;

function toErasure(row: Selectable<DocumentErasureTable>): Erasure {
  return {
    digest: row.digest as Digest,
    erasedAt: row.erased_at,
    erasedBy: row.erased_by,
    reason: row.reason,
    origin: row.origin,
    storedBy: row.stored_by,
  };
}

/** What became of an erased document; null for one that this node holds, or never held. */
export async function findErasure(db: Kysely<Schema>, digest: Digest): Promise<Erasure | null> {
  const row = await db
    .selectFrom("document_erasure")
    .selectAll()
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row === undefined ? null : toErasure(row);
}

/** Those of some documents that were erased. */
export async function erasuresOf(
  db: Kysely<Schema>,
  digests: readonly string[],
): Promise<ReadonlyMap<string, Erasure>> {
  if (digests.length === 0) return new Map();
  const rows = await db
    .selectFrom("document_erasure")
    .selectAll()
    .where("digest", "in", [...new Set(digests)])
    .execute();
  return new Map(rows.map((row) => [row.digest, toErasure(row)]));
}

/**
 * Why a document is still needed, as the end of a sentence; null when nothing waits for it.
 *
 * @param now milliseconds since 1970
 */
export async function whyNeeded(db: Kysely<Schema>, digest: Digest, now: number): Promise<string | null> {
  const outgoing = await db
    .selectFrom("message")
    .select("id")
    .where("digest", "=", digest)
    .where("direction", "=", "outgoing")
    .where("status", "in", ["pending", "bundled", "sent"])
    .limit(1)
    .executeTakeFirst();
  if (outgoing !== undefined) return `message ${outgoing.id} that names it is not final yet`;
  const fetch = await db
    .selectFrom("document_fetch")
    .select("message_id")
    .where("digest", "=", digest)
    .where("state", "=", "queued")
    .where(isForMessage())
    .limit(1)
    .executeTakeFirst();
  if (fetch !== undefined) return `message ${fetch.message_id} is waiting for it`;
  const batch = await db
    .selectFrom("batch")
    .select("id")
    .where("body", "=", digest)
    .where("state", "in", ["formed", "anchored"])
    .limit(1)
    .executeTakeFirst();
  if (batch !== undefined) return `it is the body of batch ${batch.id}, which is still being exchanged`;
  const unread = await db
    .selectFrom("document_acl as acl")
    .select("acl.participant")
    .where("acl.digest", "=", digest)
    .where("acl.granted_at", ">", now - FETCHED_WITHIN_MS)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("audit as read")
            .select("read.seq")
            .whereRef("read.object", "=", "acl.digest")
            .whereRef("read.actor", "=", "acl.participant")
            .where("read.act", "=", "document.read")
            .where("read.actor_kind", "=", "node"),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  if (unread !== undefined) {
    return `the node of ${unread.participant} has not fetched it yet, and has three days from its opening`;
  }
  return null;
}

/**
 * Puts an erasure in the place of a document's row, and forgets the key of its paper. The trace on ledgers, who it was
 * opened to and the messages about it stay.
 *
 * @param db a transaction
 */
export async function replaceByErasure(
  db: Kysely<Schema>,
  document: HeldDocument,
  erasure: Pick<Erasure, "erasedAt" | "erasedBy" | "reason">,
): Promise<void> {
  await db.deleteFrom("document").where("digest", "=", document.digest).execute();
  await dropRepair(db, document.digest);
  await dropSeal(db, document.digest);
  await db
    .insertInto("document_erasure")
    .values({
      digest: document.digest,
      origin: document.origin,
      stored_by: document.storedBy,
      erased_at: erasure.erasedAt,
      erased_by: erasure.erasedBy,
      reason: erasure.reason,
      bytes_removed: 0,
    })
    .execute();
}

/** Forgets that a document was erased: its bytes were brought again. The audit log still tells. */
export async function forgetErasure(db: Kysely<Schema>, digest: Digest): Promise<void> {
  await db.deleteFrom("document_erasure").where("digest", "=", digest).execute();
}

/** Notes that the bytes of an erased document are gone from the disc. */
export async function noteRemoval(db: Kysely<Schema>, digest: Digest): Promise<void> {
  await db.updateTable("document_erasure").set({ bytes_removed: 1 }).where("digest", "=", digest).execute();
}

/** Erased documents whose bytes are still to be removed, the longest erased first. */
export async function unremoved(db: Kysely<Schema>, limit: number): Promise<readonly Digest[]> {
  const rows = await db
    .selectFrom("document_erasure")
    .select("digest")
    .where("bytes_removed", "=", 0)
    .orderBy("erased_at")
    .limit(limit)
    .execute();
  return rows.map(({ digest }) => digest as Digest);
}

/** Those of some digests for which this node has no document on record. */
export async function withoutRow(db: Kysely<Schema>, digests: readonly Digest[]): Promise<readonly Digest[]> {
  if (digests.length === 0) return [];
  const rows = await db
    .selectFrom("document")
    .select("digest")
    .where("digest", "in", [...digests])
    .execute();
  const held = new Set(rows.map(({ digest }) => digest));
  return digests.filter((digest) => !held.has(digest));
}

/**
 * Documents that were used, are under no hold, and whose last use ended before a moment: of a certificate's, its final
 * acquittal, revocation or expiry; of any other message's, the message itself.
 *
 * @param before milliseconds since 1970
 * @param after the last digest of the page before; empty for the first
 */
export async function endedBefore(
  db: Kysely<Schema>,
  before: number,
  after: string,
  limit: number,
): Promise<readonly Digest[]> {
  const seconds = Math.floor(before / 1000);
  const { rows } = await sql<{ digest: string }>`
    select d.digest from document d
    where d.stored_at < ${before} and d.digest > ${after}
      and not exists (select 1 from document_hold h where h.digest = d.digest)
      and exists (select 1 from message m where m.digest = d.digest)
      and not exists (
        select 1 from message m left join certificate c on c.message_id = m.id and c.channel_id = m.channel_id
        where m.digest = d.digest and not (
          m.created_at < ${before} and (
            m.status in ('failed', 'withdrawn')
            or (m.status in ('delivered', 'available', 'fetch-failed') and (
              m.effect <> 'issue'
              or (c.message_id is not null
                and (c.acquitted_at_seconds is null or c.acquitted_at_seconds < ${seconds})
                and (c.revoked_at_seconds is null or c.revoked_at_seconds < ${seconds})
                and (c.invalidated_at_seconds is null or c.invalidated_at_seconds < ${seconds})
                and (c.acquitted_at_seconds is not null or c.revoked_at_seconds is not null
                  or c.invalidated_at_seconds is not null
                  or (c.valid_until is not null and c.valid_until < ${seconds})))))))
      )
    order by d.digest limit ${limit}
  `.execute(db);
  return rows.map(({ digest }) => digest as Digest);
}
