import type { Kysely } from "kysely";

import { recordActs } from "../audit/audit-repository.ts";
import type { LedgerEvent } from "../channels/channel.ts";
import { openToReceivers, recordIntents, type Intent } from "../documents/document-repository.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { appendJournals } from "../messages/journal-repository.ts";
import { chunksOf } from "../store/chunks.ts";
import type { DocumentTable, Schema } from "../store/schema.ts";

/** A document whose bytes were found in the store. */
export interface FoundDocument {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
  readonly origin: DocumentTable["origin"];
  /** `rebuild`, or the participant it came from. */
  readonly storedBy: string;
}

/** A final message, or the anchor of a batch, that names a document. */
export interface Naming {
  /** Of the message, or the batch. */
  readonly id: string;
  readonly sender: Domain;
  readonly receiver: Domain;
  readonly direction: "outgoing" | "incoming";
  readonly channelId: string;
  /** The ledger account that said it; null where no event is kept that says so. */
  readonly operator: string | null;
  /** Names the transaction in which it became final. */
  readonly said: string;
}

/** Puts on record that a rebuild begins, or has come to its end. `at` is milliseconds since 1970. */
export async function recordRebuild(
  db: Kysely<Schema>,
  act: "rebuild.begun" | "rebuild.ended",
  at: number,
  detail?: Readonly<Record<string, number>>,
): Promise<void> {
  const actor = { kind: "system", name: "rebuild" } as const;
  await recordActs(db, [{ act, actor, at, object: null, ...(detail === undefined ? {} : { detail }) }]);
}

/** Whether what is in a database is a rebuild that was broken off, and nothing else. */
export async function isBrokenOff(db: Kysely<Schema>): Promise<boolean> {
  const acts = await db
    .selectFrom("audit")
    .select("act")
    .where("act", "in", ["rebuild.begun", "rebuild.ended"])
    .execute();
  if (acts.length === 0 || acts.some(({ act }) => act === "rebuild.ended")) return false;
  const own = await db
    .selectFrom("message")
    .select("id")
    .where("accepted_by", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return own === undefined;
}

/** Those of some documents that are on record. */
export async function onRecordAmong(
  db: Kysely<Schema>,
  digests: readonly Digest[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("document")
    .select("digest")
    .where("digest", "in", [...digests])
    .execute();
  return new Set(rows.map(({ digest }) => digest));
}

/** The batches whose bodies are among some documents. */
export async function batchesWithBody(db: Kysely<Schema>, digests: readonly Digest[]) {
  return db
    .selectFrom("batch")
    .select(["id", "channel_id", "body", "sender", "direction"])
    .where("body", "in", [...digests])
    .where("state", "!=", "failed")
    .execute();
}

/** Puts a document on record whose bytes were found. */
export async function recordFound(db: Kysely<Schema>, found: FoundDocument, at: number): Promise<void> {
  const { digest, size, mediaType, origin, storedBy } = found;
  await db
    .insertInto("document")
    .values({ digest, size, media_type: mediaType, stored_at: at, origin, stored_by: storedBy })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const detail = { size, mediaType, origin, storedBy };
  const actor = { kind: "system", name: "rebuild" } as const;
  await recordActs(db, [{ act: "document.adopted", actor, at, object: digest, detail }]);
}

/** Ends the fetches of a document that is here, and says so in the journals of the messages that name it. */
export async function endFetchesOf(
  db: Kysely<Schema>,
  digest: Digest,
  { kind, at }: { readonly kind: "message" | "body"; readonly at: number },
): Promise<void> {
  const rows = await db
    .updateTable("document_fetch")
    .set({ state: "done", lease_owner: null, lease_until: 0 })
    .where("digest", "=", digest)
    .where("state", "=", "queued")
    .where("max_bytes", kind === "message" ? "is" : "is not", null)
    .returning("message_id")
    .execute();
  if (kind === "body") return;
  await appendJournals(db, {
    messageIds: [...new Set(rows.map((row) => row.message_id))],
    status: "available",
    at,
  });
}

/**
 * The final messages that name a document, the first said first: by ledger time, and on one ledger by its order.
 *
 * @param participant the node's own
 */
export async function namingsOf(
  db: Kysely<Schema>,
  digest: Digest,
  participant: Domain,
): Promise<readonly Naming[]> {
  const rows = await db
    .selectFrom("message")
    .select(["id", "sender", "receiver", "predicate", "direction", "channel_id", "txn", "height"])
    .select(["batch_id", "batch_index"])
    .where("digest", "=", digest)
    .where("status", "in", ["delivered", "received", "fetching", "available", "fetch-failed"])
    .where("txn", "is not", null)
    .execute();
  const transactions = new Map<string, readonly LedgerEvent[]>();
  const found: (Naming & { readonly order: readonly number[] })[] = [];
  for (const row of rows) {
    const said = `${row.channel_id} ${row.txn ?? ""}`;
    const events =
      transactions.get(said) ?? (await eventsOf(db, row.channel_id, row.txn ?? "", row.height ?? 0));
    transactions.set(said, events);
    const event = carrierOf(events, row);
    const operator = event !== null && "operator" in event ? event.operator.toLowerCase() : null;
    const { time = 0, position } = event ?? {};
    found.push({
      ...{ id: row.id, sender: row.sender as Domain, receiver: row.receiver as Domain },
      direction: row.sender === participant ? "outgoing" : "incoming",
      ...{ channelId: row.channel_id, operator, said },
      order: [time, position?.height ?? 0, position?.index ?? 0, row.batch_index ?? 0],
    });
  }
  return found.sort((one, other) => compare(one.order, other.order));
}

/** The open batches of this participant's, each as what names its body. */
export async function ownBatches(db: Kysely<Schema>): Promise<readonly (Naming & { digest: Digest })[]> {
  const rows = await db
    .selectFrom("batch")
    .innerJoin("document", "document.digest", "batch.body")
    .select(["batch.id", "batch.sender", "batch.receiver", "batch.channel_id", "batch.txn", "batch.height"])
    .select("batch.body")
    .where("batch.direction", "=", "outgoing")
    .where("batch.state", "=", "open")
    .orderBy("batch.time_seconds")
    .orderBy("batch.height")
    .orderBy("batch.index")
    .execute();
  const found: (Naming & { digest: Digest })[] = [];
  for (const { id, sender, receiver, channel_id: channelId, txn, height, body } of rows) {
    const events = await eventsOf(db, channelId, txn ?? "", height ?? 0);
    const event = events.find((each) => each.kind === "batch" && each.id === id);
    const operator = event?.kind === "batch" ? event.operator.toLowerCase() : null;
    found.push({
      ...{ id, sender: sender as Domain, receiver: receiver as Domain, direction: "outgoing" },
      ...{ channelId, operator, said: `${channelId} ${txn ?? ""}`, digest: body as Digest },
    });
  }
  return found;
}

/**
 * Opens a document to the receivers of some of its messages, as their acceptance and finality did, in the order in which they
 * were said.
 *
 * @returns to how many participants it is open now
 */
export async function openAgain(
  db: Kysely<Schema>,
  digest: Digest,
  namings: readonly Naming[],
  at: number,
): Promise<number> {
  const intents = namings.map(({ id, receiver }) => ({ messageId: id, digest, participant: receiver }));
  await recordIntents(db, intents as Intent[]);
  for (const [, together] of Map.groupBy(namings, ({ said }) => said)) {
    for (const ids of chunksOf(together.map(({ id }) => id)))
      await openToReceivers(db, { messageIds: ids, at });
  }
  return new Set(namings.map(({ receiver }) => receiver)).size;
}

async function eventsOf(
  db: Kysely<Schema>,
  channelId: string,
  txn: string,
  height: number,
): Promise<readonly LedgerEvent[]> {
  const rows = await db
    .selectFrom("ledger_event")
    .select("event")
    .where("channel_id", "=", channelId)
    .where("height", "=", height)
    .where("txn", "=", txn)
    .where("final", "=", 1)
    .where("kind", "in", ["message", "batch", "settlement"])
    .orderBy("index")
    .execute();
  return rows.map(({ event }) => JSON.parse(event) as LedgerEvent);
}

/** The event of its transaction that says a message. */
function carrierOf(
  events: readonly LedgerEvent[],
  row: Pick<Schema["message"], "id" | "sender" | "predicate" | "batch_id">,
): LedgerEvent | null {
  const alone = events.find((event) => event.kind === "message" && event.id === row.id);
  const anchored = events.find((event) => event.kind === "batch" && event.id === row.batch_id);
  const settled = events.find(
    (event) =>
      event.kind === "settlement" && event.sender === row.sender && event.predicate === row.predicate,
  );
  return alone ?? anchored ?? settled ?? null;
}

function compare(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((each, index) => each !== other[index]);
  return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? 0);
}

/** What a rebuild brought, counted in the database. */
export async function countRebuilt(db: Kysely<Schema>) {
  const count = async (table: "message" | "certificate" | "document_acl", where: [string, string] | null) => {
    let query = db.selectFrom(table).select((select) => select.fn.countAll<number | string>().as("count"));
    if (where !== null) query = query.where(where[0] as never, "=", where[1] as never);
    return Number((await query.executeTakeFirstOrThrow()).count);
  };
  const states = async (table: "batch" | "document_fetch") =>
    db
      .selectFrom(table)
      .select((select) => ["state", select.fn.countAll<number | string>().as("count")])
      .groupBy("state")
      .execute();
  const batches = new Map(
    (await states("batch")).map(({ state, count: of }) => [state as string, Number(of)]),
  );
  const fetches = new Map(
    (await states("document_fetch")).map(({ state, count: of }) => [state as string, Number(of)]),
  );
  return {
    outgoing: await count("message", ["direction", "outgoing"]),
    incoming: await count("message", ["direction", "incoming"]),
    certificates: await count("certificate", null),
    batchesOpen: batches.get("open") ?? 0,
    batchesWaiting: batches.get("anchored") ?? 0,
    batchesQuarantined: batches.get("quarantined") ?? 0,
    readers: await count("document_acl", null),
    toFetch: fetches.get("queued") ?? 0,
  };
}
