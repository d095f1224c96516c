import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import { messageId, toWire, type Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Multihash } from "../../src/domain/multihash.ts";
import { parseSubjectPattern, type SubjectPattern } from "../../src/domain/subject-pattern.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { auditRouter } from "../../src/http/audit-router.ts";
import { documentBatchRouter } from "../../src/http/document-batch-router.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { evidenceRouter } from "../../src/http/evidence-router.ts";
import { keepingRouter } from "../../src/http/keeping-router.ts";
import { messagesBatchRouter } from "../../src/http/messages-batch-router.ts";
import { messagesRouter } from "../../src/http/messages-router.ts";
import { loadOpenApi } from "../../src/http/openapi.ts";
import { overviewRouter } from "../../src/http/overview-router.ts";
import { operationsRouter } from "../../src/http/operations-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { roles, type Caller, type Role, type UserCaller } from "../../src/identity/caller.ts";
import { silentLogger } from "../../src/log.ts";
import { NodeSubscriptions } from "../../src/node/node-subscriptions.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import type { Store } from "../../src/store/store.ts";
import { attached, au, cn, created, message, phytosanitary } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { EventReader } from "../subscriptions/event-reader.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

const PUBLIC_URL = "http://127.0.0.1";
const everyRole = roles.filter((role) => role !== "admin");

function pattern(text: string): SubjectPattern {
  const found = parseSubjectPattern(text);
  if (found === null) throw new Error(`${text} is no pattern.`);
  return found;
}

/** A user whose roles are all limited, or only some of them. */
function limited(
  subject: string,
  patterns: readonly string[],
  of: readonly Role[] = everyRole,
  which: readonly Role[] = of,
): UserCaller {
  const subjects = new Map(which.map((role) => [role, patterns.map(pattern)]));
  return { ...userOf(au, of), subject, subjects };
}

const callers: Readonly<Record<string, Caller>> = {
  officer: userOf(au, everyRole),
  root: userOf(au, roles),
  chamber: limited("chamber", ["chamber.com.au:*"]),
  colleague: limited("colleague", ["chamber.com.au:*"]),
  other: limited("other", ["other.com.au:*"]),
  one: limited("one", ["chamber.com.au:1"], ["messages:read"]),
  wide: limited("wide", ["chamber.com.au:*"], everyRole, ["messages:write"]),
  nowhere: limited("nowhere", [], everyRole),
};

/**
 * What each documented call does for somebody who is limited to subjects. A call that is added has to be put here, and into
 * the tests below where it shows or does anything about messages.
 */
const calls: Readonly<Record<string, "limited" | "administrators" | "own" | "open">> = {
  "GET /audit": "administrators",
  "GET /audit/export": "administrators",
  "POST /documents": "own",
  "POST /documents/batch": "own",
  "POST /documents/retrieve": "limited",
  "GET /documents/{multihash}": "limited",
  "HEAD /documents/{multihash}": "limited",
  "DELETE /documents/{multihash}": "administrators",
  "GET /documents/{multihash}/acl": "limited",
  "POST /documents/{multihash}/print": "limited",
  "POST /documents/{multihash}/seal": "limited",
  "DELETE /documents/{multihash}/seal": "limited",
  "GET /documents/{multihash}/sealed": "open",
  "GET /trust-list": "open",
  "POST /documents/{multihash}/acl/{participant}": "administrators",
  "GET /messages/{id}/evidence": "limited",
  "POST /credentials": "own",
  "POST /credentials/check": "limited",
  "POST /credentials/status-entries": "own",
  "GET /credentials/status/{list}": "open",
  "POST /credentials/anchors": "administrators",
  "GET /credentials/anchors/{did}": "open",
  "DELETE /credentials/anchors/{did}": "administrators",
  "GET /.well-known/did.json": "open",
  "POST /subjects/private": "own",
  "GET /subjects/{subject}": "limited",
  "GET /documents/{multihash}/hold": "administrators",
  "PUT /documents/{multihash}/hold": "administrators",
  "DELETE /documents/{multihash}/hold": "administrators",
  "POST /messages/batch": "limited",
  "GET /messages": "limited",
  "POST /messages": "limited",
  "GET /messages/{id}": "limited",
  "POST /messages/{id}/withdraw": "limited",
  "GET /health/live": "open",
  "GET /health/ready": "open",
  "GET /health": "open",
  "GET /metrics": "administrators",
  "GET /operations/stuck": "administrators",
  "POST /operations/stuck/{id}/retry": "administrators",
  "POST /operations/stuck/{id}/give-up": "administrators",
  "GET /operations/channels": "administrators",
  "GET /operations/channels/{channelId}/rights": "administrators",
  "GET /operations/signers": "administrators",
  "GET /operations/traffic": "administrators",
  "GET /operations/subscriptions": "administrators",
  "GET /operations/subscriptions/{id}/dead-letters": "administrators",
  "GET /openapi.json": "open",
  "GET /docs": "open",
  "GET /docs/style.css": "open",
  "GET /verify": "open",
  "GET /console": "open",
  "GET /console/sign-in": "open",
  "GET /console/callback": "open",
  "GET /console/session": "own",
  "POST /console/sign-out": "own",
  "GET /verify-worker.js": "open",
  "GET /assets/{name}": "open",
  "GET /document-types": "open",
  "GET /document-types/{name}": "open",
  "GET /channels": "open",
  "GET /channels/{channelId}": "open",
  "GET /channels/{channelId}/changes": "open",
  "GET /subscriptions": "own",
  "POST /subscriptions": "limited",
  "GET /subscriptions/{id}": "own",
  "DELETE /subscriptions/{id}": "own",
  "GET /subscriptions/{id}/dead-letters": "limited",
  "POST /subscriptions/{id}/dead-letters/{n}/retry": "limited",
  "POST /subscriptions/{id}/replay": "own",
  "GET /topics/{kind}/{value}": "limited",
  "HEAD /topics/{kind}/{value}": "limited",
  "GET /events": "limited",
  "GET /verify/{multihash}": "open",
  "POST /verify": "open",
};

describe("each call that is documented", () => {
  it("is known to show and do nothing about other subjects to who is limited to some", () => {
    const { paths } = loadOpenApi() as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => /^(?:get|head|post|put|patch|delete)$/.test(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).to.deep.equal(Object.keys(calls).sort());
  });
});

eachStore("a user who is limited to subjects", (openFresh) => {
  const clock = testClock(Date.now());
  let directory: string;
  let store: Store;
  let node: Rig;
  let subscriptions: NodeSubscriptions;
  let server: HttpServer;
  let callback: CallbackServer;
  let ours: Message;
  let theirs: Message;

  beforeEach(async function () {
    this.timeout(30_000);
    directory = mkdtempSync(join(tmpdir(), "icl-limits-"));
    store = await openFresh(au);
    node = await rigOf({ store, clock, channels: [channelOf(ledgerOf(clock), au)] });
    callback = await startCallbackServer();
    const now = clock.now;
    subscriptions = new NodeSubscriptions({
      config: { mode: "development", publicUrl: PUBLIC_URL, subscriptions: { retentionDays: 30 } },
      ...{ store, log: silentLogger, now },
      otherwise: { pollMs: 25, firstRetryMs: 20, longestRetryMs: 40, heartbeatMs: 50 },
    });
    subscriptions.start();
    const documents = { store, files: await FileStore.open(directory), maxBytes: 1_000_000, now };
    const limits = { lineBytes: 65_536, linesPerRequest: 100 };
    server = await serve(
      authenticateAs(callers),
      [
        auditRouter(store),
        operationsRouter({ store, now, onDue: () => undefined }),
        overviewRouter({ store, now, channels: () => [], unopened: () => [] }),
        keepingRouter(documents),
        documentBatchRouter(documents),
        documentsRouter(documents),
        evidenceRouter({ store, participant: au, now, channels: () => [], publicUrl: PUBLIC_URL }),
        messagesRouter({ ...node.accepting, subjects: { subjectsOfAnyNumber: () => [] } }),
        messagesBatchRouter({ ...node.accepting, limits }),
        ...subscriptions.routers,
      ],
      { publicUrl: PUBLIC_URL },
    );
    ours = await written("officer", "chamber.com.au:1");
    theirs = await written("officer", "other.com.au:1");
    for (const each of [ours, theirs]) expect((await post("officer", each)).status).to.equal(202);
  });

  afterEach(async () => {
    await subscriptions.endStreams();
    await server.close(0);
    await subscriptions.stop();
    await callback.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const ask = (as: string, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${as}`);
    return fetch(`${server.url}${path}`, { ...init, headers });
  };
  const json = { "content-type": "application/json" };
  const post = (as: string, about: Message) =>
    ask(as, "/messages", { method: "POST", headers: json, body: JSON.stringify(toWire(about)) });
  const form = { "content-type": "application/x-www-form-urlencoded" };

  async function stored(as: string, text: string): Promise<Multihash> {
    const init = { method: "POST", headers: { "content-type": "text/plain" }, body: text };
    const response = await ask(as, "/documents", init);
    return ((await response.json()) as { multihash: Multihash }).multihash;
  }

  /** A message whose document is stored. */
  async function written(as: string, subject: string, changes: Partial<Message> = {}): Promise<Message> {
    const obj = await stored(as, `${subject} by ${as}`);
    return message({ subject: parseSubject(subject), obj, ...changes });
  }

  const list = async (as: string, path: string) => {
    const response = await ask(as, path);
    expect(response.status, path).to.equal(200);
    return (await response.json()) as { items: MessageRecord[]; next: string | null };
  };
  const subjects = async (as: string, path: string) =>
    (await list(as, path)).items.map(({ subject }) => subject);

  /** An answer without what only names the request. */
  async function answer(as: string, path: string, init?: RequestInit) {
    const response = await ask(as, path, init);
    const body = (await response.text()).replaceAll(/"instance":"[^"]*"/g, "");
    return { status: response.status, type: response.headers.get("content-type"), body };
  }

  /** Something comes in for this node, as from its ledger, whose document its sender has shown where it is said so. */
  async function comesIn(about: Message, shown: boolean): Promise<void> {
    const { insertMessage } = await import("../../src/messages/message-repository.ts");
    const id = messageId(about);
    const digest = digestOf(about.obj);
    await store.transact(async (db) => {
      await insertMessage(db, {
        ...{ id, message: about, direction: "incoming", channelId: "memory:0", effect: "inform" },
        ...{ status: "available", createdAt: 1, acceptedBy: null, txn: null, height: null },
      });
      await db
        .insertInto("document_fetch")
        .values({
          ...{ message_id: id, digest, source: about.sender, channel_id: "memory:0", max_bytes: null },
          ...{ state: "done", tries: 1, due_at: 0, first_tried_at: 0, last_error: null },
          ...{ lease_owner: null, lease_epoch: 0, lease_until: 0 },
        })
        .execute();
      if (!shown) return;
      await db
        .updateTable("document")
        .set({ origin: "fetched", stored_by: about.sender })
        .where("digest", "=", digest)
        .execute();
    });
  }

  it("sees the messages about these alone, and pages of them stay whole", async () => {
    for (const number of [2, 3, 4]) {
      for (const who of ["other.com.au", "chamber.com.au"]) {
        expect((await post("officer", await written("officer", `${who}:${number}`))).status).to.equal(202);
      }
    }
    const seen: string[] = [];
    let after = "";
    for (let pages = 0; pages < 4; pages += 1) {
      const page = await list("chamber", `/messages?limit=1${after}`);
      expect(page.items).to.have.length(1);
      seen.push(...page.items.map(({ subject }) => subject));
      expect(page.next === null, "the last page says so").to.equal(pages === 3);
      after = `&after=${page.next ?? ""}`;
    }
    expect(seen).to.deep.equal([1, 2, 3, 4].map((number) => `chamber.com.au:${number}`));
    expect(await subjects("one", "/messages")).to.deep.equal(["chamber.com.au:1"]);
    expect(await subjects("nowhere", "/messages")).to.deep.equal([]);
    expect(await subjects("officer", "/messages")).to.have.length(8);
    expect(await subjects("wide", "/messages"), "a role that has no limits").to.have.length(8);
    expect(await subjects("chamber", "/messages?subject=other.com.au:1")).to.deep.equal([]);
  });

  const ABSENT = `0x${"00".repeat(32)}`;
  const NO_DOCUMENT = multihashOf("00".repeat(32));
  const hidden: readonly (readonly [string, (id: string, obj: string) => string, RequestInit?])[] = [
    ["GET /messages/{id}", (id) => `/messages/${id}`],
    ["GET /messages/{id}/evidence", (id) => `/messages/${id}/evidence`],
    ["POST /messages/{id}/withdraw", (id) => `/messages/${id}/withdraw`, { method: "POST" }],
    ["GET /documents/{multihash}", (_, obj) => `/documents/${obj}`],
    ["HEAD /documents/{multihash}", (_, obj) => `/documents/${obj}`, { method: "HEAD" }],
    ["GET /documents/{multihash}/acl", (_, obj) => `/documents/${obj}/acl`],
    ["GET /topics/messages/{id}", (id) => `/topics/messages/${id}`],
  ];
  for (const [name, path, init] of hidden) {
    it(`is answered by ${name} about another subject as if there were nothing`, async () => {
      const absent = await answer("chamber", path(ABSENT, NO_DOCUMENT), init);
      expect(await answer("chamber", path(messageId(theirs), theirs.obj), init)).to.deep.equal(absent);
      const own = await answer("chamber", path(messageId(ours), ours.obj), init);
      expect(own.status).not.to.equal(404);
      expect(own, "as of one's own subject").not.to.deep.equal(absent);
    });
  }

  it("reads the documents that messages about these name, and what the user brought, and no others", async () => {
    const brought = await stored("chamber", "A draft of the chamber.");
    const again = await stored("colleague", "A draft of the chamber.");
    expect(again).to.equal(brought);
    const body = JSON.stringify([ours.obj, theirs.obj, brought, NO_DOCUMENT]);
    const retrieve = async (as: string) => {
      const init = { method: "POST", headers: json, body };
      const text = await (await ask(as, "/documents/retrieve", init)).text();
      return [...text.matchAll(/"status":(\d+)/g)].map(([, status]) => Number(status));
    };
    expect(await retrieve("chamber")).to.deep.equal([200, 404, 200, 404]);
    expect(await retrieve("colleague"), "who brought the same").to.deep.equal([200, 404, 200, 404]);
    expect(await retrieve("one")).to.deep.equal([200, 404, 404, 404]);
    expect(await retrieve("other")).to.deep.equal([404, 200, 404, 404]);
    expect(await retrieve("nowhere")).to.deep.equal([404, 404, 404, 404]);
  });

  it("is not told that a document about another subject was erased", async () => {
    await store.db.deleteFrom("message").where("id", "=", messageId(ours)).execute();
    const gone = await written("officer", "other.com.au:9", { predicate: attached });
    const erased = { method: "DELETE" };
    expect((await ask("root", `/documents/${gone.obj}?reason=over`, erased)).status).to.equal(200);
    const absent = await answer("chamber", `/documents/${NO_DOCUMENT}`);
    expect(await answer("chamber", `/documents/${gone.obj}`)).to.deep.equal(absent);
    expect((await ask("officer", `/documents/${gone.obj}`)).status).to.equal(410);
  });

  it("is shown of a document's readers those of the messages about these alone", async () => {
    const shared = { ...theirs, subject: parseSubject("other.com.au:7"), obj: ours.obj };
    expect((await post("officer", { ...shared, receiver: cn, predicate: attached })).status).to.equal(202);
    await store.db
      .insertInto("document_acl")
      .values([
        {
          ...{ digest: digestOf(ours.obj), participant: cn, message_id: messageId(ours) },
          ...{ granted_at: 1, granted_by: "ledger" },
        },
        {
          ...{ digest: digestOf(ours.obj), participant: "customs.gov.sg" },
          ...{
            message_id: messageId({ ...shared, predicate: attached }),
            granted_at: 1,
            granted_by: "ledger",
          },
        },
      ])
      .execute();
    const readers = async (as: string) =>
      (
        (await (await ask(as, `/documents/${ours.obj}/acl`)).json()) as { items: { participant: string }[] }
      ).items.map(({ participant }) => participant);
    expect(await readers("chamber")).to.deep.equal([cn]);
    expect(await readers("other")).to.deep.equal(["customs.gov.sg"]);
    expect(await readers("officer")).to.have.length(2);
  });

  it("sends about these alone, also line by line, and a known message is no exception", async () => {
    const mine = await written("chamber", "chamber.com.au:5");
    expect((await post("chamber", mine)).status).to.equal(202);
    const foreign = await written("chamber", "other.com.au:5");
    const refused = await problemOf(await post("chamber", foreign));
    expect(refused).to.include({ status: 403, code: "not-allowed" });
    const known = await problemOf(await post("chamber", theirs));
    expect(known).to.deep.equal({ ...refused, instance: "/messages" });
    const lines = [mine, foreign, theirs, await written("chamber", "chamber.com.au:6")];
    const batch = await ask("chamber", "/messages/batch", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.map((each) => JSON.stringify(toWire(each))).join("\n"),
    });
    const statuses = [...(await batch.text()).matchAll(/"status":(\d+)/g)].map(([, status]) => status);
    expect(statuses).to.deep.equal(["200", "403", "403", "202"]);
    expect((await post("wide", foreign)).status, "limited in what it writes").to.equal(403);
  });

  it("acquits and revokes about these alone", async () => {
    await node.settle();
    const evidence = await stored("chamber", "Entered for home use.");
    const prefix = "UN.CEFACT.Regulatory.CertificateOfOrigin";
    for (const predicate of [`${prefix}.revoked`, `${prefix}.acquitted`]) {
      const about = { ...toWire(theirs), predicate, obj: evidence };
      const send = { method: "POST", headers: json, body: JSON.stringify(about) };
      expect(await problemOf(await ask("chamber", "/messages", send))).to.include({ code: "not-allowed" });
    }
    const own = { ...toWire(ours), predicate: `${prefix}.revoked`, obj: evidence };
    const send = { method: "POST", headers: json, body: JSON.stringify(own) };
    expect((await ask("chamber", "/messages", send)).status).to.equal(202);
  });

  it("gets at no document by naming its hash in a message of its own", async () => {
    const grab = message({ subject: parseSubject("chamber.com.au:8"), obj: theirs.obj });
    const refused = await problemOf(await post("chamber", grab));
    expect(refused).to.include({ status: 422, code: "document-not-held" });
    const absent = { ...grab, obj: NO_DOCUMENT };
    expect(await problemOf(await post("chamber", absent)), "as of one that is not here").to.deep.equal(
      refused,
    );
    expect((await ask("chamber", `/documents/${theirs.obj}`)).status).to.equal(404);
    const passedOn = message({
      subject: parseSubject("chamber.com.au:8"),
      obj: ours.obj,
      predicate: phytosanitary,
    });
    expect((await post("chamber", passedOn)).status, "what it can read it may name").to.equal(202);
  });

  it("gets at no document because somebody abroad named its hash in a message about these", async () => {
    const lure = message({
      sender: cn,
      receiver: au,
      subject: parseSubject("chamber.com.au:9"),
      obj: theirs.obj,
    });
    await comesIn({ ...lure, predicate: attached }, false);
    expect(
      (await ask("chamber", `/messages/${messageId({ ...lure, predicate: attached })}`)).status,
    ).to.equal(200);
    expect((await ask("chamber", `/documents/${theirs.obj}`)).status).to.equal(404);
    const given = await stored("officer", "A reply from China.");
    const reply = { ...lure, obj: given, predicate: attached };
    await comesIn(reply, true);
    expect((await ask("chamber", `/documents/${given}`)).status, "its sender gave it").to.equal(200);
  });

  it("is told by streams and topics of messages about these alone", async () => {
    await node.settle();
    const stream = await ask("chamber", "/events", { headers: { "last-event-id": "0" } });
    const reader = new EventReader(stream);
    await eventually(() => reader.comments > 0 && reader.events.length >= 2);
    const about = reader.events.map(
      ({ data }) => (JSON.parse(data) as { message: { subject: string } }).message,
    );
    expect(new Set(about.map(({ subject }) => subject))).to.deep.equal(new Set(["chamber.com.au:1"]));
    await reader.close();
    expect(await subjects("chamber", `/topics/predicates/${created}`)).to.deep.equal(["chamber.com.au:1"]);
    expect(await subjects("chamber", "/topics/subjects/other.com.au:1")).to.deep.equal([]);
    expect(await subjects("officer", `/topics/predicates/${created}`)).to.have.length(2);
  });

  it("subscribes to whatever topic, and is told of messages about these alone", async function () {
    this.timeout(30_000);
    const subscribe = async (as: string, topic: string, path: string) => {
      const wish = { "hub.mode": "subscribe", "hub.topic": topic, "hub.callback": callback.url + path };
      const body = new URLSearchParams(wish).toString();
      expect((await ask(as, "/subscriptions", { method: "POST", headers: form, body })).status).to.equal(202);
    };
    await subscribe("chamber", "*", "/chamber");
    await subscribe("other", `${PUBLIC_URL}/topics/subjects/chamber.com.au%3A1`, "/other");
    await subscribe("officer", "*", "/officer");
    const rows = () => store.db.selectFrom("subscription").selectAll().execute();
    await eventually(async () => (await rows()).every(({ state }) => state === "active"));
    await node.settle();
    subscriptions.wake();
    const told = (path: string) => callback.deliveries(path).map(({ message: { subject } }) => subject);
    await eventually(() => new Set(told("/officer")).size === 2);
    await eventually(async () => {
      const positions = (await rows()).map(({ position }) => position);
      return new Set(positions).size === 1;
    });
    expect(new Set(told("/chamber"))).to.deep.equal(new Set(["chamber.com.au:1"]));
    expect(told("/other")).to.deep.equal([]);
  });

  it("is shown, and tries again, dead letters about these alone", async () => {
    const wish = { "hub.mode": "subscribe", "hub.topic": "*", "hub.callback": `${callback.url}/dead` };
    const body = new URLSearchParams(wish).toString();
    expect((await ask("chamber", "/subscriptions", { method: "POST", headers: form, body })).status).to.equal(
      202,
    );
    await eventually(async () => {
      const row = await store.db.selectFrom("subscription").select("state").executeTakeFirst();
      return row?.state === "active";
    });
    const { id } = await store.db.selectFrom("subscription").select("id").executeTakeFirstOrThrow();
    // Left over from when more was allowed.
    for (const [n, about] of [ours, theirs].entries()) {
      const dead = { subscription_id: id, seq: 900 + n, type: "message.sent", at: 1, channel_id: "memory:0" };
      const why = { message_id: messageId(about), failed_at: 1, reason: "HTTP 500", again: 0 };
      await store.db
        .insertInto("dead_letter")
        .values({ ...dead, ...why })
        .execute();
    }
    const letters = await ask("chamber", `/subscriptions/${id}/dead-letters`);
    const { items } = (await letters.json()) as { items: { n: number }[] };
    expect(items.map(({ n }) => n)).to.deep.equal([900]);
    const retry = (n: number) =>
      answer("chamber", `/subscriptions/${id}/dead-letters/${n}/retry`, { method: "POST" });
    expect(await retry(901)).to.deep.equal(await retry(777));
    expect((await retry(900)).status).to.equal(202);
  });

  it("gets nothing from what is for administrators", async () => {
    const made = Object.entries(calls).filter(
      ([name, kind]) =>
        kind === "administrators" && name !== "GET /metrics" && !name.includes("/credentials/anchors"),
    );
    for (const [name] of made) {
      const [method = "", template = ""] = name.split(" ");
      const path = template
        .replace("{multihash}", theirs.obj)
        .replace("{participant}", cn)
        .replace("{id}", encodeURIComponent(messageId(theirs)));
      const reason =
        method === "PUT" || template.endsWith("give-up") ? { headers: json, body: '{"reason":"x"}' } : {};
      const query = method === "DELETE" && !template.endsWith("hold") ? "?reason=x" : "";
      expect(await problemOf(await ask("chamber", path + query, { method, ...reason })), name).to.include({
        status: 403,
        code: "not-allowed",
      });
    }
  });

  it("and what each user did is shown to administrators alone, and to no other node", async () => {
    const mine = await written("chamber", "chamber.com.au:5");
    await post("chamber", mine);
    const id = messageId(mine);
    await ask("chamber", `/messages/${id}/withdraw`, { method: "POST" });
    const journal = async (as: string) =>
      ((await (await ask(as, `/messages/${id}`)).json()) as MessageRecord).journal;
    const by = { issuer: "https://id.example", subject: "chamber", via: "person" };
    expect((await journal("root")).map((entry) => [entry.status, entry.by])).to.deep.equal([
      ["pending", by],
      ["withdrawn", by],
    ]);
    for (const as of ["officer", "chamber"]) {
      for (const entry of await journal(as)) expect(entry).not.to.have.property("by");
    }
    for (const record of (await list("root", "/messages")).items) {
      for (const entry of record.journal) expect(entry).not.to.have.property("by");
    }
  });
});
