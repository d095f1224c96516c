import { sql, type ExpressionBuilder, type Kysely, type Selectable } from "kysely";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import type { MessageId } from "../domain/message.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import type { Caller } from "../identity/caller.ts";
import { chunksOf } from "../store/chunks.ts";
import type { DocumentAclTable, DocumentTable, Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";
import { opening, storing } from "./document-acts.ts";
import { forgetErasure } from "./erasure-repository.ts";

/** A document whose bytes this node holds. */
export interface HeldDocument {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** `user`: brought by this node's own user. `fetched`: brought from another participant's node. */
  readonly origin: "user" | "fetched";
  /** The user (issuer and subject of the token), or the participant. */
  readonly storedBy: string;
}

/** A foreign participant that may read a document, and by which message. Moments are milliseconds since 1970. */
export interface DocumentReader {
  readonly participant: Domain;
  readonly messageId: MessageId;
  readonly grantedAt: number;
  /** `ledger`, or the administrator who opened it. */
  readonly grantedBy: string;
  /** When its node first read the content here; null when it has not. */
  readonly firstReadAt: number | null;
}

function toHeld(row: Selectable<DocumentTable>): HeldDocument {
  return {
    digest: row.digest as Digest,
    size: row.size,
    mediaType: row.media_type,
    origin: row.origin,
    storedBy: row.stored_by,
  };
}

// SQLite takes 32,766 parameters in a statement.
const DIGESTS_A_STATEMENT = 5_000;

/** The document of this digest, or null when this node does not hold it. */
export async function findDocument(db: Kysely<Schema>, digest: Digest): Promise<HeldDocument | null> {
  const row = await db.selectFrom("document").selectAll().where("digest", "=", digest).executeTakeFirst();
  return row === undefined ? null : toHeld(row);
}

/**
 * The document, when this node holds it and has opened it to a participant of a channel; else null, whichever is missing.
 * A participant's name means something on a channel only: another channel's consortium may seat somebody else under it. So
 * a final message by which this node opened the document must have gone by that very channel.
 *
 * @param reader `channelId`: where the reader is known as `participant`
 */
export async function findOpened(
  db: Kysely<Schema>,
  digest: Digest,
  { participant, channelId }: { readonly participant: Domain; readonly channelId: string },
): Promise<HeldDocument | null> {
  return (await isOpenTo(db, digest, { participant, channelId })) ? findDocument(db, digest) : null;
}

/** Whether a document is open to a participant of a channel, as in `findOpened`, whether or not this node still holds it. */
export async function isOpenTo(
  db: Kysely<Schema>,
  digest: Digest,
  { participant, channelId }: { readonly participant: Domain; readonly channelId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("document_acl as acl")
    .select("acl.digest")
    .where("acl.digest", "=", digest)
    .where("acl.participant", "=", participant)
    .where((eb) => eb.or([namedByMessage(eb, channelId), isBodyOfBatch(eb, channelId)]))
    .executeTakeFirst();
  return row !== undefined;
}
type OfReader = ExpressionBuilder<Schema & { acl: DocumentAclTable }, "acl">;

function namedByMessage(eb: OfReader, channelId: string) {
  return eb.exists(
    eb
      .selectFrom("message")
      .leftJoin("document_intent as intent", "intent.message_id", "message.id")
      .select("message.id")
      .whereRef("message.digest", "=", "acl.digest")
      .whereRef("message.receiver", "=", "acl.participant")
      .where("message.channel_id", "=", channelId)
      .where("message.direction", "=", "outgoing")
      .where("message.status", "=", "delivered")
      // Opened by hand for a message of another node of ours, or by a message that this node's own user sent.
      .where((each) =>
        each.or([
          each("message.id", "=", each.ref("acl.message_id")),
          each("intent.message_id", "is not", null),
        ]),
      ),
  );
}

/** The body of a batch that this node formed, and that is final on the reader's channel. */
function isBodyOfBatch(eb: OfReader, channelId: string) {
  return eb.exists(
    eb
      .selectFrom("batch")
      .innerJoin("document_intent as intent", "intent.message_id", "batch.id")
      .select("batch.id")
      .whereRef("batch.body", "=", "acl.digest")
      .whereRef("batch.receiver", "=", "acl.participant")
      .where("batch.channel_id", "=", channelId)
      .where("batch.direction", "=", "outgoing")
      .where("batch.state", "=", "open"),
  );
}

/**
 * Records that this node holds a document; its bytes are safely stored already. The same bytes again change nothing,
 * with one exception: what another participant's node gave us becomes our own once our own user brings it.
 *
 * @param document `at` is milliseconds since 1970
 * @returns the document as recorded
 */
export async function recordDocument(
  db: Kysely<Schema>,
  document: HeldDocument & { readonly at: number },
): Promise<HeldDocument> {
  await db
    .insertInto("document")
    .values({
      digest: document.digest,
      size: document.size,
      media_type: document.mediaType,
      stored_at: document.at,
      origin: document.origin,
      stored_by: document.storedBy,
    })
    .onConflict((conflict) => {
      if (document.origin === "fetched") return conflict.doNothing();
      return conflict
        .column("digest")
        .doUpdateSet({ origin: "user", stored_by: document.storedBy, media_type: document.mediaType })
        .where("document.origin", "=", "fetched");
    })
    .execute();
  await forgetErasure(db, document.digest);
  await recordActs(db, [storing(document)]);
  const recorded = await findDocument(db, document.digest);
  if (recorded === null) throw new Error(`Document ${document.digest} is gone right after it was recorded.`);
  return recorded;
}

/** Whether this source's node has shown these very bytes before, as the one that speaks for it on this channel. */
export async function wasFetchedFrom(
  db: Kysely<Schema>,
  {
    digest,
    source,
    channelId,
  }: { readonly digest: Digest; readonly source: Domain; readonly channelId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("document_fetch")
    .select("message_id")
    .where("digest", "=", digest)
    .where("source", "=", source)
    .where("channel_id", "=", channelId)
    .where("state", "=", "done")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Stores, in the transaction that accepts a message, the intent to open its document to its receiver once the message is
 * final. Call `checkShareable` in the same transaction first. Recorded again (a new attempt), it changes nothing.
 */
export async function recordIntent(db: Kysely<Schema>, intent: Intent): Promise<void> {
  await recordIntents(db, [intent]);
}

/** The intent to open a document to the receiver of a message, or of a batch. */
export interface Intent {
  readonly messageId: MessageId;
  readonly digest: Digest;
  readonly participant: Domain;
}

/** Stores the intents of several messages, as `recordIntent` does for one. */
export async function recordIntents(db: Kysely<Schema>, intents: readonly Intent[]): Promise<void> {
  for (let start = 0; start < intents.length; start += DIGESTS_A_STATEMENT) {
    const rows = intents
      .slice(start, start + DIGESTS_A_STATEMENT)
      .map(({ messageId, digest, participant }) => ({ message_id: messageId, digest, participant }));
    await db
      .insertInto("document_intent")
      .values(rows)
      .onConflict((conflict) => conflict.column("message_id").doNothing())
      .execute();
  }
}

/** Opens the document of one message: see `openToReceivers`. */
export async function openToReceiver(
  db: Kysely<Schema>,
  { messageId, at }: { readonly messageId: MessageId; readonly at: number },
): Promise<void> {
  await openToReceivers(db, { messageIds: [messageId], at });
}

/**
 * Opens documents as the intents stored with some messages say. Called in the transaction in which those messages become
 * final; does nothing where no intent was stored, so that a message this node did not accept opens nothing.
 *
 * @param opening `messageIds`: messages, or a batch for its body; `at` is milliseconds since 1970
 */
export async function openToReceivers(
  db: Kysely<Schema>,
  { messageIds, at }: { readonly messageIds: readonly string[]; readonly at: number },
): Promise<void> {
  for (const ids of chunksOf(messageIds)) {
    const opened = await db
      .insertInto("document_acl")
      .columns(["digest", "participant", "message_id", "granted_at", "granted_by"])
      .expression((from) =>
        from
          .selectFrom("document_intent")
          .select([
            "digest",
            "participant",
            "message_id",
            sql<number>`cast(${at} as bigint)`.as("granted_at"),
            sql<string>`'ledger'`.as("granted_by"),
          ])
          .where("message_id", "in", [...ids]),
      )
      .onConflict((conflict) => conflict.columns(["digest", "participant"]).doNothing())
      .returning(["digest", "participant", "message_id", "granted_at", "granted_by"])
      .execute();
    await recordActs(db, opened.map(opening));
  }
}

async function insertReader(
  db: Kysely<Schema>,
  reader: {
    readonly digest: Digest;
    readonly participant: Domain;
    readonly messageId: MessageId;
    readonly at: number;
    readonly grantedBy: string;
  },
): Promise<void> {
  const opened = await db
    .insertInto("document_acl")
    .values({
      digest: reader.digest,
      participant: reader.participant,
      message_id: reader.messageId,
      granted_at: reader.at,
      granted_by: reader.grantedBy,
    })
    .onConflict((conflict) => conflict.columns(["digest", "participant"]).doNothing())
    .returningAll()
    .execute();
  await recordActs(db, opened.map(opening));
}

/**
 * Opens a document by an administrator's hand: only what this node's own user brought, and only to a receiver that a
 * final message of this participant names for it. What is open already stays as it was opened.
 *
 * @param request `administrator`: issuer and subject of the token; `at`: milliseconds since 1970
 * @returns the reader as recorded
 * @throws Problem `not-found`, `document-not-shareable` or `receiver-not-named`
 */
export async function openByHand(
  db: Kysely<Schema>,
  request: {
    readonly digest: Digest;
    readonly participant: Domain;
    readonly administrator: string;
    readonly at: number;
  },
): Promise<DocumentReader> {
  const { digest, participant } = request;
  const document = await findDocument(db, digest);
  if (document === null) {
    throw new Problem("not-found", "This node holds no such document that you may see.");
  }
  if (document.origin !== "user") {
    throw new Problem(
      "document-not-shareable",
      "The document came from another participant and is not this node's to pass on.",
    );
  }
  const naming = await db
    .selectFrom("message")
    .select("id")
    .where("digest", "=", digest)
    .where("receiver", "=", participant)
    .where("direction", "=", "outgoing")
    .where("status", "=", "delivered")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  if (naming === undefined) {
    throw new Problem(
      "receiver-not-named",
      "No delivered message of this participant names that receiver for the document: send it one.",
    );
  }
  const messageId = naming.id as MessageId;
  await insertReader(db, {
    digest,
    participant,
    messageId,
    at: request.at,
    grantedBy: request.administrator,
  });
  const reader = (await listReaders(db, digest)).find((each) => each.participant === participant);
  if (reader === undefined) throw new Error(`The reader ${participant} is gone right after it was recorded.`);
  return reader;
}

/**
 * Every participant to which a document is open, in the order of their names.
 *
 * @param subjects shows only those to which a message about one of these opened it; null shows all
 */
export async function listReaders(
  db: Kysely<Schema>,
  digest: Digest,
  subjects: SubjectScope = null,
): Promise<readonly DocumentReader[]> {
  const rows = await db
    .selectFrom("document_acl as acl")
    .select((select) => [
      "acl.participant",
      "acl.message_id",
      "acl.granted_at",
      "acl.granted_by",
      select
        .selectFrom("audit as read")
        .select((read) => read.fn.min("read.at").as("at"))
        .whereRef("read.object", "=", "acl.digest")
        .where("read.act", "=", "document.read")
        .whereRef("read.actor", "=", "acl.participant")
        .where("read.actor_kind", "=", "node")
        .as("first_read_at"),
    ])
    .where("acl.digest", "=", digest)
    .$if(subjects !== null, (query) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom("message as m")
            .select("m.id")
            .whereRef("m.id", "=", "acl.message_id")
            .where(withinSubjects("m.subject", subjects ?? [])),
        ),
      ),
    )
    .orderBy("acl.participant")
    .execute();
  return rows.map((row) => ({
    participant: row.participant as Domain,
    messageId: row.message_id as MessageId,
    grantedAt: row.granted_at,
    grantedBy: row.granted_by,
    firstReadAt: row.first_read_at,
  }));
}

/** Puts on record that somebody reads a document's content. `at` is milliseconds since 1970. */
export async function recordRead(
  db: Kysely<Schema>,
  read: { readonly digest: Digest; readonly reader: Caller; readonly at: number },
): Promise<void> {
  await recordActs(db, [
    { act: "document.read", actor: actorOf(read.reader), object: read.digest, at: read.at },
  ]);
}
