import { expect } from "chai";
import { sql } from "kysely";

import type { Act } from "../../src/audit/act.ts";
import { checkAudit } from "../../src/audit/audit-chain.ts";
import { recordActs } from "../../src/audit/audit-repository.ts";
import { AuditSealer } from "../../src/audit/audit-sealer.ts";
import { silentLogger } from "../../src/log.ts";
import { inRequest } from "../../src/request-context.ts";
import type { Store } from "../../src/store/store.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";

const act = (number: number): Act => ({
  act: "document.read",
  actor: { kind: "user", issuer: "https://id.gov.au", subject: `officer-${number}` },
  at: 1_764_000_000_000 + number,
  object: "ab".repeat(32),
  detail: { number },
});
const actsUpTo = (count: number) => Array.from({ length: count }, (_, index) => act(index + 1));

const sealerOf = (store: Store, owner = "one") =>
  new AuditSealer({ store, owner, log: silentLogger, now: Date.now });

/** What somebody with the whole database in hand would do first. */
async function liftGuard(store: Store): Promise<void> {
  const names =
    store.dialect === "sqlite"
      ? ["audit_insert", "audit_update", "audit_delete"]
      : ["audit_row on audit", "audit_truncate on audit"];
  for (const name of names) await sql.raw(`drop trigger ${name}`).execute(store.db);
}

eachStore("the audit log", (openFresh, source) => {
  it("is kept by the database itself: nothing in it is changed, deleted or put in its place", async () => {
    const store = await openFresh();
    const { db } = store;
    await recordActs(db, actsUpTo(2));
    await sealerOf(store).sealAll();
    await recordActs(db, [act(3)]);
    const before = await db.selectFrom("audit").selectAll().orderBy("seq").execute();
    const attempts = [
      db.updateTable("audit").set({ actor: "nobody" }).where("seq", "=", 1).execute(),
      db.updateTable("audit").set({ position: null, hash: null }).where("seq", "=", 1).execute(),
      db.updateTable("audit").set({ position: 3, hash: "0", actor: "x" }).where("seq", "=", 3).execute(),
      db.deleteFrom("audit").where("seq", "=", 3).execute(),
      db
        .insertInto("audit")
        .values({ at: 1, act: "x", actor_kind: "user", actor: "x", position: 9, hash: "9" })
        .execute(),
      ...(store.dialect === "sqlite"
        ? [
            sql`insert or replace into audit (seq, at, act, actor_kind, actor) values (3, 1, 'x', 'user', 'x')`.execute(
              db,
            ),
          ]
        : [sql`truncate audit`.execute(db)]),
    ];
    for (const attempt of attempts) {
      expect(String(await rejection(attempt))).to.contain("the audit log is append-only");
    }
    expect(await db.selectFrom("audit").selectAll().orderBy("seq").execute()).to.deep.equal(before);
  });

  it("is written with the act, or not at all", async () => {
    const store = await openFresh();
    await rejection(
      store.transact(async (db) => {
        await recordActs(db, actsUpTo(3));
        throw new Error("The act came to nothing.");
      }),
    );
    expect(await store.db.selectFrom("audit").selectAll().execute()).to.deep.equal([]);
  });

  it("names the request that an act was part of", async () => {
    const { db } = await openFresh();
    await inRequest("request-1", () => recordActs(db, [act(1)]));
    await recordActs(db, [act(2)]);
    const rows = await db.selectFrom("audit").select("request_id").orderBy("seq").execute();
    expect(rows.map((row) => row.request_id)).to.deep.equal(["request-1", null]);
  });

  it("is chained by several replicas at once as by one, and found whole", async function () {
    this.timeout(30_000);
    const location = await source.freshLocation();
    const [one, two] = [await source.open(location), await source.open(location)];
    const writing = Array.from({ length: 10 }, (_, index) =>
      recordActs((index % 2 === 0 ? one : two).db, actsUpTo(250)),
    );
    const sealers = [sealerOf(one, "one"), sealerOf(two, "two")];
    for (const sealer of sealers) sealer.start();
    await Promise.all(writing);
    await Promise.all(sealers.map((sealer) => sealer.stop()));
    await sealerOf(one, "three").sealAll();
    const check = await checkAudit(one.db);
    expect(check).to.deep.include({ unsealed: 0, fault: null });
    expect(check.head.position).to.equal(2_500);
  });

  it("shows an act that was changed, taken out or exchanged after it was chained", async function () {
    this.timeout(60_000);
    for (const tamper of [
      sql`update audit set actor = 'https://id.gov.au somebody-else' where position = 2`,
      sql`update audit set at = at + 1 where position = 2`,
      sql`update audit set detail = null where position = 2`,
      sql`delete from audit where position = 2`,
      sql`update audit set position = case position when 2 then -3 else 2 end where position in (2, 3)`,
    ]) {
      const store = await openFresh();
      await recordActs(store.db, actsUpTo(4));
      await sealerOf(store).sealAll();
      expect((await checkAudit(store.db)).fault).to.equal(null);
      await liftGuard(store);
      await tamper.execute(store.db);
      expect((await checkAudit(store.db)).fault).to.have.property("position", 2);
    }
  });

  it("shows that its end was cut off or rewritten to whoever wrote down a head before", async () => {
    const store = await openFresh();
    const { db } = store;
    await recordActs(db, actsUpTo(4));
    await sealerOf(store).sealAll();
    const { head } = await checkAudit(db);
    await recordActs(db, [act(5)]);
    await sealerOf(store).sealAll();
    expect(await checkAudit(db, head)).to.deep.include({ fault: null });
    await liftGuard(store);
    await sql`delete from audit where position > 3`.execute(db);
    expect((await checkAudit(db)).fault, "what is left is whole").to.equal(null);
    expect((await checkAudit(db, head)).fault).to.have.property("position", 4);
    await recordActs(db, [act(6)]);
    await sealerOf(store).sealAll();
    expect((await checkAudit(db)).fault, "rewritten").to.equal(null);
    expect((await checkAudit(db, head)).fault).to.have.property("position", 4);
  });
});
