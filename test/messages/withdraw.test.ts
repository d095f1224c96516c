import { expect } from "chai";

import { parseSubject } from "../../src/domain/subject.ts";
import { withdrawMessage } from "../../src/messages/withdraw.ts";
import { au, message } from "../channels/fixtures.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "./rig.ts";

eachStore("withdrawing a message", (openFresh) => {
  let clock: TestClock;
  let node: Rig;

  beforeEach(async () => {
    clock = testClock();
    const ledger = ledgerOf(clock);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
  });

  it("takes it back while nothing is signed, so that it never reaches the ledger", async () => {
    const { id } = await node.post(message());
    await withdrawMessage(node.store, id, clock.now(), userOf(au));
    await node.settle();
    expect(await node.journal(id)).to.deep.equal(["pending", "withdrawn"]);
    expect(await node.store.db.selectFrom("ledger_event").selectAll().where("message_id", "=", id).execute())
      .to.be.empty;
  });

  it("lets the same message be posted again as a new attempt", async () => {
    const { id } = await node.post(message());
    await withdrawMessage(node.store, id, clock.now(), userOf(au));
    expect(await node.post(message())).to.deep.equal({ id, fresh: true });
    await node.settle();
    expect(await node.journal(id)).to.deep.equal([
      "pending",
      "withdrawn",
      "2:pending",
      "2:sent",
      "2:delivered",
    ]);
  });

  it("is refused once it is signed, delivered, withdrawn, or when it never was this node's", async () => {
    const refused = async (id: string) => {
      expect(await rejection(withdrawMessage(node.store, id, clock.now(), userOf(au)))).to.include({
        code: "not-withdrawable",
      });
    };
    const { id } = await node.post(message());
    await node.carry();
    await refused(id);
    await node.follow();
    await refused(id);
    expect(await node.journal(id)).to.deep.equal(["pending", "sent", "delivered"]);
    await refused(`0x${"00".repeat(32)}`);
  });

  it("and carrying it never both succeed, whoever comes first", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id } = await node.post(message({ subject: parseSubject(`number:${round}`) }));
      const [withdrawn] = await Promise.allSettled([
        withdrawMessage(node.store, id, clock.now(), userOf(au)),
        node.carry(),
      ]);
      const row = await node.store.db
        .selectFrom("outbox")
        .select("state")
        .where("message_id", "=", id)
        .execute();
      if (withdrawn.status === "fulfilled") {
        expect(row).to.deep.equal([]);
        expect(await node.journal(id)).to.deep.equal(["pending", "withdrawn"]);
      } else {
        expect(row).to.deep.equal([{ state: "submitted" }]);
        expect(await node.journal(id)).to.deep.equal(["pending"]);
      }
      await node.settle();
    }
  });
});
