import { sql, type Kysely, type Selectable } from "kysely";

import type { MessageId } from "../domain/message.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import { takeTurn } from "../messages/message-repository.ts";
import { messageOf, type MessageColumns } from "../messages/message-row.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";
import type { Notification, NotificationType } from "./notification.ts";
import type { Topic } from "./topic.ts";

/** What is to be told of a message that is on record here. */
export interface NewNotification {
  readonly type: NotificationType;
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const IDS_A_STATEMENT = 1_000;
/** Rows looked at for one page, so that a topic that nothing matches keeps nobody waiting. */
const ROWS_A_PAGE = 5_000;

/**
 * Writes down what subscribers are to be told of, in the transaction in which it happens; what is about a message that
 * this node's participant neither sent nor received is passed over. Takes its turn, so that sequence numbers grow in the
 * order of commits and nobody who reads on from one misses another.
 *
 * @param db a transaction; one that locks what others lock in their turn has taken its own before
 * @param list in the order in which it happened
 */
export async function recordNotifications(
  db: Kysely<Schema>,
  list: readonly NewNotification[],
): Promise<void> {
  if (list.length === 0) return;
  await takeTurn(db);
  for (const run of runsOf(list)) await recordRun(db, run);
}

interface Run {
  readonly type: NotificationType;
  readonly at: number;
  readonly messageIds: string[];
}

/** Neighbours of one type and moment, which one statement can write. */
function runsOf(list: readonly NewNotification[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { type, at, messageId } of list) {
    const last = runs.at(-1);
    if (last?.type === type && last.at === at && last.messageIds.length < IDS_A_STATEMENT) {
      last.messageIds.push(messageId);
    } else {
      runs.push({ type, at, messageIds: [messageId] });
    }
  }
  return runs;
}

async function recordRun(db: Kysely<Schema>, { type, at, messageIds }: Run): Promise<void> {
  await db
    .insertInto("notification")
    .columns(["type", "at", "message_id", "channel_id", "jurisdiction"])
    .expression((eb) =>
      eb
        .selectFrom("message as m")
        .leftJoin("participant as p", (join) =>
          join.onRef("p.channel_id", "=", "m.channel_id").on("p.domain", "=", otherSide),
        )
        .select([
          sql<string>`cast(${type} as text)`.as("type"),
          sql<number>`cast(${at} as bigint)`.as("at"),
          "m.id",
          "m.channel_id",
          "p.jurisdiction",
        ])
        .where("m.id", "in", messageIds)
        .orderBy("m.seq"),
    )
    .execute();
}

/** Of which notifications somebody is to be told. */
export interface Wanted {
  readonly topic: Topic | null;
  /** The subjects that they are limited to. */
  readonly subjects: SubjectScope;
}

/** What was read of the notifications, and how far. */
export interface NotificationPage {
  readonly items: readonly Notification[];
  /** Up to here there is nothing else for the topic. */
  readonly position: number;
  /** Whether there may be more at once. */
  readonly more: boolean;
}

/**
 * Reads on in the notifications of a topic.
 *
 * @param wanted `topic`: null for all there are; `subjects`: of messages about these only, null for all
 * @param after `seq` of the last one dealt with
 * @param limit how many at most
 */
export async function readNotifications(
  db: Kysely<Schema>,
  { topic, subjects }: Wanted,
  after: number,
  limit: number,
): Promise<NotificationPage> {
  const { newest } = await extent(db);
  if (newest <= after) return { items: [], position: after, more: false };
  // Numbers that were never given cost nobody a page: after a restore there are many of them in a row.
  const next = await firstAfter(db, after);
  const from = next === null ? newest : next - 1;
  const until = Math.min(newest, from + ROWS_A_PAGE);
  let query = db
    .selectFrom("notification as n")
    .innerJoin("message as m", "m.id", "n.message_id")
    .select(["n.seq", "n.type", "n.at", "n.message_id", "n.channel_id"])
    .select([
      "m.sender",
      "m.receiver",
      "m.subject",
      "m.predicate",
      "m.digest",
      "m.valid_until",
      "m.direction",
    ])
    .where("n.seq", ">", from)
    .where("n.seq", "<=", until);
  if (subjects !== null) query = query.where(withinSubjects("m.subject", subjects));
  if (topic?.kind === "predicates") query = query.where(predicateMatches(topic.value));
  if (topic?.kind === "subjects") query = query.where("m.subject", "=", topic.value);
  if (topic?.kind === "messages") query = query.where("n.message_id", "=", topic.value);
  if (topic?.kind === "jurisdictions") query = query.where("n.jurisdiction", "=", topic.value);
  const rows = await query.orderBy("n.seq").limit(limit).execute();
  const last = rows.length === limit ? rows.at(-1)?.seq : undefined;
  const position = last ?? until;
  return { items: rows.map(toNotification), position, more: position < newest };
}

async function firstAfter(db: Kysely<Schema>, after: number): Promise<number | null> {
  const row = await db
    .selectFrom("notification")
    .select((each) => each.fn.min("seq").as("seq"))
    .where("seq", ">", after)
    .executeTakeFirst();
  return row?.seq ?? null;
}

/**
 * The lowest sequence number that is kept, and the highest that may have been given: past the last one that is kept where a
 * restored database does not know which were given after the backup.
 */
async function extent(db: Kysely<Schema>): Promise<{ readonly oldest: number; readonly newest: number }> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom("notification")
        .select((each) => each.fn.min("seq").as("seq"))
        .as("oldest"),
      eb
        .selectFrom("notification")
        .select((each) => each.fn.max("seq").as("seq"))
        .as("newest"),
    ])
    .executeTakeFirstOrThrow();
  const forgotten = await forgottenUntil(db);
  return { oldest: row.oldest ?? forgotten + 1, newest: Math.max(row.newest ?? 0, forgotten) };
}

/** Sequence number of the newest notification; 0 before the first. */
export async function newestNotification(db: Kysely<Schema>): Promise<number> {
  return (await extent(db)).newest;
}

/** Sequence number of the last notification that is no longer kept; 0 when all are. */
export async function forgottenUntil(db: Kysely<Schema>): Promise<number> {
  const mark = await db.selectFrom("notification_mark").select("forgotten").executeTakeFirst();
  return mark?.forgotten ?? 0;
}

/**
 * Forgets notifications that are older than `before` and that every active subscription is past.
 *
 * @param db a transaction
 * @param before milliseconds since 1970
 * @param limit how many sequence numbers at most, so that nobody waits long
 * @returns whether there may be more to forget
 */
export async function forgetNotifications(
  db: Kysely<Schema>,
  before: number,
  limit = ROWS_A_PAGE,
): Promise<boolean> {
  const { oldest, newest } = await extent(db);
  const [slowest, young] = [
    await db
      .selectFrom("subscription")
      .select((eb) => eb.fn.min("position").as("position"))
      .where("state", "!=", "ended")
      .executeTakeFirst(),
    await db
      .selectFrom("notification")
      .select("seq")
      .where("at", ">=", before)
      .orderBy("seq")
      .limit(1)
      .executeTakeFirst(),
  ];
  const until = Math.min(
    newest,
    (young?.seq ?? newest + 1) - 1,
    slowest?.position ?? newest,
    oldest - 1 + limit,
  );
  if (until < oldest) return false;
  await db.deleteFrom("notification").where("seq", "<=", until).execute();
  await db
    .insertInto("notification_mark")
    .values({ id: 1, forgotten: until })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({ forgotten: until })
        .where("notification_mark.forgotten", "<", until),
    )
    .execute();
  return until === oldest - 1 + limit;
}

/** Matches a message `m` by its type, or by how its type begins. */
export function predicateMatches(pattern: string) {
  if (!pattern.endsWith("*")) return sql<boolean>`m.predicate = ${pattern}`;
  const prefix = pattern.slice(0, -1);
  return sql<boolean>`substr(m.predicate, 1, ${sql.lit(prefix.length)}) = ${prefix}`;
}

/** The participant at the other end of a message `m`. */
export const otherSide = sql<string>`case when m.direction = 'outgoing' then m.receiver else m.sender end`;

type NotificationRow = Pick<
  Selectable<Schema["notification"]>,
  "seq" | "type" | "at" | "message_id" | "channel_id"
> &
  MessageColumns & { readonly direction: "outgoing" | "incoming" };

function toNotification(row: NotificationRow): Notification {
  return {
    seq: row.seq,
    type: row.type as NotificationType,
    at: row.at,
    messageId: row.message_id as MessageId,
    message: messageOf(row),
    direction: row.direction,
    channelId: row.channel_id,
  };
}
