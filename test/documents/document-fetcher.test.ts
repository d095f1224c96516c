import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import type { Transaction } from "kysely";

import { DocumentFetcher } from "../../src/documents/document-fetcher.ts";
import { fetchPace, type FetcherOptions, type FetchSteps } from "../../src/documents/fetch-options.ts";
import { queueFetches } from "../../src/documents/fetch-repository.ts";
import { findDocument, recordDocument } from "../../src/documents/document-repository.ts";
import { checkShareable } from "../../src/documents/shareable.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { retrievalDefaults } from "../../src/documents/retrieve.ts";
import type { MessageId } from "../../src/domain/message.ts";
import { multihashOf, type Digest } from "../../src/domain/multihash.ts";
import { parseDomain, type Domain } from "../../src/domain/participant.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { silentLogger } from "../../src/log.ts";
import type { Schema } from "../../src/store/schema.ts";
import type { Store } from "../../src/store/store.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { startPeer, type Peer } from "./peer.ts";

const australia = parseDomain("homeaffairs.gov.au");
const singapore = parseDomain("customs.gov.sg");
const document = Buffer.from('{"number":"WBC208897"}');
const digestFor = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex") as Digest;
const digest = digestFor(document);
const messageIdFor = (text: string) => `0x${digestFor(text)}` as MessageId;
const pace = {
  ...fetchPace,
  firstRetryMs: 10,
  longestRetryMs: 40,
  pollMs: 200,
  leaseMs: 1_000,
  giveUpAfterMs: 60_000,
};
const limits = { ...retrievalDefaults, maxBytes: 1_000_000, idleMs: 5_000 };

// A transaction may be run again, so steps count only once they are committed.
async function writeSteps(
  db: Transaction<Schema>,
  { messageIds, status, reason }: FetchSteps,
): Promise<void> {
  for (const messageId of messageIds) {
    const { count } = await db
      .selectFrom("journal")
      .select((select) => select.fn.countAll<number>().as("count"))
      .where("message_id", "=", messageId)
      .executeTakeFirstOrThrow();
    const [code, detail] = [reason?.code ?? null, reason?.detail ?? null];
    await db
      .insertInto("journal")
      .values({
        message_id: messageId,
        seq: count + 1,
        attempt: 1,
        status,
        at: 1,
        reason_code: code,
        reason_detail: detail,
      })
      .execute();
  }
}

const until = (what: string, condition: () => boolean | Promise<boolean>) =>
  eventually(condition, { what, within: 15_000, every: 5 });

eachStore("document fetcher", (openFresh, source) => {
  let directory: string;
  let files: FileStore;
  let store: Store;
  let peers: Peer[];
  let fetchers: DocumentFetcher[];
  let endpoints: Map<Domain, string>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-fetch-"));
    files = await FileStore.open(directory);
    store = await openFresh();
    peers = [];
    fetchers = [];
    endpoints = new Map();
  });
  afterEach(async () => {
    await Promise.all(fetchers.map((fetcher) => fetcher.stop()));
    await Promise.all(peers.map((peer) => peer.close()));
    await rm(directory, { recursive: true, force: true });
  });

  const peerOf = async (participant: Domain, answer: RequestListener): Promise<Peer> => {
    const peer = await startPeer(answer);
    peers.push(peer);
    endpoints.set(participant, peer.url);
    return peer;
  };
  const fetcherOn = (database: Store, options: Partial<FetcherOptions> = {}): DocumentFetcher => {
    const fetcher = new DocumentFetcher({
      store: database,
      files,
      guard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
      endpointOf: (_channelId, participant) => Promise.resolve(endpoints.get(participant) ?? null),
      authorize: ({ channelId, audience, method, path }) =>
        Promise.resolve(`ICL ${channelId} ${audience} ${method} ${path}`),
      onFetch: writeSteps,
      limits,
      pace,
      log: silentLogger,
      ...options,
    });
    fetchers.push(fetcher);
    return fetcher;
  };
  const queue = (name: string, from: Domain, wanted: Digest = digest) =>
    queueFetches(store.db, [
      {
        messageId: messageIdFor(name),
        digest: wanted,
        source: from,
        channelId: "memory:1",
        at: Date.now(),
      },
    ]);
  const row = (name: string) =>
    store.db
      .selectFrom("document_fetch")
      .selectAll()
      .where("message_id", "=", messageIdFor(name))
      .executeTakeFirstOrThrow();
  const journal = () =>
    store.db.selectFrom("journal").selectAll().orderBy("message_id").orderBy("seq").execute();
  const stepsOf = async (name: string) =>
    (await journal())
      .filter((step) => step.message_id === messageIdFor(name))
      .map((step) => (step.reason_code === null ? step.status : `${step.status}: ${step.reason_code}`));
  const availableCount = async () => (await journal()).filter((step) => step.status === "available").length;
  const give =
    (bytes: Uint8Array): RequestListener =>
    (_request, response) =>
      response.end(bytes);

  it("brings a document, keeps it as the source's, and tells the journal each step", async () => {
    let authorization: string | undefined;
    await peerOf(australia, (request, response) => {
      authorization = request.headers.authorization;
      response.setHeader("content-type", "application/json");
      response.end(document);
    });
    await queue("a", australia);
    fetcherOn(store).wake();
    await until("it is available", async () => (await row("a")).state === "done");
    expect(await stepsOf("a")).to.deep.equal(["fetching", "available"]);
    expect(await findDocument(store.db, digest)).to.deep.equal({
      digest,
      size: document.length,
      mediaType: "application/json",
      origin: "fetched",
      storedBy: australia,
    });
    expect(await buffer(await files.read(digest))).to.deep.equal(document);
    expect(authorization).to.equal(`ICL memory:1 ${australia} GET /documents/${multihashOf(digest)}`);
    expect(await row("a")).to.include({ state: "done", tries: 1, lease_owner: null });
  });

  it("asks again while the sender's node does not show it yet, and says nothing of that", async () => {
    const peer = await peerOf(australia, (_request, response) => {
      if (peer.asked.length < 4) response.writeHead(404).end();
      else response.end(document);
    });
    await queue("a", australia);
    fetcherOn(store).wake();
    await until("it is available", async () => (await row("a")).state === "done");
    expect(peer.asked).to.have.length(4);
    expect(await stepsOf("a")).to.deep.equal(["fetching", "available"]);
  });

  it("is not late for what falls due while it looks through the queue", async () => {
    await peerOf(australia, give(document));
    await queue("a", australia);
    const { due_at: dueAt } = await row("a");
    let asked = 0;
    // The clock strikes between looking for what is due and setting the alarm.
    const now = (): number => (asked++ === 0 ? dueAt - 1 : dueAt);
    fetcherOn(store, { now, pace: { ...pace, pollMs: 60_000 } }).wake();
    await until("it is available", async () => (await row("a")).state === "done");
  });

  it("throws lies away, says so once, and takes the truth when it comes (trap 6)", async () => {
    const peer = await peerOf(australia, (_request, response) => {
      response.end(peer.asked.length < 4 ? "forged" : document);
    });
    await queue("a", australia);
    fetcherOn(store).wake();
    await until("it is available", async () => (await row("a")).state === "done");
    expect(await stepsOf("a")).to.deep.equal(["fetching", "fetch-failed: hash-mismatch", "available"]);
    expect(await findDocument(store.db, digestFor("forged"))).to.equal(null);
    expect(await readdir(join(directory, "incoming"))).to.deep.equal([]);
  });

  it("tells a new reason when it fails in another way", async () => {
    const peer = await peerOf(australia, (_request, response) => {
      if (peer.asked.length < 3) response.writeHead(500).end();
      else response.end("forged");
    });
    await queue("a", australia);
    fetcherOn(store).wake();
    await until("both reasons are told", async () => (await stepsOf("a")).length === 4);
    expect(await stepsOf("a")).to.deep.equal([
      "fetching",
      "fetch-failed: peer-refused",
      "fetching",
      "fetch-failed: hash-mismatch",
    ]);
  });

  it("fails for a source without endpoint, and goes on when it has announced one", async () => {
    await queue("a", australia);
    fetcherOn(store).wake();
    await until("the failure is told", async () => (await stepsOf("a")).length === 2);
    expect(await stepsOf("a")).to.deep.equal(["fetching", "fetch-failed: endpoint-unknown"]);
    await peerOf(australia, give(document));
    await until("it is available", async () => (await stepsOf("a")).includes("available"));
  });

  it("waits longer after each failure, no less than the peer asks for, and tries for a day and more", async () => {
    let now = 1_764_000_000_000;
    const start = now;
    const hour = 60 * 60 * 1000;
    const peer = await peerOf(australia, (_request, response) => {
      response.writeHead(503, peer.asked.length === 4 ? { "retry-after": "1800" } : {}).end();
    });
    await queueFetches(store.db, [
      {
        messageId: messageIdFor("a"),
        digest,
        source: australia,
        channelId: "memory:1",
        at: now,
      },
    ]);
    const fetcher = fetcherOn(store, { now: () => now, pace: { ...fetchPace, giveUpAfterMs: 25 * hour } });
    const waits: number[] = [];
    // The fetcher may be awake by itself: how often it has tried is read before the clock lets it try again.
    for (let seen = 0; ;) {
      fetcher.wake();
      await until("it was tried", async () => {
        const current = await row("a");
        return current.tries > seen && current.lease_owner === null;
      });
      const { state, due_at, tries } = await row("a");
      seen = tries;
      if (state === "failed") break;
      waits.push(due_at - now);
      now = due_at;
    }
    expect(waits[0]).to.be.within(750, 1_000);
    expect(waits[1]).to.be.within(1_500, 2_000);
    expect(waits[2]).to.be.within(3_000, 4_000);
    expect(waits[3], "the peer asked for half an hour").to.equal(1_800_000);
    expect(Math.max(...waits.filter((wait) => wait !== 1_800_000))).to.be.within(450_000, 600_000);
    expect(now - start).to.be.greaterThan(24 * hour);
    expect(await stepsOf("a")).to.deep.equal([
      "fetching",
      "fetch-failed: peer-refused",
      "fetching",
      "fetch-failed: peer-refused",
    ]);
    const tries = peer.asked.length;
    now += 10 * 24 * hour;
    fetcher.wake();
    await delay(50);
    expect(peer.asked, "it is not tried any more").to.have.length(tries);
  }).timeout(60_000);

  it("gives up in the end on a document that is never shown", async () => {
    await peerOf(australia, (_request, response) => response.writeHead(404).end());
    await queue("a", australia);
    fetcherOn(store, { pace: { ...pace, giveUpAfterMs: 100 } }).wake();
    await until("it is given up", async () => (await row("a")).state === "failed");
    expect(await stepsOf("a")).to.deep.equal(["fetching", "fetch-failed: not-offered"]);
  });

  it("lets no slow peer hold up another", async () => {
    const slow = await peerOf(singapore, (request, response) => {
      if (request.method === "POST") response.writeHead(404).end(); // and never answers for one
    });
    await peerOf(australia, (request, response) => {
      response.end(request.url?.endsWith(multihashOf(digest)) === true ? document : "other");
    });
    const many = Array.from({ length: 30 }, (_, index) => `slow ${index}`);
    for (const name of many) await queue(name, singapore, digestFor(name));
    await queue("a", australia);
    await queue("b", australia, digestFor("other"));
    fetcherOn(store, { pace: { ...pace, concurrency: 6, perSource: 2 } }).wake();
    await until("both are available", async () => (await availableCount()) === 2);
    const asked = () => slow.asked.filter((path) => path !== "/documents/retrieve");
    await until("as many at once as one source may have", () => asked().length === 2);
    await delay(50);
    expect(asked()).to.have.length(2);
  });

  it("takes turns between sources, whoever has more in line", async () => {
    const order: string[] = [];
    const noting =
      (name: string, bytes: (path: string) => string): RequestListener =>
      (request, response) => {
        order.push(name);
        response.end(bytes(request.url ?? ""));
      };
    const contents = new Map(
      Array.from({ length: 10 }, (_, index) => [
        `/documents/${multihashOf(digestFor(`${index}`))}`,
        `${index}`,
      ]),
    );
    await peerOf(
      singapore,
      noting("many", (path) => contents.get(path) ?? ""),
    );
    await peerOf(
      australia,
      noting("few", () => document.toString()),
    );
    for (const content of contents.values()) await queue(`m${content}`, singapore, digestFor(content));
    await queue("a", australia);
    fetcherOn(store, { pace: { ...pace, concurrency: 2, perSource: 1 } }).wake();
    await until("all are available", async () => (await availableCount()) === 11);
    expect(order.indexOf("few")).to.be.lessThan(3);
  });

  it("brings each document once, however many replicas look for it", async () => {
    const location = await source.freshLocation();
    const first = await source.open(location);
    const replicas = first.dialect === "postgres" ? [first, await source.open(location)] : [first, first];
    store = first;
    const peer = await peerOf(australia, (request, response) => {
      const name = names.find((each) => request.url?.endsWith(multihashOf(digestFor(each))) === true);
      setTimeout(() => response.end(name), 10);
    });
    const names = Array.from({ length: 12 }, (_, index) => `document ${index}`);
    for (const name of names) await queue(name, australia, digestFor(name));
    for (const replica of replicas) fetcherOn(replica).wake();
    await until("all are available", async () => (await availableCount()) >= 12);
    await delay(50);
    const alone = peer.asked.filter((path) => path !== "/documents/retrieve");
    expect(alone, "this peer does not know the request for many").to.have.length(12);
    expect(await availableCount()).to.equal(12);
  });

  it("goes on where a replica that died left off, and lets the dead one write nothing any more", async () => {
    let release: (() => void) | undefined;
    const peer = await peerOf(australia, (_request, response) => {
      if (peer.asked.length > 1) response.end(document);
      else release = () => response.end(document);
    });
    await queue("a", australia);
    let frozenNow = Date.now();
    // This replica hangs: its clock stands still, so the lease it renews is over for everybody else.
    const frozen = fetcherOn(store, { now: () => frozenNow, pace: { ...pace, leaseMs: 100 } });
    frozen.wake();
    await until("the first replica asks", () => peer.asked.length === 1);
    await until("the lease is over", async () => (await row("a")).lease_until < Date.now());
    fetcherOn(store).wake();
    await until("the second replica has it", async () => (await row("a")).state === "done");
    frozenNow = Date.now();
    release?.();
    await frozen.stop();
    expect((await stepsOf("a")).filter((step) => step === "available")).to.have.length(1);
    expect(await row("a")).to.include({ state: "done", lease_epoch: 2 });
  });

  it("gives back at once what it has under way when it is stopped", async () => {
    const peer = await peerOf(australia, () => undefined);
    await queue("a", australia);
    const fetcher = fetcherOn(store);
    fetcher.wake();
    await until("it asks", () => peer.asked.length === 1);
    const started = performance.now();
    await fetcher.stop();
    expect(performance.now() - started).to.be.lessThan(4_000);
    expect(await row("a")).to.include({ state: "queued", lease_until: 0, last_error: null });
    expect(await stepsOf("a")).to.deep.equal(["fetching"]);
    fetcher.wake();
    await delay(30);
    expect(peer.asked, "and never asks again").to.have.length(1);
  });

  it("writes the document and the step together or not at all", async () => {
    await peerOf(australia, give(document));
    await queue("a", australia);
    let [refuse, refused] = [true, 0];
    fetcherOn(store, {
      pace: { ...pace, leaseMs: 100 },
      onFetch: (db, step) => {
        if (step.status === "available" && refuse) {
          refused += 1;
          return Promise.reject(new Error("the journal cannot be written"));
        }
        return writeSteps(db, step);
      },
    }).wake();
    await until("the journal refused", () => refused > 0);
    expect(await findDocument(store.db, digest)).to.equal(null);
    expect(await row("a")).to.include({ state: "queued" });
    refuse = false;
    await until("it is tried again", async () => (await stepsOf("a")).includes("available"));
    expect(await findDocument(store.db, digest)).to.include({ origin: "fetched" });
  });

  describe("a document that is here already", () => {
    const here = (origin: "user" | "fetched", storedBy: string) =>
      recordDocument(store.db, { digest, size: 1, mediaType: "text/plain", origin, storedBy, at: 1 });

    it("is not asked for when it is our own, or this source has shown it before", async () => {
      const peer = await peerOf(australia, give(document));
      await here("user", "issuer alice");
      await queue("own", australia);
      fetcherOn(store).wake();
      await until("it is available", async () => (await stepsOf("own")).includes("available"));
      await store.db.updateTable("document").set({ origin: "fetched", stored_by: australia }).execute();
      await queue("shown", australia);
      fetchers[0]?.wake();
      await until("it is available", async () => (await stepsOf("shown")).includes("available"));
      expect(peer.asked).to.deep.equal([]);
    });

    it("is asked for when another participant names its hash, who may not have it (trap 7)", async () => {
      const peer = await peerOf(singapore, (_request, response) => response.writeHead(404).end());
      await here("fetched", australia);
      await queue("a", singapore);
      fetcherOn(store).wake();
      await until("it was asked for", () => peer.asked.length > 2);
      expect(await stepsOf("a")).to.deep.equal(["fetching"]);
      const shared = checkShareable(store.db, { digest, receiver: singapore, channelId: "memory:1" });
      expect(await rejection(shared)).to.have.property("code", "document-not-shareable");
    });
  });
});
