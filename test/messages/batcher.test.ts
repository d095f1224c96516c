import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";

import { expect } from "chai";

import type { BatchEvent, LedgerEvent } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { BatchBody, batchId } from "../../src/domain/batch.ts";
import type { Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { DocumentStore } from "../../src/documents/document-store.ts";
import { silentLogger } from "../../src/log.ts";
import { Batcher } from "../../src/messages/batcher.ts";
import { withdrawMessage } from "../../src/messages/withdraw.ts";
import { attached, au, cn, created, message, phytosanitary, sg } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import {
  accountOf,
  channelOf,
  filesForTests,
  ledgerOf,
  rigOf,
  testClock,
  type Rig,
  type TestClock,
  userOf,
} from "./rig.ts";

/** Everything on a ledger, oldest first. */
export function eventsOf(ledger: MemoryLedger): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  for (let height = 1; height <= ledger.head; height += 1) {
    events.push(...(ledger.block(height)?.events ?? []));
  }
  return events;
}

eachStore("the batcher", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let node: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    node = await rigOf({
      store: await openFresh(au),
      clock,
      channels: [channelOf(ledger, au)],
      threshold: 5,
    });
  });

  const numbered = (number: number, changes: Partial<Message> = {}) =>
    message({ subject: parseSubject(`number:${number}`), ...changes });

  const post = async (...messages: readonly Message[]): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const each of messages) ids.push((await node.post(each)).id);
    return ids;
  };

  const postMany = (count: number, changes: Partial<Message> = {}, from = 0) =>
    post(...Array.from({ length: count }, (_, number) => numbered(from + number, changes)));

  const batches = () => eventsOf(ledger).filter((event): event is BatchEvent => event.kind === "batch");
  const singles = () => eventsOf(ledger).filter(({ kind }) => kind === "message");

  it("forms the other bundles when one cannot be formed, and that one too once it can", async () => {
    const files = await filesForTests();
    let isBad = true;
    const put: DocumentStore["put"] = async (source, options) => {
      const bytes = await buffer(source);
      if (isBad && bytes.includes(cn)) throw new Error("The disk has a bad place.");
      return files.put(Readable.from([bytes]), options);
    };
    const batcher = new Batcher({
      ...{ store: node.store, channel: channelOf(ledger, au), participant: au, owner: "replica-2" },
      files: { put } as unknown as DocumentStore,
      rules: { threshold: 5, maxSize: 100, maxBodyBytes: 100_000 },
      ...{ log: silentLogger, poll: 60_000, lease: 10_000, now: clock.now, onFormed: () => undefined },
    });
    await postMany(6);
    await postMany(6, { receiver: sg }, 100);
    const receivers = async () =>
      (await node.store.db.selectFrom("batch").select("receiver").execute()).map(({ receiver }) => receiver);
    await batcher.runOnce();
    expect(await receivers()).to.deep.equal([sg]);
    isBad = false;
    clock.advance(60_000);
    await batcher.runOnce();
    expect(await receivers()).to.have.members([sg, cn]);
  });

  it("anchors as one batch what waits for one receiver, type and expiry, once there are enough of them", async () => {
    const ids = await postMany(6);
    await node.carry();
    const [batch, ...more] = batches();
    expect(more).to.deep.equal([]);
    expect(singles()).to.deep.equal([]);
    expect(batch?.header).to.include({
      sender: au,
      receiver: cn,
      predicate: created,
      count: 6,
      validUntil: null,
    });
    expect(await node.journal(ids[5] ?? "")).to.deep.equal(["pending", "bundled"]);
    const rows = await node.store.db.selectFrom("batch").selectAll().execute();
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ id: batch?.id, state: "formed", direction: "outgoing", effect: "issue" });
  });

  it("stores the batch's body, whose messages have the anchored root, and the intent to open it to the receiver", async () => {
    await postMany(6);
    await node.carry();
    const header = batches()[0]?.header;
    if (header === undefined) throw new Error("nothing was anchored");
    const digest = digestOf(header.body);
    const content = await text(await (await filesForTests()).read(digest));
    const body = new BatchBody(header);
    for (const line of content.trimEnd().split("\n")) body.add(line);
    expect(body.finish().root).to.equal(header.root);
    const document = node.store.db.selectFrom("document").selectAll().where("digest", "=", digest);
    expect(await document.executeTakeFirst()).to.include({
      media_type: "application/x-ndjson",
      origin: "user",
    });
    const intent = node.store.db.selectFrom("document_intent").selectAll().where("digest", "=", digest);
    expect(await intent.execute()).to.deep.equal([{ message_id: batchId(header), digest, participant: cn }]);
  });

  it("leaves to go singly what is too few, or of a type that may not go in batches", async () => {
    await postMany(4);
    await postMany(6, { predicate: phytosanitary });
    await node.settle();
    expect(batches()).to.deep.equal([]);
    expect(singles()).to.have.length(10);
  });

  it("makes a batch for each receiver, and for each expiry", async () => {
    const validUntil = Date.parse("2027-01-01T00:00:00Z") / 1000;
    await postMany(5);
    await postMany(5, { receiver: sg }, 10);
    await postMany(5, { validUntil }, 20);
    await node.carry();
    const headers = batches().map(({ header }) => `${header.receiver} ${header.validUntil} ${header.count}`);
    expect(headers).to.have.members([`${cn} null 5`, `${sg} null 5`, `${cn} ${validUntil} 5`]);
  });

  it("puts no more into a batch than it may hold, and the rest into the next", async () => {
    node = await rigOf({
      ...{ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] },
      ...{ threshold: 2, maxSize: 4 },
    });
    await postMany(8);
    await node.settle();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([4, 4]);
  });

  it("puts a second message about one subject into the next batch", async () => {
    const informs = { predicate: attached };
    await post(numbered(1, informs), numbered(1, { ...informs, obj: multihashOf("77".repeat(32)) }));
    await postMany(5, informs, 2);
    await postMany(4, { ...informs, obj: multihashOf("88".repeat(32)) }, 2);
    await node.settle();
    const counts = batches().map(({ header }) => header.count);
    expect(counts).to.have.members([6, 5]);
  });

  it("never issues a number twice: the second posted goes singly, waits for the first, and fails", async () => {
    const [, second] = await post(numbered(1), numbered(1, { obj: multihashOf("77".repeat(32)) }));
    await postMany(5, {}, 2);
    await node.carry();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([6]);
    await node.carry();
    expect(await node.journal(second ?? "")).to.deep.equal(["pending"]);
    expect(singles()).to.deep.equal([]);
    await node.settle();
    expect(await node.journal(second ?? "")).to.deep.equal(["pending", "failed certificate-already-issued"]);
    expect(singles()).to.deep.equal([]);
  });

  it("fails a number that was issued on another channel, which its own ledger cannot see", async () => {
    const other = ledgerOf(clock, { name: "other" });
    const twin = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(other, au)] });
    await twin.post(numbered(3));
    await twin.carry();
    other.deprecate(null); // so that what is posted now goes by the first channel
    const channels = [channelOf(ledger, au), channelOf(other, au)];
    node = await rigOf({ store: await openFresh(au), clock, channels, threshold: 5 });
    const ids = await postMany(7, { obj: multihashOf("77".repeat(32)) });
    await node.settle();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([6]);
    expect(await node.journal(ids[3] ?? "")).to.deep.equal(["pending", "failed certificate-already-issued"]);
  });

  it("lets a message be withdrawn until it is bundled, and not after", async () => {
    const ids = await postMany(6);
    await withdrawMessage(node.store, ids[0] ?? "", clock.now(), userOf(au));
    await node.carry();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([5]);
    expect(await node.journal(ids[0] ?? "")).to.deep.equal(["pending", "withdrawn"]);
    const error = await withdrawMessage(node.store, ids[1] ?? "", clock.now(), userOf(au)).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "not-withdrawable");
  });

  it("fails every message of a batch that the ledger refuses for good, by the ledger's reason, and tries them anew when posted again", async () => {
    const ids = await postMany(5);
    ledger.closeMessageType(created); // the node has not seen it yet
    await node.settle();
    for (const id of ids) {
      expect(await node.journal(id)).to.deep.equal([
        "pending",
        "bundled",
        "failed MessageTypeClosedToMessages",
      ]);
    }
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
    expect(await node.store.db.selectFrom("batch").select("state").execute()).to.deep.equal([
      { state: "failed" },
    ]);
    const row = await node.store.db.selectFrom("message").selectAll().executeTakeFirstOrThrow();
    expect(row).to.include({ batch_id: null, batch_index: null });
  });

  it("waits for a right still to be granted, and then anchors the very same batch", async () => {
    ledger.dismissOperator(au, created, accountOf(au).account);
    const ids = await postMany(5);
    await node.carry();
    expect(batches()).to.deep.equal([]);
    ledger.appointOperator(au, created, accountOf(au).account);
    clock.advance(35_000);
    await node.carry();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([5]);
    expect(await node.journal(ids[0] ?? "")).to.include("bundled");
  });

  it("forms a failed batch of the same messages once more when all are posted again", async () => {
    ledger.dismissOperator(au, created, accountOf(au).account);
    const ids = await postMany(5);
    await node.settle();
    expect(await node.journal(ids[0] ?? "")).to.deep.equal([
      "pending",
      "bundled",
      "failed OperatorUnauthorized",
    ]);
    ledger.appointOperator(au, created, accountOf(au).account);
    expect(await postMany(5)).to.deep.equal(ids);
    await node.carry();
    expect(batches().map(({ header }) => header.count)).to.deep.equal([5]);
    const rows = await node.store.db.selectFrom("batch").selectAll().execute();
    expect(rows.map(({ id, state }) => ({ id, state }))).to.deep.equal([
      { id: batches()[0]?.id, state: "formed" },
    ]);
  });
});
