import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { freePort } from "../../scripts/dev/free-port.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { MortalNode } from "../e2e/mortal-node.ts";
import type { Officer } from "../e2e/officer.ts";
import { startWorld, type CountryConfig, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { freshDatabase, postgresForTests } from "../store/postgres-for-tests.ts";
import { allMessages } from "./all-messages.ts";
import { startBalancer, type Balancer } from "./balancer.ts";
import { insist, Load } from "./load.ts";
import { onLedger } from "./on-ledger.ts";
import { chosenSeed, seeded } from "./seeded.ts";

/** A lease of six seconds and a look every half second; the rest is for slow machines. Leases were 15 and 30 seconds once. */
const TAKEOVER_WITHIN = 13_000;
const CHANGES = 6;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** Several processes of one node on one PostgreSQL and one folder of documents, all keeping the time of a node in service. */
describe("replicas of a node", () => {
  let directory: string;
  let drop: (() => Promise<void>) | undefined;
  let world: World;
  let balancer: Balancer;
  let shared: CountryConfig;
  let officer: Officer;
  let receiver: Officer;
  const alive: MortalNode[] = [];

  before(async function () {
    this.timeout(120_000);
    const postgres = await postgresForTests();
    if (!postgres.available) {
      process.stdout.write(`replicas: skipped, they share a PostgreSQL, and ${postgres.why}\n`);
      this.skip();
    }
    const database = await freshDatabase(postgres.adminUrl);
    drop = database.drop;
    directory = await mkdtemp(join(tmpdir(), "icl-replicas-"));
    world = await startWorld();
    shared = await world.configure(au, "AU", { technology: "postgres", url: database.url });
    balancer = await startBalancer(shared.listen.port);
    const file = join(directory, "cn.db");
    const china = await world.start(await world.configure(cn, "CN", { technology: "sqlite", file }));
    receiver = china.officer;
    officer = await world.officer(shared);
  });

  after(async () => {
    for (const replica of alive) await replica.kill();
    if (drop === undefined) return;
    await balancer.close();
    await world.close();
    await drop();
    await rm(directory, { recursive: true, force: true });
  });

  async function add(): Promise<MortalNode> {
    const port = await freePort(0);
    const config = { ...shared, listen: { ...shared.listen, port } };
    const replica = new MortalNode(config, dirname(shared.documents.directory), "as in service");
    await replica.start();
    await isReady(replica);
    alive.push(replica);
    balancer.takeIn(port);
    return replica;
  }

  async function isReady({ config }: MortalNode): Promise<void> {
    const url = `http://127.0.0.1:${config.listen.port}/health/ready`;
    await eventually(async () => (await fetch(url)).status === 200, { what: "a replica that is ready" });
  }

  async function kill(replica: MortalNode): Promise<void> {
    balancer.leaveOut(replica.config.listen.port);
    alive.splice(alive.indexOf(replica), 1);
    await replica.kill();
  }

  const send = async (subject: string): Promise<string> => {
    const obj = await insist(() => officer.store(json({ subject }), "application/json"));
    return insist(() => officer.send({ receiver: cn, subject, predicate: attached, obj }));
  };

  const deliveredWithin = async (id: string, within: number) => {
    const began = Date.now();
    await eventually(async () => (await insist(() => officer.message(id)))?.status === "delivered", {
      within,
      what: `the delivery of ${id} after a replica was lost`,
    });
    return Date.now() - began;
  };

  const takeovers = async ({ config }: MortalNode) => {
    const url = `http://127.0.0.1:${config.listen.port}`;
    const token = await world.issuer.mint({
      ...{ subject: "monitor", audience: au, roles: ["admin"], lifetimeSeconds: 600 },
    });
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const line = /^icl_takeovers_total\{[^}]*\} (\d+)$/m.exec(await response.text());
    return Number(line?.[1] ?? 0);
  };

  async function expectNothingDoubledOrLost(load: Load): Promise<void> {
    await load.arrived();
    const { times, settled: bits } = await onLedger(world.channel, officer);
    expect(
      [...times].filter(([, count]) => count !== 1),
      "once on the ledger",
    ).to.deep.equal([]);
    expect([...load.accepted].filter((id) => !times.has(id))).to.deep.equal([]);
    const inBits = [...load.acquittals].filter((id) => !times.has(id));
    expect(bits, "the bits of settlements").to.be.at.least(inBits.length);
    const ids = (await allMessages(officer)).map(({ id }) => id);
    expect(new Set(ids)).to.have.property("size", ids.length);
  }

  it("take over within seconds what a killed one did, and count it", async function () {
    this.timeout(120_000);
    const first = await add();
    const second = await add();
    // The first follows the channel: the second came later, and the first is alive.
    const before = await takeovers(second);
    await kill(first);
    const took = await deliveredWithin(await send("after-a-kill:1"), TAKEOVER_WITHIN);
    expect(took).to.be.below(TAKEOVER_WITHIN);
    expect(await takeovers(second)).to.equal(before + 1);
  });

  it("take over from one that stands still; waking up, it doubles and undoes nothing", async function () {
    this.timeout(240_000);
    const [frozen] = alive;
    if (frozen === undefined) throw new Error("One replica is left of the test before.");
    const other = await add();
    const load = new Load(officer, receiver, "frozen");
    load.start({ single: 50, batch: 1_000 });
    await delay(1_500);
    frozen.freeze();
    balancer.leaveOut(frozen.config.listen.port);
    const id = await send("after-a-freeze:1");
    // What it left open in the database is ended by the database within ten seconds, and then its leases have run out.
    await deliveredWithin(id, TAKEOVER_WITHIN + 10_000);
    expect(await takeovers(other)).to.be.at.least(1);
    frozen.thaw();
    balancer.takeIn(frozen.config.listen.port);
    await delay(1_500);
    await expectNothingDoubledOrLost(load);
  });

  it("are killed, stand still and are added, two to four of them, under load: each message once", async function () {
    this.timeout(300_000);
    const seed = chosenSeed();
    process.stdout.write(`        seed ${seed} (ICL_CRASH_SEED=${seed} repeats it)\n`);
    const random = seeded(seed);
    const load = new Load(officer, receiver, `changing-${seed}`);
    load.start({ single: 50, batch: 1_000 });
    for (let change = 0; change < CHANGES; change += 1) {
      await delay(random() * 1_500);
      const place = Math.floor(random() * alive.length);
      const chosen = alive[place];
      if (chosen === undefined || alive.length < 3) {
        await add();
      } else if (alive.length > 3 || random() < 0.5) {
        await kill(chosen);
      } else {
        chosen.freeze();
        balancer.leaveOut(chosen.config.listen.port);
        await delay(7_000);
        chosen.thaw();
        balancer.takeIn(chosen.config.listen.port);
      }
    }
    await expectNothingDoubledOrLost(load);
  });
});
