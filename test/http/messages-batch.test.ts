import { request as httpRequest } from "node:http";

import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, toWire, type Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { messagesBatchRouter } from "../../src/http/messages-batch-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import type { Caller } from "../../src/identity/caller.ts";
import { withdrawMessage } from "../../src/messages/withdraw.ts";
import { au, cn, message, phytosanitary } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";

const callers: Readonly<Record<string, Caller>> = {
  officer: userOf(au),
  reader: userOf(au, ["messages:read"]),
  cn: { kind: "node", participant: cn, account: "0x1", channelId: "memory:0" },
};

/** Stands for real authentication, which has tests of its own: `Test <name>` is that caller. */
const authenticate: Authenticate = ({ authorization }) => {
  const caller = callers[authorization?.replace("Test ", "") ?? ""];
  if (caller === undefined) return Promise.reject(new Problem("token-missing", "Send a token."));
  return Promise.resolve(caller);
};

interface Answer {
  readonly line: number;
  readonly id?: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly detail: string };
}

const LINE_BYTES = 4_096;
const LINES = 1_500;

eachStore("POST /messages/batch", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let node: Rig;
  let server: HttpServer;
  let woken: string[];

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    woken = [];
    const limits = { lineBytes: LINE_BYTES, linesPerRequest: LINES };
    const onAccepted = (channelId: string, id?: string) => woken.push(id ?? channelId);
    server = await serve(authenticate, [messagesBatchRouter({ ...node.accepting, onAccepted, limits })]);
    await node.hold(message());
  });

  afterEach(() => server.close(0));

  const numbered = (number: number, changes: Partial<Message> = {}) =>
    message({ subject: parseSubject(`number:${number}`), ...changes });
  const lineOf = (about: Message) => JSON.stringify(toWire(about));

  const send = (body: string | Buffer, { as = "officer", mediaType = "application/x-ndjson" } = {}) =>
    fetch(`${server.url}/messages/batch`, {
      method: "POST",
      headers: { authorization: `Test ${as}`, "content-type": mediaType },
      body: new Uint8Array(Buffer.from(body)),
    });

  const answersTo = async (...lines: readonly (string | Buffer)[]): Promise<readonly Answer[]> => {
    const body = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")]));
    const response = await send(body);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/x-ndjson");
    return parsed(await response.text());
  };

  const parsed = (text: string) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Answer);

  const outbox = () => node.store.db.selectFrom("outbox").selectAll().orderBy("message_id").execute();

  it("answers each line in order, as a single call would have been: new, known, and each kind of mistake", async () => {
    await node.post(numbered(1));
    const fresh = numbered(2);
    const answers = await answersTo(
      lineOf(numbered(1)),
      lineOf(fresh),
      lineOf(fresh),
      "{",
      "[]",
      JSON.stringify({ ...toWire(numbered(3)), object: "x" }),
      JSON.stringify({ ...toWire(numbered(3)), sender: cn }),
      JSON.stringify({ ...toWire(numbered(3)), predicate: "no.such.type" }),
      JSON.stringify({ ...toWire(numbered(3)), obj: multihashOf("99".repeat(32)) }),
      `{"subject":"${"x".repeat(LINE_BYTES)}"}`,
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      lineOf(numbered(4)),
    );
    const shown = answers.map(({ line, status, error }) => `${line} ${status} ${error?.code ?? ""}`.trim());
    expect(shown).to.deep.equal([
      "1 200",
      "2 202",
      "3 200",
      "4 400 malformed-json",
      "5 400 malformed-message",
      "6 400 malformed-message",
      "7 403 foreign-sender",
      "8 422 predicate-unknown",
      "9 422 document-not-held",
      "10 413 body-too-large",
      "11 400 malformed-json",
      "12 202",
    ]);
    expect(answers[1]?.id).to.equal(messageId(fresh));
    expect(answers[3]).not.to.have.property("id");
    expect(await outbox()).to.have.length(3);
  });

  it("counts a blank line and does not answer it, and takes a last line without line feed", async () => {
    const response = await send(`\n${lineOf(numbered(1))}\r\n\n  \n${lineOf(numbered(2))}`);
    const answers = parsed(await response.text());
    expect(answers.map(({ line, status }) => [line, status])).to.deep.equal([
      [2, 202],
      [5, 202],
    ]);
  });

  it("answers nothing to nothing", async () => {
    expect(await (await send("")).text()).to.equal("");
    expect(await outbox()).to.deep.equal([]);
  });

  it("gives what failed or was withdrawn a new attempt, and asks for each line's own role", async () => {
    const { id } = await node.post(numbered(1));
    await node.store.db.updateTable("message").set({ status: "failed" }).where("id", "=", id).execute();
    await node.store.db.deleteFrom("outbox").execute();
    const [again] = await answersTo(lineOf(numbered(1)));
    expect(again).to.deep.equal({ line: 1, id, status: 202 });
    expect(await node.journal(id)).to.deep.equal(["pending", "2:pending"]);
    const refused = await send(lineOf(numbered(2)), { as: "reader" });
    expect(parsed(await refused.text())[0]).to.deep.include({ status: 403 });
  });

  it("has what may go in batches wait for the end of the request, and lets the rest go at once", async () => {
    await answersTo(
      lineOf(numbered(1)),
      lineOf(numbered(2)),
      lineOf(numbered(3, { predicate: phytosanitary })),
    );
    const rows = await outbox();
    const [alone, ...bulk] = rows.sort((one, other) => one.bulk - other.bulk);
    expect(alone).to.include({ bulk: 0, group_key: null, message_id: woken[0] });
    for (const row of bulk) expect(row).to.include({ bulk: 1, due_at: clock.now() });
    expect(woken.slice(1)).to.deep.equal([ledger.id]);
    await node.carry();
    const kinds = (ledger.block(ledger.head)?.events ?? []).map(({ kind }) => kind);
    expect(["batch", "message"]).to.include.members(kinds);
    expect(await node.journal(bulk[0]?.message_id ?? "")).to.deep.equal(["pending", "bundled"]);
  });

  it("makes one batch of a thousand lines for one receiver, type and expiry", async () => {
    const lines = Array.from({ length: 1_000 }, (_, number) => lineOf(numbered(number)));
    const answers = await answersTo(...lines);
    expect(answers.map(({ line }) => line)).to.deep.equal(lines.map((_, place) => place + 1));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([202]));
    await node.carry();
    const events = ledger.block(ledger.head)?.events ?? [];
    expect(events.map((event) => (event.kind === "batch" ? event.header.count : event.kind))).to.deep.equal([
      1_000,
    ]);
  });

  it("takes no more lines than allowed, says which was one too many, and keeps those before it", async () => {
    const lines = Array.from({ length: LINES + 700 }, (_, number) => lineOf(numbered(number)));
    const answers = await answersTo(...lines);
    expect(answers).to.have.length(LINES + 1);
    expect(answers.at(-2)).to.include({ line: LINES, status: 202 });
    expect(answers.at(-1)).to.deep.include({ line: LINES + 1, status: 413 });
    expect(answers.at(-1)?.error).to.include({ code: "too-many-lines" });
    expect(await outbox()).to.have.length(LINES);
  });

  it("answers a line before the next is sent, and keeps what it has answered when the caller hangs up", async () => {
    const url = new URL(`${server.url}/messages/batch`);
    const outgoing = httpRequest(url, {
      method: "POST",
      headers: { authorization: "Test officer", "content-type": "application/x-ndjson" },
    });
    outgoing.on("error", () => undefined); // hanging up is the point
    let received = "";
    outgoing.on("response", (incoming) => {
      incoming.on("error", () => undefined);
      incoming.on("data", (data: Buffer) => (received += data.toString()));
    });
    outgoing.flushHeaders();
    for (const number of [1, 2, 3]) {
      outgoing.write(`${lineOf(numbered(number))}\n`);
      await eventually(() => parsed(received).length === number);
    }
    outgoing.write(lineOf(numbered(4)).slice(0, 50));
    outgoing.destroy();
    await eventually(() => woken.length > 0);
    const rows = await outbox();
    expect(rows.map(({ message_id }) => message_id)).to.have.members(parsed(received).map(({ id }) => id));
    for (const row of rows) expect(row.due_at).to.equal(clock.now());
  });

  it("refuses as a whole another media type, an encoding, and whoever is no user", async () => {
    for (const mediaType of ["application/json", "text/plain"]) {
      expect(await problemOf(await send(lineOf(numbered(1)), { mediaType }))).to.include({
        code: "media-type-unsupported",
      });
    }
    expect(await problemOf(await send(lineOf(numbered(1)), { as: "nobody" }))).to.include({ status: 401 });
    expect(await problemOf(await send(lineOf(numbered(1)), { as: "cn" }))).to.include({ status: 403 });
    expect(await outbox()).to.deep.equal([]);
  });

  it("lets one line of a request be withdrawn while it still waits", async () => {
    const [first] = await answersTo(lineOf(numbered(1)), lineOf(numbered(2)), lineOf(numbered(3)));
    await withdrawMessage(node.store, first?.id ?? "", clock.now(), userOf(au));
    await node.carry();
    expect(await node.journal(first?.id ?? "")).to.deep.equal(["pending", "withdrawn"]);
    const [event] = ledger.block(ledger.head)?.events ?? [];
    expect(event?.kind === "batch" ? event.header.count : null).to.equal(2);
  });
});
