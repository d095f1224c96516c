import type { Kysely } from "kysely";

import { channelRows, type ChannelRow } from "../messages/ledger-repository.ts";
import type { Schema } from "../store/schema.ts";

/** So many of something, told apart by labels. */
export interface Tally {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What metrics read from the database, so that each replica tells the same. */
export interface StoredMetrics {
  readonly channels: readonly ChannelRow[];
  /** By channel, in milliseconds since 1970: when the oldest message that is not final was accepted. */
  readonly oldestWaiting: ReadonlyMap<string, number>;
  readonly outbox: readonly Tally[];
  readonly resubmissions: readonly Tally[];
  readonly transactions: readonly Tally[];
  /** By channel and the account that signed. */
  readonly signers: readonly Tally[];
  readonly feeBumps: readonly Tally[];
  readonly fetches: readonly Tally[];
  readonly bindings: readonly Tally[];
  readonly batches: readonly Tally[];
  readonly subscriptions: readonly Tally[];
  readonly failingSubscriptions: number;
  readonly deadLetters: number;
  readonly holds: number;
  readonly unsealedActs: number;
}

/** Reads all of it by what indexes give, or what is in line at the time: nothing here grows with a node's age. */
export async function readStoredMetrics(db: Kysely<Schema>): Promise<StoredMetrics> {
  const channels = await channelRows(db);
  return {
    channels,
    oldestWaiting: await oldestWaiting(db, channels),
    ...(await inLine(db)),
    ...(await inFlight(db)),
    fetches: await fetches(db),
    bindings: await bindings(db),
    batches: await batches(db),
    ...(await deliveries(db)),
    holds: await countOf(db, "document_hold"),
    unsealedActs: await unsealed(db),
  };
}

/** When the oldest message of each channel that is not final was accepted; milliseconds since 1970. */
export async function oldestWaiting(
  db: Kysely<Schema>,
  channels: readonly Pick<ChannelRow, "id">[],
): Promise<ReadonlyMap<string, number>> {
  const oldest = new Map<string, number>();
  for (const { id } of channels) {
    for (const status of ["pending", "bundled", "sent"]) {
      const row = await db
        .selectFrom("message")
        .select("created_at")
        .where("status", "=", status)
        .where("direction", "=", "outgoing")
        .where("channel_id", "=", id)
        .orderBy("seq")
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) oldest.set(id, Math.min(oldest.get(id) ?? row.created_at, row.created_at));
    }
  }
  return oldest;
}

async function inLine(db: Kysely<Schema>): Promise<Pick<StoredMetrics, "outbox" | "resubmissions">> {
  const rows = await db
    .selectFrom("outbox")
    .select((eb) => [
      ...(["channel_id", "kind", "state"] as const),
      eb.fn.countAll<number | string>().as("rows"),
      eb.fn
        .sum<number | string>(
          eb
            .case()
            .when("submission", ">", 1)
            .then(eb("submission", "-", 1))
            .else(0)
            .end(),
        )
        .as("again"),
    ])
    .groupBy(["channel_id", "kind", "state"])
    .execute();
  return {
    outbox: rows.map(({ channel_id: channel, kind, state, rows: value }) => ({
      labels: { channel, kind, state },
      value: Number(value),
    })),
    resubmissions: rows.map(({ channel_id: channel, kind, state, again }) => ({
      labels: { channel, kind, state },
      value: Number(again),
    })),
  };
}

async function inFlight(
  db: Kysely<Schema>,
): Promise<Pick<StoredMetrics, "transactions" | "signers" | "feeBumps">> {
  const transactions = await db
    .selectFrom("evm_transaction")
    .select((eb) => ["channel_id", "signer", eb.fn.countAll<number | string>().as("rows")])
    .where("state", "=", "open")
    .groupBy(["channel_id", "signer"])
    .execute();
  const versions = await db
    .selectFrom("evm_transaction as transaction")
    .innerJoin("evm_broadcast as broadcast", (join) =>
      join
        .onRef("broadcast.chain_id", "=", "transaction.chain_id")
        .onRef("broadcast.signer", "=", "transaction.signer")
        .onRef("broadcast.nonce", "=", "transaction.nonce"),
    )
    .select((eb) => ["transaction.channel_id", eb.fn.countAll<number | string>().as("rows")])
    .where("transaction.state", "=", "open")
    .groupBy("transaction.channel_id")
    .execute();
  const open = new Map<string, number>();
  for (const { channel_id: channel, rows } of transactions) {
    open.set(channel, (open.get(channel) ?? 0) + Number(rows));
  }
  return {
    signers: transactions.map(({ channel_id: channel, signer, rows }) => ({
      labels: { channel, signer },
      value: Number(rows),
    })),
    transactions: [...open].map(([channel, value]) => ({ labels: { channel }, value })),
    feeBumps: versions.map(({ channel_id: channel, rows }) => ({
      labels: { channel },
      value: Math.max(0, Number(rows) - (open.get(channel) ?? 0)),
    })),
  };
}

async function fetches(db: Kysely<Schema>): Promise<readonly Tally[]> {
  const rows = await db
    .selectFrom("document_fetch")
    .select((eb) => ["state", eb.fn.countAll<number | string>().as("rows")])
    .where("state", "in", ["queued", "failed"])
    .groupBy("state")
    .execute();
  return rows.map(({ state, rows: value }) => ({ labels: { state }, value: Number(value) }));
}

async function bindings(db: Kysely<Schema>): Promise<readonly Tally[]> {
  const rows = await db
    .selectFrom("binding")
    .select((eb) => ["channel_id", "outcome", eb.fn.countAll<number | string>().as("rows")])
    .groupBy(["channel_id", "outcome"])
    .execute();
  return rows.map(({ channel_id: channel, outcome, rows: value }) => ({
    labels: { channel, outcome },
    value: Number(value),
  }));
}

async function batches(db: Kysely<Schema>): Promise<readonly Tally[]> {
  const rows = await db
    .selectFrom("batch")
    .select((eb) => ["state", eb.fn.countAll<number | string>().as("rows")])
    .where("state", "in", ["formed", "anchored", "quarantined", "failed"])
    .groupBy("state")
    .execute();
  return rows.map(({ state, rows: value }) => ({ labels: { state }, value: Number(value) }));
}

async function deliveries(
  db: Kysely<Schema>,
): Promise<Pick<StoredMetrics, "subscriptions" | "failingSubscriptions" | "deadLetters">> {
  const rows = await db
    .selectFrom("subscription")
    .select((eb) => ["state", eb.fn.countAll<number | string>().as("rows")])
    .groupBy("state")
    .execute();
  const failing = await db
    .selectFrom("subscription")
    .select((eb) => eb.fn.countAll<number | string>().as("rows"))
    .where("failing_since", "is not", null)
    .executeTakeFirstOrThrow();
  return {
    subscriptions: rows.map(({ state, rows: value }) => ({ labels: { state }, value: Number(value) })),
    failingSubscriptions: Number(failing.rows),
    deadLetters: await countOf(db, "dead_letter"),
  };
}

async function countOf(db: Kysely<Schema>, table: "document_hold" | "dead_letter"): Promise<number> {
  const { rows } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number | string>().as("rows"))
    .executeTakeFirstOrThrow();
  return Number(rows);
}

async function unsealed(db: Kysely<Schema>): Promise<number> {
  const { rows } = await db
    .selectFrom("audit")
    .select((eb) => eb.fn.countAll<number | string>().as("rows"))
    .where("position", "is", null)
    .executeTakeFirstOrThrow();
  return Number(rows);
}
