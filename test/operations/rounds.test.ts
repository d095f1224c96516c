import { expect } from "chai";

import { createLogger } from "../../src/log.ts";
import { Rounds, type RoundsOptions } from "../../src/operations/rounds.ts";
import { LeaseLost } from "../../src/store/lease.ts";
import { eventually } from "../eventually.ts";

const HOUR = 3_600_000;

describe("work that is done in rounds", () => {
  let lines: { readonly level: string; readonly message: string; readonly channelId?: string }[];
  let rounds: Rounds;

  const make = (round: RoundsOptions["round"], otherwise: Partial<RoundsOptions> = {}) => {
    lines = [];
    const log = createLogger({ write: (line) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
    rounds = new Rounds({ log, complaint: "it could not be done now", poll: HOUR, round, ...otherwise });
    return rounds;
  };

  afterEach(() => rounds.stop());

  it("loses no call that comes while a round is under way", async () => {
    let count = 0;
    let finish: () => void = () => undefined;
    make(async () => {
      count += 1;
      if (count === 1) await new Promise<void>((resolve) => (finish = resolve));
      return undefined;
    }).start();
    await eventually(() => count === 1);
    rounds.wake();
    finish();
    await eventually(() => count === 2);
  });

  it("lets the round under way end when it is stopped, and begins no other", async () => {
    let count = 0;
    let ended = false;
    let finish: () => void = () => undefined;
    make(async () => {
      count += 1;
      await new Promise<void>((resolve) => (finish = resolve));
      ended = true;
      return 0;
    }).start();
    await eventually(() => count === 1);
    const stopped = rounds.stop();
    finish();
    await stopped;
    expect(ended).to.equal(true);
    rounds.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(count).to.equal(1);
  });

  it("goes on after a round that breaks off, and says so", async () => {
    let count = 0;
    make(
      () => {
        count += 1;
        return count === 1 ? Promise.reject(new Error("the database is away")) : Promise.resolve(undefined);
      },
      { fields: { channelId: "memory:1" }, retry: () => 0 },
    ).start();
    await eventually(() => count === 2);
    expect(lines.map(({ level, message, channelId }) => ({ level, message, channelId }))).to.deep.equal([
      { level: "error", message: "it could not be done now", channelId: "memory:1" },
    ]);
  });

  it("comes back after the usual time, unless the round or what broke off asks for another", async () => {
    let next: () => Promise<number | undefined> = () => Promise.resolve(undefined);
    const failing = () => Promise.reject(new Error("the database is away"));
    const retry = (failures: number) => failures * 10;

    make(() => next());
    expect(await rounds.takeOne()).to.equal(HOUR);
    next = () => Promise.resolve(7);
    expect(await rounds.takeOne()).to.equal(7);
    next = failing;
    expect(await rounds.takeOne(), "where nothing else is said").to.equal(HOUR);

    make(() => next(), { retry });
    expect(await rounds.takeOne()).to.equal(10);
    expect(await rounds.takeOne(), "the second in a row").to.equal(20);
    next = () => Promise.resolve(undefined);
    expect(await rounds.takeOne()).to.equal(HOUR);
    next = failing;
    expect(await rounds.takeOne(), "the first after one that did not").to.equal(10);
  });

  it("says nothing of a lease that another replica took", async () => {
    make(() => Promise.reject(new LeaseLost({ name: "pruner", owner: "a", epoch: 1, until: 0 })));
    expect(await rounds.takeOne()).to.equal(HOUR);
    expect(lines).to.deep.equal([]);
  });
});
