import { setTimeout as pause } from "node:timers/promises";

import { numberOf, textOf, UsageError, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { readMessageRecord, type MessageRecord } from "./message-record.ts";
import type { NodeClient } from "./node-client.ts";
import { NodeFailure, NodeRefusal, NodeUnreachable } from "./node-errors.ts";
import { show } from "./output.ts";
import { complain, printable } from "./terminal.ts";

/** Statuses to wait for, each with those that are as good or further. */
const REACHED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["sent", new Set(["sent", "delivered"])],
  ["delivered", new Set(["delivered"])],
  ["received", new Set(["received", "fetching", "fetch-failed", "available"])],
  ["available", new Set(["available"])],
]);
const ENDED: ReadonlySet<string> = new Set(["failed", "withdrawn"]);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const TIMEOUT = { least: 1, most: 86_400, otherwise: 120 } as const;

/** Options of commands that can wait for a message. */
export const waitOptions = { wait: { type: "string", short: "w" }, timeout: { type: "string" } } as const;

/** What is waited for, and how long; null for not at all. */
export interface Waiting {
  readonly status: string;
  readonly seconds: number;
}

/**
 * What the options say about waiting.
 *
 * @param statuses those that make sense for the command
 * @throws UsageError
 */
export function waitingOf(values: Values, statuses: readonly string[]): Waiting | null {
  const seconds = numberOf(values, "timeout", TIMEOUT);
  const status = textOf(values, "wait");
  if (status === null) {
    if (values.timeout !== undefined) throw new UsageError("--timeout only goes with --wait");
    return null;
  }
  if (!statuses.includes(status)) throw new UsageError(`--wait takes ${statuses.join(" or ")}`);
  return { status, seconds };
}

/**
 * Waits for a message where that is asked for, and writes how it stands then, whatever happens.
 *
 * @param first the record as it is known; null where the node may not know the message yet
 * @throws what the node answered last, when it never answered well
 */
export async function awaitAndShow(
  client: NodeClient,
  values: Values,
  id: string,
  first: MessageRecord | null,
  waiting: Waiting | null,
): Promise<Exit> {
  const state: { record: MessageRecord | null } = { record: first };
  try {
    return waiting === null ? EXIT.done : await wait(client, id, waiting, state);
  } finally {
    const { record } = state;
    if (record !== null) show(values, record.answer, `${record.id}  ${record.status}`);
  }
}

async function wait(
  client: NodeClient,
  id: string,
  { status, seconds }: Waiting,
  state: { record: MessageRecord | null },
): Promise<Exit> {
  const end = Date.now() + seconds * 1_000;
  let failure: Error | null = null;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(2 * next, LONGEST_PAUSE_MS)) {
    const { record } = state;
    if (record !== null && REACHED.get(status)?.has(record.status) === true) return EXIT.done;
    if (record !== null && ENDED.has(record.status)) {
      const why = record.reason === null ? "" : `: ${record.reason.code}: ${record.reason.detail}`;
      complain(printable(`icl: the message ${record.status}${why}`));
      return EXIT.messageFailed;
    }
    const left = end - Date.now();
    if (left <= 0) break;
    await pause(Math.min(next, left));
    try {
      state.record = readMessageRecord(await client.ask(`/messages/${id}`));
      failure = null;
    } catch (error) {
      failure = mayPass(error);
    }
  }
  if (failure instanceof NodeUnreachable) throw failure;
  complain(`icl: the message was not ${status} within ${seconds} s; it may still be`);
  return EXIT.timedOut;
}

/** Whether waiting on may help: a node may be restarting, and one that receives knows a message only after a while. */
function mayPass(error: unknown): Error {
  if (error instanceof NodeUnreachable || error instanceof NodeFailure) return error;
  if (error instanceof NodeRefusal && (error.status === 404 || error.status === 429)) return error;
  throw error;
}
