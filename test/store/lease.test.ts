import { expect } from "chai";

import { acquireLease, assertLease, LeaseLost, releaseLease, renewLease } from "../../src/store/lease.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "./each-store.ts";

eachStore("lease", (openFresh) => {
  const ask = (owner: string, now: number) => ({ name: "follower:x", owner, now, forMs: 1_000 });

  it("is held by one owner until it runs out, then by the next, under a higher epoch", async () => {
    const { db } = await openFresh();
    const first = await acquireLease(db, ask("a", 0));
    expect(first).to.deep.equal({ name: "follower:x", owner: "a", epoch: 1, until: 1_000 });
    expect(await acquireLease(db, ask("b", 999))).to.equal(null);
    const second = await acquireLease(db, ask("b", 1_000));
    expect(second).to.deep.equal({ name: "follower:x", owner: "b", epoch: 2, until: 2_000 });
  });

  it("begins anew for an owner who asks again, so that its own earlier work is void", async () => {
    const { db } = await openFresh();
    const earlier = await acquireLease(db, ask("a", 0));
    const later = await acquireLease(db, ask("a", 1));
    if (earlier === null || later === null) throw new Error("not acquired");
    expect(later.epoch).to.equal(2);
    expect(await rejection(assertLease(db, earlier))).to.be.instanceOf(LeaseLost);
    await assertLease(db, later);
  });

  it("refuses every write and renewal of a holder that lost it", async () => {
    const { db } = await openFresh();
    const lost = await acquireLease(db, ask("a", 0));
    if (lost === null) throw new Error("not acquired");
    await acquireLease(db, ask("b", 5_000));
    expect(await rejection(assertLease(db, lost))).to.be.instanceOf(LeaseLost);
    expect(await rejection(renewLease(db, lost, 5_001, 1_000))).to.be.instanceOf(LeaseLost);
    await releaseLease(db, lost);
    expect(await acquireLease(db, ask("c", 5_002)), "b still holds it").to.equal(null);
  });

  it("is renewed by its holder, even late, as long as nobody took it", async () => {
    const { db } = await openFresh();
    const lease = await acquireLease(db, ask("a", 0));
    if (lease === null) throw new Error("not acquired");
    const renewed = await renewLease(db, lease, 3_000, 1_000);
    expect(renewed).to.deep.equal({ ...lease, until: 4_000 });
    expect(await acquireLease(db, ask("b", 3_999))).to.equal(null);
  });

  it("has run out when a clock that was ahead wrote it: nobody waits for that moment", async () => {
    const { db } = await openFresh();
    const ahead = await acquireLease(db, ask("a", 86_400_000));
    if (ahead === null) throw new Error("not acquired");
    expect((await acquireLease(db, ask("b", 0)))?.epoch).to.equal(2);
    expect(await rejection(assertLease(db, ahead))).to.be.instanceOf(LeaseLost);
  });

  it("is left to a replica whose clock is some seconds ahead", async () => {
    const { db } = await openFresh();
    await acquireLease(db, ask("a", 30_000));
    expect(await acquireLease(db, ask("b", 0))).to.equal(null);
  });

  it("can be taken at once when it was given back", async () => {
    const { db } = await openFresh();
    const lease = await acquireLease(db, ask("a", 0));
    if (lease === null) throw new Error("not acquired");
    await releaseLease(db, lease);
    expect((await acquireLease(db, ask("b", 1)))?.epoch).to.equal(2);
  });

  it("goes to exactly one of many who ask at once", async () => {
    const { db } = await openFresh();
    const answers = await Promise.all(
      ["a", "b", "c", "d", "e"].map((owner) => acquireLease(db, ask(owner, 0))),
    );
    expect(answers.filter((lease) => lease !== null)).to.have.length(1);
  });
});
