import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { DatabaseLocation } from "../../src/store/store.ts";
import { BenchNode } from "./bench-node.ts";
import type { Field } from "./field.ts";
import { measureOf, median, type Measures } from "./measure.ts";

const LOOK_MS = 10;

/**
 * A node that lost its database reads its channel from nothing. What is counted is how much longer it takes until it says
 * that it is ready than when it is then started once more, with nothing left to read. Stops the field's own node.
 *
 * @param stores an empty database for each round
 */
export async function benchCatchUp(field: Field, stores: readonly DatabaseLocation[]): Promise<Measures> {
  const { anvil, world } = field;
  await field.node.stop();
  const filter = { address: world.channel.address, fromBlock: "0x0", toBlock: "latest" };
  const events = ((await anvil.send("eth_getLogs", [filter])) as unknown[]).length;
  const times: number[] = [];
  for (const [round, store] of stores.entries()) {
    const config = await field.bereft(store);
    const file = join(field.directory, `bereft-${round}.json`);
    const untilReady = async () => {
      const begun = performance.now();
      const node = await BenchNode.start(config, file);
      while ((await fetch(`${config.publicUrl}/health/ready`)).status !== 200) await delay(LOOK_MS);
      const ms = performance.now() - begun;
      await node.stop();
      return ms;
    };
    const first = await untilReady();
    times.push(Math.max(1, first - (await untilReady())));
  }
  return { "catch-up from nothing": measureOf(times, (events / median(times)) * 1000, "events/s") };
}
