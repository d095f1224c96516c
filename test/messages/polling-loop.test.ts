import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { backoff } from "../../src/messages/backoff.ts";
import { PollingLoop } from "../../src/messages/polling-loop.ts";
import { eventually } from "../eventually.ts";

const HOUR = 3_600_000;

describe("a polling loop", () => {
  it("takes a step at once, and the next after the delay that the step asked for", async () => {
    let steps = 0;
    const loop = new PollingLoop(() => {
      steps += 1;
      return Promise.resolve(steps < 3 ? 1 : HOUR);
    });
    loop.start();
    await eventually(() => steps === 3);
    await delay(20);
    expect(steps).to.equal(3);
    await loop.stop();
  });

  it("wakes out of its sleep, and loses no call that comes during a step", async () => {
    let steps = 0;
    let finish: () => void = () => undefined;
    const loop = new PollingLoop(async () => {
      steps += 1;
      if (steps === 2) await new Promise<void>((resolve) => (finish = resolve));
      return HOUR;
    });
    loop.start();
    await eventually(() => steps === 1);
    loop.wake();
    await eventually(() => steps === 2);
    loop.wake(); // the second step may already have looked past what this call is about
    finish();
    await eventually(() => steps === 3);
    await loop.stop();
  });

  it("never runs two steps at a time, however often it is woken or started", async () => {
    let running = 0;
    let most = 0;
    let steps = 0;
    const loop = new PollingLoop(async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(1);
      running -= 1;
      steps += 1;
      return 0;
    });
    loop.start();
    loop.start();
    for (let call = 0; call < 20; call += 1) loop.wake();
    await eventually(() => steps > 10);
    await loop.stop();
    expect(most).to.equal(1);
  });

  it("stops after the present step, and begins no other", async () => {
    let steps = 0;
    let done = false;
    const loop = new PollingLoop(async () => {
      steps += 1;
      await delay(10);
      done = true;
      return 0;
    });
    loop.start();
    await eventually(() => steps === 1);
    await loop.stop();
    expect(done).to.equal(true);
    const ended = steps;
    loop.wake();
    await delay(20);
    expect(steps).to.equal(ended);
  });
});

describe("backing off", () => {
  it("doubles from a quarter of a second to half a minute, and stays there", () => {
    const middle = () => 0.5;
    const waits = [1, 2, 3, 7, 8, 9, 1_000].map((tries) => backoff(tries, middle));
    expect(waits).to.deep.equal([250, 500, 1_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("spreads what failed together by a fifth to either side", () => {
    expect(backoff(3, () => 0)).to.equal(800);
    expect(backoff(3, () => 0.999_999)).to.equal(1_200);
  });
});
