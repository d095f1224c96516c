import { expect } from "chai";

import { silentLogger } from "../../src/log.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { Pruner } from "../../src/operations/pruner.ts";
import { acquireLease } from "../../src/store/lease.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { checkBundle } from "../../src/verification/check-bundle.ts";
import type { EvidenceBundle } from "../../src/verification/evidence-bundle.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";

const DAY = 24 * 60 * 60 * 1000;
const NOW = 1_800_000_000_000;
const old = (days: number) => NOW - days * DAY;

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

interface Line {
  readonly status: string;
  readonly at: number;
  readonly attempt?: number;
  readonly reason?: string;
}

async function insertMessage(
  store: Store,
  name: string,
  status: string,
  lines: readonly Line[],
): Promise<void> {
  const message = {
    ...{ id: name, sender: au, receiver: cn, subject: name, predicate: created, digest: "0".repeat(64) },
    direction: "outgoing" as const,
    ...{ valid_until: null, channel_id: "one", effect: "issue", status, attempt: 1 },
    ...{ created_at: lines[0]?.at ?? 0, accepted_by: null, txn: null, height: null },
    ...{ batch_id: null, batch_index: null },
  };
  await store.db.insertInto("message").values(message).execute();
  for (const [place, { at, attempt = 1, reason = null, status: stands }] of lines.entries()) {
    const row = { message_id: name, seq: place + 1, attempt, status: stands, at };
    const why = { reason_code: reason, reason_detail: reason };
    await store.db
      .insertInto("journal")
      .values({ ...row, ...why })
      .execute();
  }
}

const journalOf = async (store: Store, name: string) => {
  const rows = await store.db
    .selectFrom("journal")
    .select("status")
    .where("message_id", "=", name)
    .orderBy("seq")
    .execute();
  return rows.map(({ status }) => status);
};

const pruner = (store: Store, changes: Partial<ConstructorParameters<typeof Pruner>[0]> = {}) =>
  new Pruner({
    ...{ store, owner: "one", log: silentLogger, now: () => NOW, rows: 2 },
    ...{ journalDays: 30, deliveriesDays: 10, ...changes },
  });

eachStore("the pruner", (openFresh) => {
  const way = (days: number): readonly Line[] =>
    ["pending", "bundled", "sent", "delivered"].map((status) => ({ status, at: old(days) }));

  it("leaves of an old message's journal how each attempt began and ended, and every reason", async () => {
    const store = await openFresh();
    for (const name of ["a", "b", "c", "d", "e"]) await insertMessage(store, name, "delivered", way(31));
    await insertMessage(store, "young", "delivered", way(29));
    await insertMessage(store, "late", "delivered", [
      ...way(40).slice(0, 3),
      { status: "delivered", at: old(1) },
    ]);
    await insertMessage(store, "under way", "sent", way(40).slice(0, 3));
    await insertMessage(store, "received", "available", [
      { status: "received", at: old(50) },
      { status: "fetching", at: old(50) },
      { status: "fetch-failed", at: old(50), reason: "unreachable" },
      { status: "fetching", at: old(49) },
      { status: "available", at: old(49) },
    ]);
    await insertMessage(store, "forked", "delivered", [
      ...way(60).slice(0, 3),
      { status: "pending", at: old(60), reason: "fork" },
      { status: "sent", at: old(60) },
      { status: "delivered", at: old(60) },
    ]);
    await insertMessage(store, "twice", "delivered", [
      { status: "pending", at: old(60) },
      { status: "sent", at: old(60) },
      { status: "failed", at: old(60), reason: "OperatorUnauthorized" },
      ...way(45).map((line) => ({ ...line, attempt: 2 })),
    ]);
    const pruned = await pruner(store).prune();
    expect(pruned.journalLines).to.equal(5 * 2 + 2 + 3 + 3);
    for (const name of ["a", "e"])
      expect(await journalOf(store, name), name).to.deep.equal(["pending", "delivered"]);
    for (const name of ["young", "late"]) expect(await journalOf(store, name), name).to.have.length(4);
    expect(await journalOf(store, "under way")).to.deep.equal(["pending", "bundled", "sent"]);
    expect(await journalOf(store, "received")).to.deep.equal(["received", "fetch-failed", "available"]);
    expect(await journalOf(store, "forked")).to.deep.equal(["pending", "pending", "delivered"]);
    expect(await journalOf(store, "twice")).to.deep.equal(["pending", "failed", "pending", "delivered"]);
    expect((await pruner(store).prune()).journalLines, "a second time").to.equal(0);
    expect(await store.db.selectFrom("message").select("id").execute()).to.have.length(11);
  });

  it("drops the bytes of transactions that are long final, and keeps what became of them and those under way", async () => {
    const store = await openFresh();
    const states = ["accepted", "refused", "void", "open", "accepted"] as const;
    for (const [nonce, state] of states.entries()) {
      const at = nonce === 4 ? old(3) : old(90);
      const key = { chain_id: 1, signer: "0xaa", nonce };
      const transaction = {
        channel_id: "one",
        submission_key: `key ${nonce}`,
        to_address: "0xbb",
        data: "0x",
      };
      const rest = {
        gas_limit: 1,
        state,
        created_at: at,
        touched_at: at,
        txn: null,
        height: null,
        refusal: null,
      };
      await store.db
        .insertInto("evm_transaction")
        .values({ ...key, ...transaction, ...rest })
        .execute();
      const version = {
        hash: `0x${nonce}`,
        raw: "0x02",
        max_fee: "1",
        max_priority_fee: "1",
        created_at: at,
      };
      await store.db
        .insertInto("evm_broadcast")
        .values({ ...key, ...version })
        .execute();
    }
    expect((await pruner(store).prune()).broadcasts).to.equal(3);
    const left = await store.db.selectFrom("evm_broadcast").select("nonce").orderBy("nonce").execute();
    expect(left.map(({ nonce }) => nonce)).to.deep.equal([3, 4]);
    expect(await store.db.selectFrom("evm_transaction").select("nonce").execute()).to.have.length(5);
  });

  it("drops dead letters and ended subscriptions after their time, and nothing where no time is set or another replica is at it", async () => {
    const store = await openFresh();
    const subscribed = async (id: string, state: "active" | "ended", at: number) => {
      const topic = { topic_kind: "subjects", topic_value: id, topic: id, callback: "http://x", host: "x" };
      const times = { created_at: at, expires_at: at, last_delivered_at: null, last_failed_at: null };
      const none = { secret: null, ended_reason: null, failing_since: null, last_failure: null };
      const lease = { lease_owner: null, lease_epoch: 0, lease_until: 0 };
      const rest = { owner: "o", position: 0, tries: 0, due_at: at };
      await store.db
        .insertInto("subscription")
        .values({ id, state, ...topic, ...times, ...none, ...lease, ...rest })
        .execute();
      for (const [seq, failedAt, again] of [
        [1, at, 0],
        [2, at, 1],
        [3, old(1), 0],
      ] as const) {
        const letter = {
          subscription_id: id,
          seq,
          type: "message.sent",
          at,
          message_id: "m",
          channel_id: "one",
        };
        await store.db
          .insertInto("dead_letter")
          .values({ ...letter, failed_at: failedAt, reason: "gone", again })
          .execute();
      }
    };
    await subscribed("active", "active", old(11));
    await subscribed("over", "ended", old(11));
    await subscribed("over lately", "ended", old(9));
    const letters = async () => {
      const rows = await store.db
        .selectFrom("dead_letter")
        .select(["subscription_id as of", "seq"])
        .orderBy("of")
        .orderBy("seq")
        .execute();
      return rows.map(({ of, seq }) => `${of} ${seq}`);
    };
    const all = await letters();
    await pruner(store, { journalDays: null, deliveriesDays: null }).prune();
    await pruner(store, { deliveriesDays: null }).prune();
    const lease = await acquireLease(store.db, { name: "pruner", owner: "two", now: NOW, forMs: 60_000 });
    expect(lease).not.to.equal(null);
    await pruner(store).prune();
    expect(await letters()).to.deep.equal(all);
    await pruner(store, { now: () => NOW + 61_000 }).prune();
    expect(await letters()).to.deep.equal([
      ...["active 2", "active 3"],
      ...["over lately 1", "over lately 2", "over lately 3"],
    ]);
    const left = await store.db.selectFrom("subscription").select("id").orderBy("id").execute();
    expect(left.map(({ id }) => id)).to.deep.equal(["active", "over lately"]);
  });
});

eachStore("what was pruned", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("on a running node", function () {
    this.timeout(120_000);
    let world: World;

    beforeEach(async () => {
      world = await startWorld({ production: true });
    });
    afterEach(() => world.close());

    const ready = async (country: Country): Promise<Country> => {
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      return country;
    };

    it("took nothing that proves a message: it is shown, its evidence verifies, its number stays taken", async () => {
      const australia = await ready(
        await world.start(await world.configure(au, "AU", await source.freshLocation())),
      );
      const china = await ready(
        await world.start(await world.configure(cn, "CN", await source.freshLocation())),
      );
      const { officer } = australia;
      const obj = await officer.store(json({ number: 1 }), "application/json");
      const drafts = [1, 2, 3].map((number) => ({
        receiver: cn,
        subject: `coo:${number}`,
        predicate: created,
        obj,
      }));
      await officer.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: drafts.map((draft) => JSON.stringify(draft)).join("\n"),
      });
      const single = await officer.send({ receiver: cn, subject: "coo:4", predicate: created, obj });
      const all = async (): Promise<readonly MessageRecord[]> => {
        const response = await officer.request("/messages");
        return ((await response.json()) as { items: MessageRecord[] }).items;
      };
      await eventually(async () => {
        const records = await all();
        return records.length === 4 && records.every(({ status }) => status === "delivered");
      });
      await eventually(async () => (await china.officer.message(single)) !== null);
      const evidence = await china.officer.store(json({ entry: 4 }), "application/json");
      const used = await china.officer.send({
        receiver: au,
        subject: "coo:4",
        predicate: acquitted,
        obj: evidence,
      });
      await china.officer.until(used, "delivered");
      await eventually(async () => (await officer.message(used)) !== null);
      const before = await all();

      const store = await openStore({ database: australia.config.store, participant: au });
      const later = pruner(store, { now: () => Date.now() + 31 * DAY });
      const pruned = await later.prune();
      expect(pruned.journalLines).to.be.greaterThan(6);
      expect(pruned.broadcasts).to.be.greaterThan(0);
      await store.close();

      const proving = (record: MessageRecord) => ({
        ...record,
        journal: record.journal.map(({ status }) => status),
      });
      const passing = new Set(["bundled", "sent", "fetching"]);
      const told = before.map((record) => ({
        ...record,
        journal: record.journal.filter(({ status }) => !passing.has(status)),
      }));
      expect((await all()).map(proving)).to.deep.equal(told.map(proving));
      for (const { id } of before) {
        const response = await officer.request(`/messages/${id}/evidence`);
        const bundle = (await response.json()) as EvidenceBundle;
        const trust = { pins: null, ledger: { rpcUrl: world.evm.rpcUrl } } as const;
        const report = await checkBundle(bundle, trust);
        expect(report.holds, JSON.stringify(report.findings)).to.equal(true);
      }
      const again = await officer.post({ receiver: cn, subject: "coo:4", predicate: created, obj });
      expect(again.status, "the same message is the same message").to.equal(200);
      const fresh = await officer.send({ receiver: cn, subject: "coo:5", predicate: created, obj });
      await officer.until(fresh, "delivered");
    });
  });
});
