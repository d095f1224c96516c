import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, toWire, type Message } from "../../src/domain/message.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { messagesRouter } from "../../src/http/messages-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import { roles, type Caller } from "../../src/identity/caller.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquittalOf, acquitted, attached, au, cn, created, message, sg } from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";

const callers: Readonly<Record<string, Caller>> = {
  officer: userOf(
    au,
    roles.filter((role) => role !== "admin"),
  ),
  reader: userOf(au, ["messages:read"]),
  clerk: userOf(au, ["documents:write"]),
  cn: { kind: "node", participant: cn, account: "0x1", channelId: "memory:0" },
  cnElsewhere: { kind: "node", participant: cn, account: "0x1", channelId: "memory:9" },
  sg: { kind: "node", participant: sg, account: "0x2", channelId: "memory:0" },
};

/** Stands for real authentication, which has tests of its own: `Test <name>` is that caller. */
const authenticate: Authenticate = ({ authorization }) => {
  const caller = callers[authorization?.replace("Test ", "") ?? ""];
  if (caller === undefined) return Promise.reject(new Problem("token-missing", "Send a token."));
  return Promise.resolve(caller);
};

interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

eachStore("the Message API", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let node: Rig;
  let server: HttpServer;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    server = await serve(authenticate, [
      messagesRouter({ ...node.accepting, subjects: { subjectsOfAnyNumber: () => [] } }),
    ]);
  });

  afterEach(() => server.close(0));

  const ask = (path: string, as = "officer", { headers, ...init }: Init = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { ...headers, authorization: `Test ${as}` } });

  const post = (body: unknown, as = "officer") =>
    ask("/messages", as, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const list = async (query: string, as = "officer") => {
    const response = await ask(`/messages?${query}`, as);
    expect(response.status, query).to.equal(200);
    return (await response.json()) as { items: MessageRecord[]; next: string | null };
  };

  const postHeld = async (posted: Message) => {
    await node.hold(posted);
    return post(toWire(posted));
  };

  it("answers 202 with the record for a new message, 200 for a known one, 202 for a new attempt", async () => {
    const first = await postHeld(message());
    expect(first.status).to.equal(202);
    const record = (await first.json()) as MessageRecord;
    const id = messageId(message());
    expect(first.headers.get("location")).to.equal(`messages/${id}`);
    expect(record).to.deep.include({ ...toWire(message()), id, status: "pending", direction: "outgoing" });
    expect(record).to.deep.include({ channelId: ledger.id, channelTxnId: null });
    expect(record.journal).to.deep.equal([{ status: "pending", at: "2026-06-01T00:00:00.000Z", attempt: 1 }]);

    const known = await post(toWire(message()));
    expect(known.status).to.equal(200);
    expect(await known.json()).to.deep.equal(record);

    const withdrawn = await ask(`/messages/${id}/withdraw`, "officer", { method: "POST" });
    expect(withdrawn.status).to.equal(200);
    expect(await withdrawn.json()).to.include({ status: "withdrawn" });
    const again = await post(toWire(message()));
    expect(again.status).to.equal(202);
    const { journal } = (await again.json()) as MessageRecord;
    expect(journal.map(({ status, attempt }) => [status, attempt])).to.deep.equal([
      ["pending", 1],
      ["withdrawn", 1],
      ["pending", 2],
    ]);
  });

  it("shows a delivered message with its transaction and certificate, to whoever may read", async () => {
    await postHeld(message());
    await node.settle();
    const path = `/messages/${messageId(message())}`;
    for (const as of ["officer", "reader", "cn"]) {
      const response = await ask(path, as);
      expect(response.status, as).to.equal(200);
      const record = (await response.json()) as MessageRecord;
      expect(record.status).to.equal("delivered");
      expect(record.channelTxnId).to.be.a("string");
      expect(record.certificate).to.include({ issued: true, acquitted: false });
    }
  });

  it("answers for a hidden message exactly as for one that does not exist", async () => {
    await postHeld(message());
    // Neither a stranger, nor who goes by the receiver's name on another channel.
    for (const as of ["sg", "cnElsewhere"]) {
      const hidden = await ask(`/messages/${messageId(message())}`, as);
      const absent = await ask(`/messages/0x${"00".repeat(32)}`, as);
      const [one, other] = [await problemOf(hidden), await problemOf(absent)];
      expect(one).to.include({ status: 404, code: "not-found" });
      expect({ ...one, instance: "" }).to.deep.equal({ ...other, instance: "" });
      expect((await list("", as)).items).to.deep.equal([]);
    }
    expect((await list("", "cn")).items).to.have.length(1);
  });

  it("lets nobody send, withdraw or read without the role for it", async () => {
    await postHeld(message());
    const path = `/messages/${messageId(message())}`;
    const withdraw = (as: string) => ask(`${path}/withdraw`, as, { method: "POST" });
    for (const refused of [
      post(toWire(message({ subject: parseSubject("another:1") })), "reader"),
      post(toWire(message()), "cn"),
      post(toWire(message()), "clerk"),
      withdraw("reader"),
      withdraw("cn"),
      ask(path, "clerk"),
      ask("/messages", "clerk"),
    ]) {
      expect(await problemOf(await refused)).to.include({ status: 403, code: "not-allowed" });
    }
    expect(await problemOf(await ask(path, "nobody"))).to.include({ status: 401, code: "token-missing" });
    expect((await list("")).items).to.have.length(1);
  });

  it("answers what cannot be sent with its own code, and keeps nothing of it", async () => {
    const wire = toWire(message());
    await node.hold(message());
    const cases: readonly [unknown, number, string][] = [
      [{ ...wire, sender: cn, receiver: au }, 403, "foreign-sender"],
      [{ ...wire, obj: "QmBad" }, 400, "malformed-multihash"],
      [{ ...wire, subject: "two words" }, 400, "malformed-request"],
      [{ ...wire, object: "x" }, 400, "malformed-request"],
      [{ ...wire, predicate: "no.such.type" }, 422, "predicate-unknown"],
      [{ ...wire, receiver: "customs.gov.fr" }, 422, "participant-unknown"],
      [{ ...wire, validUntil: "2020-01-01T00:00:00Z" }, 422, "expiry-passed"],
      [{ ...wire, predicate: acquitted }, 422, "certificate-unknown"],
      [{ ...wire, obj: `1220${"ee".repeat(32)}` }, 422, "document-not-held"],
    ];
    for (const [body, status, code] of cases) {
      expect(await problemOf(await post(body)), code).to.include({ status, code });
    }
    expect((await list("")).items).to.deep.equal([]);
  });

  it("refuses with 409 to withdraw what is on its way, and 404 what is not there", async () => {
    await postHeld(message());
    await node.carry();
    const onItsWay = await ask(`/messages/${messageId(message())}/withdraw`, "officer", { method: "POST" });
    expect(await problemOf(onItsWay)).to.include({ status: 409, code: "not-withdrawable" });
    const absent = await ask(`/messages/0x${"00".repeat(32)}/withdraw`, "officer", { method: "POST" });
    expect(await problemOf(absent)).to.include({ status: 404, code: "not-found" });
  });

  describe("lists", () => {
    const numbered = (index: number) => message({ subject: parseSubject(`number:${index}`) });

    it("page by page, in the order of appearance, without gap or repetition while more come in", async () => {
      for (let index = 0; index < 5; index += 1) await postHeld(numbered(index));
      const seen: string[] = [];
      let after = "";
      for (;;) {
        const page = await list(`limit=2${after}`);
        seen.push(...page.items.map(({ subject }) => subject));
        if (seen.length === 4) await postHeld(numbered(5));
        if (page.next === null) break;
        expect(page.items).to.have.length(2);
        after = `&after=${page.next}`;
      }
      expect(seen).to.deep.equal([0, 1, 2, 3, 4, 5].map((index) => `number:${index}`));
    });

    it("the newest first where that is asked for, page by page, past what comes in meanwhile", async () => {
      for (let index = 0; index < 5; index += 1) await postHeld(numbered(index));
      const first = await list("order=newest&limit=2");
      await postHeld(numbered(5));
      const second = await list(`order=newest&limit=2&after=${first.next}`);
      const third = await list(`order=newest&limit=2&after=${second.next}`);
      const seen = [first, second, third].flatMap(({ items }) => items.map(({ subject }) => subject));
      expect(seen).to.deep.equal([4, 3, 2, 1, 0].map((index) => `number:${index}`));
      expect(third.next).to.equal(null);
      expect((await list("order=newest&limit=1")).items[0]?.subject).to.equal("number:5");
      // A page of one order is no place in the other: nobody is shown the wrong half unawares.
      for (const query of ["order=latest", `after=${first.next}`, `order=oldest&after=${first.next}`]) {
        const refused = await problemOf(await ask(`/messages?${query}`));
        expect(refused, query).to.include({ status: 400, code: "malformed-request" });
      }
    });

    it("100 by default and 1,000 at most", async () => {
      for (let index = 0; index < 101; index += 1) await node.post(numbered(index));
      expect((await list("")).items).to.have.length(100);
      expect((await list("limit=1000")).items).to.have.length(101);
      for (const query of [
        "limit=1001",
        "limit=0",
        "limit=-1",
        "limit=1.5",
        "limit=ten",
        "limit=1&limit=2",
      ]) {
        expect(await problemOf(await ask(`/messages?${query}`)), query).to.include({
          code: "malformed-request",
        });
      }
    });

    it("by each member, and by all of them at once", async () => {
      await postHeld(message());
      await postHeld(message({ predicate: attached, receiver: sg }));
      await node.settle();
      const other = await rigOf({
        store: await openFresh(cn),
        clock,
        channels: [channelOf(ledger, cn)],
        participant: cn,
      });
      await other.post(acquittalOf(message()));
      await other.settle();
      await node.follow();

      const found = async (query: string) => (await list(query)).items.map(({ predicate }) => predicate);
      expect(await found("")).to.deep.equal([created, attached, acquitted]);
      expect(await found(`subject=${message().subject}`)).to.have.length(3);
      expect(await found("subject=nothing")).to.deep.equal([]);
      expect(await found(`predicate=${attached}`)).to.deep.equal([attached]);
      expect(await found(`sender=${cn}`)).to.deep.equal([acquitted]);
      expect(await found(`receiver=${sg}`)).to.deep.equal([attached]);
      expect(await found(`partner=${cn}`)).to.deep.equal([created, acquitted]);
      expect(await found(`partner=${sg}`)).to.deep.equal([attached]);
      expect(await found("direction=incoming")).to.deep.equal([acquitted]);
      expect(await found("direction=outgoing")).to.deep.equal([created, attached]);
      expect(await found("status=delivered")).to.deep.equal([created, attached]);
      expect(await found("status=received")).to.deep.equal([acquitted]);
      expect(await found(`sender=${au}&receiver=${cn}&status=delivered&direction=outgoing`)).to.deep.equal([
        created,
      ]);
      expect(await found(`sender=${au}&direction=incoming`)).to.deep.equal([]);
    });

    it("only by what the API documents", async () => {
      for (const query of [
        "after=nonsense",
        `after=${Buffer.from("m1 or 1=1").toString("base64url")}`,
        "status=lost",
        "direction=sideways",
        "sender=Customs",
        "subject=",
        "colour=red",
      ]) {
        expect(await problemOf(await ask(`/messages?${query}`)), query).to.include({
          code: "malformed-request",
        });
      }
    });
  });
});
