import { readFileSync } from "node:fs";

import { expect } from "chai";
import { parse } from "yaml";

import { silentLogger } from "../../src/log.ts";
import { Metrics } from "../../src/operations/metrics.ts";
import { au } from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const text = readFileSync(new URL("../../docs/alerts.yaml", import.meta.url), "utf8");
const { groups } = parse(text) as { groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

eachStore("docs/alerts.yaml", (openFresh) => {
  it("names metrics that a node exports, and says what to do", async () => {
    const store = await openFresh();
    const clock = testClock();
    await rigOf({ store, clock, channels: [channelOf(ledgerOf(clock), au)] });
    const metrics = new Metrics({ store, log: silentLogger, now: clock.now });
    metrics.countFork("c", 1);
    const scrape = await metrics.text();
    const exported = new Set([...scrape.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
    expect(rules.length).to.be.greaterThan(10);
    for (const { alert, expr, labels, annotations } of rules) {
      const named = [...expr.matchAll(/\bicl_\w+/g)].map(([name]) => name);
      if (alert !== "NodeDown") expect(named, alert).not.to.deep.equal([]);
      for (const name of named) expect(exported, alert).to.include(name);
      expect(labels.severity, alert).to.match(/^(?:page|ticket)$/);
      expect(annotations.summary.length, alert).to.be.greaterThan(30);
    }
  });
});
