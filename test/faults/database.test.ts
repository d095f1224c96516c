import { execFileSync } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import pg from "pg";

import type { DatabaseLocation } from "../../src/store/store.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { MortalNode } from "../e2e/mortal-node.ts";
import type { Officer } from "../e2e/officer.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { startPostgres, type OwnPostgres } from "../store/postgres-server.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { allMessages } from "./all-messages.ts";
import { insist, Load } from "./load.ts";
import { onLedger } from "./on-ledger.ts";

/** How long an answer may take at most while the database is silent; it gives up after two seconds here, and half a minute in service. */
const ANSWER_WITHIN = 20_000;
/** How much longer the database is gone than it takes to notice, in milliseconds. */
const OUTAGE = Number(process.env.FAULT_OUTAGE_SECONDS ?? 2) * 1_000;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** Australia's node in its own process on the database that suffers; China's is well, and in this process. */
class Stage {
  readonly directory: string;
  readonly world: World;
  readonly node: MortalNode;
  readonly officer: Officer;
  readonly china: Country;
  #number = 0;

  private constructor(directory: string, world: World, node: MortalNode, officer: Officer, china: Country) {
    this.directory = directory;
    this.world = world;
    this.node = node;
    this.officer = officer;
    this.china = china;
  }

  static async open(store: DatabaseLocation): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), "icl-database-"));
    const world = await startWorld();
    const config = await world.configure(au, "AU", store);
    const node = new MortalNode(config, dirname(config.documents.directory));
    node.quiet = true;
    const file = join(directory, "cn.db");
    const china = await world.start(await world.configure(cn, "CN", { technology: "sqlite", file }));
    await node.start();
    const stage = new Stage(directory, world, node, await world.officer(config), china);
    await stage.isReady();
    return stage;
  }

  async isReady(): Promise<void> {
    for (const officer of [this.officer, this.china.officer]) {
      await eventually(async () => (await officer.request("/health/ready")).status === 200, {
        what: "a node that is ready",
      });
    }
  }

  /** A message whose document is stored. */
  async draft(predicate: string = attached) {
    const subject = `database:${(this.#number += 1)}`;
    const obj = await insist(() => this.officer.store(json({ subject }), "application/json"));
    return { receiver: cn, subject, predicate, obj };
  }

  /** Posts, and expects to be told to come again later, within a bound. */
  async isToldToComeAgain(message: object): Promise<void> {
    const began = Date.now();
    const response = await this.officer.request("/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    const { code } = (await response.json()) as { code: string };
    expect([response.status, code]).to.deep.equal([503, "unavailable"]);
    expect(Number(response.headers.get("retry-after"))).to.be.at.least(1);
    expect(Date.now() - began, "the time to answer").to.be.below(ANSWER_WITHIN);
  }

  async isNotReady(): Promise<void> {
    const response = await this.officer.request("/health/ready");
    expect(response.status).to.equal(503);
  }

  /** Sends what was refused before, and sees it arrive. */
  async goesOn(message: Awaited<ReturnType<Stage["draft"]>>): Promise<void> {
    const id = await insist(() => this.officer.send(message));
    await eventually(async () => (await insist(() => this.officer.message(id)))?.status === "delivered", {
      what: "the delivery of what was refused before",
    });
    await this.china.officer.until(id, "available");
    expect((await onLedger(this.world.channel, this.officer)).times.get(id)).to.equal(1);
  }

  async close(): Promise<void> {
    await this.node.kill();
    await this.world.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

describe("a database that is gone for a while (PostgreSQL)", () => {
  let postgres: OwnPostgres | undefined;
  let stage: Stage | undefined;
  let system: CallbackServer;

  const open = (): { readonly server: OwnPostgres; readonly stage: Stage } => {
    if (postgres === undefined || stage === undefined) throw new Error("The node runs.");
    return { server: postgres, stage };
  };

  before(async function () {
    this.timeout(120_000);
    const own = await startPostgres();
    if ("why" in own) {
      process.stdout.write(`database: PostgreSQL skipped, ${own.why}\n`);
      this.skip();
    }
    postgres = own;
    system = await startCallbackServer();
    // So that the test need not wait for half a minute.
    stage = await Stage.open({ technology: "postgres", url: `${own.adminUrl}?query_timeout=2000` });
  });

  after(async () => {
    await stage?.close();
    if (postgres === undefined) return;
    await system.close();
    await postgres.stop();
  });

  it("silent: requests are told in time to come again, readiness says no, and everything goes on by itself", async function () {
    this.timeout(180_000);
    const { server, stage: here } = open();
    const message = await here.draft();
    const waiting = await here.officer.send(await here.draft());
    server.freeze();
    try {
      await here.isToldToComeAgain(message);
      await here.isNotReady();
      await delay(OUTAGE);
    } finally {
      server.thaw();
    }
    await here.goesOn(message);
    await here.china.officer.until(waiting, "available");
    await here.isReady();
  });

  it("crashed and started again: the same, and nothing that was accepted is lost", async function () {
    this.timeout(180_000);
    const { server, stage: here } = open();
    const message = await here.draft();
    const load = new Load(here.officer, here.china.officer, "crash");
    load.start({ single: 20, batch: 500 });
    await delay(1_000);
    await server.crash();
    await here.isToldToComeAgain(message);
    await here.isNotReady();
    await delay(OUTAGE);
    await server.restart();
    await here.goesOn(message);
    await load.stop();
    await eventually(async () => {
      const there = new Set((await allMessages(here.china.officer)).map(({ id }) => id));
      return [...load.accepted].every((id) => there.has(id));
    });
    const { times } = await onLedger(here.world.channel, here.officer);
    expect([...load.accepted].filter((id) => times.get(id) !== 1)).to.deep.equal([]);
  });

  it("its connections cut under load: the node lives, answers 503 at worst, and loses nothing", async function () {
    this.timeout(180_000);
    const { server, stage: here } = open();
    const load = new Load(here.officer, here.china.officer, "cut");
    load.start({ single: 10, batch: 300 });
    const admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
    for (let cut = 0; cut < 30; cut += 1) {
      await delay(100);
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'icl-node'",
      );
    }
    await admin.end();
    await load.stop(); // it throws where anything but 503 was answered
    await eventually(async () => {
      const there = new Set((await allMessages(here.china.officer)).map(({ id }) => id));
      return [...load.accepted].every((id) => there.has(id));
    });
    const { times } = await onLedger(here.world.channel, here.officer);
    expect([...load.accepted].filter((id) => times.get(id) !== 1)).to.deep.equal([]);
  });

  it("afterwards every worker still works: batches both ways, fetches, subscriptions, the audit log", async function () {
    this.timeout(180_000);
    const { stage: here } = open();
    await here.isReady();
    const form = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.topic": "UN.CEFACT.*",
      "hub.callback": `${system.url}/hook`,
    });
    const asked = await here.officer.request("/subscriptions", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    });
    expect(asked.status).to.equal(202);
    await eventually(() => system.questions().length > 0, { what: "the hub's question" });

    const batch = async (from: Officer, receiver: string, name: string) => {
      const obj = await from.store(json({ name }), "application/json");
      const lines = ["one", "two", "three"].map((part) =>
        JSON.stringify({ receiver, subject: `${name}:${part}`, predicate: created, obj }),
      );
      const headers = { "content-type": "application/x-ndjson" };
      const response = await from.request("/messages/batch", {
        method: "POST",
        headers,
        body: lines.join("\n"),
      });
      const answers = (await response.text()).trimEnd().split("\n");
      return answers.map((line) => (JSON.parse(line) as { id: string }).id);
    };
    // Outbox, batcher and follower here; fetcher and opener here for what comes back.
    for (const id of await batch(here.officer, cn, "out")) await here.officer.until(id, "delivered");
    const incoming = await batch(here.china.officer, au, "in");
    for (const id of incoming) await here.officer.until(id, "available");
    // Deliveries, and the watch that wakes them.
    await eventually(
      () => {
        const told = system.deliveries("/hook").filter(({ type }) => type === "document.available");
        return incoming.every((id) => told.some(({ message }) => message.id === id));
      },
      { what: "the notifications of what came" },
    );
    // The sealer: whatever was done is chained.
    const token = await here.world.issuer.mint({
      ...{ subject: "monitor", audience: au, roles: ["admin"], lifetimeSeconds: 600 },
    });
    const url = `${here.node.config.publicUrl}/metrics`;
    await eventually(
      async () => {
        const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        return /^icl_audit_unsealed(?:\{[^}]*\})? 0$/m.test(await response.text());
      },
      { what: "an audit log without unsealed acts" },
    );
  });
});

describe("a database that cannot be written for a while (SQLite)", () => {
  it("locked by another process: requests are told to come again, others are answered, and it goes on", async function () {
    this.timeout(180_000);
    const directory = await mkdtemp(join(tmpdir(), "icl-locked-"));
    const file = join(directory, "node.db");
    const stage = await Stage.open({ technology: "sqlite", file });
    try {
      const message = await stage.draft();
      const other = new DatabaseSync(file, { timeout: 10_000 }); // the node may be writing this moment
      other.exec("begin immediate");
      await stage.isToldToComeAgain(message);
      // The process does not stand still while it waits for the lock.
      const times: number[] = [];
      for (let number = 0; number < 3; number += 1) {
        const began = Date.now();
        expect((await stage.officer.request("/health/live")).status).to.equal(200);
        times.push(Date.now() - began);
      }
      expect(Math.min(...times), "the time of an answer that needs no database").to.be.below(4_000);
      other.exec("rollback");
      other.close();
      await stage.goesOn(message);
      await stage.isReady();
    } finally {
      await stage.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("its disk full: requests are told to come again, nothing accepted is lost, and it goes on", async function () {
    this.timeout(180_000);
    const disk = await mkdtemp(join(tmpdir(), "icl-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      process.stdout.write("database: disk full skipped, a small file system cannot be mounted here\n");
      await rm(disk, { recursive: true, force: true });
      this.skip();
    }
    const stage = await Stage.open({ technology: "sqlite", file: join(disk, "node.db") });
    try {
      const accepted = await stage.officer.send(await stage.draft());
      const message = await stage.draft();
      const { bavail, bsize } = await statfs(disk);
      await writeFile(join(disk, "filler"), new Uint8Array(bavail * bsize)).catch(() => undefined);
      // What SQLite has room for in its files may still be taken.
      await eventually(
        async () =>
          (await stage.officer.post({ ...message, subject: `full:${Math.random()}` })).status === 503,
        {
          what: "the refusal of a node whose disk is full",
        },
      );
      await stage.isToldToComeAgain(message);
      await rm(join(disk, "filler"));
      await stage.goesOn(message);
      await stage.officer.until(accepted, "delivered");
    } finally {
      await stage.close();
      execFileSync("umount", [disk]);
      await rm(disk, { recursive: true, force: true });
    }
  });
});
