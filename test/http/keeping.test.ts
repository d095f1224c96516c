import { createHash, randomUUID } from "node:crypto";
import { access, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { openToReceiver, recordIntent, recordRead } from "../../src/documents/document-repository.ts";
import { queueFetches } from "../../src/documents/fetch-repository.ts";
import { DocumentSweeper } from "../../src/documents/document-sweeper.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import type { MessageId } from "../../src/domain/message.ts";
import { digestOf, type Digest, type Multihash } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { keepingRouter } from "../../src/http/keeping-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { NodeCaller } from "../../src/identity/caller.ts";
import { silentLogger } from "../../src/log.ts";
import { findMessage } from "../../src/messages/message-repository.ts";
import { recordsOf } from "../../src/messages/message-record.ts";
import type { Store } from "../../src/store/store.ts";
import { insertMessage } from "../documents/message-row.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, home, node, user } from "./test-callers.ts";

const china = parseDomain("customs.gov.cn");
const cn = node(china) as NodeCaller;
const DAY = 24 * 60 * 60 * 1000;
const START = Date.parse("2026-06-01T00:00:00Z");

eachStore("keeping documents", (openFresh) => {
  describe("over HTTP", () => {
    let directory: string;
    let store: Store;
    let files: FileStore;
    let server: HttpServer;
    let at: number;

    beforeEach(async () => {
      at = START;
      directory = await mkdtemp(join(tmpdir(), "icl-keeping-"));
      store = await openFresh();
      files = await FileStore.open(directory);
      const options = { store, files, now: () => at };
      server = await serve(
        authenticateAs({
          admin: user("root", "admin"),
          officer: user("officer", "documents:write"),
          clerk: user("clerk", "documents:write"),
          reader: user("reader", "messages:read"),
          cn,
          sg: node("customs.gov.sg"),
        }),
        [keepingRouter(options), documentsRouter({ ...options, maxBytes: 10_000 })],
      );
    });

    afterEach(async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    });

    const call = (as: string, method: string, path: string, body?: unknown) =>
      fetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${as}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    const pathOf = (digest: Digest) => join(directory, "content", digest.slice(0, 2), digest);
    const isOnDisc = (digest: Digest) =>
      access(pathOf(digest)).then(
        () => true,
        () => false,
      );
    /** Stores a document, as long ago as uploads are over. */
    const stored = async (text: string = randomUUID(), lately = false): Promise<Multihash> => {
      const response = await call("officer", "POST", "/documents", text);
      const { multihash } = (await response.json()) as { multihash: Multihash };
      const long = new Date(Date.now() - 3 * DAY);
      if (!lately) await utimes(pathOf(digestOf(multihash)), long, long);
      return multihash;
    };
    const idOf = (text: string): MessageId => `0x${createHash("sha256").update(text).digest("hex")}`;
    const say = async (
      multihash: Multihash,
      message: { readonly status?: string; readonly effect?: string; readonly created_at?: number } = {},
    ) => {
      const id = idOf(multihash + JSON.stringify(message));
      const digest = digestOf(multihash);
      await insertMessage(store.db, { id, digest, sender: home, receiver: china, ...message });
      return id;
    };
    const openToChina = async (multihash: Multihash) => {
      const messageId = await say(multihash);
      await recordIntent(store.db, { messageId, digest: digestOf(multihash), participant: china });
      await openToReceiver(store.db, { messageId, at });
      return messageId;
    };
    const fetched = (multihash: Multihash) =>
      recordRead(store.db, { digest: digestOf(multihash), reader: cn, at });
    const erase = (multihash: Multihash, reason = "Court order 7") =>
      call("admin", "DELETE", `/documents/${multihash}?reason=${encodeURIComponent(reason)}`);
    const hold = (multihash: Multihash, reason = "Investigation 118") =>
      call("admin", "PUT", `/documents/${multihash}/hold`, { reason });
    const actsOn = async (multihash: Multihash) =>
      (
        await store.db
          .selectFrom("audit")
          .select("act")
          .where("object", "=", digestOf(multihash))
          .orderBy("seq")
          .execute()
      ).map(({ act }) => act);

    describe("a legal hold", () => {
      it("keeps a document from being erased until it is taken away, and both are on record", async () => {
        const multihash = await stored();
        const placed = await hold(multihash);
        expect(placed.status).to.equal(200);
        const shown = { multihash, reason: "Investigation 118", heldBy: "https://id.gov.au root" };
        expect(await placed.json()).to.deep.include(shown);
        expect(await (await call("admin", "GET", `/documents/${multihash}/hold`)).json()).to.deep.include(
          shown,
        );
        expect(await problemOf(await erase(multihash))).to.include({ status: 409, code: "document-held" });
        expect((await call("reader", "GET", `/documents/${multihash}`)).status).to.equal(200);
        expect((await call("admin", "DELETE", `/documents/${multihash}/hold`)).status).to.equal(204);
        expect((await erase(multihash)).status).to.equal(200);
        expect(await actsOn(multihash)).to.deep.equal([
          "document.stored",
          "document.held",
          "document.read",
          "document.released",
          "document.erased",
        ]);
      });

      it("is placed and lifted by administrators alone, with a reason, on documents that are here", async () => {
        const multihash = await stored();
        for (const as of ["reader", "officer", "cn"]) {
          for (const method of ["GET", "PUT", "DELETE"]) {
            const body = method === "PUT" ? { reason: "x" } : undefined;
            const refused = await call(as, method, `/documents/${multihash}/hold`, body);
            expect(refused.status, `${method} by ${as}`).to.equal(403);
          }
        }
        const path = `/documents/${multihash}/hold`;
        for (const body of [
          {},
          { reason: "" },
          { reason: "  " },
          { reason: "x".repeat(501) },
          { why: "x" },
          "{",
        ]) {
          expect((await call("admin", "PUT", path, body)).status, JSON.stringify(body)).to.equal(400);
        }
        expect((await call("admin", "GET", path)).status).to.equal(404);
        expect((await call("admin", "DELETE", path)).status).to.equal(404);
        const absent = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n" as Multihash;
        expect(await problemOf(await hold(absent))).to.include({ status: 404, code: "not-found" });
      });
    });

    describe("erasing a document", () => {
      it("takes the bytes from the disc, leaves the messages, and tells who could read it when and why", async () => {
        const multihash = await stored();
        const messageId = await openToChina(multihash);
        await fetched(multihash);
        const response = await erase(multihash);
        expect(response.status).to.equal(200);
        expect(await response.json()).to.deep.equal({
          multihash,
          erasedAt: "2026-06-01T00:00:00.000Z",
          bytesRemoved: true,
        });
        expect(await isOnDisc(digestOf(multihash))).to.equal(false);
        for (const as of ["reader", "officer", "cn"]) {
          const refused = await problemOf(await call(as, "GET", `/documents/${multihash}`));
          expect(refused, as).to.deep.include({
            ...{ status: 410, code: "document-erased" },
            ...{ erasedAt: "2026-06-01T00:00:00.000Z", reason: "Court order 7" },
          });
        }
        for (const as of ["clerk", "sg"]) {
          const hidden = await problemOf(await call(as, "GET", `/documents/${multihash}`));
          expect(hidden, as).to.include({ status: 404, code: "not-found" });
        }
        const row = await findMessage(store.db, messageId);
        const [record] = await recordsOf(store.db, row === null ? [] : [row], at);
        expect(record).to.deep.include({
          status: "delivered",
          documentErased: { at: "2026-06-01T00:00:00.000Z", reason: "Court order 7" },
        });
        expect((await problemOf(await erase(multihash))).code).to.equal("document-erased");
        expect((await problemOf(await hold(multihash))).code).to.equal("document-erased");
      });

      it("is for administrators alone, needs a reason, and needs the document", async () => {
        const multihash = await stored();
        for (const as of ["reader", "officer", "cn"]) {
          expect((await call(as, "DELETE", `/documents/${multihash}?reason=x`)).status, as).to.equal(403);
        }
        expect((await call("admin", "DELETE", `/documents/${multihash}`)).status).to.equal(400);
        expect((await erase(multihash, "x".repeat(501))).status).to.equal(400);
        const absent = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n" as Multihash;
        expect((await problemOf(await erase(absent))).code).to.equal("not-found");
        expect((await call("reader", "GET", `/documents/${multihash}`)).status).to.equal(200);
      });

      it("waits while a message with it is on its way, or its receiver has yet to fetch it", async () => {
        const needed = async (multihash: Multihash) => {
          expect(await problemOf(await erase(multihash))).to.include({
            status: 409,
            code: "document-needed",
          });
        };
        for (const status of ["pending", "bundled", "sent"]) {
          const multihash = await stored();
          const id = await say(multihash, { status });
          await needed(multihash);
          await store.db.updateTable("message").set({ status: "failed" }).where("id", "=", id).execute();
          expect((await erase(multihash)).status, `${status}, then failed`).to.equal(200);
        }
        const awaited = await stored();
        const digest = digestOf(awaited);
        await queueFetches(store.db, [{ messageId: idOf("in"), digest, source: china, channelId: "c", at }]);
        await needed(awaited);

        const opened = await stored();
        await openToChina(opened);
        await needed(opened);
        await fetched(opened);
        expect((await erase(opened)).status).to.equal(200);

        const ignored = await stored();
        await openToChina(ignored);
        at += 4 * DAY;
        expect((await erase(ignored)).status, "nobody fetches it any more").to.equal(200);
      });

      it("lets the same bytes be stored again, on record, and open to whom they were open", async () => {
        const multihash = await stored("the same bytes");
        await openToChina(multihash);
        await fetched(multihash);
        await erase(multihash);
        await stored("the same bytes");
        expect((await call("reader", "GET", `/documents/${multihash}`)).status).to.equal(200);
        expect((await call("cn", "GET", `/documents/${multihash}`)).status).to.equal(200);
        const acts = await actsOn(multihash);
        expect(acts.filter((act) => act === "document.stored" || act === "document.erased")).to.deep.equal([
          "document.stored",
          "document.erased",
          "document.stored",
        ]);
        expect((await erase(multihash)).status, "and be erased again").to.equal(200);
      });

      it("removes bytes that may be somebody's upload only later, and never those of a document stored again", async () => {
        const options = { store, files, now: () => at, owner: "x", log: silentLogger, days: null };
        const multihash = await stored("late", true);
        expect(await (await erase(multihash)).json()).to.deep.include({ bytesRemoved: false });
        expect(
          (await call("reader", "GET", `/documents/${multihash}`)).status,
          "yet nobody reads it",
        ).to.equal(410);
        await new DocumentSweeper(options).sweep(0);
        expect(await isOnDisc(digestOf(multihash))).to.equal(true);
        const long = new Date(Date.now() - DAY / 2);
        await utimes(pathOf(digestOf(multihash)), long, long);
        await new DocumentSweeper(options).sweep(0);
        expect(await isOnDisc(digestOf(multihash))).to.equal(false);

        const again = await stored("again", true);
        await erase(again);
        await stored("again", true);
        await utimes(pathOf(digestOf(again)), long, long);
        await new DocumentSweeper(options).sweep(0);
        expect((await call("reader", "GET", `/documents/${again}`)).status).to.equal(200);
      });
    });

    describe("the sweeper", () => {
      const sweep = (days: number | null) =>
        new DocumentSweeper({ store, files, now: () => at, owner: "x", log: silentLogger, days }).sweep(256);
      const issued = async (
        multihash: Multihash,
        end: Partial<Record<"acquitted" | "revoked" | "valid_until", number>>,
      ) => {
        const id = await say(multihash, { created_at: START });
        const seconds = (moment: number | undefined) => (moment === undefined ? null : moment / 1000);
        await store.db
          .insertInto("certificate")
          .values({
            ...{
              channel_id: "c",
              message_id: id,
              sender: home,
              receiver: china,
              predicate: "p",
              subject: id,
            },
            ...{ digest: digestOf(multihash), valid_until: seconds(end.valid_until), duplicate: 0 },
            ...{ issued_height: 1, issued_index: 0, issued_at_seconds: START / 1000 },
            acquitted_by: end.acquitted === undefined ? null : "0xa",
            acquitted_at_seconds: seconds(end.acquitted),
            revoked_by: end.revoked === undefined ? null : "0xb",
            revoked_at_seconds: seconds(end.revoked),
          })
          .execute();
      };
      const statusOf = async (multihash: Multihash) =>
        (await call("reader", "GET", `/documents/${multihash}`)).status;

      it("erases what was used and is over for so many days, and nothing else", async () => {
        const gone = await Promise.all(["a", "b", "c", "d", "e"].map((text) => stored(text)));
        const [used, expired, revoked, told, failed] = gone as [
          Multihash,
          Multihash,
          Multihash,
          Multihash,
          Multihash,
        ];
        await issued(used, { acquitted: START + DAY, valid_until: START + 500 * DAY });
        await issued(expired, { valid_until: START + DAY });
        await issued(revoked, { acquitted: START, revoked: START + DAY });
        await say(told, { effect: "inform", created_at: START });
        await say(failed, { status: "failed", created_at: START });
        const stays = await Promise.all(["k", "l", "m", "n", "o", "p", "q"].map((text) => stored(text)));
        const [live, later, mixed, held, unused, pending, revokedLater] = stays as [
          ...[Multihash, Multihash, Multihash, Multihash, Multihash, Multihash, Multihash],
        ];
        await issued(live, {});
        await issued(later, { acquitted: START + 100 * DAY });
        await issued(mixed, { acquitted: START });
        await say(mixed, { effect: "inform", created_at: START + 100 * DAY });
        await issued(held, { acquitted: START });
        await hold(held);
        await say(pending, { status: "pending", created_at: START });
        await issued(revokedLater, { acquitted: START, revoked: START + 100 * DAY });
        at = START + 120 * DAY;
        await sweep(null);
        for (const multihash of gone) expect(await statusOf(multihash), "kept for ever").to.equal(200);
        await sweep(90);
        for (const multihash of gone) expect(await statusOf(multihash)).to.equal(410);
        for (const multihash of [...stays, unused]) expect(await statusOf(multihash)).to.equal(200);
        const acts = await store.db
          .selectFrom("audit")
          .selectAll()
          .where("act", "=", "document.erased")
          .execute();
        expect(acts).to.have.length(gone.length);
        expect(acts[0]).to.include({ actor_kind: "system", actor: "retention" });
      });

      it("removes bytes that a crash left without a row, unless they are new", async () => {
        const kept = await stored();
        const orphan = async (text: string, age: number) => {
          const multihash = await stored(text);
          await store.db.deleteFrom("document").where("digest", "=", digestOf(multihash)).execute();
          const moment = new Date(Date.now() - age);
          await utimes(pathOf(digestOf(multihash)), moment, moment);
          return digestOf(multihash);
        };
        const [old, fresh] = [await orphan("old", 2 * DAY), await orphan("fresh", DAY / 2)];
        await sweep(null);
        expect(await isOnDisc(old)).to.equal(false);
        expect(await isOnDisc(fresh)).to.equal(true);
        expect(await statusOf(kept)).to.equal(200);
      });
    });
  });
});
