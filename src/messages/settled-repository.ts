import { sql, type Kysely } from "kysely";

import type { BatchId } from "../domain/batch.ts";
import type { MessageId } from "../domain/message.ts";
import type { Predicate } from "../domain/predicate.ts";
import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";

/** A certificate, by its issuing message, and the message that acquitted or revoked it. */
export interface Settled {
  readonly certificate: MessageId;
  readonly by: MessageId;
}

/** A message in line whose certificate is one of a batch, and how that stands. */
export interface LeftOver {
  readonly messageId: string;
  readonly acquitted: boolean;
  readonly revoked: boolean;
  /** Seconds since 1970; null for none. */
  readonly validUntil: number | null;
}

// The database looks through the pairs for each row.
const PAIRS_A_STATEMENT = 200;

/**
 * Records final acquittals or revocations of a batch's certificates; the first one of each counts.
 *
 * @param time the ledger's clock, seconds since 1970
 * @returns those that count
 */
export async function recordSettled(
  db: Kysely<Schema>,
  channelId: string,
  effect: "acquit" | "revoke",
  time: number,
  settled: readonly Settled[],
): Promise<readonly Settled[]> {
  const first: Settled[] = [];
  for (const chunk of chunksOf(settled, PAIRS_A_STATEMENT)) {
    const pairs = sql.join(
      chunk.map(({ certificate, by }) => sql`when ${certificate} then ${by}`),
      sql` `,
    );
    const by = sql<string>`case message_id ${pairs} end`;
    const rows = await db
      .updateTable("certificate")
      .set(
        effect === "acquit"
          ? { acquitted_by: by, acquitted_at_seconds: time }
          : { revoked_by: by, revoked_at_seconds: time },
      )
      .where("channel_id", "=", channelId)
      .where(
        "message_id",
        "in",
        chunk.map(({ certificate }) => certificate),
      )
      .where(effect === "acquit" ? "acquitted_by" : "revoked_by", "is", null)
      .returning("message_id")
      .execute();
    const changed = new Set<string>(rows.map((row) => row.message_id));
    first.push(...chunk.filter(({ certificate }) => changed.has(certificate)));
  }
  return first;
}

/**
 * Records that the consortium invalidated certificates of a suspended issuer's batch.
 *
 * @param time the ledger's clock, seconds since 1970
 * @returns those that were not invalidated before
 */
export async function recordInvalidated(
  db: Kysely<Schema>,
  channelId: string,
  time: number,
  certificates: readonly MessageId[],
): Promise<readonly string[]> {
  const first: string[] = [];
  for (const chunk of chunksOf(certificates)) {
    const rows = await db
      .updateTable("certificate")
      .set({ invalidated_at_seconds: time })
      .where("channel_id", "=", channelId)
      .where("message_id", "in", [...chunk])
      .where("invalidated_at_seconds", "is", null)
      .returning("message_id")
      .execute();
    const changed = new Set(rows.map((row) => row.message_id));
    first.push(...chunk.filter((id) => changed.has(id)));
  }
  return first;
}

/**
 * The messages that some settlements of this node still have in line, and how the certificates that they are about stand.
 *
 * @param about `target`: the type of the batch's certificates
 */
export async function leftOver(
  db: Kysely<Schema>,
  about: { readonly channelId: string; readonly batchId: BatchId; readonly target: Predicate },
  bundleIds: readonly string[],
): Promise<readonly LeftOver[]> {
  if (bundleIds.length === 0) return [];
  const rows = await db
    .selectFrom("outbox")
    .innerJoin("message", "message.id", "outbox.message_id")
    .innerJoin("certificate", (join) =>
      join
        .onRef("certificate.channel_id", "=", "outbox.channel_id")
        .onRef("certificate.subject", "=", "message.subject")
        .on("certificate.predicate", "=", about.target),
    )
    .innerJoin("batch_member as member", (join) =>
      join
        .onRef("member.channel_id", "=", "certificate.channel_id")
        .onRef("member.message_id", "=", "certificate.message_id")
        .on("member.batch_id", "=", about.batchId),
    )
    .select([
      "outbox.message_id",
      "certificate.acquitted_by",
      "certificate.revoked_by",
      "certificate.invalidated_at_seconds",
      "certificate.valid_until",
    ])
    .where("outbox.bundle_id", "in", [...bundleIds])
    .where("outbox.channel_id", "=", about.channelId)
    .orderBy("outbox.message_id")
    .execute();
  return rows.map((row) => ({
    messageId: row.message_id,
    acquitted: row.acquitted_by !== null,
    revoked: row.revoked_by !== null || row.invalidated_at_seconds !== null,
    validUntil: row.valid_until,
  }));
}
