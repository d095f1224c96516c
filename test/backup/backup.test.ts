import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";

import { expect } from "chai";

import { checkAudit } from "../../src/audit/audit-chain.ts";
import { anyDatabase, databaseTables } from "../../src/backup/database-tables.ts";
import type { Config } from "../../src/config.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { connect, openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { icl, type Outcome } from "../cli/icl.ts";
import type { Officer } from "../e2e/officer.ts";
import { startWorld, type Country, type World, type CountryConfig } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { freshDatabase, postgresForTests } from "../store/postgres-for-tests.ts";
import { configFile, environmentOf } from "./config-file.ts";

type Kind = DatabaseLocation["technology"];
type Rows = ReadonlyMap<string, readonly string[]>;

const kinds: readonly Kind[] = ["sqlite", "postgres"];
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** Every row of every table, but for who holds what at present. */
async function rowsOf(database: DatabaseLocation): Promise<Rows> {
  const db = await connect(database);
  try {
    const found = new Map<string, readonly string[]>();
    for (const { name, columns } of await databaseTables(db, database.technology)) {
      // Where numbers go on after a restore is another matter.
      if (name === "notification_mark") continue;
      const kept = columns.filter((column) => !/^(?:until|lease_owner|lease_until)$/.test(column)).sort();
      const rows = await anyDatabase(db).selectFrom(name).select(kept).execute();
      found.set(name, rows.map((row) => JSON.stringify(kept.map((column) => row[column]))).sort());
    }
    return found;
  } finally {
    await db.destroy();
  }
}

/** The rows that a restore brought; that it did is a row of its own. */
function brought(rows: Rows, table: string): readonly string[] {
  const found = rows.get(table) ?? [];
  return table === "audit" ? found.filter((row) => !row.includes("backup.restored")) : found;
}

const actsIn = (rows: Rows) =>
  (rows.get("audit") ?? []).map((row) => /"((?:backup|node)\.[a-z]+)"/.exec(row)?.[1]);

const allMessages = async (officer: Officer): Promise<readonly MessageRecord[]> => {
  const response = await officer.request("/messages?limit=1000");
  return ((await response.json()) as { items: MessageRecord[] }).items;
};

describe("icl backup and icl restore", function () {
  this.timeout(240_000);
  const cleanups: (() => Promise<void>)[] = [];
  const drops: (() => Promise<void>)[] = [];
  let directory: string;

  before(async function () {
    directory = await mkdtemp(join(tmpdir(), "icl-backup-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));
  afterEach(async () => {
    for (const cleanup of [...cleanups.splice(0), ...drops.splice(0)]) await cleanup();
  });

  const isThere = async (kind: Kind) => kind === "sqlite" || (await postgresForTests()).available;

  async function place(kind: Kind): Promise<DatabaseLocation> {
    if (kind === "sqlite") {
      return { technology: "sqlite", file: join(await mkdtemp(join(directory, "db-")), "node.db") };
    }
    const postgres = await postgresForTests();
    if (!postgres.available) throw new Error(postgres.why);
    const { url, drop } = await freshDatabase(postgres.adminUrl);
    drops.push(drop);
    return { technology: "postgres", url };
  }

  const call = async (command: "backup" | "restore", config: Config, where: string): Promise<Outcome> =>
    icl(
      [command, "-c", await configFile(config), command === "backup" ? "--to" : "--from", where, "--json"],
      {
        env: environmentOf(config),
      },
    );

  /** The same node on another database and with no documents. */
  async function elsewhere(config: CountryConfig, kind: Kind): Promise<CountryConfig> {
    const documents = await mkdtemp(join(directory, "documents-"));
    return {
      ...config,
      store: await place(kind),
      documents: { ...config.documents, directory: join(documents, "documents") },
    };
  }

  const ready = ({ officer }: Country) =>
    eventually(async () => (await officer.request("/health/ready")).status === 200);

  for (const from of kinds) {
    describe(`from ${from}`, () => {
      let world: World;
      let australia: Country;

      beforeEach(async function () {
        if (!(await isThere(from))) this.skip();
        world = await startWorld();
        cleanups.push(() => world.close());
        australia = await world.start(await world.configure(au, "AU", await place(from)));
        const china = await world.start(await world.configure(cn, "CN", await place(from)));
        for (const country of [australia, china]) await ready(country);
      });

      /** Says something new every few milliseconds, until told to stop. @returns the ids that were accepted */
      function load(): () => Promise<readonly string[]> {
        const accepted: string[] = [];
        const over = new AbortController();
        const work = (async () => {
          for (let number = 0; !over.signal.aborted; number += 1) {
            const obj = await australia.officer.store(json({ number, salt: "6a5b" }), "application/json");
            const predicate = number % 2 === 0 ? created : attached;
            const subject = `chamber.com.au:coo:${number}`;
            accepted.push(await australia.officer.send({ receiver: cn, subject, predicate, obj }));
            await delay(20);
          }
        })();
        return async () => {
          over.abort();
          await work;
          return accepted;
        };
      }

      it("a node under load is copied as in one moment; on either database it goes on from there, and says nothing twice", async () => {
        const stop = load();
        await eventually(async () => (await allMessages(australia.officer)).length > 20);
        const where = await mkdtemp(join(directory, "backup-"));
        const made = await call("backup", australia.config, where);
        expect(made.code, made.err).to.equal(0);
        const { rows, dump } = JSON.parse(made.out) as { rows: Record<string, number>; dump: string };
        expect((await stat(join(where, dump))).mode & 0o777).to.equal(0o600);
        const before = rows.message ?? 0;
        await eventually(async () => (await allMessages(australia.officer)).length > before + 10);
        const accepted = await stop();
        for (const id of accepted) await australia.officer.until(id, "delivered");
        const shown = await allMessages(australia.officer);
        await australia.node.close();

        for (const to of kinds) {
          if (!(await isThere(to))) continue;
          const config = await elsewhere(australia.config, to);
          const back = await call("restore", config, where);
          expect(back.code, back.err).to.equal(0);
          const restored = await rowsOf(config.store);
          for (const [table, count] of Object.entries(rows)) {
            if (table !== "notification_mark") expect(brought(restored, table), table).to.have.length(count);
          }
          // As in one moment: what one transaction wrote is there in whole or not at all.
          const store = await openStore({ database: config.store, participant: au });
          const torn = await store.db
            .selectFrom("message")
            .select("id")
            .where((eb) =>
              eb.not(
                eb.exists(
                  eb
                    .selectFrom("journal")
                    .select("journal.seq")
                    .whereRef("journal.message_id", "=", "message.id")
                    .whereRef("journal.status", "=", "message.status"),
                ),
              ),
            )
            .execute();
          expect(torn).to.deep.equal([]);
          expect((await checkAudit(store.db)).fault).to.equal(null);
          await store.close();

          const again = await world.start(config);
          await ready(again);
          for (const id of accepted) await again.officer.until(id, "delivered");
          const places = new Map(
            (await allMessages(again.officer)).map(({ id, channelTxnId }) => [id, channelTxnId]),
          );
          const elsewhereNow = shown.filter(({ id, channelTxnId }) => places.get(id) !== channelTxnId);
          expect(
            elsewhereNow.map(({ id }) => id),
            to,
          ).to.deep.equal([]);
          const obj = await again.officer.store(json({ after: to }), "application/json");
          const draft = { receiver: cn, subject: `chamber.com.au:coo:${to}`, predicate: created, obj };
          const fresh = await again.officer.send(draft);
          await again.officer.until(fresh, "delivered");
          const last = (await allMessages(again.officer)).at(-1);
          expect(last?.id, "new messages come after all that was shown before").to.equal(fresh);
          for (const { obj: document } of shown.slice(0, before)) {
            expect((await again.officer.request(`/documents/${document}`)).status).to.equal(200);
          }
          await again.node.close();
        }

        const { contract } = world.channel;
        const said = (await contract.queryFilter(contract.filters.MessageSent())).map(({ args }) => args.id);
        expect(new Set(said).size, "nothing was said twice").to.equal(said.length);
      });

      it("a node at rest is the same afterwards, table by table and document by document, on either database", async () => {
        const { officer } = australia;
        for (const number of [1, 2, 3]) {
          const obj = await officer.store(json({ number }), "application/json");
          const draft = { receiver: cn, subject: `chamber.com.au:coo:${number}`, predicate: created, obj };
          await officer.until(await officer.send(draft), "delivered");
          const sealed = await officer.request(`/documents/${obj}/seal`, { method: "POST" });
          expect(sealed.status).to.equal(200);
        }
        await australia.node.close();
        const before = await rowsOf(australia.config.store);
        const where = await mkdtemp(join(directory, "backup-"));
        const made = await call("backup", australia.config, where);
        expect(made.code, made.err).to.equal(0);
        for (const to of kinds) {
          if (!(await isThere(to))) continue;
          const config = await elsewhere(australia.config, to);
          const back = await call("restore", config, where);
          expect(back.code, back.err).to.equal(0);
          const after = await rowsOf(config.store);
          expect([...after.keys()]).to.deep.equal([...before.keys()]);
          for (const [table, rows] of before) expect(brought(after, table), table).to.deep.equal(rows);
          expect(actsIn(after), "that it was restored is on record").to.include("backup.restored");
          expect(actsIn(await rowsOf(australia.config.store)), "and that it was copied").to.include(
            "backup.made",
          );
          const store = await openStore({ database: config.store, participant: au });
          const check = await checkAudit(store.db);
          expect(check.fault).to.equal(null);
          expect(check.head.position).to.be.greaterThan(5);
          await store.close();
          const again = await world.start(config);
          await ready(again);
          for (const { obj } of await allMessages(again.officer)) {
            expect((await again.officer.request(`/documents/${obj}`)).status).to.equal(200);
            const copy = await fetch(`${config.publicUrl}/documents/${obj}/sealed`);
            expect(copy.status, "papers that are out there still open it").to.equal(200);
          }
          await again.node.close();
          const second = await call("restore", config, where);
          expect(second.code).to.equal(1);
          expect(second.err).to.contain("database-not-empty");
        }
      });
    });
  }

  describe("of a small database", () => {
    let config: CountryConfig;
    let where: string;
    let dump: string;

    beforeEach(async () => {
      const world = await startWorld();
      cleanups.push(() => world.close());
      const australia = await world.start(await world.configure(au, "AU", await place("sqlite")));
      await ready(australia);
      await australia.officer.store(json({ number: 1 }), "application/json");
      await australia.officer.store(json({ number: 2 }), "application/json");
      await australia.node.close();
      ({ config } = australia);
      where = await mkdtemp(join(directory, "backup-"));
      const made = await call("backup", config, where);
      expect(made.code, made.err).to.equal(0);
      ({ dump } = JSON.parse(made.out) as { dump: string });
    });

    const restoredRows = async (to: CountryConfig) => {
      const rows = await rowsOf(to.store);
      return [...rows.values()].reduce((sum, each) => sum + each.length, 0);
    };

    it("a dump that was cut off or changed is refused, and nothing of it is written", async () => {
      const file = join(where, dump);
      const whole = await readFile(file);
      const to = await elsewhere(config, "sqlite");
      const refused = async (what: string) => {
        const { code, err } = await call("restore", to, where);
        expect(code, what).to.equal(1);
        expect(err, what).to.contain("backup-damaged");
        expect(await restoredRows(to), what).to.equal(0);
        expect(await readdir(dirname(to.documents.directory)), what).to.not.include("content");
      };
      await truncate(file, whole.length - 20);
      await refused("cut off");
      const text = gunzipSync(whole).toString("utf8");
      await writeFile(file, gzipSync(text.replace(/"application\/json"/, '"application/pdf"')));
      await refused("changed");
      await writeFile(file, gzipSync(text.slice(0, text.lastIndexOf('{"end"'))));
      await refused("without its last line");
      await writeFile(file, gzipSync(text.replace(/\n\["[^\n]*"application\/json"[^\n]*/, "")));
      await refused("a row less");
      await writeFile(file, whole);
      const good = await call("restore", to, where);
      expect(good.code, good.err).to.equal(0);
    });

    it("one of a newer version, or of another participant, is refused", async () => {
      const file = join(where, dump);
      const text = gunzipSync(await readFile(file)).toString("utf8");
      const to = await elsewhere(config, "sqlite");
      await writeFile(file, gzipSync(text.replace('"version":1', '"version":2')));
      expect((await call("restore", to, where)).err).to.contain("backup-newer");
      await writeFile(file, gzipSync(text));
      const foreign = { ...to, participant: cn, jurisdiction: "CN" } as Config;
      expect((await call("restore", foreign, where)).err).to.contain("backup-foreign");
      const empty = await mkdtemp(join(directory, "empty-"));
      expect((await call("restore", to, empty)).err).to.contain("backup-absent");
      expect(await restoredRows(to)).to.equal(0);
    });

    it("a document that is damaged is named, left out, and the rest is copied", async () => {
      const content = join(config.documents.directory, "content");
      const files = (await readdir(content, { recursive: true })).filter((name) => name.length > 60);
      const [first = ""] = files;
      await writeFile(join(content, first), "something else");
      const again = await mkdtemp(join(directory, "backup-"));
      const made = await call("backup", config, again);
      expect(made.code).to.equal(1);
      expect(made.err).to.contain(first.slice(-64));
      const report = JSON.parse(made.out) as { documents: { copied: number; damagedCount: number } };
      expect(report.documents).to.include({ copied: 1, damagedCount: 1 });

      // The earlier backup still has it: a later one into the same directory copies only what is lacking.
      const more = await call("backup", config, where);
      expect(more.code, more.err).to.equal(0);
      expect(JSON.parse(more.out)).to.have.nested.property("documents.present", 2);
      expect((await readdir(where)).filter((name) => name.startsWith("database-"))).to.have.length(2);
      const to = await elsewhere(config, "sqlite");
      const back = await call("restore", to, where);
      expect(back.code, back.err).to.equal(0);
      expect(JSON.parse(back.out)).to.have.nested.property("documents.copied", 2);
    });
  });
});
