import { expect } from "chai";

import { AddressGuard, type VettedAddress } from "../../src/identity/address-guard.ts";
import { callBack, CallbackFailed } from "../../src/subscriptions/callback.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf } from "../http/test-app.ts";
import { startCallbackServer, type CallbackServer } from "./callback-server.ts";
import { hubRig } from "./hub-rig.ts";

/** The rules of production, but for one name that stands for a subscriber at a public address. */
class ProductionGuard extends AddressGuard {
  constructor(names: Readonly<Record<string, string>> = {}) {
    super({ allowHttp: true, allowPrivateAddresses: false }, (name) => {
      const address = names[name];
      return Promise.resolve(address === undefined ? [] : [{ address, family: 4 as const }]);
    });
  }

  override vet(url: URL): Promise<VettedAddress> {
    if (url.hostname === "subscriber.example") return Promise.resolve({ address: "127.0.0.1", family: 4 });
    return super.vet(url);
  }
}

describe("calling a callback", () => {
  let server: CallbackServer;

  beforeEach(async () => {
    server = await startCallbackServer();
  });

  afterEach(() => server.close());

  const call = (
    url: string,
    options: { method?: "GET" | "POST"; guard?: AddressGuard; withinMs?: number; signal?: AbortSignal } = {},
  ) => {
    const { method = "POST", guard = new ProductionGuard(), withinMs = 5_000 } = options;
    const signal = options.signal ?? new AbortController().signal;
    const body = method === "POST" ? { body: '{"id":1}' } : {};
    return callBack(guard, { method, url: new URL(url), headers: {}, ...body, withinMs, signal }, Date.now());
  };
  const subscriber = (path = "/") => `http://subscriber.example:${server.port}${path}`;

  it("sends to the address that was vetted, under the name that was given", async () => {
    expect(await call(subscriber("/hook"))).to.include({ status: 204 });
    expect(server.calls[0]?.headers.host).to.equal(`subscriber.example:${server.port}`);
    expect(server.calls[0]?.body).to.equal('{"id":1}');
  });

  const forbidden = [
    "http://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "http://[::1]:PORT/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://0.0.0.0:PORT/",
    "http://2130706433:PORT/",
    "http://rebound.example:PORT/",
    "file:///etc/passwd",
  ];
  for (const address of forbidden) {
    it(`goes neither to ${address} nor where a redirect points there`, async () => {
      const guard = new ProductionGuard({ localhost: "127.0.0.1", "rebound.example": "127.0.0.1" });
      const target = address.replace("PORT", String(server.port));
      if (!target.startsWith("file:")) {
        expect(await rejection(call(target, { guard }))).to.be.instanceOf(CallbackFailed);
        expect(server.calls).to.deep.equal([]);
      }
      for (const method of ["GET", "POST"] as const) {
        const before = server.calls.length;
        const reply = () => ({ status: 307, headers: { location: target } });
        server.receive = reply;
        server.confirm = reply;
        const error = await rejection(call(subscriber(), { guard, method }));
        expect(error).to.be.instanceOf(CallbackFailed);
        expect(error.message).not.to.contain(String(server.port));
        expect(server.calls).to.have.length(before + 1);
      }
    });
  }

  it("follows a question's redirects three times at most", async () => {
    const steps = (most: number) => () => {
      const status = server.calls.length <= most ? 302 : 200;
      return { status, headers: status === 302 ? { location: "/next" } : {} };
    };
    server.confirm = steps(3);
    expect(await call(subscriber(), { method: "GET" })).to.include({ status: 200 });
    expect(server.calls).to.have.length(4);
    server.confirm = () => ({ status: 302, headers: { location: "/next" } });
    expect(await rejection(call(subscriber(), { method: "GET" }))).to.have.property(
      "message",
      "The callback redirects more than 3 times.",
    );
    expect(server.calls).to.have.length(8);
  });

  it("does not turn a delivery into something else because of a redirect", async () => {
    for (const status of [301, 302, 303]) {
      server.receive = () => ({ status, headers: { location: "/elsewhere" } });
      expect(await call(subscriber())).to.include({ status });
    }
    expect(server.calls.map(({ path }) => path)).to.deep.equal(["/", "/", "/"]);
  });

  it("gives up on one that does not answer, and at once when it is told to", async () => {
    server.receive = () => new Promise(() => undefined);
    expect(await rejection(call(subscriber(), { withinMs: 50 }))).to.have.property(
      "message",
      "The callback did not answer in time.",
    );
    const end = new AbortController();
    const going = rejection(call(subscriber(), { signal: end.signal }));
    const why = new Error("stop");
    end.abort(why);
    expect(await going).to.equal(why);
  });

  it("reads no more of an answer than anybody expects", async () => {
    server.confirm = () => ({ status: 200, body: "x".repeat(1_000_000) });
    expect(await call(subscriber(), { method: "GET" })).to.deep.include({ status: 200, body: null });
  });

  it("understands Retry-After in seconds and as a date, and believes no more than an hour", async () => {
    const asked = async (retryAfter: string) => {
      server.receive = () => ({ status: 503, headers: { "retry-after": retryAfter } });
      return (await call(subscriber())).retryAfterMs;
    };
    expect(await asked("7")).to.equal(7_000);
    expect(await asked("86400")).to.equal(3_600_000);
    expect(await asked(new Date(Date.now() + 1_000_000_000).toUTCString())).to.equal(3_600_000);
    expect(await asked(new Date(0).toUTCString())).to.equal(0);
    expect(await asked("soon")).to.equal(null);
    expect(await asked("-5")).to.equal(0);
  });
});

eachStore("the hub in production", (openFresh) => {
  it("refuses callbacks at private addresses, behind names that lead there, and without TLS", async () => {
    const rig = await hubRig(await openFresh(), { mode: "production" });
    for (const callback of [
      "https://127.0.0.1/hook",
      "https://localhost/hook",
      "https://10.1.2.3/hook",
      "https://[fd00::1]/hook",
      "https://169.254.169.254/latest/meta-data/",
      "http://93.184.215.14/hook",
    ]) {
      const form = { "hub.mode": "subscribe", "hub.topic": "*", "hub.callback": callback };
      expect(await problemOf(await rig.hub(form)), callback).to.include({
        status: 400,
        code: "callback-refused",
      });
    }
    expect(await rig.list()).to.deep.equal([]);
    await rig.close();
  });
});
