import type { Kysely } from "kysely";
import { base64url } from "multiformats/bases/base64";

import type { MessageId } from "../domain/message.ts";
import type { Digest } from "../domain/multihash.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";
import type { AccessKey } from "./sealed-copy.ts";

/** A document's key, for whoever holds its paper. */
export interface StoredSeal {
  readonly digest: Digest;
  readonly messageId: MessageId;
  readonly accessKey: AccessKey;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Issuer and subject of the user's token. */
  readonly createdBy: string;
}

/** A message of this participant's that issued a certificate for a document. */
export interface IssuingMessage {
  readonly id: MessageId;
  readonly predicate: string;
  readonly channelId: string;
  /** Seconds since 1970. */
  readonly validUntil: number | null;
}

const MOST_ISSUES = 100;

/** The key of a document's paper; null where it has none. */
export async function findSeal(db: Kysely<Schema>, digest: Digest): Promise<StoredSeal | null> {
  const row = await db
    .selectFrom("document_seal")
    .selectAll()
    .where("digest", "=", digest)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    digest,
    messageId: row.message_id as MessageId,
    accessKey: Uint8Array.from(base64url.baseDecode(row.access_key)),
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

/**
 * Keeps the key of a document's paper, unless it has one.
 *
 * @param db a transaction
 * @returns the key that holds: the one that was there first
 */
export async function keepSeal(db: Kysely<Schema>, seal: StoredSeal): Promise<StoredSeal> {
  await db
    .insertInto("document_seal")
    .values({
      digest: seal.digest,
      message_id: seal.messageId,
      access_key: base64url.baseEncode(seal.accessKey),
      created_at: seal.createdAt,
      created_by: seal.createdBy,
    })
    .onConflict((conflict) => conflict.column("digest").doNothing())
    .execute();
  return (await findSeal(db, seal.digest)) ?? seal;
}

/**
 * Forgets the key of a document's paper.
 *
 * @param db a transaction
 * @returns false where it had none
 */
export async function dropSeal(db: Kysely<Schema>, digest: Digest): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("document_seal")
    .where("digest", "=", digest)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * The messages by which this participant issued certificates for a document, or is about to; not those that failed or were
 * withdrawn.
 *
 * @param subjects only messages about these; null for all
 */
export async function issuingMessages(
  db: Kysely<Schema>,
  digest: Digest,
  subjects: SubjectScope,
): Promise<readonly IssuingMessage[]> {
  const rows = await db
    .selectFrom("message")
    .select(["id", "predicate", "channel_id", "valid_until"])
    .where("digest", "=", digest)
    .where("direction", "=", "outgoing")
    .where("effect", "=", "issue")
    .where("status", "not in", ["failed", "withdrawn"])
    .$if(subjects !== null, (query) => query.where(withinSubjects("subject", subjects ?? [])))
    .orderBy("seq")
    .limit(MOST_ISSUES)
    .execute();
  return rows.map((row) => ({
    id: row.id as MessageId,
    predicate: row.predicate,
    channelId: row.channel_id,
    validUntil: row.valid_until,
  }));
}

/**
 * When a channel was last followed to its ledger's newest height, in milliseconds since 1970; null for never. A ledger that
 * answers while there is more of it to read has not told what became of a certificate.
 */
export async function channelFollowedAt(db: Kysely<Schema>, channelId: string): Promise<number | null> {
  const row = await db
    .selectFrom("channel")
    .select("caught_up_at")
    .where("id", "=", channelId)
    .executeTakeFirst();
  return row === undefined || row.caught_up_at === 0 ? null : row.caught_up_at;
}
