import { expect } from "chai";

import { Problem } from "../../src/domain/problems.ts";
import type { ChannelHealth, HealthCheck } from "../../src/http/health-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { au } from "../identity/fixtures.ts";
import { problemOf, serve } from "./test-app.ts";

const channel: ChannelHealth = {
  id: "eip155:31337:0x5fbd",
  name: "CHAFTA",
  status: "active",
  head: 12,
  final: 10,
  lag: 0,
  quiet: 0,
  stopped: null,
};

describe("health", () => {
  let server: HttpServer;
  let checks: readonly HealthCheck[];
  let channels: readonly ChannelHealth[];
  let failing: Error | null;

  before(async () => {
    server = await serve(() => Promise.reject(new Problem("token-invalid", "No.")), [], {
      health: {
        participant: au,
        ready: () => (failing === null ? Promise.resolve(checks) : Promise.reject(failing)),
        channels: () => Promise.resolve(channels),
      },
    });
  });

  after(() => server.close());

  beforeEach(() => {
    checks = [{ name: "store", ok: true }];
    channels = [channel];
    failing = null;
  });

  it("says without a token that the process lives, whatever else is wrong", async () => {
    failing = new Error("database password hunter2");
    const response = await fetch(`${server.url}/health/live`);
    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.equal({ status: "ok" });
  });

  it("says whether the node can work", async () => {
    const well = await fetch(`${server.url}/health/ready`);
    expect(well.status).to.equal(200);
    expect(await well.json()).to.deep.equal({ status: "ok", checks });
    checks = [{ name: "store", ok: false, detail: "cannot be reached" }, ...checks];
    const ill = await fetch(`${server.url}/health/ready`);
    expect(ill.status).to.equal(503);
    expect(await ill.json()).to.deep.equal({ status: "failing", checks });
  });

  it("sums up for whom the node acts and how far it follows its channels", async () => {
    const response = await fetch(`${server.url}/health`);
    expect(await response.json()).to.deep.equal({ status: "ok", participant: au, channels });
    channels = [{ ...channel, stopped: "wrong-chain" }];
    const stopped = (await (await fetch(`${server.url}/health`)).json()) as { status: string };
    expect(stopped.status).to.equal("failing");
  });

  it("gives away nothing when it fails itself", async () => {
    failing = new Error("database password hunter2");
    const problem = await problemOf(await fetch(`${server.url}/health/ready`));
    expect(problem.code).to.equal("internal");
    expect(problem.detail).not.to.contain("hunter2");
  });

  it("knows no other addresses below it", async () => {
    expect((await problemOf(await fetch(`${server.url}/health/secrets`))).code).to.equal("not-found");
  });
});
