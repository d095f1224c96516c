import { expect } from "chai";

import { ChannelFailure } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import type { MemoryChannel } from "../../src/channels/memory/memory-channel.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { overviewRouter } from "../../src/http/overview-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { recordStop } from "../../src/messages/ledger-repository.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn, message, messageTypes } from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

interface Bucket {
  readonly from: string;
  readonly estimated: boolean;
  readonly volume: readonly {
    readonly direction: string;
    readonly effect: string;
    readonly status: string;
    readonly count: number;
  }[];
  readonly latency: Readonly<Record<string, { readonly count: number; readonly p50: number }>>;
}

interface Overview {
  readonly id: string;
  readonly lag: number;
  readonly stopped: { readonly code: string } | null;
  readonly lastFork: { readonly depth: number } | null;
  readonly line: Readonly<Record<string, number>>;
}

eachStore("what an administrator is told of a node", (openFresh) => {
  let clock: TestClock;
  let store: Store;
  let ledger: MemoryLedger;
  let channel: MemoryChannel;
  let node: Rig;
  let server: HttpServer;

  beforeEach(async () => {
    clock = testClock();
    store = await openFresh(au);
    ledger = ledgerOf(clock, { finality: { kind: "confirmations", blocks: 2 } });
    channel = channelOf(ledger, au);
    node = await rigOf({ store, clock, channels: [channel] });
    server = await serve(
      authenticateAs({
        root: userOf(au, ["admin"]),
        officer: userOf(au, ["messages:read", "subscriptions"]),
      }),
      [
        overviewRouter({
          ...{ store, now: clock.now },
          channels: () => [channel],
          unopened: () => [
            { label: "evm at 8545", code: "ledger-unreachable", at: clock.now(), retried: true },
          ],
        }),
      ],
    );
  });

  afterEach(() => server.close());

  const ask = (path: string, as = "root") =>
    fetch(`${server.url}/operations/${path}`, { headers: { authorization: `Bearer ${as}` } });
  async function told<Answer>(path: string): Promise<Answer> {
    const response = await ask(path);
    const body = (await response.json()) as Answer;
    expect(response.status, JSON.stringify(body)).to.equal(200);
    return body;
  }
  const first = async () => (await told<{ items: Overview[] }>("channels")).items[0];
  const post = (subject: string) => node.post(message({ subject: parseSubject(subject) }));
  const rights = `channels/${encodeURIComponent("memory:0")}/rights`;

  it("is for administrators", async () => {
    for (const path of [
      "channels",
      rights,
      "signers",
      "traffic",
      "subscriptions",
      "subscriptions/x/dead-letters",
    ]) {
      expect(await problemOf(await ask(path, "officer")), path).to.include({ status: 403 });
    }
  });

  it("counts what is in line, and shows a fork and a stop of a channel, and the channels that are not open", async () => {
    ledger.automine = false;
    await post("one");
    expect((await first())?.line).to.deep.equal({ waiting: 1, underWay: 0, bundled: 0, failing: 0 });
    await node.carry();
    expect(await first()).to.deep.include({
      lag: 0,
      line: { waiting: 0, underWay: 1, bundled: 0, failing: 0 },
      lastFork: null,
      stopped: null,
    });
    ledger.mine();
    await node.follow();
    ledger.fork(1);
    ledger.mine();
    await node.follow();
    expect((await first())?.lastFork).to.deep.include({ depth: 1 });

    const failure = new ChannelFailure("stop", "fork-below-final", "The ledger took back what was final.");
    await recordStop(store.db, channel.description.id, failure, clock.now());
    const shown = await told<{ items: Overview[]; unopened: unknown[] }>("channels");
    expect(shown.items[0]?.stopped).to.include({ code: "fork-below-final" });
    expect(shown.unopened).to.deep.equal([
      {
        label: "evm at 8545",
        code: "ledger-unreachable",
        at: new Date(clock.now()).toISOString(),
        retried: true,
      },
    ]);
  });

  it("says who may do what on a channel, and why not while its ledger is away", async () => {
    ledger.mine(2);
    const { rights: held } = await told<{
      rights: { participants: { participant: string; operators: { predicates: string[] }[] }[] };
    }>(rights);
    const own = held.participants.find(({ participant }) => participant === au);
    expect(own?.operators.map(({ predicates }) => predicates)).to.deep.equal([
      messageTypes.map(({ predicate }) => predicate).sort(),
    ]);
    ledger.reachable = false;
    expect(await told(rights)).to.deep.include({ rights: null, failure: "ledger-unreachable" });
    expect((await ask("channels/another/rights")).status).to.equal(404);
  });

  it("names the accounts that sign, where nothing is paid as well", async () => {
    const { items } = await told<{ items: { accounts: { use: string; low: boolean; ledger: unknown }[] }[] }>(
      "signers",
    );
    expect(items[0]?.accounts.map(({ use, low, ledger: says }) => ({ use, low, says }))).to.deep.equal([
      { use: "operator", low: false, says: null },
      { use: "node", low: false, says: null },
    ]);
  });

  const traffic = (query = "") => told<{ buckets: Bucket[]; latency: Bucket["latency"] }>(`traffic?${query}`);
  const at = (offset: number) => encodeURIComponent(new Date(clock.now() + offset).toISOString());

  it("counts messages by when they came up, and tells how long they took", async () => {
    const begin = clock.now();
    await post("one");
    clock.advance(2_000);
    await node.carry();
    ledger.automine = false;
    await node.follow();
    clock.advance(3_000);
    ledger.mine(2);
    await node.follow();
    clock.advance(60_000);
    await post("two");
    const { buckets, latency } = await traffic(`from=${encodeURIComponent(new Date(begin).toISOString())}`);
    expect(buckets.map(({ volume }) => volume)).to.deep.equal([
      [{ direction: "outgoing", effect: "issue", status: "delivered", count: 1 }],
      [{ direction: "outgoing", effect: "issue", status: "pending", count: 1 }],
    ]);
    expect(buckets[0]?.latency).to.have.all.keys("accepted-sent", "sent-delivered", "accepted-delivered");
    expect(latency["accepted-sent"]).to.deep.equal({ count: 1, p50: 2_000, p95: 2_000, max: 2_000 });
    expect(latency["accepted-delivered"]).to.include({ count: 1, p50: 5_000 });

    // What a pruner leaves of a journal does not say any more when a message was sent.
    await store.db.deleteFrom("journal").where("status", "=", "sent").execute();
    expect((await traffic()).latency).to.have.all.keys("accepted-delivered");
  });

  it("counts what it does not look at one by one by the order in which it came", async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 2_500 }, (_, index) => ({
      ...{ id: `0x${index.toString(16).padStart(64, "0")}`, sender: cn, receiver: au, subject: `s${index}` },
      ...{ predicate: "p", digest: "0".repeat(64), valid_until: null, direction: "incoming" as const },
      ...{ channel_id: "memory:0", effect: "inform", status: index % 2 === 0 ? "available" : "received" },
      ...{ attempt: 1, created_at: clock.now(), accepted_by: null, txn: null, height: null },
      ...{ batch_id: null, batch_index: null },
    }));
    for (let start = 0; start < rows.length; start += 500) {
      await store.db
        .insertInto("message")
        .values(rows.slice(start, start + 500))
        .execute();
    }
    const [bucket] = (await traffic(`from=${at(0)}&to=${at(1_000)}`)).buckets;
    expect(bucket?.estimated).to.equal(true);
    expect(bucket?.volume.map(({ status, count }) => [status, count])).to.have.deep.members([
      ["available", 1_250],
      ["received", 1_250],
    ]);
  });

  it("refuses a stretch of time that is none, or of too many steps", async () => {
    for (const query of [
      `from=${at(0)}&to=${at(-1_000)}`,
      `from=${at(-86_400_000)}&step=60`,
      "step=1",
      "from=yesterday",
      `from=${at(-400 * 86_400_000)}&step=604800`,
    ]) {
      expect(await problemOf(await ask(`traffic?${query}`)), query).to.include({ code: "malformed-request" });
    }
    expect((await traffic(`from=${at(-86_400_000)}&step=1800`)).buckets).to.have.lengthOf.within(48, 49);
  });

  it("shows everybody's subscriptions, without addresses that may hold a secret, and page by page", async () => {
    for (const [index, owner] of ["https://id.example#one", "https://id.example#two"].entries()) {
      await store.db
        .insertInto("subscription")
        .values({
          ...{ id: `s${index}`, owner, topic_kind: "predicate", topic_value: "*", topic: "*" },
          ...{ callback: "https://back.example/hook?secret=1", host: "back.example", secret: "hush" },
          ...{ state: "active", ended_reason: null, created_at: 1, expires_at: 2, position: 0, tries: 3 },
          ...{ due_at: 0, failing_since: clock.now(), last_delivered_at: null, last_failed_at: null },
          ...{ last_failure: "It answered 500.", lease_owner: null, lease_epoch: 0, lease_until: 0 },
          subjects: null,
        })
        .execute();
    }
    await store.db
      .insertInto("notification")
      .values({ type: "message.sent", at: 1, message_id: "m", channel_id: "c", jurisdiction: null })
      .execute();
    const letter = { subscription_id: "s1", seq: 7, type: "message.sent", at: 1, channel_id: "memory:0" };
    await store.db
      .insertInto("dead_letter")
      .values({
        ...letter,
        message_id: `0x${"1".repeat(64)}`,
        failed_at: 5,
        reason: "It answered 500.",
        again: 0,
      })
      .execute();

    const page = await ask("subscriptions?limit=1");
    const text = await page.text();
    expect(text).not.to.match(/secret|hush|hook/);
    const { items, next } = JSON.parse(text) as { items: Record<string, unknown>[]; next: string };
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ id: "s0", host: "back.example", behind: 1, tries: 3, deadLetters: 0 });
    const rest = await told<{ items: Record<string, unknown>[]; next: null }>(`subscriptions?after=${next}`);
    expect(rest.items.map(({ id, deadLetters }) => [id, deadLetters])).to.deep.equal([["s1", 1]]);
    expect(rest.next).to.equal(null);
    expect((await told<{ items: unknown[] }>("subscriptions?state=ended")).items).to.deep.equal([]);

    const letters = await told<{ items: Record<string, unknown>[] }>("subscriptions/s1/dead-letters");
    expect(letters.items).to.deep.equal([
      {
        ...{
          n: 7,
          type: "message.sent",
          message: `0x${"1".repeat(64)}`,
          channel: "memory:0",
          retrying: false,
        },
        ...{ failedAt: new Date(5).toISOString(), reason: "It answered 500." },
      },
    ]);
    expect((await ask("subscriptions/none/dead-letters")).status).to.equal(404);
  });
});
