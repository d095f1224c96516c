import { expect } from "chai";

import { liveAnchors, recordAnchor } from "../../src/credentials/anchor-repository.ts";
import {
  checksOf,
  claimChecks,
  finishCheck,
  nextCheckAt,
  queueChecks,
  recordCheck,
} from "../../src/credentials/check-repository.ts";
import { checkOf } from "../../src/credentials/finding.ts";
import { ENTRIES } from "../../src/credentials/status-list.ts";
import {
  bindEntry,
  giveEntry,
  hasList,
  revokedPositions,
  revokeEntry,
} from "../../src/credentials/status-repository.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { insertMessage } from "../documents/message-row.ts";
import { eachStore } from "../store/each-store.ts";

const digestOf = (n: number) => n.toString(16).padStart(64, "0") as Digest;
const idOf = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const passed = { ...checkOf([]), checkedAt: 7 };

eachStore("what a node keeps of credentials", (openFresh, source) => {
  const give = (store: Store, at = 1) => store.transact((db) => giveEntry(db, { to: "issuer officer", at }));

  it("gives entries at places that tell nothing of their order, each once, also at the same time", async () => {
    const store = await openFresh();
    const given = [await give(store)];
    given.push(...(await Promise.all(Array.from({ length: 40 }, () => give(store)))));
    const positions = given.map(({ position }) => position);
    expect(new Set(positions).size).to.equal(positions.length);
    expect(positions.every((position) => position >= 0 && position < ENTRIES)).to.equal(true);
    expect(
      [...positions].sort((a, b) => a - b),
      "not in order",
    ).not.to.deep.equal(positions);
    expect(new Set(given.map(({ list }) => list)).size).to.equal(1);
    const { given: counted } = await store.db.selectFrom("status_list").selectAll().executeTakeFirstOrThrow();
    expect(counted).to.equal(41);
  });

  it("begins another list when one is half full, so that a free place is always found", async () => {
    const store = await openFresh();
    const { list } = await give(store);
    await store.db
      .updateTable("status_list")
      .set({ given: ENTRIES / 2 })
      .execute();
    expect((await give(store)).list).to.equal(list + 1);
    expect([
      await hasList(store.db, list),
      await hasList(store.db, list + 1),
      await hasList(store.db, list + 2),
    ]).to.deep.equal([true, true, false]);
  });

  it("begins with a list of another number in another database, so that a lost one is not taken for unrevoked", async () => {
    const [one, other] = [await give(await openFresh()), await give(await openFresh())];
    expect(one.list).not.to.equal(other.list);
  });

  it("ties an entry to the first credential that carries it, and to no other", async () => {
    const store = await openFresh();
    const entry = await give(store);
    expect(await bindEntry(store.db, entry, digestOf(1))).to.equal(true);
    expect(await bindEntry(store.db, entry, digestOf(1))).to.equal(true);
    expect(await bindEntry(store.db, entry, digestOf(2))).to.equal(false);
    const never = { list: entry.list, position: (entry.position + 1) % ENTRIES };
    expect(await bindEntry(store.db, never, digestOf(3)), "one that was not given").to.equal(false);
    const anchors = await give(store);
    await recordAnchor(store.db, { ...anchor(anchors), did: "did:web:a.test" });
    expect(await bindEntry(store.db, anchors, digestOf(4)), "an anchor's").to.equal(false);
  });

  const anchor = (entry: { readonly list: number; readonly position: number }, id = "a") => ({
    ...entry,
    ...{ id, did: "did:web:chamber.com.au", credential: "e30.e30.AA", issuedBy: "issuer admin" },
    ...{ validUntil: null, issuedAt: 1 },
  });

  it("sets the entries of what its ledgers say is revoked or invalidated, of its own participant alone", async () => {
    const store = await openFresh();
    const certificate = async (n: number, sender: string, otherwise: object) => {
      const entry = await give(store);
      await bindEntry(store.db, entry, digestOf(n));
      await store.db
        .insertInto("certificate")
        .values({
          ...{
            channel_id: "c",
            message_id: idOf(n),
            sender,
            predicate: created,
            subject: `s:${n}`,
            receiver: cn,
          },
          ...{
            digest: digestOf(n),
            valid_until: null,
            issued_height: 1,
            issued_index: n,
            issued_at_seconds: 1,
          },
          ...{ batch_id: null, batch_index: null, acquitted_by: null, acquitted_at_seconds: null },
          ...{ revoked_by: null, revoked_at_seconds: null, invalidated_at_seconds: null, duplicate: 0 },
          ...otherwise,
        })
        .execute();
      return entry.position;
    };
    await certificate(1, au, {});
    await certificate(2, au, { acquitted_by: idOf(9), acquitted_at_seconds: 5 });
    await certificate(3, cn, { revoked_by: idOf(9), revoked_at_seconds: 5 });
    const expected = [
      await certificate(4, au, { revoked_by: idOf(9), revoked_at_seconds: 5 }),
      await certificate(5, au, { invalidated_at_seconds: 5 }),
      await certificate(6, au, { acquitted_by: idOf(8), revoked_by: idOf(9), batch_id: "b", batch_index: 3 }),
    ];
    const anchored = await give(store);
    await revokeEntry(store.db, anchored, { by: "issuer admin", reason: "ended", at: 9 });
    const revoked = await revokedPositions(store.db, au, anchored.list);
    expect(revoked).to.deep.equal([...expected, anchored.position].sort((a, b) => a - b));
  });

  it("shows the anchors that hold, the newest first, and none that was revoked or is past", async () => {
    const store = await openFresh();
    const entries = [await give(store), await give(store), await give(store), await give(store)] as const;
    await recordAnchor(store.db, anchor(entries[0], "old"));
    await recordAnchor(store.db, { ...anchor(entries[1], "new"), issuedAt: 5 });
    await recordAnchor(store.db, { ...anchor(entries[2], "past"), validUntil: 9 });
    await recordAnchor(store.db, anchor(entries[3], "ended"));
    await revokeEntry(store.db, entries[3], { by: "issuer admin", reason: "ended", at: 8 });
    const live = await liveAnchors(store.db, "did:web:chamber.com.au", 10);
    expect(live.map(({ id }) => id)).to.deep.equal(["new", "old"]);
    expect(await liveAnchors(store.db, "did:web:other.test", 10)).to.deep.equal([]);
  });

  describe("in line to be checked", () => {
    const queued = async (store: Store) => {
      for (const n of [1, 2]) await insertMessage(store.db, row(n));
      return queueChecks(store.db, [idOf(1), idOf(2)], [created], 100);
    };
    const row = (n: number) => ({ id: idOf(n), digest: digestOf(n), sender: cn, receiver: au });
    const claim = (store: Store, owner: string, now: number) =>
      claimChecks(store.db, { owner, now, until: now + 50, most: 10 });

    it("puts each message once, and only those of types that are looked at", async () => {
      const store = await openFresh();
      expect(await queued(store)).to.equal(2);
      expect(await queueChecks(store.db, [idOf(1)], [created], 200)).to.equal(0);
      await insertMessage(store.db, row(3));
      expect(await queueChecks(store.db, [idOf(3)], ["another.type"], 200)).to.equal(0);
      expect(await nextCheckAt(store.db, 100)).to.equal(100);
    });

    it("is one replica's at a time, and its word counts only while it is", async () => {
      const location = await source.freshLocation();
      const [store, other] = [await source.open(location), await source.open(location)];
      await queued(store);
      const [mine, theirs] = await Promise.all([claim(store, "one", 100), claim(other, "two", 100)]);
      const ids = [...mine, ...theirs].map(({ messageId }) => messageId);
      expect([...ids].sort()).to.deep.equal([idOf(1), idOf(2)]);
      expect(await claim(other, "two", 120), "held").to.deep.equal([]);

      const first = [...mine, ...theirs][0];
      if (first === undefined) throw new Error("nothing was claimed");
      const late = await claim(other, "two", 200);
      expect(late.map(({ messageId }) => messageId)).to.include(first.messageId);
      expect(await finishCheck(store.db, first, passed, null), "a former holder's word").to.equal(false);
      for (const each of late) expect(await finishCheck(other.db, each, passed, null)).to.equal(true);
      expect(await nextCheckAt(store.db, 1_000)).to.equal(null);
      expect((await checksOf(store.db, [first.messageId])).get(first.messageId)).to.deep.equal(passed);
    });

    it("is looked at again when it is put off, with what was found so far on record", async () => {
      const store = await openFresh();
      await queued(store);
      const [first] = await claim(store, "one", 100);
      if (first === undefined) throw new Error("nothing was claimed");
      const unsure = { outcome: "unknown" as const, findings: [], checkedAt: 110 };
      expect(await finishCheck(store.db, first, unsure, 500)).to.equal(true);
      expect((await checksOf(store.db, [first.messageId])).get(first.messageId)).to.deep.equal(unsure);
      expect((await claim(store, "one", 499)).map(({ messageId }) => messageId)).not.to.include(
        first.messageId,
      );
      const again = await claim(store, "one", 550);
      expect(again.find(({ messageId }) => messageId === first.messageId)?.tries).to.equal(2);
    });

    it("keeps what was found before a message was sent", async () => {
      const store = await openFresh();
      await recordCheck(store.db, { messageId: idOf(1), digest: digestOf(1) }, { ...passed, checkedAt: 1 });
      await recordCheck(store.db, { messageId: idOf(1), digest: digestOf(1) }, passed);
      expect((await checksOf(store.db, [idOf(1), idOf(2)])).get(idOf(1))?.checkedAt).to.equal(7);
    });
  });
});
