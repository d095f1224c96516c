import type { Kysely, SelectQueryBuilder } from "kysely";

import type {
  BatchEvent,
  BatchInvalidationEvent,
  MessageEvent,
  SettlementEvent,
} from "../channels/channel.ts";
import type { BatchHeader, BatchId } from "../domain/batch.ts";
import { messageId, type Message, type MessageId } from "../domain/message.ts";
import { digestOf, type Multihash } from "../domain/multihash.ts";
import type { Effect } from "../domain/predicate.ts";
import { messageOf } from "../messages/message-row.ts";
import type { Schema } from "../store/schema.ts";

/** An issuing message that this node knows of, as far as it has followed the channel. */
export interface KnownIssue {
  readonly channelId: string;
  readonly id: MessageId;
  readonly message: Message;
  /** Its place in the batch that issues it; null for one that goes alone. */
  readonly batch: { readonly id: BatchId; readonly index: number } | null;
  /** False for one that was seen in a block that is not final yet. */
  readonly final: boolean;
  readonly duplicate: boolean;
  /** Seconds since 1970, by the ledger's clock; null while unknown. */
  readonly issuedAt: number | null;
  readonly acquittedBy: MessageId | null;
  readonly acquittedAt: number | null;
  readonly revokedAt: number | null;
}

/** What is looked for: issuing messages that name a document, or the one of an id. */
export type Wanted = { readonly multihash: Multihash } | { readonly id: MessageId };

const MOST_UNFINAL = 1_000;

/**
 * Certificates that were issued finally, in ledger order.
 *
 * @param limit how many at most
 */
export async function finalIssues(
  db: Kysely<Schema>,
  wanted: Wanted,
  limit: number,
): Promise<readonly KnownIssue[]> {
  const rows = await db
    .selectFrom("certificate")
    .selectAll()
    .$if("id" in wanted, (query) => query.where("message_id", "=", "id" in wanted ? wanted.id : ""))
    .$if("multihash" in wanted, (query) =>
      query.where("digest", "=", "multihash" in wanted ? digestOf(wanted.multihash) : ""),
    )
    .orderBy("issued_at_seconds")
    .orderBy("channel_id")
    .orderBy("issued_height")
    .orderBy("issued_index")
    .orderBy("batch_index")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    channelId: row.channel_id,
    id: row.message_id as MessageId,
    message: messageOf(row),
    batch: row.batch_id === null ? null : { id: row.batch_id as BatchId, index: row.batch_index ?? 0 },
    final: true,
    duplicate: row.duplicate === 1,
    issuedAt: row.issued_at_seconds,
    acquittedBy: row.acquitted_by as MessageId | null,
    acquittedAt: row.acquitted_at_seconds,
    revokedAt: row.revoked_at_seconds ?? row.invalidated_at_seconds,
  }));
}

/** Issuing messages in blocks that are not final yet: single ones of anybody, and this node's own in a batch. */
export async function unfinalIssues(db: Kysely<Schema>, wanted: Wanted): Promise<readonly KnownIssue[]> {
  // What is not final is little, and found by channel; the rest of the ledger is not looked through.
  const channels = await db.selectFrom("channel").select("id").execute();
  if (channels.length === 0) return [];
  const ids = channels.map(({ id }) => id);
  const events = await db
    .selectFrom("ledger_event")
    .select(["channel_id", "event"])
    .where("channel_id", "in", ids)
    .where("final", "=", 0)
    .where("kind", "=", "message")
    .$if("id" in wanted, (query) => query.where("message_id", "=", "id" in wanted ? wanted.id : ""))
    // The hash stands in the event as it is, and has no character that LIKE knows.
    .$if("multihash" in wanted, (query) =>
      query.where("event", "like", "multihash" in wanted ? `%"${wanted.multihash}"%` : ""),
    )
    .orderBy("height")
    .orderBy("index")
    .limit(MOST_UNFINAL)
    .execute();
  const single = events.map((row) => {
    const { id, message, time } = JSON.parse(row.event) as MessageEvent;
    return { ...unsettled, channelId: row.channel_id, id, message, batch: null, issuedAt: time };
  });
  const own = await db
    .selectFrom("message")
    .selectAll()
    .where("status", "=", "sent")
    .where("batch_id", "is not", null)
    .$if("id" in wanted, (query) => query.where("id", "=", "id" in wanted ? wanted.id : ""))
    .$if("multihash" in wanted, (query) =>
      query.where("digest", "=", "multihash" in wanted ? digestOf(wanted.multihash) : ""),
    )
    .limit(MOST_UNFINAL)
    .execute();
  const bundled = own.map((row) => ({
    ...unsettled,
    channelId: row.channel_id,
    id: row.id as MessageId,
    message: messageOf(row),
    batch: { id: row.batch_id as BatchId, index: row.batch_index ?? 0 },
    issuedAt: null,
  }));
  const issues: KnownIssue[] = [];
  for (const issue of [...single, ...bundled]) {
    if ((await effectOn(db, issue.channelId, issue.message.predicate)) === "issue") issues.push(issue);
  }
  return issues;
}

const unsettled = {
  final: false,
  duplicate: false,
  acquittedBy: null,
  acquittedAt: null,
  revokedAt: null,
} as const;

/** What a channel does with a message type, by its final state; null where it has not registered it. */
export async function effectOn(
  db: Kysely<Schema>,
  channelId: string,
  predicate: string,
): Promise<Effect | null> {
  const row = await db
    .selectFrom("message_type")
    .select("effect")
    .where("channel_id", "=", channelId)
    .where("predicate", "=", predicate)
    .executeTakeFirst();
  return row?.effect ?? null;
}

/** A message that a ledger carries finally, whatever it does. */
export interface KnownMessage {
  readonly channelId: string;
  readonly message: Message;
}

/** The first place where a message stands finally; null where this node has seen it nowhere. */
export async function finalMessage(db: Kysely<Schema>, id: MessageId): Promise<KnownMessage | null> {
  const row = await eventsOf(db, "message", id)
    .where("final", "=", 1)
    .orderBy("time_seconds")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { channelId: row.channel_id, message: (JSON.parse(row.event) as MessageEvent).message };
}

/** Where a batch is anchored. */
export interface Anchoring {
  readonly channelId: string;
  readonly header: BatchHeader;
  readonly final: boolean;
  /** Seconds since 1970, by the ledger's clock. */
  readonly time: number;
}

/** Where a batch is anchored, as far as this node has followed its channels: anybody's batch, not only its own. */
export async function anchorings(db: Kysely<Schema>, id: BatchId): Promise<readonly Anchoring[]> {
  const rows = await eventsOf(db, "batch", id)
    .orderBy("time_seconds")
    .orderBy("channel_id")
    .limit(100)
    .execute();
  return rows.map((row) => ({
    channelId: row.channel_id,
    header: (JSON.parse(row.event) as BatchEvent).header,
    final: row.final === 1,
    time: row.time_seconds,
  }));
}

/** How a certificate of a batch was settled, as far as this node has followed the channel. */
export interface Settled {
  readonly acquittedBy: MessageId | null;
  readonly acquittedAt: number | null;
  readonly revokedAt: number | null;
}

/** More settlements of one batch than these are not looked through: only who and when is left untold then. */
const MOST_SETTLEMENTS = 1_000;

/** Looks through the settlements and invalidations of a batch for one certificate. Batches of third parties have no rows. */
export async function settledInBatch(
  db: Kysely<Schema>,
  place: {
    readonly channelId: string;
    readonly batchId: BatchId;
    readonly index: number;
    readonly subject: string;
  },
): Promise<Settled> {
  const rows = await db
    .selectFrom("ledger_event")
    .select(["kind", "event", "time_seconds"])
    .where("message_id", "=", place.batchId)
    .where("channel_id", "=", place.channelId)
    .where("kind", "in", ["settlement", "batch-invalidation"])
    .where("final", "=", 1)
    .orderBy("height")
    .orderBy("index")
    .limit(MOST_SETTLEMENTS)
    .execute();
  const settled: { -readonly [Name in keyof Settled]: Settled[Name] } = {
    acquittedBy: null,
    acquittedAt: null,
    revokedAt: null,
  };
  for (const row of rows) {
    const event = JSON.parse(row.event) as SettlementEvent | BatchInvalidationEvent;
    if (!isApplied(event, place.index)) continue;
    const revokes =
      event.kind === "batch-invalidation" ||
      (await effectOn(db, place.channelId, event.predicate)) === "revoke";
    if (revokes) settled.revokedAt ??= row.time_seconds;
    else if (settled.acquittedBy === null) {
      const { sender, receiver, predicate, obj } = event;
      const subject = place.subject as Message["subject"];
      settled.acquittedBy = messageId({ sender, receiver, subject, predicate, obj, validUntil: null });
      settled.acquittedAt = row.time_seconds;
    }
  }
  return settled;
}

/**
 * Whether another certificate with the number of this one was issued before it, on a channel of the same kind.
 *
 * @param issue whose number is looked for; `time` in seconds since 1970, null while unknown
 */
export async function isIssuedBefore(
  db: Kysely<Schema>,
  issue: {
    readonly channelId: string;
    readonly id: MessageId;
    readonly message: Message;
    readonly time: number | null;
  },
): Promise<boolean> {
  const { sender, predicate, subject } = issue.message;
  const row = await db
    .selectFrom("certificate")
    .innerJoin("channel", "channel.id", "certificate.channel_id")
    .select("message_id")
    .where("sender", "=", sender)
    .where("predicate", "=", predicate)
    .where("subject", "=", subject)
    .where("channel.type", "=", (expression) =>
      expression.selectFrom("channel as own").select("own.type").where("own.id", "=", issue.channelId),
    )
    .where((expression) =>
      expression.or([
        expression("message_id", "!=", issue.id),
        expression("channel_id", "!=", issue.channelId),
      ]),
    )
    .$if(issue.time !== null, (query) => query.where("issued_at_seconds", "<=", issue.time ?? 0))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether an event settled the certificate at an index of its batch. */
export function isApplied(
  { applied }: Pick<SettlementEvent | BatchInvalidationEvent, "applied">,
  index: number,
): boolean {
  return applied.some(
    ({ word, mask }) => word === index >> 8 && (BigInt(mask) >> BigInt(index & 0xff)) % 2n === 1n,
  );
}

/** A participant by the final state of a channel. */
export interface ParticipantOnChannel {
  readonly jurisdiction: string;
  readonly status: string;
}

export async function participantOn(
  db: Kysely<Schema>,
  channelId: string,
  domain: string,
): Promise<ParticipantOnChannel | null> {
  const row = await db
    .selectFrom("participant")
    .select(["jurisdiction", "status"])
    .where("channel_id", "=", channelId)
    .where("domain", "=", domain)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether a channel this node has followed is a test channel or a production one; null for one it has not. */
export async function channelTypeOf(
  db: Kysely<Schema>,
  channelId: string,
): Promise<"test" | "production" | null> {
  const row = await db.selectFrom("channel").select("type").where("id", "=", channelId).executeTakeFirst();
  return row?.type ?? null;
}

function eventsOf(
  db: Kysely<Schema>,
  kind: "message" | "batch",
  id: string,
): SelectQueryBuilder<Schema, "ledger_event", Schema["ledger_event"]> {
  return db.selectFrom("ledger_event").selectAll().where("message_id", "=", id).where("kind", "=", kind);
}
