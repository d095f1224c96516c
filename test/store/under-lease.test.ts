import { expect } from "chai";

import { leaseHolder, LeaseLost, renewLease } from "../../src/store/lease.ts";
import type { Store } from "../../src/store/store.ts";
import { underLease } from "../../src/store/under-lease.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "./each-store.ts";

const now = 1_000_000;
const request = (owner: string) => ({ name: "work", owner, now, forMs: 1_000 });

eachStore("work under a lease", (openFresh) => {
  let store: Store;

  beforeEach(async () => {
    store = await openFresh();
  });

  it("is done by one at a time, and another may at once when it has ended", async () => {
    const done = await underLease(store.db, request("one"), async () => {
      expect(await leaseHolder(store.db, "work")).to.equal("one");
      return underLease(store.db, request("other"), () => Promise.resolve("by the other"));
    });
    expect(done, "while the one is at it").to.equal(null);
    expect(await leaseHolder(store.db, "work")).to.equal(null);
    expect(await underLease(store.db, request("other"), () => Promise.resolve("after it"))).to.equal(
      "after it",
    );
  });

  it("gives the lease back where it breaks off, also one that was renewed meanwhile", async () => {
    const error = await rejection(
      underLease(store.db, request("one"), async (lease) => {
        await renewLease(store.db, lease, now, 60_000);
        throw new Error("broken off");
      }),
    );
    expect(error).to.include({ message: "broken off" });
    expect(await leaseHolder(store.db, "work")).to.equal(null);
  });

  it("leaves it to whoever took over meanwhile", async () => {
    const late = { ...request("other"), now: now + 2_000 };
    const error = await rejection(
      underLease(store.db, request("one"), (lease) =>
        underLease(store.db, late, async () => {
          // What the one still does, and its end, come while the other is at it.
          throw await rejection(renewLease(store.db, lease, now + 2_000, 1_000));
        }),
      ),
    );
    expect(error).to.be.instanceOf(LeaseLost);

    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let other: Promise<unknown> = Promise.resolve();
    await underLease(store.db, request("one"), () => {
      return new Promise<void>((taken) => {
        other = underLease(store.db, late, async () => {
          taken();
          await held;
        });
      });
    });
    expect(await leaseHolder(store.db, "work")).to.equal("other");
    release();
    await other;
    expect(await leaseHolder(store.db, "work")).to.equal(null);
  });
});
