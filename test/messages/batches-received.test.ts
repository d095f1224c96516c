import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import { expect } from "chai";

import type { BatchEvent } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { batchId, bodyLine, type BatchHeader } from "../../src/domain/batch.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { MerkleTree } from "../../src/domain/merkle-tree.ts";
import { digestOf, multihashOf } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { silentLogger } from "../../src/log.ts";
import { BatchOpener } from "../../src/messages/batch-opener.ts";
import type { Store } from "../../src/store/store.ts";
import {
  acquittalOf,
  acquitted,
  au,
  cn,
  created,
  message,
  messageTypes,
  revocationOf,
} from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { Killed, Mortal } from "./mortal.ts";
import {
  accountOf,
  channelOf,
  filesForTests,
  ledgerOf,
  rigOf,
  testClock,
  type Rig,
  type TestClock,
} from "./rig.ts";

const disputed = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.disputed");
const evidence = multihashOf("ab".repeat(32));

eachStore("batches between two nodes", (openFresh, source) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let issuer: Rig;
  let receiver: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    ledger.registerMessageType({ predicate: disputed, effect: "inform", batchable: false, target: null });
    ledger.appointOperator(cn, disputed, accountOf(cn).account);
    issuer = await issuerOn(ledger);
    receiver = await receiverOn(await openFresh(cn), ledger);
  });

  const issuerOn = async (...ledgers: MemoryLedger[]) =>
    rigOf({
      store: await openFresh(au),
      clock,
      channels: ledgers.map((each) => channelOf(each, au)),
      threshold: 3,
    });
  const receiverOn = (store: Store, ...ledgers: MemoryLedger[]) =>
    rigOf({ store, clock, channels: ledgers.map((each) => channelOf(each, cn)), participant: cn });

  const numbered = (number: number, changes: Partial<Message> = {}) =>
    message({ subject: parseSubject(`number:${number}`), ...changes });
  const several = (count: number, changes: Partial<Message> = {}) =>
    Array.from({ length: count }, (_, number) => numbered(number, changes));
  const post = async (rig: Rig, messages: readonly Message[]) => {
    for (const each of messages) await rig.post(each);
    return messages.map((each) => messageId(each));
  };

  /** What the fetcher does once a sender's node shows the bodies. */
  const fetchBodies = async (rig: Rig, db = rig.store.db) => {
    const wanted = await db
      .selectFrom("document_fetch")
      .selectAll()
      .where("max_bytes", "is not", null)
      .where("state", "=", "queued")
      .execute();
    for (const { digest, source: from, message_id: id, channel_id: channelId } of wanted) {
      const row = { digest, size: 1, media_type: "application/x-ndjson", stored_at: 1 };
      await db
        .insertInto("document")
        .values({ ...row, origin: "fetched", stored_by: from })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db
        .updateTable("document_fetch")
        .set({ state: "done" })
        .where("message_id", "=", id)
        .where("channel_id", "=", channelId)
        .execute();
    }
    return wanted.length;
  };
  const openerOf = async (
    store: Store,
    options: { readonly owner?: string; readonly disputes?: boolean; readonly participant?: Domain } = {},
  ) =>
    new BatchOpener({
      ...{
        store,
        participant: options.participant ?? cn,
        log: silentLogger,
        now: clock.now,
        poll: 60_000,
        lease: 1_000,
      },
      files: await filesForTests(),
      owner: options.owner ?? "replica-1",
      disputes: options.disputes === false ? null : { channel: () => channelOf(ledger, cn) },
      onOpened: () => undefined,
      onDisputed: () => undefined,
    });
  const open = async (rig: Rig) => {
    await fetchBodies(rig);
    return (await openerOf(rig.store)).runOnce();
  };
  const batchRows = (rig: Rig) => rig.store.db.selectFrom("batch").selectAll().execute();
  const messagesOf = (rig: Rig) => rig.store.db.selectFrom("message").selectAll().orderBy("seq").execute();
  const headers = () => {
    const found: BatchHeader[] = [];
    for (let height = 1; height <= ledger.head; height += 1) {
      const events = ledger.block(height)?.events ?? [];
      found.push(
        ...events.filter((each): each is BatchEvent => each.kind === "batch").map(({ header }) => header),
      );
    }
    return found;
  };

  /** Anchors a batch by hand, of which the body says whatever `body` says. */
  const anchor = async (members: readonly Message[], body: string | Uint8Array): Promise<BatchHeader> => {
    const files = await filesForTests();
    const bytes = Buffer.from(body);
    const { digest } = await files.put(Readable.from([bytes], { objectMode: false }), {
      maxBytes: 10_000_000,
    });
    const header: BatchHeader = {
      ...{ sender: au, receiver: cn, predicate: created, validUntil: null },
      root: new MerkleTree(members.map((each) => messageId(each))).root,
      count: members.length,
      body: multihashOf(digest),
    };
    await channelOf(ledger, au).submit({ kind: "anchor", key: batchId(header), header });
    return header;
  };
  const bodyOf = (members: readonly Message[]) => members.map((each) => bodyLine(each)).join("");

  it("delivers all messages of a batch at the sender, with its certificates, and opens body and documents", async () => {
    const ids = await post(issuer, several(5));
    await issuer.settle();
    for (const id of ids) {
      expect(await issuer.journal(id)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
      expect((await issuer.record(id)).certificate).to.include({ issued: true, duplicate: false });
    }
    expect(await issuer.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
    expect((await batchRows(issuer))[0]).to.include({ state: "open", direction: "outgoing", count: 5 });
    const acl = await issuer.store.db
      .selectFrom("document_acl")
      .select(["digest", "participant", "granted_by"])
      .execute();
    const [header] = headers();
    const opened = [header?.body ?? message().obj, message().obj].map((each) => digestOf(each));
    expect(acl).to.have.deep.members(
      opened.map((digest) => ({ digest, participant: cn, granted_by: "ledger" })),
    );
  });

  it("shows nothing of a batch at the receiver before its body is here, and then all of it", async () => {
    const ids = await post(issuer, several(5));
    await issuer.settle();
    await receiver.follow();
    expect(await messagesOf(receiver)).to.deep.equal([]);
    expect((await batchRows(receiver))[0]).to.include({ state: "anchored", direction: "incoming" });
    expect(await (await openerOf(receiver.store)).runOnce(), "the body is not here yet").to.equal(0);
    expect(await open(receiver)).to.equal(1);
    expect((await batchRows(receiver))[0]).to.include({ state: "open", fault_code: null });
    const rows = await messagesOf(receiver);
    expect(rows.map(({ id }) => id)).to.deep.equal(ids);
    expect(rows.map((row) => row.batch_index)).to.deep.equal([0, 1, 2, 3, 4]);
    for (const id of ids) {
      expect(await receiver.journal(id)).to.deep.equal(["received"]);
      expect((await receiver.record(id)).certificate).to.include({ issued: true, acquitted: false });
    }
    const fetches = await receiver.store.db
      .selectFrom("document_fetch")
      .selectAll()
      .where("max_bytes", "is", null)
      .execute();
    expect(fetches.map((row) => row.message_id)).to.have.members(ids);
    expect(await open(receiver), "and never again").to.equal(0);
  });

  it("settles a batch's certificates, and shows the acquittals as messages at both sides", async () => {
    const issues = several(5);
    const ids = await post(issuer, issues);
    await issuer.settle();
    await receiver.follow();
    await open(receiver);
    const acquittals = await post(
      receiver,
      issues.slice(1, 4).map((issue) => acquittalOf(issue, { obj: evidence })),
    );
    await receiver.settle();
    await issuer.follow();
    for (const [place, id] of acquittals.entries()) {
      expect(await receiver.journal(id)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
      expect(await issuer.journal(id)).to.deep.equal(["received"]);
      for (const side of [issuer, receiver]) {
        const { certificate } = await side.record(ids[place + 1] ?? "");
        expect(certificate).to.include({ acquitted: true, revoked: false, acquittedBy: id });
      }
    }
    expect((await issuer.record(ids[0] ?? "")).certificate).to.include({ acquitted: false });
    expect(await receiver.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
    const wanted = issuer.store.db.selectFrom("document_fetch").selectAll();
    expect(await wanted.execute(), "the evidence of each").to.have.length(3);
  });

  it("fails one by one, by their own reasons, the acquittals that a settlement carried in vain", async () => {
    const issues = several(5);
    await post(issuer, issues);
    await issuer.settle();
    await receiver.follow();
    await open(receiver);
    const [header] = headers();
    if (header === undefined) throw new Error("nothing was anchored");
    const ids = await post(
      receiver,
      issues.slice(0, 3).map((issue) => acquittalOf(issue, { obj: evidence })),
    );
    // While it is on its way, the issuer revokes one of them, and another node of ours acquits another.
    ledger.automine = false;
    const settle = (key: string, by: typeof au, predicate: typeof acquitted, bit: bigint) =>
      channelOf(ledger, by).submit({
        ...{ kind: "settlement", key, header, predicate, obj: multihashOf("cd".repeat(32)) },
        bits: [{ word: 0, mask: `0x${bit.toString(16).padStart(64, "0")}` }],
      });
    await settle("revoking", au, revocationOf(message()).predicate, 1n);
    await settle("acquitting", cn, acquitted, 2n);
    await receiver.carry();
    ledger.mine();
    ledger.automine = true;
    await receiver.settle();
    expect(await receiver.journal(ids[0] ?? "")).to.deep.equal([
      "pending",
      "bundled",
      "failed CertificateAlreadyRevoked",
    ]);
    expect(await receiver.journal(ids[1] ?? "")).to.deep.equal([
      "pending",
      "bundled",
      "failed CertificateAlreadyAcquitted",
    ]);
    expect(await receiver.journal(ids[2] ?? "")).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
    expect(await receiver.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("takes up, once the body is here, what the ledger said about the batch before", async () => {
    const issues = several(4);
    const ids = await post(issuer, issues);
    await issuer.settle();
    const first = await receiverOn(await openFresh(cn), ledger);
    await open(first);
    await post(first, [acquittalOf(issues[0] ?? message(), { obj: evidence })]);
    await first.settle();
    await issuer.follow();
    await post(issuer, [revocationOf(issues[1] ?? message())]);
    await issuer.settle();
    const [header] = headers();
    ledger.suspend(au);
    ledger.invalidateBatch(header ?? ({} as BatchHeader), [{ word: 0, mask: `0x${"4".padStart(64, "0")}` }]);
    // This node learns of all that before it has the body.
    await receiver.follow();
    expect(await messagesOf(receiver)).to.deep.equal([]);
    await open(receiver);
    const states = await Promise.all(ids.map(async (id) => (await receiver.record(id)).certificate));
    expect(states.map((state) => [state?.acquitted, state?.revoked, state?.invalidated])).to.deep.equal([
      [true, false, false],
      [false, true, false],
      [false, true, true],
      [false, false, false],
    ]);
    const directions = (await messagesOf(receiver)).map(
      ({ direction, predicate }) => `${direction} ${predicate}`,
    );
    expect(directions.slice(4)).to.deep.equal([
      `outgoing ${acquitted}`,
      `incoming ${revocationOf(message()).predicate}`,
    ]);
    expect(await receiver.journal(messageId(revocationOf(issues[1] ?? message())))).to.deep.equal([
      "received",
    ]);
  });

  it("has the first issue of a number count, in two batches or in one and alone", async () => {
    const alone = numbered(0, { obj: evidence });
    const other = several(4, { obj: multihashOf("cd".repeat(32)) });
    await channelOf(ledger, au).submit({
      kind: "message",
      key: "alone",
      message: alone,
      effect: "issue",
      issuance: null,
    });
    const first = several(3);
    await anchor(first, bodyOf(first));
    await anchor(other, bodyOf(other));
    await receiver.follow();
    // The second batch is opened first: what counts does not depend on it.
    const [, second] = headers();
    await fetchBodies(receiver);
    await receiver.store.db
      .updateTable("document_fetch")
      .set({ state: "queued" })
      .where("message_id", "!=", batchId(second ?? ({} as BatchHeader)))
      .where("max_bytes", "is not", null)
      .execute();
    await (await openerOf(receiver.store)).runOnce();
    await open(receiver);
    const duplicate = async (each: Message) =>
      (await receiver.record(messageId(each))).certificate?.duplicate;
    expect(await duplicate(alone)).to.equal(false);
    expect(await Promise.all(first.map(duplicate))).to.deep.equal([true, false, false]);
    expect(await Promise.all(other.map(duplicate))).to.deep.equal([true, true, true, false]);
  });

  it("takes a message that was said alone before as said once, and its batch's other messages as well", async () => {
    const members = several(3);
    const [same = message()] = members;
    await channelOf(ledger, au).submit({
      kind: "message",
      key: "alone",
      message: same,
      effect: "issue",
      issuance: null,
    });
    await anchor(members, bodyOf(members));
    await receiver.follow();
    await open(receiver);
    expect(await messagesOf(receiver)).to.have.length(3);
    expect(await receiver.journal(messageId(same))).to.deep.equal(["received"]);
    expect((await receiver.record(messageId(same))).certificate).to.include({ duplicate: false });
    expect(await receiver.store.db.selectFrom("batch_member").selectAll().execute()).to.have.length(3);
  });

  it("opens and settles a batch larger than any one statement", async function () {
    this.timeout(120_000);
    const members = several(2_345);
    const header = await anchor(members, bodyOf(members));
    await receiver.follow();
    await open(receiver);
    const bits = Array.from({ length: 10 }, (_, word) => {
      const left = members.length - 256 * word;
      const mask = left >= 256 ? (1n << 256n) - 1n : (1n << BigInt(left)) - 1n;
      return { word, mask: `0x${mask.toString(16).padStart(64, "0")}` } as const;
    });
    const settlement = {
      kind: "settlement",
      key: "all",
      header,
      predicate: acquitted,
      obj: evidence,
    } as const;
    await channelOf(ledger, cn).submit({ ...settlement, bits });
    await receiver.follow();
    const { db } = receiver.store;
    const certificates = await db.selectFrom("certificate").selectAll().orderBy("batch_index").execute();
    expect(certificates.map((row) => row.message_id)).to.deep.equal(members.map((each) => messageId(each)));
    expect(certificates.map((row) => row.acquitted_by)).to.deep.equal(
      members.map((each) => messageId(acquittalOf(each, { obj: evidence }))),
    );
    expect(await messagesOf(receiver)).to.have.length(2 * members.length);
    expect(await db.selectFrom("journal").select("seq").execute()).to.have.length(2 * members.length);
  });

  it("puts on record what another node of ours anchored once our user brings its body, and opens nothing", async () => {
    const ids = await post(issuer, several(3));
    await issuer.settle();
    const sibling = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    expect((await batchRows(sibling))[0]).to.include({ state: "anchored", direction: "outgoing" });
    const opener = await openerOf(sibling.store, { participant: au });
    expect(await opener.runOnce()).to.equal(0);
    await sibling.hold({ ...message(), obj: headers()[0]?.body ?? message().obj });
    expect(await opener.runOnce()).to.equal(1);
    for (const id of ids) expect(await sibling.journal(id)).to.deep.equal(["delivered"]);
    expect((await messagesOf(sibling)).map((row) => row.batch_index)).to.deep.equal([0, 1, 2]);
    expect(await sibling.store.db.selectFrom("document_acl").selectAll().execute()).to.deep.equal([]);
  });

  describe("a body that lies", () => {
    const members = several(3);
    const [a = message(), b = message(), c = message()] = members;
    const lies: readonly (readonly [string, string, readonly Message[], string | Uint8Array])[] = [
      ["has a message too few", "batch-count", members, bodyOf([a, b])],
      ["has a message too many", "batch-count", members, bodyOf([a, b, c, numbered(4)])],
      [
        "has another sender's, or receiver's, message",
        "batch-header",
        members,
        bodyOf([a, b, { ...c, receiver: au, sender: cn }]),
      ],
      ["has another expiry", "batch-header", members, bodyOf([a, b, { ...c, validUntil: 2_000_000_000 }])],
      [
        "claims another index",
        "batch-index",
        members,
        bodyOf([a, b]) + bodyLine(c).replace("}\n", ',"index":7}\n'),
      ],
      ["has a message twice", "batch-duplicate-id", [a, b, b], bodyOf([a, b, b])],
      [
        "has a number twice",
        "batch-duplicate-subject",
        [a, b, { ...b, obj: evidence }],
        bodyOf([a, b, { ...b, obj: evidence }]),
      ],
      ["is another than was anchored", "batch-root", members, bodyOf([b, a, c])],
      ["is no JSON", "batch-malformed", members, "no JSON\n"],
      ["is no UTF-8", "batch-malformed", members, Buffer.from([0x22, 0xff, 0x22, 0x0a])],
      ["has a line without end", "batch-malformed", members, `{"sender":"${"x".repeat(9_000)}`],
    ];
    for (const [what, code, anchored, body] of lies) {
      it(`is quarantined, opens nothing and is answered by a dispute when it ${what}`, async () => {
        const header = await anchor(anchored, body);
        await receiver.follow();
        await open(receiver);
        expect((await batchRows(receiver))[0]).to.include({ state: "quarantined", fault_code: code });
        await receiver.settle();
        const [dispute, ...more] = await messagesOf(receiver);
        expect(more, "no message of the batch is on record").to.deep.equal([]);
        expect(dispute).to.include({
          ...{ direction: "outgoing", predicate: disputed, receiver: au, status: "delivered" },
        });
        expect(dispute?.subject).to.match(
          /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        const files = await filesForTests();
        const report = JSON.parse(
          await text(await files.read((dispute?.digest ?? "") as Parameters<typeof files.read>[0])),
        ) as {
          salt: string;
        };
        expect(report).to.deep.include({ batch: batchId(header), root: header.root, body: header.body });
        expect(report).to.have.nested.property("fault.code", code);
        expect(Buffer.from(report.salt, "base64url")).to.have.length(16);
        const opened = receiver.store.db.selectFrom("document_acl").select(["digest", "participant"]);
        expect(await opened.execute()).to.deep.equal([{ digest: dispute?.digest, participant: au }]);
        expect(await receiver.store.db.selectFrom("certificate").selectAll().execute()).to.deep.equal([]);
        // The sender's node learns of it as of any message.
        await issuer.follow();
        expect(await issuer.journal(dispute?.id ?? "")).to.deep.equal(["received"]);
      });
    }

    it("is quarantined without an answer where there is no type for it, no right, or no wish", async () => {
      const lie = async () => {
        await anchor(members, bodyOf([a, b]));
        await receiver.follow();
        await fetchBodies(receiver);
      };
      await lie();
      await (await openerOf(receiver.store, { disputes: false })).runOnce();
      expect(await batchRows(receiver)).to.have.nested.property("[0].state", "quarantined");

      receiver = await receiverOn(await openFresh(cn), ledger);
      ledger.dismissOperator(cn, disputed, accountOf(cn).account);
      await receiver.follow();
      await open(receiver);
      expect(await batchRows(receiver)).to.have.nested.property("[0].state", "quarantined");

      ledger = ledgerOf(clock, { name: "without" });
      receiver = await receiverOn(await openFresh(cn), ledger);
      await lie();
      await (await openerOf(receiver.store)).runOnce();
      expect(await batchRows(receiver)).to.have.nested.property("[0].state", "quarantined");
      expect(await messagesOf(receiver)).to.deep.equal([]);
      expect(messageTypes.map(({ predicate }) => predicate)).not.to.include(disputed);
    });
  });

  describe("on a ledger that forks", () => {
    it("takes a batch's messages back to pending, still in their bundle, and delivers them from another block", async () => {
      ledger = ledgerOf(clock, { name: "slow", finality: { kind: "confirmations", blocks: 2 } });
      ledger.automine = false;
      ledger.mine(3);
      issuer = await issuerOn(ledger);
      receiver = await receiverOn(await openFresh(cn), ledger);
      const ids = await post(issuer, several(3));
      await issuer.carry();
      ledger.mine();
      await issuer.follow();
      await receiver.follow();
      expect(await issuer.journal(ids[0] ?? "")).to.deep.equal(["pending", "bundled", "sent"]);
      expect(await batchRows(receiver), "nothing takes effect before finality").to.deep.equal([]);
      ledger.fork(1);
      ledger.mine(4);
      await issuer.follow();
      await receiver.follow();
      for (const id of ids) {
        expect(await issuer.journal(id)).to.deep.equal([
          ...["pending", "bundled", "sent", "pending fork", "sent", "delivered"],
        ]);
      }
      expect(await batchRows(receiver)).to.have.length(1);
      await open(receiver);
      expect(await messagesOf(receiver)).to.have.length(3);
    });
  });

  it("opens a batch once, at whatever step the node is killed", async function () {
    this.timeout(240_000);
    const issues = several(3);
    await anchor(issues, bodyOf(issues));
    for (let step = 0; ; step += 1) {
      const store = await openFresh(cn);
      const rig = await receiverOn(store, ledger);
      await fetchBodies(rig);
      const mortal = new Mortal(step);
      try {
        const opener = await openerOf(mortal.store(store), { owner: "life" });
        await opener.runOnce();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      clock.advance(60_000);
      await (await openerOf(store, { owner: "after" })).runOnce();
      const found = (await messagesOf(rig)).map(({ id, status }) => `${id} ${status}`);
      expect(found, `step ${step}`).to.deep.equal(issues.map((each) => `${messageId(each)} received`));
      for (const each of issues) {
        expect(await rig.journal(messageId(each)), `step ${step}`).to.deep.equal(["received"]);
      }
      const notifications = await store.db.selectFrom("notification").select("type").execute();
      expect(notifications, `step ${step}`).to.have.length(3);
      await store.close();
      if (!mortal.dead) {
        expect(step).to.be.greaterThan(8);
        break;
      }
    }
  });

  it("disputes a lying batch once, at whatever step the node is killed", async function () {
    this.timeout(240_000);
    await anchor(several(3), bodyOf(several(2)));
    for (let step = 0; ; step += 1) {
      const store = await openFresh(cn);
      const rig = await receiverOn(store, ledger);
      await fetchBodies(rig);
      const mortal = new Mortal(step);
      try {
        await (await openerOf(mortal.store(store), { owner: "life" })).runOnce();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      clock.advance(60_000);
      await (await openerOf(store, { owner: "after" })).runOnce();
      expect(await batchRows(rig), `step ${step}`).to.have.nested.property("[0].state", "quarantined");
      expect(await messagesOf(rig), `step ${step}`).to.have.length(1);
      expect(await store.db.selectFrom("outbox").selectAll().execute(), `step ${step}`).to.have.length(1);
      await store.close();
      if (!mortal.dead) break;
    }
  });

  it("opens a batch once, however many replicas look at it", async () => {
    const location = await source.freshLocation();
    const first = await source.open(location, cn);
    const second = first.dialect === "postgres" ? await source.open(location, cn) : first;
    const rig = await receiverOn(first, ledger);
    const issues = several(50);
    await anchor(issues, bodyOf(issues));
    await rig.follow();
    await fetchBodies(rig);
    const openers = await Promise.all([openerOf(first), openerOf(second)]);
    await Promise.all(openers.map((opener) => opener.runOnce()));
    expect(await messagesOf(rig)).to.have.length(50);
    expect(await rig.store.db.selectFrom("journal").selectAll().execute()).to.have.length(50);
    expect((await batchRows(rig))[0]).to.include({ state: "open" });
  });

  it("looks for a document on a second channel too, when a hostile one brought the message first", async () => {
    const hostile = ledgerOf(clock, { name: "hostile" });
    const both = await receiverOn(await openFresh(cn), hostile, ledger);
    const wanted = message();
    for (const each of [hostile, ledger]) {
      await channelOf(each, au).submit({
        kind: "message",
        key: "same",
        message: wanted,
        effect: "issue",
        issuance: null,
      });
      await both.follow();
    }
    const queued = () =>
      both.store.db
        .selectFrom("document_fetch")
        .select(["channel_id", "state"])
        .orderBy("channel_id")
        .execute();
    expect((await queued()).map((row) => row.channel_id)).to.have.members([hostile.id, ledger.id]);
    expect(await both.journal(messageId(wanted))).to.deep.equal(["received"]);
    // Once its document is here, it is looked for nowhere else.
    const third = ledgerOf(clock, { name: "third" });
    await both.store.db.updateTable("message").set({ status: "available" }).execute();
    const more = await receiverOn(both.store, third);
    await channelOf(third, au).submit({
      kind: "message",
      key: "same",
      message: wanted,
      effect: "issue",
      issuance: null,
    });
    await more.follow();
    expect(await queued()).to.have.length(2);
  });
});
