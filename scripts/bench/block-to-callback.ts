import { setTimeout as delay } from "node:timers/promises";

import { startCallbackServer } from "../../test/subscriptions/callback-server.ts";
import { phytosanitary } from "../../test/channels/fixtures.ts";
import { eventually } from "../../test/eventually.ts";
import { BLOCK_SECONDS, FINAL_AFTER, type Field } from "./field.ts";
import { measureOf, type Measures } from "./measure.ts";

const LOOK_MS = 3;

/**
 * From the moment at which the ledger has the block that makes a message final to the moment at which the subscriber's
 * callback is told that it is delivered, at little load: a message every so often, at no particular moment between two blocks.
 */
export async function benchBlockToCallback(field: Field, count: number): Promise<Measures> {
  const { anvil, officer, config } = field;
  const callback = await startCallbackServer();
  const told = new Map<string, number>();
  callback.receive = ({ body }) => {
    const { type, message } = JSON.parse(body) as { type: string; message: { id: string } };
    if (type === "message.delivered") told.set(message.id, Date.now());
    return { status: 204 };
  };
  const blocks = watchBlocks(anvil);
  try {
    await subscribe(field, `${callback.url}/told`);
    const drafts = await field.drafts("single", "callback", count);
    const begun = Date.now();
    const ids: string[] = [];
    for (const draft of drafts) {
      ids.push(await officer.send(draft));
      await delay((BLOCK_SECONDS * 1000) / 4.3);
    }
    await eventually(() => ids.every((id) => told.has(id)), { what: "the callback for every message" });
    const seconds = (Date.now() - begun) / 1000;
    const times: number[] = [];
    for (const id of ids) {
      const { channelTxnId } = (await officer.message(id)) ?? {};
      const receipt = (await anvil.send("eth_getTransactionReceipt", [channelTxnId])) as {
        blockNumber: string;
      };
      const final = Number(receipt.blockNumber) + FINAL_AFTER;
      const seen = blocks.seen.get(final);
      if (seen === undefined) throw new Error(`Nobody saw block ${final} come.`);
      // A block is seen up to one look late.
      times.push(Math.max(1, (told.get(id) ?? 0) - seen));
    }
    return { "block to callback": measureOf(times, count / seconds, "messages/s") };
  } finally {
    await blocks.stop();
    await callback.close();
    await officer.request("/subscriptions", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        "hub.mode": "unsubscribe",
        "hub.topic": `${config.publicUrl}/topics/predicates/${phytosanitary}`,
        "hub.callback": `${callback.url}/told`,
      }).toString(),
    });
  }
}

/** Has a callback told of everything that goes out singly. */
async function subscribe({ officer, config }: Field, callback: string): Promise<void> {
  const response = await officer.request("/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.topic": `${config.publicUrl}/topics/predicates/${phytosanitary}`,
      "hub.callback": callback,
    }).toString(),
  });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  await eventually(async () => {
    const answer = await officer.request("/subscriptions");
    return (await answer.text()).includes('"active"');
  });
}

/** Notes when each block was first seen, in milliseconds since 1970. */
function watchBlocks(anvil: Field["anvil"]): {
  readonly seen: ReadonlyMap<number, number>;
  stop(): Promise<void>;
} {
  const seen = new Map<number, number>();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const height = Number(await anvil.send("eth_blockNumber"));
      if (!seen.has(height)) seen.set(height, Date.now());
      await delay(LOOK_MS);
    }
  })();
  return {
    seen,
    async stop() {
      over.abort();
      await watching;
    },
  };
}
