import { expect } from "chai";

import type { LedgerEvent } from "../../src/channels/channel.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import type { Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Store } from "../../src/store/store.ts";
import { au, message, revocationOf } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { Killed, Mortal } from "./mortal.ts";
import { channelOf, ledgerOf, rigOf, testClock, type TestClock } from "./rig.ts";

const SIZE = 3;

eachStore("a node killed at any step of bundling and started again", (openFresh) => {
  let clock: TestClock;
  let ledger: MemoryLedger;
  let store: Store;

  beforeEach(async () => {
    clock = testClock();
    ledger = ledgerOf(clock);
    store = await openFresh(au);
  });

  const start = (owner: string, mortal?: Mortal) => {
    clock.advance(60_000); // past every lease of the dead
    const channel = channelOf(ledger, au);
    return rigOf({
      store: mortal?.store(store) ?? store,
      channels: [mortal?.channel(channel) ?? channel],
      ...{ clock, owner, threshold: SIZE },
    });
  };

  const events = (): readonly LedgerEvent[] => {
    const found: LedgerEvent[] = [];
    for (let height = 1; height <= ledger.head; height += 1)
      found.push(...(ledger.block(height)?.events ?? []));
    return found;
  };

  const certificates = (step: number): readonly Message[] =>
    Array.from({ length: SIZE }, (_, number) => message({ subject: parseSubject(`step:${step}:${number}`) }));

  /** Posts messages, lets a process carry them that dies a step later each time, and then one that lives. */
  const killEverywhere = async (
    make: (step: number) => Promise<readonly Message[]>,
    verify: (step: number) => void,
  ): Promise<number> => {
    for (let step = 0; ; step += 1) {
      const posting = await start(`poster ${step}`);
      const ids: string[] = [];
      for (const each of await make(step)) ids.push((await posting.post(each)).id);
      const mortal = new Mortal(step);
      try {
        const rig = await start(`life ${step}`, mortal);
        await rig.settle();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      const rig = await start(`after life ${step}`);
      await rig.settle();
      for (const id of ids) {
        const journal = await rig.journal(id);
        expect(journal, `step ${step}`).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
      }
      expect(await store.db.selectFrom("outbox").selectAll().execute(), `step ${step}`).to.deep.equal([]);
      verify(step);
      if (!mortal.dead) return step;
    }
  };

  it("anchors every message in one batch, exactly once", async function () {
    this.timeout(240_000);
    const steps = await killEverywhere(
      (step) => Promise.resolve(certificates(step)),
      (step) => {
        const anchored = events().flatMap((event) => (event.kind === "batch" ? [event.header.count] : []));
        expect(anchored, `step ${step}`).to.deep.equal(Array.from({ length: step + 1 }, () => SIZE));
        expect(events().filter(({ kind }) => kind === "message")).to.deep.equal([]);
      },
    );
    expect(steps).to.be.greaterThan(40);
  });

  it("settles every revocation exactly once", async function () {
    this.timeout(240_000);
    await killEverywhere(
      async (step) => {
        const rig = await start(`issuer ${step}`);
        for (const each of certificates(step)) await rig.post(each);
        await rig.settle();
        const obj = multihashOf("66".repeat(32));
        return certificates(step).map((each) => revocationOf(each, { obj }));
      },
      (step) => {
        const applied = events().flatMap((event) => (event.kind === "settlement" ? event.applied : []));
        expect(
          applied.map(({ mask }) => BigInt(mask)),
          `step ${step}`,
        ).to.deep.equal(Array.from({ length: step + 1 }, () => 0b111n));
      },
    );
  });
});
