import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { Stuck, StuckKind } from "./stuck.ts";

/** Which of one kind is listed. */
export interface StuckQuery {
  /** What began before this moment is late; milliseconds since 1970. */
  readonly before: number;
  /** The key of the last one already shown; null for none. */
  readonly after: string | null;
  readonly limit: number;
}

type List = (db: Kysely<Schema>, query: StuckQuery) => Promise<readonly Stuck[]>;

const channels: List = async (db, { after, limit }) => {
  const rows = await db
    .selectFrom("channel")
    .select(["id", "name", "stopped", "updated_at"])
    .where("stopped", "is not", null)
    .where("id", ">", after ?? "")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id, name, stopped, updated_at: since }) => ({
    ...{ kind: "channel" as const, id: `channel:${id}`, since, code: stopped ?? "", channelId: id },
    detail: `${name} stands still until somebody has looked and the node is started again.`,
    actions: ["restart" as const],
  }));
};

/** Rows of the outbox: messages that go alone, or the bundles in which they go. What is in a bundle is not told again. */
const inLine =
  (kind: "message" | "bundle"): List =>
  async (db, { before, after, limit }) => {
    const rows = await db
      .selectFrom("outbox as o")
      .leftJoin("message as m", "m.id", "o.message_id")
      .leftJoin("batch as b", (join) =>
        join.onRef("b.id", "=", "o.message_id").onRef("b.channel_id", "=", "o.channel_id"),
      )
      .select(["o.message_id", "o.kind", "o.channel_id", "o.state", "o.submission", "o.tries"])
      .select(["o.refused_at", "o.last_error_code", "o.last_error_at", "o.last_error_detail", "o.due_at"])
      .select((eb) => eb.fn.coalesce("m.created_at", "b.created_at").as("created_at"))
      .where("o.kind", kind === "message" ? "=" : "!=", "message")
      .where("o.state", "!=", "bundled")
      .where((eb) =>
        eb.or([
          eb("o.last_error_code", "is not", null),
          eb("m.created_at", "<", before),
          eb("b.created_at", "<", before),
        ]),
      )
      .where("o.message_id", ">", after ?? "")
      .orderBy("o.message_id")
      .limit(limit)
      .execute();
    return rows.map((row) => {
      const { message_id: key, state, submission, tries } = row;
      const signed = state !== "waiting";
      const what = row.kind === "message" ? "The message" : `The ${row.kind} of a bundle`;
      const stands = signed
        ? `${what} is signed, by submission ${submission}: it is carried until the ledger has its word; looked at ${tries} times.`
        : `${what} waits, and nothing of it is under way; tried ${tries} times.`;
      return {
        ...{ kind, id: `${kind}:${key}`, channelId: row.channel_id },
        since: row.created_at ?? row.refused_at ?? row.last_error_at ?? row.due_at,
        code: row.last_error_code ?? (signed ? "not-final" : "waiting"),
        detail: row.last_error_detail === null ? stands : `${row.last_error_detail} ${stands}`,
        actions: kind === "message" && !signed ? ["retry" as const, "give-up" as const] : ["retry" as const],
      };
    });
  };

const transactions: List = async (db, { before, after, limit }) => {
  const [chain, signer, nonce] = after?.split(":") ?? ["-1", "", "-1"];
  const rows = await db
    .selectFrom("evm_transaction as t")
    .selectAll("t")
    .select((eb) =>
      eb
        .selectFrom("evm_broadcast as v")
        .select((each) => each.fn.countAll<number | string>().as("versions"))
        .whereRef("v.chain_id", "=", "t.chain_id")
        .whereRef("v.signer", "=", "t.signer")
        .whereRef("v.nonce", "=", "t.nonce")
        .as("versions"),
    )
    .where("t.state", "=", "open")
    .where("t.created_at", "<", before)
    .where(
      sql<boolean>`(t.chain_id, t.signer, t.nonce) > (${Number(chain)}, ${signer ?? ""}, ${Number(nonce)})`,
    )
    .orderBy("t.chain_id")
    .orderBy("t.signer")
    .orderBy("t.nonce")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ kind: "transaction" as const, id: `transaction:${row.chain_id}:${row.signer}:${row.nonce}` },
    ...{ since: row.created_at, channelId: row.channel_id, actions: [] },
    code: row.txn === null ? "not-in-a-block" : "not-final",
    detail: `Nonce ${row.nonce} of ${row.signer}, ${Number(row.versions ?? 0)} version(s) broadcast, for ${row.submission_key ?? "a gap"}: the node raises the fee by itself.`,
  }));
};

/** A message's id, and after it the channel's. */
const pairKey = (first: string, second: string) => `${first}:${second}`;

function pairFrom(after: string | null): readonly [string, string] {
  const colon = after?.indexOf(":") ?? -1;
  return after === null || colon < 0 ? ["", ""] : [after.slice(0, colon), after.slice(colon + 1)];
}

const fetches: List = async (db, { after, limit }) => {
  const [messageId, channelId] = pairFrom(after);
  const rows = await db
    .selectFrom("document_fetch")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb("state", "=", "failed"),
        eb.and([eb("state", "=", "queued"), eb("last_error", "is not", null)]),
      ]),
    )
    .where(sql<boolean>`(message_id, channel_id) > (${messageId}, ${channelId})`)
    .orderBy("message_id")
    .orderBy("channel_id")
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const over = row.state === "failed";
    return {
      ...{ kind: "fetch" as const, id: `fetch:${pairKey(row.message_id, row.channel_id)}` },
      ...{ since: row.first_tried_at ?? row.due_at, channelId: row.channel_id },
      code: row.last_error ?? "not-offered",
      detail: `${row.source} did not show the document in ${row.tries} tries; ${over ? "it was given up" : "it is tried again"}.`,
      actions: over ? ["retry" as const] : ["retry" as const, "give-up" as const],
    };
  });
};

const batches: List = async (db, { before, after, limit }) => {
  const [id, channelId] = pairFrom(after);
  const rows = await db
    .selectFrom("batch")
    .select(["id", "channel_id", "sender", "state", "fault_code", "fault_detail", "created_at", "count"])
    .where((eb) =>
      eb.or([
        eb("state", "in", ["quarantined", "failed"]),
        eb.and([eb("state", "=", "anchored"), eb("created_at", "<", before)]),
      ]),
    )
    .where(sql<boolean>`(id, channel_id) > (${id}, ${channelId})`)
    .orderBy("id")
    .orderBy("channel_id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ kind: "batch" as const, id: `batch:${pairKey(row.id, row.channel_id)}` },
    ...{ since: row.created_at, channelId: row.channel_id, actions: [] },
    code: row.fault_code ?? "not-opened",
    detail:
      row.fault_detail ?? `${row.count} messages of ${row.sender} wait for the batch's body: see its fetch.`,
  }));
};

const subscriptions: List = async (db, { after, limit }) => {
  const rows = await db
    .selectFrom("subscription")
    .select(["id", "failing_since", "last_failure", "tries", "position", "host"])
    .where("state", "=", "active")
    .where("failing_since", "is not", null)
    .where("id", ">", after ?? "")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ kind: "subscription" as const, id: `subscription:${row.id}`, since: row.failing_since ?? 0 },
    ...{ channelId: null, actions: ["retry" as const, "replay" as const] },
    code: "callback-failing",
    detail: `${row.host} takes nothing after event ${row.position}: ${row.last_failure ?? "no answer"}; ${row.tries} tries.`,
  }));
};

const deadLetters: List = async (db, { after, limit }) => {
  const [subscription, seq] = pairFrom(after);
  const rows = await db
    .selectFrom("dead_letter")
    .selectAll()
    .where("again", "=", 0)
    .where(sql<boolean>`(subscription_id, seq) > (${subscription}, ${Number(seq)})`)
    .orderBy("subscription_id")
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ kind: "dead-letter" as const, id: `dead-letter:${pairKey(row.subscription_id, String(row.seq))}` },
    ...{ since: row.failed_at, channelId: row.channel_id, actions: ["retry" as const, "replay" as const] },
    code: "dead-letter",
    detail: `Event ${row.seq}, ${row.type} of ${row.message_id}, was given up: ${row.reason}.`,
  }));
};

/** How each kind is listed: in the order of its keys, so that a page can be gone on from. */
export const stuckLists: Readonly<Record<StuckKind, List>> = {
  channel: channels,
  message: inLine("message"),
  bundle: inLine("bundle"),
  transaction: transactions,
  fetch: fetches,
  batch: batches,
  subscription: subscriptions,
  "dead-letter": deadLetters,
};
