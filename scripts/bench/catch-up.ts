import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { DatabaseLocation } from "../../src/store/store.ts";
import { BenchNode } from "./bench-node.ts";
import type { Field } from "./field.ts";
import { measureOf, median, type Measures } from "./measure.ts";

const LOOK_MS = 5;

/**
 * A node that lost its database reads its channel from nothing: from the first time it asks the ledger for events until it says
 * that it has followed its channel to the end. Stops the field's own node.
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
    let first = null as number | null; // set by the interception
    anvil.intercept(({ method }) => {
      if (method === "eth_getLogs") first ??= performance.now();
      return Promise.resolve(null);
    });
    const config = await field.bereft(store);
    const node = await BenchNode.start(config, join(field.directory, `bereft-${round}.json`));
    while ((await fetch(`${config.publicUrl}/health/ready`)).status !== 200) await delay(LOOK_MS);
    if (first === null) throw new Error("The node asked for no events.");
    times.push(performance.now() - first);
    await node.stop();
  }
  anvil.intercept(null);
  return { "catch-up from nothing": measureOf(times, (events / median(times)) * 1000, "events/s") };
}
