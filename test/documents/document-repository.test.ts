import { createHash } from "node:crypto";

import { expect } from "chai";
import type { Kysely } from "kysely";

import {
  findDocument,
  findOpened,
  listReaders,
  openByHand,
  openToReceiver,
  recordDocument,
  recordIntent,
  recordRead,
} from "../../src/documents/document-repository.ts";
import { checkShareable } from "../../src/documents/shareable.ts";
import type { MessageId } from "../../src/domain/message.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { parseDomain, type Domain } from "../../src/domain/participant.ts";
import { Problem, type ProblemCode } from "../../src/domain/problems.ts";
import type { Role } from "../../src/identity/caller.ts";
import type { Schema } from "../../src/store/schema.ts";
import { rejection } from "../rejection.ts";
import { queueFetches } from "../../src/documents/fetch-repository.ts";
import { eachStore } from "../store/each-store.ts";
import { insertMessage } from "./message-row.ts";

const china = parseDomain("customs.gov.cn");
const singapore = parseDomain("customs.gov.sg");
const australia = parseDomain("homeaffairs.gov.au");
const digestFor = (text: string) => createHash("sha256").update(text).digest("hex") as Digest;
const messageIdFor = (text: string) => `0x${digestFor(text)}` as MessageId;
const digest = digestFor("certificate");
const messageId = messageIdFor("message");

function record(db: Kysely<Schema>, origin: "user" | "fetched", storedBy: string) {
  return recordDocument(db, { digest, size: 5, mediaType: "application/json", origin, storedBy, at: 1 });
}

async function expectProblem(code: ProblemCode, promise: Promise<unknown>): Promise<void> {
  expect(await rejection(promise))
    .to.be.instanceOf(Problem)
    .with.property("code", code);
}

eachStore("document repository", (openFresh) => {
  it("answers the same for the same bytes, whoever brings them again", async () => {
    const { db } = await openFresh();
    const first = await record(db, "user", "issuer alice");
    const again = await recordDocument(db, {
      ...first,
      mediaType: "text/plain",
      storedBy: "issuer bob",
      at: 2,
    });
    expect(again).to.deep.equal(first);
    expect(await record(db, "fetched", china)).to.deep.equal(first);
  });

  it("makes a fetched document our own once our own user brings it", async () => {
    const { db } = await openFresh();
    await record(db, "fetched", china);
    await expectProblem(
      "document-not-shareable",
      checkShareable(db, { digest, receiver: singapore, channelId: "c" }),
    );
    const own = await recordDocument(db, {
      digest,
      size: 5,
      mediaType: "application/pdf",
      origin: "user",
      storedBy: "issuer alice",
      at: 2,
    });
    expect(own).to.include({ origin: "user", storedBy: "issuer alice", mediaType: "application/pdf" });
    await checkShareable(db, { digest, receiver: singapore, channelId: "c" });
  });

  describe("sharing (trap 7)", () => {
    it("refuses a document this node does not hold", async () => {
      const { db } = await openFresh();
      await expectProblem(
        "document-not-held",
        checkShareable(db, { digest, receiver: china, channelId: "c" }),
      );
    });

    it("allows what its own user brought, to anybody", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await checkShareable(db, { digest, receiver: china, channelId: "c" });
    });

    it("refuses to pass on what another participant gave, except back to it", async () => {
      const { db } = await openFresh();
      await record(db, "fetched", china);
      await queueFetches(db, [{ messageId, digest, source: china, channelId: "c", at: 1 }]);
      await db.updateTable("document_fetch").set({ state: "done" }).execute();
      await checkShareable(db, { digest, receiver: china, channelId: "c" });
      await expectProblem(
        "document-not-shareable",
        checkShareable(db, { digest, receiver: singapore, channelId: "c" }),
      );
      // The same name on another channel may be another's seat.
      await expectProblem(
        "document-not-shareable",
        checkShareable(db, { digest, receiver: china, channelId: "d" }),
      );
    });

    it("refuses it to a participant that only named the hash, until its node has shown the bytes", async () => {
      const { db } = await openFresh();
      await record(db, "fetched", china);
      await queueFetches(db, [{ messageId, digest, source: singapore, channelId: "c", at: 1 }]);
      await expectProblem(
        "document-not-shareable",
        checkShareable(db, { digest, receiver: singapore, channelId: "c" }),
      );
      await db.updateTable("document_fetch").set({ state: "failed" }).execute();
      await expectProblem(
        "document-not-shareable",
        checkShareable(db, { digest, receiver: singapore, channelId: "c" }),
      );
      await db.updateTable("document_fetch").set({ state: "done" }).execute();
      await checkShareable(db, { digest, receiver: singapore, channelId: "c" });
    });
  });

  describe("opening", () => {
    const intent = { messageId, digest, participant: china };

    it("opens a document to the receiver of the stored intent, and to nobody else", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await recordIntent(db, intent);
      const opened = (participant: Domain, channelId = "c") =>
        findOpened(db, digest, { participant, channelId });
      expect(await opened(china), "before the ledger's final word").to.equal(null);
      await insertMessage(db, { id: messageId, digest, sender: australia, receiver: china });
      await openToReceiver(db, { messageId, at: 7 });
      expect((await opened(china))?.digest).to.equal(digest);
      expect(await opened(singapore)).to.equal(null);
      expect(await opened(china, "another"), "of this name on another channel").to.equal(null);
      expect(await listReaders(db, digest)).to.deep.equal([
        { participant: china, messageId, grantedAt: 7, grantedBy: "ledger", firstReadAt: null },
      ]);
    });

    it("opens nothing for a message without a stored intent, though it names the hash", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await openToReceiver(db, { messageId: messageIdFor("a stranger's"), at: 7 });
      expect(await listReaders(db, digest)).to.deep.equal([]);
    });

    it("keeps the first intent and the first opening when told again", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await recordIntent(db, intent);
      await recordIntent(db, { ...intent, participant: singapore });
      await openToReceiver(db, { messageId, at: 7 });
      await openToReceiver(db, { messageId, at: 8 });
      expect(
        (await listReaders(db, digest)).map((reader) => [reader.participant, reader.grantedAt]),
      ).to.deep.equal([[china, 7]]);
    });

    it("shows when the receiver first read it", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await recordIntent(db, intent);
      await openToReceiver(db, { messageId, at: 7 });
      const node = { kind: "node", participant: china, account: "0x01", channelId: "c" } as const;
      const user = {
        kind: "user",
        issuer: "",
        subject: china,
        participant: australia,
        roles: new Set<Role>(),
      } as const;
      await recordRead(db, { digest, reader: user, at: 8 });
      expect(
        (await listReaders(db, digest))[0]?.firstReadAt,
        "a user of that name is not that node",
      ).to.equal(null);
      await recordRead(db, { digest, reader: node, at: 9 });
      await recordRead(db, { digest, reader: node, at: 10 });
      expect((await listReaders(db, digest))[0]?.firstReadAt).to.equal(9);
    });
  });

  describe("opening by hand", () => {
    const by = (participant: Domain) => ({ digest, participant, administrator: "issuer root", at: 9 });

    it("opens to a receiver that a delivered message of ours names, on record", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      await insertMessage(db, { id: messageId, digest, sender: australia, receiver: china });
      expect(await openByHand(db, by(china))).to.deep.equal({
        participant: china,
        messageId,
        grantedAt: 9,
        grantedBy: "issuer root",
        firstReadAt: null,
      });
    });

    it("refuses any other receiver, and messages that are not final, not ours or about another document", async () => {
      const { db } = await openFresh();
      await record(db, "user", "issuer alice");
      const named = { digest, sender: australia, receiver: china };
      await insertMessage(db, { ...named, id: messageIdFor("1"), status: "sent" });
      await insertMessage(db, { ...named, id: messageIdFor("2"), status: "failed" });
      await insertMessage(db, {
        ...named,
        id: messageIdFor("3"),
        direction: "incoming",
        status: "available",
      });
      await insertMessage(db, { ...named, id: messageIdFor("4"), digest: digestFor("another") });
      await insertMessage(db, { ...named, id: messageIdFor("5"), receiver: singapore });
      await expectProblem("receiver-not-named", openByHand(db, by(china)));
      expect(await listReaders(db, digest)).to.deep.equal([]);
    });

    it("refuses what is not held and what is not ours", async () => {
      const { db } = await openFresh();
      await expectProblem("not-found", openByHand(db, by(china)));
      await record(db, "fetched", singapore);
      await insertMessage(db, { id: messageId, digest, sender: australia, receiver: china });
      await expectProblem("document-not-shareable", openByHand(db, by(china)));
    });
  });

  it("queues a message's document once", async () => {
    const { db } = await openFresh();
    await queueFetches(db, [{ messageId, digest, source: china, channelId: "c", at: 5 }]);
    await db.updateTable("document_fetch").set({ state: "done" }).execute();
    await queueFetches(db, [{ messageId, digest, source: china, channelId: "c", at: 6 }]);
    const rows = await db.selectFrom("document_fetch").select(["state", "due_at"]).execute();
    expect(rows).to.deep.equal([{ state: "done", due_at: 5 }]);
    expect(await findDocument(db, digest)).to.equal(null);
  });
});
