import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";

import type { SettlementEvent } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { headerOf } from "../../src/messages/final-batch-repository.ts";
import { au, message, revocationOf, revoked } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { accountOf, channelOf, ledgerOf, rigOf, testClock, type Rig, type TestClock } from "./rig.ts";

const COUNT = 6;
const evidence = multihashOf("66".repeat(32));

eachStore("revocations of certificates that a batch issued", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let node: Rig;
  let issued: readonly Message[];

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    node = await rigOf({
      store: await openFresh(au),
      clock,
      channels: [channelOf(ledger, au)],
      threshold: 5,
    });
    issued = Array.from({ length: COUNT }, (_, number) =>
      message({ subject: parseSubject(`number:${number}`) }),
    );
    for (const each of issued) await node.post(each);
    await node.settle();
  });

  const at = (index: number): Message => {
    const found = issued[index];
    if (found === undefined) throw new Error(`There is no certificate ${index}.`);
    return found;
  };

  const revoke = async (index: number, changes: Partial<Message> = {}): Promise<string> =>
    (await node.post(revocationOf(at(index), { obj: evidence, ...changes }))).id;

  const settlements = (): readonly SettlementEvent[] => {
    const found: SettlementEvent[] = [];
    for (let height = 1; height <= ledger.head; height += 1) {
      for (const event of ledger.block(height)?.events ?? [])
        if (event.kind === "settlement") found.push(event);
    }
    return found;
  };

  /** What another node of ours, which has the same ledger account, settles with other evidence. */
  const settleElsewhere = async (mask: bigint): Promise<void> => {
    const batch = await node.store.db.selectFrom("batch").selectAll().executeTakeFirstOrThrow();
    await channelOf(ledger, au).submit({
      ...{ kind: "settlement", key: "twin:1", header: headerOf(batch), predicate: revoked },
      obj: multihashOf("77".repeat(32)),
      bits: [{ word: 0, mask: `0x${mask.toString(16).padStart(64, "0")}` }],
    });
  };

  it("start from a batch that is delivered, whose records prove each message's place in it", async () => {
    for (const each of issued) {
      const id = messageId(each);
      expect(await node.journal(id)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
      const { batch, certificate } = await node.record(id);
      if (batch === undefined) throw new Error("the record shows no batch");
      const { root, index, proof, count } = batch;
      const leaf: [string, string] = ["uint256", "bytes32"];
      expect(count).to.equal(COUNT);
      expect(StandardMerkleTree.verify(root, leaf, [String(index), id], [...proof])).to.equal(true);
      expect(StandardMerkleTree.verify(root, leaf, [String(index + 1), id], [...proof])).to.equal(false);
      expect(certificate).to.include({ issued: true, revoked: false });
    }
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("are gathered into one settlement, whose every bit becomes a delivered message", async () => {
    const ids = [await revoke(1), await revoke(4), await revoke(5)];
    await node.settle();
    const [settlement, ...more] = settlements();
    expect(more).to.deep.equal([]);
    expect(settlement?.predicate).to.equal(revoked);
    expect(settlement?.applied.map(({ word, mask }) => [word, BigInt(mask)])).to.deep.equal([[0, 0b110010n]]);
    for (const id of ids) {
      expect(await node.journal(id)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
    }
    const states = await Promise.all(
      issued.map(async (each) => (await node.record(messageId(each))).certificate),
    );
    expect(states.map((state) => state?.revoked)).to.deep.equal([false, true, false, false, true, true]);
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("go in one settlement for each evidence", async () => {
    await revoke(1);
    await revoke(2, { obj: multihashOf("77".repeat(32)) });
    await node.settle();
    expect(settlements()).to.have.length(2);
  });

  it("fail one by one for what was revoked before, while the others go on", async () => {
    await revoke(1);
    await node.settle();
    const other = { obj: multihashOf("77".repeat(32)) };
    const [again, fresh] = [await revoke(1, other), await revoke(2, other)];
    await node.settle();
    expect(await node.journal(again)).to.deep.equal(["pending", "failed CertificateAlreadyRevoked"]);
    expect(await node.journal(fresh)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
  });

  it("fail by the true reason where another node of ours was quicker with all or some of them", async () => {
    const ids = [await revoke(1), await revoke(2), await revoke(3)];
    // Bundled here, not yet on the ledger: the other node settles two of them first.
    for (const batcher of node.batchers) await batcher.runOnce();
    await settleElsewhere(0b0110n);
    await node.settle();
    await node.settle();
    expect(await node.journal(ids[0] ?? "")).to.deep.equal([
      "pending",
      "bundled",
      "failed CertificateAlreadyRevoked",
    ]);
    expect(await node.journal(ids[1] ?? "")).to.include("failed CertificateAlreadyRevoked");
    expect(await node.journal(ids[2] ?? "")).to.include("delivered");
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("all fail when the ledger finds nothing left to settle", async () => {
    const ids = [await revoke(1), await revoke(2)];
    for (const batcher of node.batchers) await batcher.runOnce();
    await settleElsewhere(0b0110n);
    await node.settle();
    await node.settle();
    for (const id of ids) {
      expect(await node.journal(id)).to.deep.equal([
        "pending",
        "bundled",
        "failed CertificateAlreadyRevoked",
      ]);
    }
    expect(await node.store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
  });

  it("wait past a missing right, and fail by it once patience has run out", async () => {
    ledger.dismissOperator(au, revoked, accountOf(au).account);
    const id = await revoke(1);
    await node.settle();
    await node.settle();
    expect(await node.journal(id)).to.deep.equal(["pending", "bundled", "failed OperatorUnauthorized"]);
  });
});
