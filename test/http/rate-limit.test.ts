import { expect } from "chai";
import { Router } from "express";

import { Problem } from "../../src/domain/problems.ts";
import { RateLimiter } from "../../src/http/rate-limit.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import { au, cn } from "../identity/fixtures.ts";
import { problemOf, serve } from "./test-app.ts";

const authenticate: Authenticate = ({ authorization }) => {
  const [scheme, name] = authorization?.split(" ") ?? [];
  if (scheme === "User" && name !== undefined) {
    return Promise.resolve({ kind: "user", issuer: "i", subject: name, participant: au, roles: new Set() });
  }
  if (scheme === "Node" && name !== undefined) {
    return Promise.resolve({ kind: "node", participant: cn, account: name, channelId: "c" });
  }
  return Promise.reject(new Problem("token-invalid", "Send another token."));
};

describe("the rate limit", () => {
  let server: HttpServer;
  let now: number;

  async function start(
    requests: number,
    anonymous: number,
    more: { trustedProxies?: readonly string[] } = {},
  ) {
    const router = Router();
    router.get("/messages", (_request, response) => {
      response.json({ items: [], next: null });
    });
    server = await serve(authenticate, [router], {
      limits: { messageBytes: 65_536, requestsPerMinute: requests, anonymousRequestsPerMinute: anonymous },
      now: () => now,
      ...more,
    });
  }

  beforeEach(() => {
    now = 1_000_000;
  });

  afterEach(() => server.close());

  async function statuses(
    count: number,
    headers: Record<string, string>,
    path = "/messages",
  ): Promise<number[]> {
    const answers: number[] = [];
    for (let i = 0; i < count; i++) {
      const response = await fetch(server.url + path, { headers });
      await response.arrayBuffer();
      answers.push(response.status);
    }
    return answers;
  }

  it("lets a caller make so many requests a minute, then says when to come back", async () => {
    await start(5, 100);
    expect(await statuses(5, { authorization: "User a" })).to.deep.equal([200, 200, 200, 200, 200]);
    const response = await fetch(`${server.url}/messages`, { headers: { authorization: "User a" } });
    expect(response.headers.get("retry-after")).to.equal("12");
    expect(await problemOf(response)).to.include({ status: 429, code: "too-many-requests" });
    now += 12_000;
    expect(await statuses(2, { authorization: "User a" })).to.deep.equal([200, 429]);
  });

  it("counts each user and each node for itself, whatever their address", async () => {
    await start(1, 100);
    for (const authorization of ["User a", "User b", "Node a", "Node b"]) {
      expect(await statuses(2, { authorization })).to.deep.equal([200, 429]);
    }
  });

  it("counts failed tokens by address, and then refuses before it looks at the token", async () => {
    await start(100, 3);
    expect(await statuses(4, { authorization: "Guess 1" })).to.deep.equal([401, 401, 401, 429]);
    expect(await statuses(1, { authorization: "User a" })).to.deep.equal([429]);
    now += 60_000;
    expect(await statuses(1, { authorization: "User a" })).to.deep.equal([200]);
  });

  it("does not count good tokens against their address", async () => {
    await start(100, 2);
    expect(await statuses(10, { authorization: "User a" })).to.deep.equal(Array(10).fill(200));
  });

  it("counts requests to what is open by address, apart from failed tokens", async () => {
    await start(100, 2);
    expect(await statuses(3, {}, "/health/live")).to.deep.equal([200, 200, 429]);
    expect(await statuses(1, { authorization: "User a" })).to.deep.equal([200]);
  });

  it("does not believe a forged X-Forwarded-For", async () => {
    await start(100, 2);
    const answers: number[] = [];
    for (let i = 0; i < 4; i++) {
      answers.push(...(await statuses(1, { "x-forwarded-for": `203.0.113.${i}` }, "/health/live")));
    }
    expect(answers).to.deep.equal([200, 200, 429, 429]);
  });

  it("believes X-Forwarded-For of a proxy it is told to trust", async () => {
    await start(100, 1, { trustedProxies: ["127.0.0.1"] });
    for (const address of ["203.0.113.1", "203.0.113.2"]) {
      expect(await statuses(2, { "x-forwarded-for": address }, "/health/live")).to.deep.equal([200, 429]);
    }
  });

  it("counts an IPv6 line as one, whichever of its addresses it uses", async () => {
    await start(100, 1, { trustedProxies: ["127.0.0.1"] });
    const ask = (address: string) => statuses(1, { "x-forwarded-for": address }, "/health/live");
    expect(await ask("2001:db8:1:2::1")).to.deep.equal([200]);
    expect(await ask("2001:db8:1:2:ffff::9")).to.deep.equal([429]);
    expect(await ask("2001:db8:1:3::1")).to.deep.equal([200]);
    expect(await ask("::ffff:203.0.113.7")).to.deep.equal([200]);
    expect(await ask("203.0.113.7")).to.deep.equal([429]);
  });

  it("takes nothing away from anybody when the clock is set back", async () => {
    await start(2, 2);
    const limiter = new RateLimiter(2, () => now);
    limiter.take("a");
    now -= 3_600_000;
    limiter.take("a");
    now += 30_000;
    limiter.take("a");
  });

  it("forgets the keys unused for longest, so that its memory is bounded", async () => {
    await start(1, 1);
    const limiter = new RateLimiter(1, () => now);
    limiter.take("first");
    expect(() => {
      limiter.take("first");
    }).to.throw(Problem);
    for (let i = 0; i < 20_000; i++) limiter.take(`other ${i}`);
    limiter.take("first");
    expect(() => {
      limiter.take("other 19999");
    }).to.throw(Problem);
  });
});
