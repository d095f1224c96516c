import type { Insertable, Kysely } from "kysely";

import type { BatchId } from "../domain/batch.ts";
import type { Message, MessageId } from "../domain/message.ts";
import { digestOf } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";
import { chunksOf } from "../store/chunks.ts";
import type { Schema } from "../store/schema.ts";

/** A message that issued a certificate, alone or at its place in a batch. */
export interface Issue {
  readonly id: MessageId;
  readonly message: Message;
  readonly batch?: { readonly id: BatchId; readonly index: number };
}

/** What one event of a ledger issued finally: certificates of one issuer and type. */
export interface FinalIssues {
  readonly sender: Domain;
  readonly predicate: Predicate;
  readonly height: number;
  /** Order among all events of this height. */
  readonly index: number;
  /** The ledger's clock, seconds since 1970. */
  readonly time: number;
  readonly issues: readonly Issue[];
}

const ROWS_A_STATEMENT = 500;

/**
 * Records finally issued certificates and decides anew which issue of each number counts: that on the channel of the lowest
 * precedence, then the first by ledger time, then by channel and position, so that every node decides alike in whatever order it learns of them (PROTOCOL §4). A message
 * that issues its certificate twice is recorded where it does so first. Test and production channels are counted apart:
 * what is tried out on a test channel, by whoever its consortium seated under the issuer's name, takes nothing from a
 * real certificate.
 *
 * @param db a transaction that has taken its turn (`takeTurn`), so that it sees what the follower of another channel issued
 */
export async function recordIssues(
  db: Kysely<Schema>,
  channelId: string,
  { issues, ...place }: FinalIssues,
): Promise<void> {
  for (const chunk of chunksOf(issues, ROWS_A_STATEMENT)) {
    await db
      .insertInto("certificate")
      .values(chunk.map((issue) => rowOf(channelId, place, issue)))
      .onConflict((conflict) =>
        conflict
          .columns(["channel_id", "message_id"])
          .doUpdateSet((set) => ({
            issued_height: set.ref("excluded.issued_height"),
            issued_index: set.ref("excluded.issued_index"),
            issued_at_seconds: set.ref("excluded.issued_at_seconds"),
            batch_id: set.ref("excluded.batch_id"),
            batch_index: set.ref("excluded.batch_index"),
          }))
          .where((where) =>
            where.or([
              where("certificate.issued_height", ">", where.ref("excluded.issued_height")),
              where.and([
                where("certificate.issued_height", "=", where.ref("excluded.issued_height")),
                where("certificate.issued_index", ">", where.ref("excluded.issued_index")),
              ]),
            ]),
          ),
      )
      .execute();
    await rank(
      db,
      channelId,
      place,
      chunk.map(({ message }) => message.subject),
    );
  }
}

function rowOf(
  channelId: string,
  place: Omit<FinalIssues, "issues">,
  { id, message, batch }: Issue,
): Insertable<Schema["certificate"]> {
  return {
    channel_id: channelId,
    message_id: id,
    sender: message.sender,
    predicate: message.predicate,
    subject: message.subject,
    receiver: message.receiver,
    digest: digestOf(message.obj),
    valid_until: message.validUntil,
    issued_height: place.height,
    issued_index: place.index,
    issued_at_seconds: place.time,
    batch_id: batch?.id ?? null,
    batch_index: batch?.index ?? null,
    acquitted_by: null,
    acquitted_at_seconds: null,
    revoked_by: null,
    revoked_at_seconds: null,
    invalidated_at_seconds: null,
    duplicate: 0,
  };
}

/** Has the first issue of each of some numbers count, and no other. */
async function rank(
  db: Kysely<Schema>,
  channelId: string,
  { sender, predicate }: Pick<FinalIssues, "sender" | "predicate">,
  subjects: readonly string[],
): Promise<void> {
  const issues = await db
    .selectFrom("certificate")
    .innerJoin("channel", "channel.id", "certificate.channel_id")
    .select(["channel_id", "message_id", "subject", "duplicate"])
    .where("channel.type", "=", (expression) =>
      expression.selectFrom("channel as own").select("own.type").where("own.id", "=", channelId),
    )
    .where("sender", "=", sender)
    .where("predicate", "=", predicate)
    .where("subject", "in", [...subjects])
    .orderBy("channel.precedence")
    .orderBy("issued_at_seconds")
    .orderBy("channel_id")
    .orderBy("issued_height")
    .orderBy("issued_index")
    .orderBy("batch_index")
    .execute();
  const seen = new Set<string>();
  const wrong = issues.flatMap((issue) => {
    const duplicate = seen.has(issue.subject) ? 1 : 0;
    seen.add(issue.subject);
    return issue.duplicate === duplicate ? [] : [{ ...issue, duplicate }];
  });
  for (const [, same] of Map.groupBy(wrong, (issue) => `${issue.duplicate} ${issue.channel_id}`)) {
    const [first] = same;
    if (first === undefined) continue;
    await db
      .updateTable("certificate")
      .set({ duplicate: first.duplicate })
      .where("channel_id", "=", first.channel_id)
      .where(
        "message_id",
        "in",
        same.map((issue) => issue.message_id),
      )
      .execute();
  }
}

/**
 * Decides anew which issue counts of every number that was issued more than once, after a channel's precedence was changed.
 *
 * @param db a transaction that has taken its turn
 * @param channelId the channel
 */
export async function rankAgain(db: Kysely<Schema>, channelId: string): Promise<void> {
  const numbers = await db
    .selectFrom("certificate")
    .select(["sender", "predicate", "subject"])
    .groupBy(["sender", "predicate", "subject"])
    .having((eb) => eb.fn.countAll(), ">", 1)
    .execute();
  for (const [, same] of Map.groupBy(numbers, ({ sender, predicate }) => `${sender} ${predicate}`)) {
    const [first] = same;
    if (first === undefined) continue;
    const issuer = { sender: first.sender as Domain, predicate: first.predicate as Predicate };
    const subjects = same.map(({ subject }) => subject);
    for (const some of chunksOf(subjects, ROWS_A_STATEMENT)) await rank(db, channelId, issuer, [...some]);
  }
}
