import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";
import { sql } from "kysely";
import pg from "pg";

import { parseDomain } from "../../src/domain/participant.ts";
import { openStore } from "../../src/store/open-store.ts";
import { StoreUnavailable } from "../../src/store/store-unavailable.ts";
import { StoreFailure } from "../../src/store/store.ts";
import { rejection } from "../rejection.ts";
import { eachStore, testParticipant } from "./each-store.ts";
import { freshDatabase, postgresForTests } from "./postgres-for-tests.ts";

eachStore("store", (openFresh, source) => {
  it("makes every table, and opens again with what was written", async () => {
    const location = await source.freshLocation();
    const first = await source.open(location);
    await first.db.insertInto("used_token").values({ issuer: "a", jti: "b", expires_at: 1 }).execute();
    await first.close();

    const second = await source.open(location);
    expect(await second.db.selectFrom("used_token").selectAll().execute()).to.deep.equal([
      { issuer: "a", jti: "b", expires_at: 1 },
    ]);
    const tables = await second.db.introspection.getTables();
    expect(tables.map((table) => table.name)).to.include.members([
      "message",
      "journal",
      "ledger_event",
      "lease",
    ]);
  });

  it("gives numbers for counts, moments and sequence numbers", async () => {
    const { db } = await openFresh();
    const at = 1_764_000_000_000;
    await db
      .insertInto("audit")
      .values({ at, act: "document.read", actor_kind: "user", actor: "x" })
      .execute();
    const row = await db.selectFrom("audit").selectAll().executeTakeFirstOrThrow();
    expect(row).to.deep.include({ seq: 1, actor: "x", at });
    const { count } = await db
      .selectFrom("audit")
      .select((select) => select.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(count).to.equal(1);
  });

  it("says a number is past what it can hold exactly, rather than round it", async () => {
    const { db } = await openFresh();
    const read = sql`select 9007199254740993 + 0 as n`.execute(db);
    expect(await rejection(read)).to.be.instanceOf(RangeError);
  });

  it("refuses what is not of a column's type, rather than keep it", async () => {
    const { db } = await openFresh();
    const put = (expiresAt: number) =>
      db.insertInto("used_token").values({ issuer: "i", jti: "j", expires_at: expiresAt }).execute();
    expect((await rejection(put(1.5))).message).to.match(/INTEGER|bigint/);
    expect((await rejection(put("soon" as unknown as number))).message).to.match(/INTEGER|bigint/);
    expect(await db.selectFrom("used_token").selectAll().execute()).to.deep.equal([]);
  });

  it("orders text by its bytes", async () => {
    const { db } = await openFresh();
    const jtis = ["b", "B", "a-b", "aB", "é", "~"];
    await db
      .insertInto("used_token")
      .values(jtis.map((jti) => ({ issuer: "i", jti, expires_at: 1 })))
      .execute();
    const rows = await db.selectFrom("used_token").select("jti").orderBy("jti").execute();
    expect(rows.map((row) => row.jti)).to.deep.equal(["B", "a-b", "aB", "b", "~", "é"]);
  });

  it("lets several replicas start at once on a fresh database", async () => {
    const location = await source.freshLocation();
    const stores = await Promise.all([1, 2, 3, 4].map(() => source.open(location)));
    for (const store of stores) {
      expect(await store.db.selectFrom("node").select("participant").execute()).to.deep.equal([
        { participant: testParticipant },
      ]);
    }
  });

  it("refuses the database of another participant", async () => {
    const location = await source.freshLocation();
    await (await source.open(location)).close();
    const failure = await rejection(source.open(location, parseDomain("customs.gov.cn")));
    expect(failure).to.be.instanceOf(StoreFailure).with.property("code", "database-foreign");
    expect(failure.message).to.contain("homeaffairs.gov.au");
  });

  it("refuses a database that a newer version made, and leaves it as it is", async () => {
    const location = await source.freshLocation();
    const store = await source.open(location);
    await sql`insert into icl_migration (name, timestamp) values ('0099-later', ${new Date().toISOString()})`.execute(
      store.db,
    );
    await store.close();
    const failure = await rejection(source.open(location));
    expect(failure).to.be.instanceOf(StoreFailure).with.property("code", "database-newer");
    expect(failure.message).to.contain("0099-later");
  });

  it("takes each nonce of a signer, each submission and each place in the ledger once", async () => {
    const { db } = await openFresh();
    const transaction = (nonce: number, key: string | null) =>
      db
        .insertInto("evm_transaction")
        .values({
          chain_id: 31337,
          signer: "0xaa",
          nonce,
          channel_id: "c",
          submission_key: key,
          to_address: "0xbb",
          data: "0x",
          gas_limit: 1,
          state: "open",
          created_at: 1,
          touched_at: 1,
          txn: null,
          height: null,
          refusal: null,
        })
        .execute();
    await transaction(0, "k:1:1");
    await transaction(1, null);
    await transaction(2, null);
    expect((await rejection(transaction(0, "k:1:2"))).message).to.match(/unique/i);
    expect((await rejection(transaction(3, "k:1:1"))).message).to.match(/unique/i);

    const event = () =>
      db
        .insertInto("ledger_event")
        .values({
          channel_id: "c",
          height: 1,
          index: 0,
          kind: "message",
          message_id: null,
          txn: "0x",
          time_seconds: 1,
          event: "{}",
          final: 0,
        })
        .execute();
    await event();
    expect((await rejection(event())).message).to.match(/unique/i);
  });

  it("writes nothing of a transaction that fails", async () => {
    const store = await openFresh();
    const failed = store.transact(async (db) => {
      await db.insertInto("used_token").values({ issuer: "a", jti: "b", expires_at: 1 }).execute();
      throw new Error("in the middle");
    });
    expect((await rejection(failed)).message).to.equal("in the middle");
    expect(await store.db.selectFrom("used_token").selectAll().execute()).to.deep.equal([]);
  });

  it("keeps asynchronous transactions apart, and loses no update when many run at once", async () => {
    const location = await source.freshLocation();
    const replicas = [await source.open(location), await source.open(location)];
    const [first] = replicas;
    if (first === undefined) throw new Error("no replica");
    await first.db.insertInto("lease").values({ name: "n", owner: "o", epoch: 0, until: 0 }).execute();
    const increment = (replica: (typeof replicas)[number]) =>
      replica.transact(async (db) => {
        const row = await db
          .selectFrom("lease")
          .select("epoch")
          .where("name", "=", "n")
          .executeTakeFirstOrThrow();
        await new Promise((resolve) => setImmediate(resolve));
        await db
          .updateTable("lease")
          .set({ epoch: row.epoch + 1 })
          .where("name", "=", "n")
          .execute();
      });
    // On SQLite a second process blocks while it waits, so one replica does all the work there.
    const workers = first.dialect === "sqlite" ? [first] : replicas;
    const runs = Array.from({ length: 8 }, () => workers.map(increment)).flat();
    await Promise.all(runs);
    const { epoch } = await first.db.selectFrom("lease").select("epoch").executeTakeFirstOrThrow();
    expect(epoch).to.equal(runs.length);
  });

  it("lets two transactions that both look before they insert agree on one row", async () => {
    const store = await openFresh();
    const insertOnce = () =>
      store.transact(async (db) => {
        const there = await db
          .selectFrom("used_token")
          .selectAll()
          .where("jti", "=", "once")
          .executeTakeFirst();
        if (there !== undefined) return "there";
        await new Promise((resolve) => setTimeout(resolve, 5));
        await db.insertInto("used_token").values({ issuer: "a", jti: "once", expires_at: 1 }).execute();
        return "inserted";
      });
    const answers = await Promise.all([insertOnce(), insertOnce(), insertOnce()]);
    expect(answers.sort()).to.deep.equal(["inserted", "there", "there"]);
  });

  it("can be closed twice", async () => {
    const store = await openFresh();
    await store.close();
    await store.close();
    expect((await rejection(store.db.selectFrom("node").selectAll().execute())).message).to.match(
      /destroyed/,
    );
  });
});

describe("store on SQLite", () => {
  it("is durable: every commit is synced, foreign keys hold", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-sqlite-"));
    const file = join(directory, "deep", "er", "node.db");
    const store = await openStore({ database: { technology: "sqlite", file }, participant: testParticipant });
    try {
      expect((await stat(join(directory, "deep"))).mode & 0o077).to.equal(0);
      const pragma = async (name: string) =>
        Object.values(
          (await sql.raw<Record<string, number>>(`pragma ${name}`).execute(store.db)).rows[0] ?? {},
        )[0];
      expect(await pragma("synchronous")).to.equal(2);
      expect(await pragma("foreign_keys")).to.equal(1);
      const orphan = store.db
        .insertInto("evm_broadcast")
        .values({
          ...{ hash: "h", chain_id: 1, signer: "s", nonce: 1, raw: "r" },
          ...{ max_fee: "1", max_priority_fee: "1", created_at: 1 },
        })
        .execute();
      expect((await rejection(orphan)).message).to.match(/FOREIGN KEY/);
    } finally {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("refuses all who would write, once another process has held the lock for too long, though reading goes on", async function () {
    this.timeout(60_000);
    const directory = await mkdtemp(join(tmpdir(), "icl-sqlite-"));
    const file = join(directory, "node.db");
    const store = await openStore({ database: { technology: "sqlite", file }, participant: testParticipant });
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    const write = () =>
      store.db.insertInto("used_token").values({ issuer: "a", jti: randomUUID(), expires_at: 1 }).execute();
    const read = () => store.db.selectFrom("node").selectAll().execute();
    const began = performance.now();
    // One connection: they come one after the other.
    const work = [write, read, write, read, write, read, write].map((each) => each());
    const outcomes = await Promise.allSettled(work);
    const refused = outcomes
      .filter((each) => each.status === "rejected")
      .map(({ reason }) => reason as unknown);
    expect(refused).to.have.length(4);
    for (const error of refused) expect(error).to.be.instanceOf(StoreUnavailable);
    // The first waits five seconds, the others not five more each.
    expect(performance.now() - began).to.be.below(15_000);
    other.exec("rollback");
    other.close();
    await write();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("says so when the file is no database, and leaves it alone", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-sqlite-"));
    const file = join(directory, "letter.txt");
    try {
      await writeFile(file, "Dear madam, this is no database. ".repeat(100));
      const before = await readFile(file);
      const failure = await rejection(
        openStore({ database: { technology: "sqlite", file }, participant: testParticipant }),
      );
      expect(failure).to.be.instanceOf(StoreFailure).with.property("code", "database-unreachable");
      expect((await readFile(file)).equals(before)).to.equal(true);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("store on PostgreSQL", () => {
  it("goes on after the server ended an idle connection", async function () {
    const postgres = await postgresForTests();
    if (!postgres.available) this.skip();
    const { url, drop } = await freshDatabase(postgres.adminUrl);
    const ended: Error[] = [];
    const store = await openStore({
      database: { technology: "postgres", url },
      participant: testParticipant,
      onIdleError: (error) => ended.push(error),
    });
    try {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'icl-node' and datname = current_database()",
      );
      await client.end();
      while (ended.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await store.db.selectFrom("node").select("id").execute()).to.deep.equal([{ id: 1 }]);
    } finally {
      await store.close();
      await drop();
    }
  });

  it("says so when the server is out of reach, without its password", async () => {
    const url = "postgres://icl:hush-hush@127.0.0.1:1/none";
    const failure = await rejection(
      openStore({ database: { technology: "postgres", url }, participant: testParticipant }),
    );
    expect(failure).to.be.instanceOf(StoreFailure).with.property("code", "database-unreachable");
    expect(failure.message).not.to.contain("hush-hush");
  });
});
