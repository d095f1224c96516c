import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request as ask, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { DOCUMENT_FRAMES } from "../../src/documents/document-frames.ts";
import { DocumentFetcher } from "../../src/documents/document-fetcher.ts";
import { fetchPace, type FetchSteps } from "../../src/documents/fetch-options.ts";
import { queueFetches } from "../../src/documents/fetch-repository.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { retrievalDefaults } from "../../src/documents/retrieve.ts";
import { digestOf, parseMultihash, type Digest } from "../../src/domain/multihash.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { silentLogger } from "../../src/log.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import { attached, au, cn, sg } from "../channels/fixtures.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { startPeer, type Peer } from "../documents/peer.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";

const MEBIBYTE = 1024 * 1024;
const document = (bytes = 5_000) => Uint8Array.from(randomBytes(bytes));
const isForMany = ({ method }: IncomingMessage) => method === "POST";

/** Singapore's node, and between it and the others what answers in its name. */
class Singapore {
  readonly country: Country;
  readonly peer: Peer;
  /** What stands between; null for nothing. */
  fault: RequestListener | null = null;

  constructor(country: Country, peer: Peer) {
    this.country = country;
    this.peer = peer;
  }

  forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url = "/" } = request;
    const onward = ask(this.country.node.url + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }
}

/** China's node, which fetches from Australia's, which is well, and from Singapore's, which is as a test says. */
interface Scene {
  readonly world: World;
  readonly china: Country;
  readonly australia: Country;
  readonly singapore: Singapore;
  announce(url: string): Promise<void>;
  send(from: Country, bytes: Uint8Array<ArrayBuffer>): Promise<{ readonly id: string; readonly obj: string }>;
  failures(): Promise<number>;
  close(): Promise<void>;
}

/** @param patience with Singapore's node, in milliseconds */
async function openScene(location: () => Promise<DatabaseLocation>, patience: number): Promise<Scene> {
  const world = await startWorld();
  const retrieval = { answerMs: patience, idleMs: patience, graceMs: patience, minBytesPerSecond: 1_000 };
  const australia = await world.start(await world.configure(au, "AU", await location()));
  const china = await world.start(await world.configure(cn, "CN", await location()), { retrieval });
  const country = await world.start(await world.configure(sg, "SG", await location()));
  const peer = await startPeer((request, response) => {
    if (singapore.fault === null) singapore.forward(request, response);
    else singapore.fault(request, response);
  });
  const singapore = new Singapore(country, peer);
  const announce = async (url: string) => {
    const admin = world.channel.admins.get(sg);
    if (admin === undefined) throw new Error("Singapore has no admin.");
    await (await world.channel.contract.connect(admin).setEndpoint(nameHash(sg), url)).wait();
  };
  await announce(peer.url);
  for (const { officer } of [australia, china, country]) {
    await eventually(async () => (await officer.request("/health/ready")).status === 200);
  }
  let notes = 0;
  return {
    ...{ world, china, australia, singapore, announce },
    async send({ officer }, bytes) {
      const obj = await officer.store(bytes, "application/octet-stream");
      const subject = `note:${(notes += 1)}`;
      return { obj, id: await officer.send({ receiver: cn, subject, predicate: attached, obj }) };
    },
    async failures() {
      const administrator = await world.officer(china.config, ["admin"]);
      const text = await (await administrator.request("/metrics")).text();
      const counts = text.matchAll(/^icl_fetch_failures_total(?:\{.*\})? (\d+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    async close() {
      await world.close();
      await peer.close();
    },
  };
}

/** Writes for as long as anybody reads. @returns how much so far */
function endless(response: ServerResponse, chunk: Buffer): { readonly given: () => number } {
  let given = 0;
  const go = () => {
    while (!response.destroyed && response.write(chunk)) given += chunk.length;
    if (!response.destroyed) response.once("drain", go);
  };
  go();
  return { given: () => given };
}

/** Answers with exactly these bytes, whatever Node's server would rather say. */
const raw =
  (...pieces: readonly (string | Uint8Array)[]): RequestListener =>
  ({ socket }) => {
    for (const piece of pieces) socket.write(piece);
    socket.end();
  };

describe("another participant's node", () => {
  describe("that fails or lies", () => {
    let scene: Scene;
    let directory: string;
    let elsewhere: Peer;
    let truth: Uint8Array<ArrayBuffer>;

    before(async function () {
      this.timeout(120_000);
      directory = await mkdtemp(join(tmpdir(), "icl-peers-"));
      let count = 0;
      scene = await openScene(
        () => Promise.resolve({ technology: "sqlite", file: join(directory, `${(count += 1)}.db`) }),
        1_000,
      );
      elsewhere = await startPeer((_request, response) => response.end(truth));
    });
    after(async () => {
      await scene.close();
      await elsewhere.close();
      await rm(directory, { recursive: true, force: true });
    });
    beforeEach(() => {
      truth = document();
    });
    afterEach(() => {
      scene.singapore.fault = null;
    });

    /** Nothing of it is shown or kept; once the fault is over it arrives by itself. */
    const failsThenArrives = async (code: string, fault: RequestListener) => {
      const { china, singapore } = scene;
      const before = await scene.failures();
      singapore.fault = fault;
      const { id, obj } = await scene.send(singapore.country, truth);
      const { journal } = await china.officer.until(id, "fetch-failed");
      expect(journal.at(-1)?.reason?.code).to.equal(code);
      expect((await china.officer.read(obj)).status).to.equal(404);
      expect(await scene.failures()).to.be.greaterThan(before);
      singapore.fault = null;
      await china.officer.until(id, "available");
      const { status, bytes } = await china.officer.read(obj);
      expect([status, Buffer.from(bytes).equals(truth)]).to.deep.equal([200, true]);
      expect(await readdir(join(china.config.documents.directory, "incoming"))).to.deep.equal([]);
    };

    const lie = (headers: Record<string, string | number> = {}): RequestListener =>
      function (_request, response) {
        response.writeHead(200, { "content-type": "application/octet-stream", ...headers });
        response.end(Buffer.from("another document"));
      };
    const gone: RequestListener = (request) => request.socket.destroy();
    const status =
      (code: number, headers: Record<string, string> = {}): RequestListener =>
      (_request, response) =>
        response.writeHead(code, headers).end();

    it("is asked again when it hangs up", () => failsThenArrives("peer-unreachable", gone));

    it("is asked again when it never answers", () => failsThenArrives("peer-timeout", () => undefined));

    it("is left when it sends too slowly", () =>
      failsThenArrives("peer-timeout", (_request, response) => {
        const timer = setInterval(() => response.write("x"), 50);
        response.on("close", () => {
          clearInterval(timer);
        });
      }));

    it("gets no wrong bytes into the store", () => failsThenArrives("hash-mismatch", lie()));

    it("is not believed for the hash it names", () =>
      failsThenArrives("hash-mismatch", (request, response) => {
        const [, hash = ""] = /([^/]+)$/.exec(request.url ?? "") ?? [];
        lie({ etag: `"${hash}"`, digest: `sha-256=${hash}` })(request, response);
      }));

    it("sends without end, and is cut off at the limit", async () => {
      const streams: { readonly given: () => number }[] = [];
      await failsThenArrives("document-too-large", (_request, response) => {
        streams.push(endless(response, Buffer.alloc(65_536)));
      });
      const { maxBytes } = scene.china.config.documents;
      for (const { given } of streams) expect(given()).to.be.lessThan(maxBytes + 10 * MEBIBYTE);
    });

    it("announces less than it sends", () =>
      failsThenArrives("hash-mismatch", raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", truth)));

    it("announces more than it sends", () =>
      failsThenArrives("answer-truncated", raw("HTTP/1.1 200 OK\r\ncontent-length: 6000\r\n\r\n", truth)));

    it("sends a little that would unpack to a lot", () => {
      const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE));
      return failsThenArrives("hash-mismatch", (_request, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.length }).end(bomb);
      });
    });

    it("sends on to a private address, where nobody asks", async () => {
      await failsThenArrives("redirected", status(307, { location: `${elsewhere.url}/private` }));
      expect(elsewhere.asked).to.deep.equal([]);
    });

    it("sends on to a public address, where nobody asks", async () => {
      const asked = scene.singapore.peer.asked.length;
      await failsThenArrives("redirected", status(302, { location: "https://example.com/" }));
      expect(scene.singapore.peer.asked.length).to.be.greaterThan(asked);
    });

    it("makes a mistake (500)", () => failsThenArrives("peer-refused", status(500)));

    it("does not accept the token (401)", () => failsThenArrives("peer-refused", status(401)));

    it("does not accept the token, its clock being another", () =>
      failsThenArrives("clock-skew", (_request, response) => {
        response.sendDate = false;
        response.writeHead(401, { date: new Date(Date.now() + 600_000).toUTCString() }).end();
      }));

    it("is believed when it does not show the document yet, and asked again", async () => {
      const { china, singapore } = scene;
      singapore.fault = status(404);
      const { id } = await scene.send(singapore.country, truth);
      const asked = singapore.peer.asked.length;
      await eventually(() => singapore.peer.asked.length > asked + 3);
      singapore.fault = null;
      const { journal } = await china.officer.until(id, "available");
      expect(journal.map((step) => step.status)).to.deep.equal(["received", "fetching", "available"]);
    });

    it("moves to another address, which the ledger tells", async () => {
      await scene.announce("http://127.0.0.1:9"); // where nobody listens
      const { id } = await scene.send(scene.singapore.country, truth);
      const { journal } = await scene.china.officer.until(id, "fetch-failed");
      expect(journal.at(-1)?.reason?.code).to.equal("peer-unreachable");
      await scene.announce(scene.singapore.peer.url);
      await scene.china.officer.until(id, "available");
    });

    describe("asked for several at once", () => {
      const several = async (fault: RequestListener) => {
        const { singapore } = scene;
        singapore.fault = gone;
        const sent: { readonly id: string; readonly obj: string }[] = [];
        for (let count = 0; count < 4; count += 1) sent.push(await scene.send(singapore.country, document()));
        for (const { id } of sent) await scene.china.officer.until(id, "fetch-failed");
        // All of them fall due at one moment, so that they are asked for together.
        const store = await openStore({ database: scene.china.config.store, participant: cn });
        const queued = () => store.db.updateTable("document_fetch").where("state", "=", "queued");
        await eventually(async () => {
          await queued()
            .set({ due_at: Date.now() + 300_000 })
            .where("lease_owner", "is", null)
            .execute();
          const held = store.db.selectFrom("document_fetch").select("message_id");
          return (await held.where("lease_owner", "is not", null).execute()).length === 0;
        });
        singapore.fault = fault;
        await queued().set({ due_at: 0 }).execute();
        await store.close();
        return sent;
      };
      const arrive = async (sent: readonly { readonly id: string; readonly obj: string }[]) => {
        for (const { id, obj } of sent) {
          await scene.china.officer.until(id, "available");
          const { bytes } = await scene.china.officer.read(obj);
          expect(createHash("sha256").update(bytes).digest("hex")).to.equal(digestOf(parseMultihash(obj)));
        }
      };

      it("lies about each of them", async () => {
        let lied = 0;
        const sent = await several((request, response) => {
          if (!isForMany(request)) {
            lie()(request, response);
            return;
          }
          let json = "";
          request.on("data", (piece: Buffer) => (json += piece.toString()));
          request.on("end", () => {
            lied += 1;
            response.writeHead(200, { "content-type": DOCUMENT_FRAMES });
            for (const multihash of JSON.parse(json) as string[]) {
              const head = { multihash, status: 200, size: 7, mediaType: "text/plain" };
              response.write(`${JSON.stringify(head)}\nforgery`);
            }
            response.end();
          });
        });
        const [{ id, obj } = { id: "", obj: "" }] = sent;
        await eventually(async () => {
          const record = await scene.china.officer.message(id);
          return record?.journal.at(-1)?.reason?.code === "hash-mismatch";
        });
        expect(lied).to.be.greaterThan(0);
        expect((await scene.china.officer.read(obj)).status).to.equal(404);
        scene.singapore.fault = null;
        await arrive(sent);
      });

      it("sends no end of what is no answer, and is asked for each alone", async () => {
        const streams: { readonly given: () => number }[] = [];
        const sent = await several((request, response) => {
          if (isForMany(request)) streams.push(endless(response, Buffer.alloc(65_536, "x")));
          else scene.singapore.forward(request, response);
        });
        await arrive(sent);
        expect(streams).not.to.have.length(0);
        for (const { given } of streams) expect(given()).to.be.lessThan(10 * MEBIBYTE);
      });
    });
  });

  eachStore(
    "that is away",
    (openFresh, source) => {
      describe("with a thousand documents due", () => {
        let scene: Scene;
        before(async function () {
          this.timeout(120_000);
          scene = await openScene(() => source.freshLocation(), 10_000);
        });
        after(() => scene.close());

        it("holds up no other's", async function () {
          this.timeout(60_000);
          const { china, australia, singapore } = scene;
          singapore.fault = () => undefined; // takes every question, and never answers
          const store = await source.open(china.config.store, cn);
          const { id: channelId } = await store.db
            .selectFrom("channel")
            .select("id")
            .executeTakeFirstOrThrow();
          const due = Array.from({ length: 1_000 }, () => {
            const digest = randomBytes(32).toString("hex") as Digest;
            return { messageId: `0x${digest}`, digest, source: sg, channelId, at: Date.now() };
          });
          await queueFetches(store.db, due);
          await eventually(() => singapore.peer.asked.length > 0);
          for (let count = 0; count < 5; count += 1) {
            const started = performance.now();
            const { id } = await scene.send(australia, document());
            await china.officer.until(id, "available");
            expect(performance.now() - started, "sooner than the other is given up").to.be.lessThan(8_000);
          }
          await eventually(async () => (await scene.failures()) >= 1_000);
        });
      });

      describe("for a day", () => {
        it("is asked all that time, and the document is here soon after it is shown", async function () {
          this.timeout(60_000);
          const store = await openFresh();
          const directory = await mkdtemp(join(tmpdir(), "icl-day-"));
          const files = await FileStore.open(directory);
          const content = document();
          const digest = createHash("sha256").update(content).digest("hex") as Digest;
          const start = Date.now();
          let now = start;
          const isOver = () => now - start > 24 * 3_600_000;
          const peer = await startPeer((_request, response) => {
            if (isOver()) response.end(content);
            else response.writeHead(404).end();
          });
          const steps: string[] = [];
          const fetcher = new DocumentFetcher({
            ...{ store, files, log: silentLogger, pace: fetchPace, now: () => now },
            guard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
            endpointOf: () => Promise.resolve(peer.url),
            authorize: () => Promise.resolve("ICL x"),
            onFetch: (_db, { status }: FetchSteps) => Promise.resolve(void steps.push(status)),
            limits: { ...retrievalDefaults, maxBytes: MEBIBYTE },
          });
          const messageId = `0x${digest}`;
          await queueFetches(store.db, [{ messageId, digest, source: sg, channelId: "c", at: now }]);
          let longest = 0;
          for (let tries = 0; ;) {
            fetcher.wake();
            const row = () => store.db.selectFrom("document_fetch").selectAll().executeTakeFirstOrThrow();
            await eventually(async () => {
              const { tries: made, lease_owner: owner } = await row();
              return made > tries && owner === null;
            });
            const { state, due_at: dueAt, tries: made } = await row();
            if (state !== "queued") break;
            tries = made;
            longest = Math.max(longest, dueAt - now);
            now = dueAt;
          }
          await fetcher.stop();
          await peer.close();
          await rm(directory, { recursive: true, force: true });
          expect(isOver()).to.equal(true);
          expect(longest, "it is asked every ten minutes at least").to.be.at.most(600_000);
          expect(steps).to.deep.equal(["fetching", "available"]);
        });
      });
    },
    "suite",
  );
});
