import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, toWire } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Role } from "../../src/identity/caller.ts";
import { acceptMessage } from "../../src/messages/accept.ts";
import { acquittalOf, attached, au, cn, message, revocationOf, sg } from "../channels/fixtures.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "./rig.ts";

eachStore("accepting a message", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let node: Rig;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
  });

  const submit = (body: unknown, caller = userOf(au)) => acceptMessage(node.accepting, caller, body);

  /** The code of a refusal, after making sure that nothing at all was stored. */
  const refusal = async (body: unknown, caller = userOf(au)): Promise<string> => {
    const error = await rejection(submit(body, caller));
    for (const table of ["message", "journal", "outbox", "document_intent"] as const) {
      expect(await node.store.db.selectFrom(table).selectAll().execute(), table).to.deep.equal([]);
    }
    return (error as Error & { code?: string }).code ?? error.message;
  };

  it("stores message, journal, place in line and intent together, under the message's own id", async () => {
    const posted = message();
    const { id, fresh } = await node.post(posted);
    expect({ id, fresh }).to.deep.equal({ id: messageId(posted), fresh: true });
    const { db } = node.store;
    expect(
      await db.selectFrom("outbox").select(["message_id", "channel_id", "state"]).execute(),
    ).to.deep.equal([{ message_id: id, channel_id: ledger.id, state: "waiting" }]);
    expect(
      await db.selectFrom("document_intent").select(["message_id", "participant"]).execute(),
    ).to.deep.equal([{ message_id: id, participant: cn }]);
    expect(await db.selectFrom("message").select("accepted_by").execute()).to.deep.equal([
      { accepted_by: "https://id.example officer-7" },
    ]);
    expect(await node.journal(id)).to.deep.equal(["pending"]);
  });

  it("takes the node's participant for a sender left out, and every form of the same hash for the same message", async () => {
    const posted = message();
    await node.hold(posted);
    const { receiver, subject, predicate, obj } = toWire(posted);
    const rest = { receiver, subject, predicate, obj };
    const { id } = await submit(rest);
    const hexadecimal = "12209b2c5c1a4d5a3b0f6f1a4c9e8d7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b";
    expect(await submit({ ...rest, obj: hexadecimal })).to.deep.equal({ id, fresh: false });
    expect(id).to.equal(messageId(posted));
  });

  it("refuses a message whose subject is not of the kind that its type wants, and stores nothing of it", async () => {
    const asked: string[] = [];
    const strict = {
      ...node.accepting,
      checkSubject: ({ predicate, subject }: { predicate: string; subject: string }) => {
        asked.push(predicate);
        if (!subject.startsWith("urn:")) throw new Problem("subject-not-private", "Take another.");
      },
    };
    const posted = message();
    await node.hold(posted);
    const error = await rejection(acceptMessage(strict, userOf(au), toWire(posted)));
    expect(error).to.have.property("code", "subject-not-private");
    expect(await node.store.db.selectFrom("message").selectAll().execute()).to.deep.equal([]);
    const hidden = toWire({ ...posted, subject: parseSubject("urn:uuid:1") });
    expect(await acceptMessage(strict, userOf(au), hidden)).to.have.property("fresh", true);
    expect(asked).to.deep.equal([posted.predicate, posted.predicate]);
  });

  it("sends nothing for what is known: while it waits, when it is sent, and after it is delivered", async () => {
    const { id } = await node.post(message());
    expect(await node.post(message())).to.deep.equal({ id, fresh: false });
    await node.carry();
    expect(await node.post(message())).to.deep.equal({ id, fresh: false });
    await node.follow();
    expect(await node.post(message())).to.deep.equal({ id, fresh: false });
    await node.settle();
    expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
  });

  it("answers for what is known even when its channel would take it no more", async () => {
    const { id } = await node.post(message());
    await node.settle();
    ledger.suspend(cn);
    ledger.deprecate(null);
    ledger.retire();
    await node.follow();
    expect(await node.post(message())).to.deep.equal({ id, fresh: false });
  });

  it("makes one message of many identical posts at once", async () => {
    await node.hold(message());
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit(toWire(message()))));
    expect(answers.filter(({ fresh }) => fresh)).to.have.length(1);
    expect(new Set(answers.map(({ id }) => id))).to.have.property("size", 1);
    const id = messageId(message());
    expect(await node.journal(id)).to.deep.equal(["pending"]);
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.have.length(1);
  });

  it("makes one new attempt of many identical posts at once after a failure", async () => {
    const { id } = await node.post(message());
    await node.store.db.updateTable("message").set({ status: "failed" }).where("id", "=", id).execute();
    await node.store.db.deleteFrom("outbox").execute();
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(toWire(message()))));
    expect(answers.filter(({ fresh }) => fresh)).to.have.length(1);
    expect(await node.journal(id)).to.deep.equal(["pending", "2:pending"]);
    expect(await node.store.db.selectFrom("outbox").select("attempt").execute()).to.deep.equal([
      { attempt: 2 },
    ]);
  });

  it("accepts many different messages at once, in an order that lists can rely on", async () => {
    await node.hold(message());
    const subjects = Array.from({ length: 20 }, (_, index) => `number:${index}`);
    await Promise.all(subjects.map((subject) => submit({ ...toWire(message()), subject })));
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.have.length(20);
  });

  describe("refuses, and stores nothing of,", () => {
    it("what is no message: 400 malformed-message", async () => {
      const wire = toWire(message());
      const { sender, receiver, predicate, obj } = wire;
      const without = { sender, receiver, predicate, obj };
      for (const body of [
        null,
        [],
        "message",
        without,
        { ...wire, object: wire.obj },
        { ...wire, subject: 7 },
        { ...wire, subject: "two words" },
        { ...wire, subject: "x".repeat(201) },
        { ...wire, receiver: "Customs.gov.cn" },
        { ...wire, receiver: au },
        { ...wire, validUntil: "tomorrow" },
        JSON.parse(`{"__proto__": {"sender": "${au}"}, "constructor": "x"}`) as unknown,
      ]) {
        expect(await refusal(body), JSON.stringify(body)).to.equal("malformed-message");
      }
    });

    it("a hash that is none: 400 malformed-multihash", async () => {
      expect(await refusal({ ...toWire(message()), obj: "QmNotAHash" })).to.equal("malformed-multihash");
    });

    it("a foreign sender, as if received from the ledger: 403 foreign-sender (trap 5)", async () => {
      expect(await refusal({ ...toWire(message()), sender: cn, receiver: au })).to.equal("foreign-sender");
      expect(await refusal(toWire(message()), userOf(cn))).to.equal("foreign-sender");
    });

    it("a caller without the right that the message's effect needs: 403 not-allowed", async () => {
      await node.hold(message());
      const all: readonly Role[] = ["messages:write", "certificates:acquit", "certificates:revoke"];
      const wire = toWire(message());
      expect(await refusal(wire, userOf(au, ["messages:read", "admin"]))).to.equal("not-allowed");
      expect(await refusal(wire, userOf(au, all.slice(1)))).to.equal("not-allowed");
      expect(await refusal({ ...wire, predicate: "no.such.type" }, userOf(au, ["messages:read"]))).to.equal(
        "not-allowed",
      );
    });

    it("a document that this node does not hold: 422 document-not-held (trap 7)", async () => {
      expect(await refusal(toWire(message()))).to.equal("document-not-held");
    });

    it("an expiry where none is allowed, or in the past: 422", async () => {
      await node.hold(message());
      const wire = toWire(message());
      const past = "2026-05-31T23:59:59Z";
      expect(await refusal({ ...wire, validUntil: past })).to.equal("expiry-passed");
      expect(await refusal({ ...wire, predicate: attached, validUntil: "2027-01-01T00:00:00Z" })).to.equal(
        "expiry-not-allowed",
      );
    });

    it("an act on a certificate that this node knows nothing of: 422 certificate-unknown", async () => {
      await node.hold(message());
      expect(await refusal(toWire(revocationOf(message())))).to.equal("certificate-unknown");
    });
  });

  it("says 503, not 422, of what it cannot know before it has read its channels", async () => {
    const store = await openFresh(au);
    const accepting = { ...node.accepting, store, caughtUp: () => false };
    for (const posted of [message(), message({ receiver: sg }), revocationOf(message())]) {
      const error = await rejection(acceptMessage(accepting, userOf(au), toWire(posted)));
      expect(error).to.include({ code: "unavailable", retryAfterSeconds: 2 });
    }
    const caughtUp = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
    expect(await caughtUp.post(message())).to.include({ fresh: true });
  });

  it("says 503, not 422, when the last page of its channels arrives while it looks", async () => {
    let read = false;
    const accepting = {
      ...node.accepting,
      store: await openFresh(au),
      caughtUp: () => read,
      channels: () => {
        read = true;
        return node.accepting.channels();
      },
    };
    const error = await rejection(acceptMessage(accepting, userOf(au), toWire(message())));
    expect(error).to.include({ code: "unavailable" });
  });

  it("asks for the right to revoke, and for no other, from who revokes", async () => {
    await node.post(message());
    await node.settle();
    const revocation = revocationOf(message());
    const error = await rejection(
      node.post(revocation, userOf(au, ["messages:write", "certificates:acquit"])),
    );
    expect(error).to.include({ code: "not-allowed" });
    expect(await node.post(revocation, userOf(au, ["certificates:revoke"]))).to.include({ fresh: true });
  });

  it("takes an expiry of an issuing message into its id and certificate", async () => {
    const posted = message({ validUntil: Date.parse("2027-06-03T00:00:00Z") / 1000 });
    const { id } = await node.post(posted);
    await node.settle();
    const record = await node.record(id);
    expect(record).to.include({ validUntil: "2027-06-03T00:00:00Z" });
    expect(record.certificate).to.include({ expired: false });
    clock.advance(400 * 24 * 3_600_000);
    expect((await node.record(id)).certificate).to.include({ expired: true });
  });

  it("resolves a receiver given as a jurisdiction, into the very message that names the participant", async () => {
    await node.hold(message());
    const { id } = await submit({ ...toWire(message()), receiver: "CN" });
    expect(id).to.equal(messageId(message()));
    expect(await node.record(id)).to.include({ receiver: cn });
    expect(await submit({ ...toWire(message()), receiver: "CN" })).to.deep.equal({ id, fresh: false });
  });

  it("answers with the known message though its jurisdiction could not be resolved any more", async () => {
    await node.hold(message());
    const { id } = await submit({ ...toWire(message()), receiver: "CN" });
    await node.settle();
    ledger.suspend(cn);
    await node.settle();
    expect(await submit({ ...toWire(message()), receiver: "CN" })).to.deep.equal({ id, fresh: false });
    const fresh = submit({ ...toWire(message()), receiver: "CN", subject: "another" });
    expect(await rejection(fresh)).to.have.property("code", "participant-suspended");
  });

  it("resolves the jurisdiction of an acquittal to the certificate's issuer, and of a revocation to its receiver", async () => {
    await node.post(message());
    await node.settle();
    const receiver = await rigOf({
      store: await openFresh(cn),
      clock,
      channels: [channelOf(ledger, cn)],
      participant: cn,
    });
    await receiver.hold(message());
    const acquittal = acquittalOf(message());
    const answer = await acceptMessage(receiver.accepting, userOf(cn), {
      ...toWire(acquittal),
      receiver: "AU",
    });
    expect(answer.id).to.equal(messageId(acquittal));
    const revoking = await submit({ ...toWire(revocationOf(message())), receiver: "CN" });
    expect(revoking.id).to.equal(messageId(revocationOf(message())));
  });

  it("leaves to the ledger to refuse a revocation that names another receiver than the certificate's", async () => {
    await node.post(message());
    await node.settle();
    const { id } = await node.post(revocationOf(message(), { receiver: sg }));
    await node.settle();
    expect(await node.journal(id)).to.deep.equal(["pending", "failed CertificateReceiverMismatch"]);
  });

  it("keeps two messages of one number apart by their documents", async () => {
    const { id: one } = await node.post(message());
    const { id: other } = await node.post(message({ obj: multihashOf("44".repeat(32)) }));
    expect(one).not.to.equal(other);
    expect(await node.post(message({ subject: parseSubject("other:1") }))).to.include({ fresh: true });
  });
});
