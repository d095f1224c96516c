import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";

import { expect } from "chai";

import { DocumentFetcher } from "../../src/documents/document-fetcher.ts";
import { headLine, type FrameHead } from "../../src/documents/document-frames.ts";
import { findDocument } from "../../src/documents/document-repository.ts";
import { fetchPace } from "../../src/documents/fetch-options.ts";
import { queueFetches } from "../../src/documents/fetch-repository.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { retrievalDefaults } from "../../src/documents/retrieve.ts";
import { digestOf, multihashOf, parseMultihash, type Digest } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { silentLogger } from "../../src/log.ts";
import type { Store } from "../../src/store/store.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startPeer, type Peer } from "./peer.ts";

const australia = parseDomain("homeaffairs.gov.au");
const digestFor = (text: string) => createHash("sha256").update(text).digest("hex") as Digest;
const idFor = (text: string) => `0x${digestFor(`message ${text}`)}`;
const pace = { ...fetchPace, firstRetryMs: 20, longestRetryMs: 50, pollMs: 200, leaseMs: 10_000 };

/** Names of documents whose content is the name itself. */
const names = (count: number) => Array.from({ length: count }, (_, index) => `document ${index}`);

eachStore("fetching many documents at once", (openFresh) => {
  let directory: string;
  let files: FileStore;
  let store: Store;
  let peer: Peer | undefined;
  let fetcher: DocumentFetcher | undefined;
  let authorized: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-fetch-many-"));
    files = await FileStore.open(directory);
    store = await openFresh();
    authorized = [];
  });
  afterEach(async () => {
    await fetcher?.stop();
    await peer?.close();
    [fetcher, peer] = [undefined, undefined];
    await rm(directory, { recursive: true, force: true });
  });

  const queue = (wanted: readonly string[], channelId = "memory:1", source = australia) =>
    queueFetches(
      store.db,
      wanted.map((name) => ({
        ...{ messageId: idFor(name), digest: digestFor(name), source, channelId },
        at: Date.now(),
      })),
    );
  const start = (maxBytes = 1_000_000) => {
    fetcher = new DocumentFetcher({
      ...{ store, files, pace, log: silentLogger },
      guard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
      endpointOf: () => Promise.resolve(peer?.url ?? null),
      authorize: ({ channelId, method, path }) => {
        authorized.push(`${channelId} ${method} ${path}`);
        return Promise.resolve("ICL token");
      },
      onFetch: () => Promise.resolve(),
      limits: { ...retrievalDefaults, maxBytes },
    });
    fetcher.wake();
  };
  const rows = (state: "queued" | "done") =>
    store.db.selectFrom("document_fetch").selectAll().where("state", "=", state).execute();
  const until = (what: string, condition: () => Promise<boolean>) =>
    eventually(condition, { what, within: 30_000, every: 10 });
  const untilDone = (count: number) =>
    until(`${count} are here`, async () => (await rows("done")).length === count);

  /** Answers for many with what `of` makes of each, and for one alone with its name. */
  const framed =
    (known: readonly string[], of: (name: string) => readonly (FrameHead | string)[]): RequestListener =>
    (request, response) => {
      const byDigest = new Map(known.map((name) => [digestFor(name), name]));
      if (request.method === "GET") {
        const digest = digestOf(parseMultihash(request.url?.split("/").at(-1) ?? ""));
        response.end(byDigest.get(digest));
        return;
      }
      void (json(request) as Promise<string[]>).then((asked) => {
        for (const multihash of asked) {
          const name = byDigest.get(digestOf(parseMultihash(multihash))) ?? "";
          for (const part of of(name)) response.write(typeof part === "string" ? part : headLine(part));
        }
        response.end();
      });
    };
  const good = (name: string, content = name): readonly (FrameHead | string)[] => [
    {
      multihash: multihashOf(digestFor(name)),
      status: 200,
      size: content.length,
      mediaType: "application/json",
    },
    content,
  ];

  it("brings a thousand small documents in a few requests, each with a token of its own", async function () {
    this.timeout(60_000);
    const wanted = names(1_000);
    peer = await startPeer(framed(wanted, good));
    await queue(wanted);
    start();
    await untilDone(1_000);
    expect(peer.asked[0]).to.equal("/documents/retrieve");
    // A busy machine may cut an answer short: what is left of it is asked for again, and a single one alone.
    expect(peer.asked.length).to.be.lessThan(10);
    const methodOf = (path: string) => (path === "/documents/retrieve" ? "POST" : "GET");
    expect(authorized).to.deep.equal(peer.asked.map((path) => `memory:1 ${methodOf(path)} ${path}`));
    expect(await findDocument(store.db, digestFor("document 999"))).to.deep.include({
      origin: "fetched",
      storedBy: australia,
      mediaType: "application/json",
    });
  });

  it("throws away the one that lies, and keeps the others", async () => {
    const wanted = names(6);
    let asked = 0;
    peer = await startPeer((request, response) => {
      asked += request.method === "POST" ? 1 : 0;
      const lying = asked < 2;
      framed(wanted, (name) => good(name, lying && name === "document 2" ? "a lie 00000" : name))(
        request,
        response,
      );
    });
    await queue(wanted);
    start();
    await until("five are here, and one failed", async () => {
      const [failed] = await rows("queued");
      return (await rows("done")).length === 5 && failed?.last_error === "hash-mismatch";
    }).catch(async (error: unknown) => {
      // It may have been brought the second time before anybody looked.
      if ((await rows("done")).length < 6) throw error;
    });
    expect(await findDocument(store.db, digestFor("a lie 00000"))).to.equal(null);
    await untilDone(6);
  });

  it("asks alone for what is too large for one answer, and again for what is not shown yet", async () => {
    const wanted = names(5);
    let shown = false;
    const answer = framed(wanted, (name) => {
      const multihash = multihashOf(digestFor(name));
      if (name === "document 1") return [{ multihash, status: 413 }];
      if (name === "document 3" && !shown) return [{ multihash, status: 404 }];
      return good(name);
    });
    const hidden = `/documents/${multihashOf(digestFor("document 3"))}`;
    peer = await startPeer((request, response) => {
      // What waits alone is asked for alone.
      if (request.url === hidden && !shown) response.writeHead(404).end();
      else answer(request, response);
    });
    await queue(wanted);
    start();
    await untilDone(4);
    const [waiting] = await rows("queued");
    expect(waiting).to.include({ message_id: idFor("document 3"), last_error: null });
    expect(peer.asked).to.include(`/documents/${multihashOf(digestFor("document 1"))}`);
    shown = true;
    await untilDone(5);
  });

  it("does not take a document larger than it may be", async () => {
    const wanted = ["small", "x".repeat(2_000)];
    peer = await startPeer(framed(wanted, good));
    await queue(wanted);
    start(1_000);
    await untilDone(1);
    await until("the other failed", async () => {
      const [failed] = await rows("queued");
      return failed?.last_error === "document-too-large";
    });
  });

  for (const [what, reply] of [
    ["another document's line", () => good("strange")],
    ["no JSON", () => ["no JSON\n"]],
    ["a line without end", () => ["x".repeat(10_000)]],
    [
      "a size beyond all measure",
      (name: string) => [
        {
          multihash: multihashOf(digestFor(name)),
          status: 200,
          size: 1e12,
          mediaType: "text/plain",
        } as const,
      ],
    ],
    ["nothing", () => []],
  ] as const satisfies readonly (readonly [string, (name: string) => readonly (FrameHead | string)[]])[]) {
    it(`asks one by one where the answer for many holds ${what}`, async () => {
      const wanted = names(3);
      peer = await startPeer(framed(wanted, reply));
      await queue(wanted);
      start();
      await untilDone(3);
      expect(peer.asked).to.have.length(4);
    });
  }

  it("asks one by one where the other node does not know the request, and does not ask it again so soon", async () => {
    const wanted = names(4);
    peer = await startPeer((request, response) => {
      if (request.method === "POST") response.writeHead(405).end();
      else framed(wanted, good)(request, response);
    });
    await queue(wanted.slice(0, 2));
    start();
    await untilDone(2);
    await queue(wanted.slice(2));
    fetcher?.wake();
    await untilDone(4);
    expect(peer.asked.filter((path) => path === "/documents/retrieve")).to.have.length(1);
  });

  it("brings a document that many messages name once", async () => {
    peer = await startPeer(framed(["evidence"], good));
    const wanted = names(300).map((name) => ({
      ...{ messageId: idFor(name), digest: digestFor("evidence"), source: australia, channelId: "memory:1" },
      at: Date.now(),
    }));
    await queueFetches(store.db, wanted);
    start();
    await untilDone(300);
    expect(peer.asked).to.have.length(1);
  });

  it("looks for a message's document on every channel it came by, and no longer once it is here", async () => {
    const elsewhere = await startPeer((_request, response) => response.writeHead(404).end());
    peer = await startPeer(framed(["wanted"], good));
    try {
      const genuine = peer.url;
      fetcher = new DocumentFetcher({
        ...{ store, files, pace, log: silentLogger },
        guard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
        endpointOf: (channelId) => Promise.resolve(channelId === "genuine" ? genuine : elsewhere.url),
        authorize: () => Promise.resolve("ICL token"),
        onFetch: () => Promise.resolve(),
        limits: { ...retrievalDefaults, maxBytes: 1_000 },
      });
      await queue(["wanted"], "hostile");
      fetcher.wake();
      await until("it was asked for elsewhere", () => Promise.resolve(elsewhere.asked.length > 0));
      await queue(["wanted"], "genuine");
      fetcher.wake();
      await untilDone(1);
      const left = await store.db.selectFrom("document_fetch").select(["channel_id", "state"]).execute();
      expect(left).to.deep.equal([{ channel_id: "genuine", state: "done" }]);
    } finally {
      await elsewhere.close();
    }
  });
});
