import { expect } from "chai";

import { auditRouter } from "../../src/http/audit-router.ts";
import { operationsRouter } from "../../src/http/operations-router.ts";
import { overviewRouter } from "../../src/http/overview-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { au } from "../channels/fixtures.ts";
import { testClock, userOf } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

eachStore("an administrator's calls", (openFresh) => {
  let server: HttpServer;

  beforeEach(async () => {
    const store = await openFresh(au);
    const { now } = testClock();
    server = await serve(authenticateAs({ root: userOf(au, ["admin"]) }), [
      auditRouter(store, now),
      operationsRouter({ store, now, onDue: () => undefined }),
      overviewRouter({ store, now, channels: () => [], unopened: () => [] }),
    ]);
  });

  afterEach(() => server.close(0));

  async function codeOf(path: string, init: RequestInit = {}): Promise<string> {
    const headers = new Headers(init.headers);
    headers.set("authorization", "Bearer root");
    const { status, code } = await problemOf(await fetch(`${server.url}${path}`, { ...init, headers }));
    return `${status} ${code}`;
  }

  it("take no place in the list of what is stuck but one that the list gave", async () => {
    for (const after of [
      ...["transaction:x:0x01:1", "transaction:1:0x01:x", "transaction:1:0x01", "transaction:1.5:0x01:1"],
      ...[
        "transaction:1:0x01:1e400",
        "dead-letter:s:x",
        "dead-letter:s",
        "dead-letter:s:99999999999999999999",
      ],
      ...["message:a\0b", "channel:\0", "message:", "nothing:1", "message:\u00e9"],
    ]) {
      const asked = codeOf(`/operations/stuck?after=${Buffer.from(after).toString("base64url")}`);
      expect(await asked, after).to.equal("400 malformed-request");
    }
  });

  it("take no text that one of the databases would not keep", async () => {
    const nul = encodeURIComponent("\0");
    const post = { method: "POST" };
    for (const path of [`/audit?actor=${nul}`, `/operations/subscriptions/${nul}/dead-letters`]) {
      expect(await codeOf(path), path).to.equal("400 malformed-request");
    }
    const retried = codeOf(`/operations/stuck/subscription:${nul}/retry`, post);
    expect(await retried).to.equal("400 malformed-request");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ reason: "by \0 mistake" });
    const givenUp = codeOf("/operations/stuck/message:1/give-up", { ...post, headers, body });
    expect(await givenUp).to.equal("400 malformed-request");
    const deep = `{"reason":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
    const refused = codeOf("/operations/stuck/message:1/give-up", { ...post, headers, body: deep });
    expect(await refused).to.equal("400 malformed-request");
  });
});
