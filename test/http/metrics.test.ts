import { expect } from "chai";

import { metricsRouter } from "../../src/http/metrics-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { createLogger, silentLogger } from "../../src/log.ts";
import { Metrics } from "../../src/operations/metrics.ts";
import type { Store } from "../../src/store/store.ts";
import { au, attached, message } from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, node, user } from "./test-callers.ts";

/** The value of one line of a scrape; null where there is none. */
function valueOf(scrape: string, line: string): number | null {
  const found = scrape.split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
}

eachStore("GET /metrics", (openFresh) => {
  describe("over HTTP", () => {
    let store: Store;
    let server: HttpServer;
    let metrics: Metrics;
    const clock = testClock();

    const start = async (log = silentLogger) => {
      store = await openFresh();
      metrics = new Metrics({ store, log, now: clock.now });
      server = await serve(
        authenticateAs({
          admin: user("root", "admin"),
          reader: user("reader", "messages:read"),
          cn: node("customs.gov.cn"),
        }),
        [metricsRouter(metrics)],
        {
          onAnswered: (request) => {
            metrics.countRequest(request);
          },
          onProblem: (code) => {
            metrics.countProblem(code);
          },
        },
      );
    };

    afterEach(() => server.close());

    const get = (as: string | null, path = "/metrics") =>
      fetch(server.url + path, as === null ? {} : { headers: { authorization: `Bearer ${as}` } });
    const scrape = async () => (await get("admin")).text();

    it("is for administrators alone", async () => {
      await start();
      expect((await get(null)).status).to.equal(401);
      for (const as of ["reader", "cn"]) expect(await problemOf(await get(as))).to.include({ status: 403 });
      const response = await get("admin");
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.match(/^text\/plain/);
    });

    it("tells from the database how far each channel is, what waits for it, and since when", async () => {
      await start();
      const ledger = ledgerOf(clock);
      const rig = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
      await rig.post(message({ predicate: attached }));
      clock.advance(90_000);
      const waiting = await scrape();
      const channel = `{channel="${ledger.id}"}`;
      expect(valueOf(waiting, `icl_channel_head_height${channel}`)).to.equal(ledger.head);
      expect(valueOf(waiting, `icl_channel_followed_height${channel}`)).to.equal(ledger.head);
      expect(valueOf(waiting, `icl_channel_lag_blocks${channel}`)).to.equal(0);
      expect(valueOf(waiting, `icl_channel_stopped${channel}`)).to.equal(0);
      expect(valueOf(waiting, `icl_channel_quiet_seconds${channel}`)).to.equal(90);
      expect(valueOf(waiting, `icl_oldest_waiting_seconds${channel}`)).to.equal(90);
      const line = `icl_outbox{channel="${ledger.id}",kind="message",state="waiting"}`;
      expect(valueOf(waiting, line)).to.equal(1);
      expect(valueOf(waiting, 'icl_message_transitions_total{status="pending"}')).to.equal(1);

      await rig.settle();
      await store.db.updateTable("channel").set({ stopped: "fork-below-final", head: 1_000_000 }).execute();
      const after = await scrape();
      expect(valueOf(after, line), "gone, not left standing").to.equal(null);
      expect(valueOf(after, `icl_oldest_waiting_seconds${channel}`)).to.equal(0);
      expect(valueOf(after, `icl_channel_stopped${channel}`)).to.equal(1);
      expect(valueOf(after, `icl_channel_lag_blocks${channel}`)).to.be.greaterThan(100_000);
      expect(valueOf(after, `icl_channel_lag_seconds${channel}`)).to.be.greaterThan(0);
      expect(valueOf(after, 'icl_message_transitions_total{status="delivered"}')).to.equal(1);
    });

    it("says how long a ledger has not answered, though nothing is known to be left to read", async () => {
      await start();
      const ledger = ledgerOf(clock);
      const rig = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
      const of = async (metric: string) => valueOf(await scrape(), `${metric}{channel="${ledger.id}"}`);
      clock.advance(20_000);
      expect(await of("icl_channel_unreachable_seconds"), "it is asked every so often").to.equal(0);
      clock.advance(3_580_000);
      expect(await of("icl_channel_lag_blocks")).to.equal(0);
      expect(await of("icl_channel_unreachable_seconds")).to.equal(3_600);
      expect(await of("icl_channel_lag_seconds")).to.equal(3_600);
      await rig.follow();
      expect(await of("icl_channel_unreachable_seconds"), "it answers, with no news").to.equal(0);
      expect(await of("icl_channel_lag_seconds")).to.equal(0);
    });

    it("counts requests by address and status, and problems by code, however many things are asked for", async () => {
      await start();
      for (let number = 0; number < 5; number += 1)
        await get("admin", `/messages/0x${"ab".repeat(31)}0${number}`);
      await get(null, "/messages?subject=secret-subject");
      await get("admin", "/nowhere/at/all");
      const text = await scrape();
      const count = (labels: string) => valueOf(text, `icl_http_request_seconds_count{${labels}}`);
      expect(count('method="GET",route="/messages/{id}",status="404"')).to.equal(5);
      expect(count('method="GET",route="/messages",status="401"')).to.equal(1);
      expect(count('method="GET",route="other",status="404"')).to.equal(1);
      expect(valueOf(text, 'icl_problems_total{code="token-missing"}')).to.equal(1);
      expect(valueOf(text, 'icl_problems_total{code="not-found"}')).to.equal(6);
      expect(text).to.contain("process_cpu_seconds_total");
      expect(text).not.to.match(/secret-subject|abab|nowhere|officer|Bearer/);
    });

    it("counts forks and how deep they were", async () => {
      await start();
      metrics.countFork("c", 3);
      metrics.countFork("c", 2);
      const text = await scrape();
      expect(valueOf(text, 'icl_forks_total{channel="c"}')).to.equal(2);
      expect(valueOf(text, 'icl_fork_depth{channel="c"}')).to.equal(2);
    });

    it("tells what it knows alone while the database does not answer", async () => {
      const lines: string[] = [];
      await start(createLogger({ write: (line) => lines.push(line) }));
      await store.close();
      const text = await scrape();
      expect(valueOf(text, "icl_database_up")).to.equal(0);
      expect(text).to.contain("process_cpu_seconds_total");
      expect(lines.join("")).to.contain("metrics could not be read");
    });
  });
});
