import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import type { Measures } from "../../scripts/bench/measure.ts";

const script = fileURLToPath(new URL("../../scripts/bench.ts", import.meta.url));

describe("npm run bench", () => {
  it("measures everything in one run, and with --json says it as one object", async function () {
    this.timeout(300_000);
    const child = spawn(process.execPath, [script, "--quick", "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = JSON.parse(await text(child.stdout)) as { stores: { sqlite: Measures } };
    const { sqlite } = said.stores;
    expect(Object.keys(sqlite)).to.have.members([
      "accept single",
      "deliver single",
      "accept batch",
      "deliver batch",
      "block to callback",
      "document upload",
      "document download",
      "plain write and sync",
      "plain read",
      "sha-256",
      "verify",
      "catch-up from nothing",
    ]);
    for (const [name, { n, p50, p95, p99, rate, times }] of Object.entries(sqlite)) {
      for (const figure of [n, p50, p95, p99, rate, times ?? 1]) {
        expect(figure, name).to.be.greaterThan(0).and.to.be.lessThan(Infinity);
      }
      expect(p50, name).to.be.at.most(p95);
      expect(p95, name).to.be.at.most(p99);
    }
  });
});
