import { setTimeout as delay } from "node:timers/promises";

import { created, phytosanitary } from "../../test/channels/fixtures.ts";
import { eventually } from "../../test/eventually.ts";
import { startCallbackServer } from "../../test/subscriptions/callback-server.ts";
import type { Field } from "../bench/field.ts";
import { Load } from "./load.ts";
import { trendOf, type Trend } from "./trend.ts";

const MB = 1_000_000;
const BACKLOG_WITHIN_MS = 900_000;

/** Few enough waiting messages that the node pushes back during most of a short run too. */
export const soakLimits = { waitingMessages: 1_000 };

/** How long, and how closely watched. */
export interface SoakOptions {
  readonly seconds: number;
  readonly everySeconds: number;
  /** Growth of memory from the middle third to the last that is taken for none, as a share. */
  readonly bound: number;
  /** Gets the log, a line at a time. */
  readonly say: (line: string) => void;
}

/** How it ended. */
export interface SoakResult {
  readonly accepted: number;
  readonly pushedBack: number;
  /** Accepted, and never reported delivered to the subscriber. */
  readonly lost: readonly string[];
  readonly rss: Trend;
  readonly heap: Trend;
  readonly ok: boolean;
}

/**
 * Drives a node at the highest rate that it accepts, with a subscriber to everything, and watches its memory; then lets the
 * backlog drain and compares what was accepted with what the subscriber was told.
 */
export async function soak(field: Field, options: SoakOptions): Promise<SoakResult> {
  const { seconds, everySeconds, bound, say } = options;
  const callback = await startForgetfulCallback();
  try {
    await subscribe(field, callback.url);
    const load = new Load(field);
    const samples: { rss: number; heapUsed: number }[] = [];
    say(columns(["s", "rss MB", "heap MB", "accepted", "/s", "told", "waiting", "pushed back"]));
    let before = 0;
    const begun = Date.now();
    for (let sample = 1; sample * everySeconds <= seconds; sample += 1) {
      await delay(Math.max(0, begun + sample * everySeconds * 1_000 - Date.now()));
      const memory = await field.node.memory();
      samples.push(memory);
      const { singles, batched, pushedBack } = load.counts;
      const accepted = singles.length + batched.length;
      const row = [(Date.now() - begun) / 1_000, memory.rss / MB, memory.heapUsed / MB, accepted];
      const told = callback.delivered.size;
      const rest = [(accepted - before) / everySeconds, told, accepted - told, pushedBack];
      say(columns([...row, ...rest].map((value) => String(Math.round(value)))));
      before = accepted;
    }
    const { singles, batched, pushedBack } = await load.stop();
    const all = [...singles, ...batched];
    say(
      `Accepted ${all.length}: ${singles.length} singly, ${batched.length} in batches. Now the backlog drains.`,
    );
    const drained = () => all.every((id) => callback.delivered.has(id));
    await eventually(drained, { within: BACKLOG_WITHIN_MS, every: 250 }).catch(() => undefined);
    const lost = all.filter((id) => !callback.delivered.has(id));
    say(
      `${Math.round((Date.now() - begun) / 1_000)} s: ${all.length - lost.length} of ${all.length} reported delivered.`,
    );
    const [rss, heap] = [
      trendOf(samples.map((each) => each.rss)),
      trendOf(samples.map((each) => each.heapUsed)),
    ];
    // What the system gives back lags behind: the heap after collection is the finer figure, both must hold.
    const flat = rss.growth <= bound && heap.growth <= bound;
    for (const [name, { middle, last, growth }] of Object.entries({ rss, heap })) {
      const [from, to] = [middle, last].map((bytes) => Math.round(bytes / MB));
      say(
        `${name}: median of the middle third ${from} MB, of the last ${to} MB: ${percent(growth)}, at most ${percent(bound)}.`,
      );
    }
    const ok = flat && lost.length === 0;
    say(ok ? "Memory is flat, and nothing was lost." : flat ? "Something was lost." : "Memory is not flat.");
    return { accepted: all.length, pushedBack, lost, rss, heap, ok };
  } finally {
    await callback.close();
  }
}

function percent(share: number): string {
  return `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;
}

function columns(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(11)).join("");
}

/** A subscriber that remembers which messages it was told are delivered, and nothing else. */
async function startForgetfulCallback() {
  const delivered = new Set<string>();
  const server = await startCallbackServer();
  server.receive = ({ body }) => {
    const { type, message } = JSON.parse(body) as { type: string; message: { id: string } };
    if (type === "message.delivered") delivered.add(message.id);
    return { status: 204 };
  };
  return { url: server.url, delivered, close: () => server.close() };
}

async function subscribe({ officer, config }: Field, url: string): Promise<void> {
  for (const predicate of [created, phytosanitary]) {
    const form = {
      "hub.mode": "subscribe",
      "hub.topic": `${config.publicUrl}/topics/predicates/${predicate}`,
      "hub.callback": `${url}/${predicate}`,
    };
    const response = await officer.request("/subscriptions", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  }
  await eventually(async () => {
    const answer = (await (await officer.request("/subscriptions")).json()) as { items: { state: string }[] };
    return answer.items.filter(({ state }) => state === "active").length === 2;
  });
}
