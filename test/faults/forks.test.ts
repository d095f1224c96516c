import { expect } from "chai";

import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { ForkTraffic, type Wave } from "./fork-traffic.ts";

eachStore(
  "Forks above the last final block",
  (_openFresh, source) => {
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

      const forks = async () => ({
        home: await traffic.metric(traffic.home, "icl_forks_total"),
        abroad: await traffic.metric(traffic.abroad, "icl_forks_total"),
      });

      for (const depth of [1, 2, 3, 5, 8, 13, 20]) {
        it(`${depth} deep lose nothing and do nothing twice, whether they drop, reorder or change what was sent`, async () => {
          const wave = await traffic.include(depth);
          const before = await forks();

          await traffic.drop(depth);
          await eventually(async () => (await traffic.forkedAway(wave)).every((times) => times === 1));
          await traffic.offered();
          await traffic.evm.mine();
          await traffic.seen(wave);
          for (const country of [traffic.home, traffic.abroad]) {
            expect(await traffic.metric(country, "icl_fork_depth")).to.equal(depth);
          }

          const left = await traffic.shuffle(depth);
          await eventually(async () => (await traffic.forkedAway(wave)).every((times) => times === 2));
          await traffic.offered(left);
          await traffic.evm.mine();
          await traffic.seen(wave);

          await traffic.change(depth);
          await eventually(async () => {
            const after = await forks();
            return after.home - before.home === 3 && after.abroad - before.abroad === 3;
          });
          expectUntold(wave);
          await traffic.settle();
        });
      }
    });
  },
  "suite",
);
