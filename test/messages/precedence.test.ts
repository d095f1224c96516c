import { expect } from "chai";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { messageId } from "../../src/domain/message.ts";
import { acquittalOf, au, cn, message } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { channelOf, ledgerOf, rigOf, testClock, type TestClock } from "./rig.ts";

eachStore("a number issued on channels of two consortiums", (openFresh) => {
  let clock: TestClock;
  let trusted: MemoryLedger;
  let stranger: MemoryLedger;

  beforeEach(() => {
    clock = testClock();
    trusted = ledgerOf(clock, { name: "trusted" });
    stranger = ledgerOf(clock, { name: "stranger" });
  });

  const real = message();
  const usurped = () => message({ validUntil: Math.floor(clock.now() / 1000) + 10_000_000 });

  /** Whoever sits as Australia there issues the number. */
  const issueOn = async (ledger: MemoryLedger, issue: typeof real): Promise<void> => {
    const rig = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    await rig.post(issue);
    await rig.settle();
  };

  const china = async (precedence: Readonly<Record<string, number>>, store = openFresh(cn)) =>
    rigOf({
      ...{ store: await store, clock, participant: cn, precedence },
      channels: [channelOf(stranger, cn), channelOf(trusted, cn)],
    });

  it("counts on the channel of the lower precedence, though the other was first by its own clock", async () => {
    const forged = usurped();
    await issueOn(stranger, forged);
    await issueOn(trusted, real);
    const rig = await china({ [trusted.id]: 0, [stranger.id]: 1 });
    expect((await rig.record(messageId(real))).certificate).to.include({ duplicate: false });
    expect((await rig.record(messageId(forged))).certificate).to.include({ duplicate: true });
    const { id } = await rig.post(acquittalOf(real));
    expect(await rig.record(id)).to.include({ channelId: trusted.id });
    await rig.settle();
    expect((await rig.record(messageId(real))).certificate).to.include({ acquitted: true });
  });

  it("is judged anew when an operator changes the precedence", async () => {
    const forged = usurped();
    await issueOn(stranger, forged);
    await issueOn(trusted, real);
    const before = await china({});
    expect((await before.record(messageId(real))).certificate).to.include({ duplicate: true });
    const again = await china({ [stranger.id]: 1 }, Promise.resolve(before.store));
    expect((await again.record(messageId(real))).certificate).to.include({ duplicate: false });
    expect((await again.record(messageId(forged))).certificate).to.include({ duplicate: true });
  });

  it("can still be issued by the authority itself, after a stranger under its name elsewhere", async () => {
    await issueOn(stranger, usurped());
    const own = async (precedence: Readonly<Record<string, number>>) => {
      const rig = await rigOf({
        ...{ store: await openFresh(au), clock, precedence },
        channels: [channelOf(trusted, au), channelOf(stranger, au)],
      });
      const { id } = await rig.post(real);
      await rig.settle();
      return rig.record(id);
    };
    stranger.suspend(au);
    expect(await own({})).to.include({ status: "failed", channelId: trusted.id });
    expect(await own({ [stranger.id]: 1 })).to.include({ status: "delivered", channelId: trusted.id });
  });
});
