import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Store } from "../../src/store/store.ts";
import { acquittalOf, attached, au, cn, message } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { Killed, Mortal } from "./mortal.ts";
import { channelOf, ledgerOf, rigOf, testClock, type TestClock } from "./rig.ts";

/** How often the ledger carries a message. */
function occurrences(ledger: MemoryLedger, id: string): number {
  let count = 0;
  for (let height = 1; height <= ledger.head; height += 1) {
    for (const event of ledger.block(height)?.events ?? []) {
      if (event.kind === "message" && event.id === id) count += 1;
    }
  }
  return count;
}

eachStore("a node killed at any step and started again", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let store: Store;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    store = await openFresh(au);
  });

  /** A process that posts a message and carries it, until it has done so or dies. */
  const live = async (mortal: Mortal, posted: Message, owner: string): Promise<void> => {
    try {
      const channels = [mortal.channel(channelOf(ledger, au))];
      const rig = await rigOf({ store: mortal.store(store), clock, channels, owner });
      await rig.post(posted);
      await rig.settle();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  };

  const restart = async (owner: string) => {
    clock.advance(60_000); // past every lease of the dead
    return rigOf({ store, clock, channels: [channelOf(ledger, au)], owner });
  };

  /** Kills one process after another, each a step later than the one before, until one lives to the end. */
  const killEverywhere = async (
    make: (step: number) => Promise<Message>,
    verify: (id: string, step: number) => Promise<void>,
  ): Promise<number> => {
    for (let step = 0; ; step += 1) {
      const posted = await make(step);
      const mortal = new Mortal(step);
      await live(mortal, posted, `life ${step}`);
      const rig = await restart(`after life ${step}`);
      // A caller who got no answer asks again.
      const { id } = await rig.post(posted);
      await rig.settle();
      await verify(id, step);
      if (!mortal.dead) return step;
    }
  };

  const held = (step: number) => message({ subject: parseSubject(`chamber:${step}`) });

  it("brings an issue to the ledger exactly once, and opens its document exactly once", async function () {
    this.timeout(120_000);
    const steps = await killEverywhere(
      (step) => Promise.resolve({ ...held(step), obj: multihashOf(step.toString(16).padStart(64, "0")) }),
      async (id, step) => {
        expect(occurrences(ledger, id), `step ${step}`).to.equal(1);
        const rig = await restart("reader");
        expect(await rig.journal(id), `step ${step}`).to.deep.equal(["pending", "sent", "delivered"]);
        const acl = await store.db
          .selectFrom("document_acl")
          .selectAll()
          .where("message_id", "=", id)
          .execute();
        expect(
          acl.map(({ participant }) => participant),
          `step ${step}`,
        ).to.deep.equal([cn]);
        expect(await store.db.selectFrom("outbox").selectAll().execute()).to.deep.equal([]);
      },
    );
    expect(steps).to.be.greaterThan(40);
  });

  it("brings an informing message, which the ledger itself would take twice, exactly once", async function () {
    this.timeout(120_000);
    await killEverywhere(
      (step) => Promise.resolve({ ...held(step), predicate: attached }),
      async (id, step) => {
        expect(occurrences(ledger, id), `step ${step}`).to.equal(1);
        const rig = await restart("reader");
        expect(await rig.journal(id), `step ${step}`).to.deep.equal(["pending", "sent", "delivered"]);
      },
    );
  });

  it("receives every message once, and queues its document once", async function () {
    this.timeout(120_000);
    const receiving = await openFresh(cn);
    const sender = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
    for (let step = 0; ; step += 1) {
      const sent = { ...held(step), predicate: attached };
      await sender.post(sent);
      await sender.settle();
      const mortal = new Mortal(step);
      const parts = { clock, participant: cn };
      try {
        const channels = [mortal.channel(channelOf(ledger, cn))];
        await rigOf({ ...parts, store: mortal.store(receiving), channels, owner: `life ${step}` });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      clock.advance(60_000);
      const rig = await rigOf({
        ...parts,
        store: receiving,
        channels: [channelOf(ledger, cn)],
        owner: `after ${step}`,
      });
      const id = messageId(sent);
      expect(await rig.journal(id), `step ${step}`).to.deep.equal(["received"]);
      const queue = await receiving.db
        .selectFrom("document_fetch")
        .selectAll()
        .where("message_id", "=", id)
        .execute();
      expect(queue, `step ${step}`).to.have.length(1);
      if (!mortal.dead) break;
    }
  });

  it("ends a refused message as failed exactly once", async function () {
    this.timeout(120_000);
    const counterpart = await rigOf({
      store: await openFresh(cn),
      clock,
      channels: [channelOf(ledger, cn)],
      participant: cn,
    });
    await killEverywhere(
      async (step) => {
        const issue = held(step);
        const rig = await restart("issuer");
        await rig.post(issue);
        await rig.settle();
        await counterpart.follow();
        await counterpart.post(acquittalOf(issue));
        await counterpart.settle();
        return { ...issue, obj: multihashOf("22".repeat(32)) };
      },
      async (id, step) => {
        const rig = await restart("reader");
        expect(occurrences(ledger, id)).to.equal(0);
        const journal = await rig.journal(id);
        // Whoever posts a failed message again asks for another attempt, which ends alike.
        const once = ["pending", "failed CertificateAlreadyIssued"];
        const twice = [...once, ...once.map((line) => `2:${line}`)];
        expect([once, twice], `step ${step}`).to.deep.include([...journal]);
      },
    );
  });
});
