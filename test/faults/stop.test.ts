import { request } from "node:http";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { Config } from "../../src/config.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import type { Officer } from "../e2e/officer.ts";
import { startWorld, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { openDatabaseDoor, type DatabaseDoor } from "./database-door.ts";
import { serveNode, type ServedNode } from "./served-node.ts";

const POSTERS = 4;
/** All that a node takes to stop once its requests have ended: see `startNode`. */
const REST_MS = 16_000;
/** What a busy machine may add. */
const SLACK_MS = 20_000;

/** A request as the one who made it saw it. */
interface Posted {
  readonly startedAt: number;
  readonly status: number | null;
  readonly id: string | null;
}

/** Somebody who posts one message after the other, until the node is gone. */
async function postOn(officer: Officer, obj: string, name: string, posted: Posted[]): Promise<void> {
  for (let number = 0; ; number += 1) {
    const startedAt = performance.now();
    const draft = { receiver: cn, subject: `example:${name}:${number}`, predicate: attached, obj };
    const answer = await officer.post(draft).catch(() => null);
    const id = answer?.status === 202 ? (answer.body as { id: string }).id : null;
    posted.push({ startedAt, status: answer?.status ?? null, id });
    if (answer?.status !== 202) return;
  }
}

eachStore("a node that is told to stop", (_openFresh, source) => {
  // Its own suite, so that the node has ended before its database is deleted.
  describe("by a signal", () => {
    let world: World;
    let config: Config;
    let node: ServedNode | null = null;
    let door: DatabaseDoor | null = null;
    let officer: Officer;

    const isReady = async () => (await officer.request("/health/ready")).status === 200;

    const start = async (limits: Partial<Config["limits"]>, store = config.store) => {
      config = { ...config, store, limits: { ...config.limits, ...limits } };
      node = await serveNode(config);
      officer = await world.officer(config);
      await eventually(isReady);
      return node;
    };

    beforeEach(async () => {
      world = await startWorld();
      config = await world.configure(au, "AU", await source.freshLocation());
    });

    afterEach(async () => {
      await node?.kill();
      await door?.close();
      door = null;
      await world.close();
    });

    it("says that it is not ready first, serves on, then takes nothing new, and ends what it has in hand", async () => {
      const { signal, ended, log } = await start({ drainSeconds: 2, stopSeconds: 60 });
      const obj = await officer.store(Buffer.from("{}"), "application/json");

      const posted: Posted[] = [];
      const posters = Array.from({ length: POSTERS }, (_, poster) =>
        postOn(officer, obj, `poster-${poster}`, posted),
      );
      // An upload that is half done when the node is told to stop.
      const token = await world.issuer.mint({
        ...{ subject: "slow", audience: au, roles: ["documents:write"], lifetimeSeconds: 600 },
      });
      const upload = request(`${config.publicUrl}/documents`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
      });
      const uploaded = once(upload, "response");
      upload.write("the first half, ");
      await eventually(() => posted.length > 2 * POSTERS);

      signal("SIGTERM");
      let saidNo = 0;
      await eventually(async () => {
        saidNo = performance.now();
        const response = await officer.request("/health/ready");
        if (response.status === 200) return false;
        expect(await response.json()).to.deep.equal({
          status: "failing",
          checks: [{ name: "stopping", ok: false, detail: "The node is stopping: send requests elsewhere." }],
        });
        return true;
      });
      const during = { receiver: cn, subject: "example:during:1", predicate: attached, obj };
      expect((await officer.post(during)).status, "a request while it drains").to.equal(202);
      let refusal: Response | null = null;
      await eventually(async () => {
        const body = JSON.stringify({ ...during, subject: `example:late:${Date.now()}` });
        const headers = { "content-type": "application/json" };
        const response = await officer.request("/messages", { method: "POST", headers, body });
        if (response.status === 503) refusal = response;
        return response.status === 503;
      });
      const refused = refusal as unknown as Response;
      expect(await refused.json()).to.include({ code: "unavailable" });
      expect(refused.headers.get("retry-after")).to.match(/^\d+$/);
      expect(refused.headers.get("connection")).to.equal("close");
      expect((await officer.request("/health/live")).status).to.equal(200);
      upload.end("and the second");
      const [{ statusCode }] = (await uploaded) as [{ statusCode: number }];
      expect(statusCode, "the upload that was in hand").to.equal(201);

      expect(await ended, JSON.stringify(log.at(-1))).to.equal(0);
      await Promise.all(posters);
      const inTime = posted.filter(({ startedAt }) => startedAt < saidNo);
      expect(inTime.every(({ status }) => status === 202)).to.equal(true);
      const ids = posted.flatMap(({ id }) => id ?? []);
      const store = await source.open(config.store);
      const rows = await store.db.selectFrom("message").select("id").where("id", "in", ids).execute();
      expect(rows.length, "accepted messages on record").to.equal(ids.length);
    }).timeout(120_000);

    // A file does not hang, so on SQLite it is the ledger that does.
    it("stops within its bound though its ledger or its database does not answer, and says what did not end", async () => {
      const hangs = config.store.technology === "postgres" ? "database" : "ledger";
      if (hangs === "database") door = await openDatabaseDoor(config.store);
      const { signal, ended, log } = await start({ stopSeconds: 1 }, door?.location);
      const obj = await officer.store(Buffer.from("{}"), "application/json");
      world.evm.intercept(() => new Promise(() => undefined));
      await officer.send({ receiver: cn, subject: "example:waits:1", predicate: attached, obj });
      door?.hang(true);
      const inHand = officer.request("/messages").catch(() => null);
      await delay(1_000); // what the node asks by then is never answered
      const told = performance.now();
      signal("SIGTERM");
      const code = await ended;
      expect(performance.now() - told).to.be.lessThan(1_000 + REST_MS + SLACK_MS);
      if (hangs === "database") expect(code).to.equal(1);
      if (code !== 0) {
        expect(log.at(-1)).to.include({ level: "error", message: "the node did not stop cleanly" });
        expect(log.at(-1)?.unfinished).to.include(hangs === "database" ? "database" : "ledgers");
      }
      await inHand;
    }).timeout(120_000);

    it("ends at once when it is told a second time", async () => {
      const { signal, ended } = await start({ drainSeconds: 600 });
      signal("SIGTERM");
      await eventually(async () => !(await isReady()));
      const told = performance.now();
      signal("SIGTERM");
      expect(await ended).to.equal(null);
      expect(performance.now() - told).to.be.lessThan(SLACK_MS);
    }).timeout(120_000);
  });
});
