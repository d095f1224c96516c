import { expect } from "chai";

import { Problem } from "../../src/domain/problems.ts";
import { Backlog } from "../../src/messages/backlog.ts";
import { attached, au, cn, message } from "../channels/fixtures.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig } from "./rig.ts";

eachStore("the backlog of a channel", (openFresh) => {
  const clock = testClock();
  let rig: Rig;
  let channelId: string;

  const backlog = (most: number) => new Backlog({ store: rig.store, most, now: clock.now });
  const post = (number: number) =>
    rig.post(message({ predicate: attached, receiver: cn, subject: parseSubject(`s:${number}`) }));

  beforeEach(async () => {
    const ledger = ledgerOf(clock);
    channelId = ledger.id;
    rig = await rigOf({ store: await openFresh(), clock, channels: [channelOf(ledger, au)] });
  });

  it("is counted at most once a second, however many ask", async () => {
    const line = backlog(5);
    expect(await line.take(channelId)).to.equal(null);
    for (let number = 0; number < 5; number += 1) await post(number);
    // What others put in line since is not seen within the second; what this process takes is.
    for (let number = 0; number < 4; number += 1) expect(await line.take(channelId)).to.equal(null);
    expect(await line.take(channelId)).to.be.instanceOf(Problem);
    clock.advance(1_000);
    expect(await line.take(channelId)).to.be.instanceOf(Problem);
  });

  it("is overrun by each further replica by what it takes in a second, and no more", async () => {
    const replicas = [backlog(4), backlog(4), backlog(4)];
    let taken = 0;
    for (let round = 0; round < 3; round += 1) {
      for (const line of replicas) {
        for (let number = 0; number < 20; number += 1) {
          if ((await line.take(channelId)) !== null) break;
          await post((taken += 1));
        }
      }
      clock.advance(1_000);
    }
    expect(taken).to.be.within(4, 4 * replicas.length);
  });

  it("says when to come again by how fast it drains, between a second and a minute", async () => {
    const line = backlog(10);
    const waitFor = async () => {
      const problem = await line.take(channelId);
      if (problem === null) throw new Error("There was room.");
      expect(problem).to.include({ code: "ledger-behind", status: 503 });
      return problem.retryAfterSeconds;
    };
    for (let number = 0; number < 40; number += 1) await post(number);
    expect(await waitFor(), "nothing is known of it yet").to.equal(60);
    clock.advance(1_000);
    await rig.store.db
      .deleteFrom("outbox")
      .where("message_id", "in", (eb) => eb.selectFrom("outbox").select("message_id").limit(20))
      .execute();
    // Counted to twice the bound at most, so all it shows is that the line is no longer that long.
    expect(await waitFor()).to.be.within(1, 60);
    clock.advance(1_000);
    await rig.store.db
      .deleteFrom("outbox")
      .where("message_id", "in", (eb) => eb.selectFrom("outbox").select("message_id").limit(8))
      .execute();
    expect(await waitFor()).to.be.within(1, 3);
    clock.advance(1_000);
    await rig.store.db.deleteFrom("outbox").execute();
    expect(await line.take(channelId), "room again").to.equal(null);
  });
});
