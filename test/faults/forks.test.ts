import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil } from "./anvil.ts";
import { ForkTraffic, type Wave } from "./fork-traffic.ts";

const LOOK_MS = 500;
/** The first database has them all, the second those in which most happens. */
const depths = [
  [1, 2, 3, 5, 8, 13, 20],
  [3, 20],
];

eachStore(
  "Forks above the last final block",
  (_openFresh, source) => {
    const own = depths.shift() ?? [];

    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("of a ledger with traffic both ways", function () {
      this.timeout(180_000);
      let traffic: ForkTraffic;

      before(async () => {
        traffic = await ForkTraffic.start(() => source.freshLocation());
        await traffic.send();
        await traffic.settle();
      });

      after(() => traffic.close());

      /** Nobody was told of something final that a fork could still take. */
      const expectUntold = (wave: Wave) => {
        for (const country of [traffic.home, traffic.abroad]) {
          for (const type of ["message.delivered", "message.received", "certificate.acquitted"]) {
            const told = traffic.told(country, type);
            expect([...wave.home, ...wave.abroad].filter((id) => told.includes(id))).to.deep.equal([]);
          }
        }
      };

      const forks = () =>
        Promise.all(
          [traffic.home, traffic.abroad].map((country) => traffic.metric(country, "icl_forks_total")),
        );

      const untilForkedAway = (wave: Wave, expected: number) =>
        eventually(async () => (await traffic.forkedAway(wave)).every((times) => times === expected), {
          what: `every message lost its block ${expected} times`,
        });

      for (const depth of own) {
        it(`${depth} deep lose nothing and do nothing twice, whether they drop, reorder or change what was sent`, async () => {
          const wave = await traffic.include(depth);
          const before = await forks();

          await traffic.drop(depth);
          await untilForkedAway(wave, 1);
          await traffic.offered();
          await traffic.evm.mine();
          await traffic.seen(wave);
          for (const country of [traffic.home, traffic.abroad]) {
            expect(await traffic.metric(country, "icl_fork_depth")).to.equal(depth);
          }

          const left = await traffic.shuffle(depth);
          await untilForkedAway(wave, 2);
          await traffic.offered(left);
          await traffic.evm.mine();
          await traffic.seen(wave);

          await traffic.change(depth);
          await eventually(async () => {
            const after = await forks();
            return after.every((count, index) => count === (before[index] ?? 0) + 3);
          });
          expectUntold(wave);
          await traffic.settle();
        });
      }

      it("one after the other, before anybody looked, are one fork for whoever looks", async () => {
        const wave = await traffic.include(4);
        const before = await forks();
        await traffic.whileCutOff(async () => {
          await traffic.drop(3);
          await traffic.evm.mine(2);
          await traffic.drop(6);
        });
        await untilForkedAway(wave, 1);
        expect(await forks()).to.deep.equal(before.map((count) => count + 1));
        await traffic.settle();
      });

      it("that lead back to the first history bring what was in it back, and nothing a second time", async () => {
        const wave = await traffic.include(5);
        const other = await startAnvil();
        try {
          await other.setAutomine(false);
          await other.send("anvil_loadState", [await traffic.evm.send("anvil_dumpState", [true])]);
          await other.reorg(5, await traffic.overtaking(5));
          await other.mine();
          // The nodes' client follows the other history for a while.
          traffic.evm.intercept(async ({ method, params }) => ({ result: await other.send(method, params) }));
          await untilForkedAway(wave, 1);
          // Long enough for whoever would send anew, under other nonces, what seems to be overtaken there.
          for (let looks = 0; looks < 5; looks += 1) {
            await other.mine();
            await delay(LOOK_MS);
          }
          await traffic.evm.mine(6);
          traffic.evm.intercept(null);
          await traffic.seen(wave);
          await traffic.settle();
        } finally {
          traffic.evm.intercept(null);
          await other.close();
        }
      });

      for (const [how, away] of [
        ["the ledger was out of reach", (work: () => Promise<void>) => traffic.whileCutOff(work)],
        ["the nodes were down", (work: () => Promise<void>) => traffic.whileDown(work)],
      ] as const) {
        it(`while ${how}, are met from below the common ancestor`, async () => {
          await traffic.followed();
          const wave = await traffic.send();
          await traffic.offered();
          await away(async () => {
            await traffic.evm.mine(4);
            await traffic.drop(3);
          });
          await traffic.settle();
          expect(new Set(await traffic.forkedAway(wave))).to.deep.equal(new Set([0]));
        });

        it(`while ${how}, are met at the common ancestor`, async () => {
          await traffic.followed();
          const wave = await traffic.send();
          await traffic.offered();
          await away(async () => {
            await traffic.evm.mine(4);
            await traffic.drop(4);
          });
          await traffic.settle();
          expect(new Set(await traffic.forkedAway(wave))).to.deep.equal(new Set([0]));
        });

        it(`while ${how}, are met from above the common ancestor`, async () => {
          const wave = await traffic.include(3);
          await away(async () => {
            await traffic.change(3);
            await traffic.evm.mine(4);
          });
          await traffic.settle();
          expect(new Set(await traffic.forkedAway(wave))).to.deep.equal(new Set([1]));
        });
      }
    });
  },
  "suite",
);
