import { setTimeout as delay } from "node:timers/promises";

import type { Config } from "../config.ts";
import type { HttpServer } from "../http/server.ts";
import type { StopGate } from "../http/stop-gate.ts";
import type { ClosingParts } from "./closing.ts";

const STOP_SECONDS = 10;
/** For cutting off what did not end in time. */
const CUT_MS = 1_000;

/**
 * How the requests of a node end: for `drainSeconds` they are served on while readiness says no, so that a balancer moves
 * away; then those in hand get `stopSeconds` to end, and what still comes is answered 503; then connections are cut.
 *
 * @param endStreams ends what would go on for ever
 * @returns within how many milliseconds, and the part, for `Closing.add`
 */
export function requestsEnd(
  server: HttpServer,
  gate: StopGate,
  endStreams: () => Promise<void>,
  { drainSeconds = 0, stopSeconds = STOP_SECONDS }: Config["limits"],
): [withinMs: number, parts: ClosingParts] {
  const stopMs = stopSeconds * 1_000;
  const end = async () => {
    gate.drain();
    await delay(drainSeconds * 1_000);
    const cutAt = Date.now() + stopMs;
    const inHand = gate.shut();
    const late = new AbortController();
    // A stream whose database hangs does not end; its connection is cut then.
    endStreams().catch(() => undefined);
    await Promise.race([inHand, delay(stopMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    await server.close(Math.max(0, cutAt - Date.now()));
  };
  return [drainSeconds * 1_000 + stopMs + CUT_MS, { requests: end }];
}
