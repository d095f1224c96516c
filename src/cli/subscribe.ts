import { setTimeout as pause } from "node:timers/promises";

import { toldToStop } from "../told-to-stop.ts";
import { numberOf, textOf, UsageError, type Command, type Values } from "./command.ts";
import { serverEvents, type ServerEvent } from "./event-stream.ts";
import { EXIT, type Exit } from "./exit.ts";
import { membersOf } from "./message-record.ts";
import { bytesOf, unreachable, type NodeClient } from "./node-client.ts";
import { NodeFailure, NodeRefusal, NodeUnreachable } from "./node-errors.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";
import { complain, printable } from "./terminal.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A node gives a sign of life every fifteen seconds. */
const SILENCE_MS = 60_000;

interface Position {
  /** Id of the last event that was written; null for from now on. */
  last: string | null;
  left: number;
  pauseMs: number;
  /** Whether the node has answered at all. */
  connected: boolean;
}

async function subscribe(values: Values): Promise<Exit> {
  const client = clientOf(values);
  const last = textOf(values, "after");
  if (last !== null && !/^\d{1,19}$/.test(last)) throw new UsageError("--after takes the number of an event");
  const left = numberOf(values, "count", { least: 1, most: 1_000_000_000, otherwise: Infinity });
  const position: Position = { last, left, pauseMs: FIRST_PAUSE_MS, connected: false };
  const stopping = new AbortController();
  void toldToStop().then(() => {
    stopping.abort();
  });
  while (position.left > 0) {
    try {
      await follow(client, values, position, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) break;
      if (!position.connected || !mayPass(error)) throw error;
      complain(printable(`icl: ${error.message}; trying again`));
    }
    if (position.left === 0 || !(await paused(position, stopping.signal))) break;
  }
  return EXIT.done;
}

/** Whether a stream that was open once may be opened again after this. */
function mayPass(error: unknown): error is Error {
  return error instanceof NodeUnreachable || (error instanceof NodeRefusal && error.status === 429);
}

/** Reads one stream to its end. */
async function follow(
  client: NodeClient,
  values: Values,
  position: Position,
  stopping: AbortSignal,
): Promise<void> {
  const topic = textOf(values, "topic");
  const query = topic === null ? "" : `?${new URLSearchParams({ topic }).toString()}`;
  const silence = new AbortController();
  const signal = AbortSignal.any([stopping, silence.signal]);
  const watch = setTimeout(() => {
    silence.abort();
  }, SILENCE_MS);
  try {
    const response = await client.open(`/events${query}`, {
      headers: {
        accept: "text/event-stream",
        ...(position.last === null ? {} : { "last-event-id": position.last }),
      },
      signal,
    });
    position.connected = true;
    for await (const item of serverEvents(bytesOf(response))) {
      watch.refresh();
      if (item.kind === "retry") position.pauseMs = Math.min(item.milliseconds, LONGEST_PAUSE_MS);
      if (item.kind === "position") position.last = item.id;
      if (item.kind !== "event") continue;
      write(values, item.event);
      position.last = item.event.id ?? position.last;
      position.left -= 1;
      position.pauseMs = FIRST_PAUSE_MS;
      if (position.left === 0) return;
    }
  } catch (error) {
    const known = error instanceof NodeFailure || error instanceof NodeUnreachable;
    const broken = error instanceof TypeError || error instanceof DOMException;
    throw !known && broken ? unreachable(client.url, error) : error;
  } finally {
    clearTimeout(watch);
    silence.abort();
  }
}

/** Waits before connecting again, longer each time. @returns false when told to stop meanwhile */
async function paused(position: Position, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(position.pauseMs, undefined, { signal });
  } catch {
    return false;
  }
  position.pauseMs = Math.min(2 * position.pauseMs, LONGEST_PAUSE_MS);
  return true;
}

function write(values: Values, { id, event, data }: ServerEvent): void {
  let payload: unknown;
  try {
    payload = JSON.parse(data);
  } catch (cause) {
    throw new NodeFailure("the node sent an event that is not JSON", { cause });
  }
  const members = membersOf(payload);
  const message = membersOf(members.get("message"));
  const [time, about, predicate, subject] = [
    members.get("time"),
    message.get("id"),
    message.get("predicate"),
    message.get("subject"),
  ].map((value) => (typeof value === "string" ? value : "-"));
  show(values, payload, `${id ?? "-"}  ${time}  ${event}  ${about}  ${predicate}  ${subject}`);
}

/** `icl subscribe`: writes what happens as it happens. */
export const subscribeCommand: Command = {
  summary: "write what happens to messages, as it happens",
  help: `Usage: icl subscribe [--topic <topic>] [--after <number>] [--count <number>]

Writes events as they come, until Ctrl-C: number, time, type, and the message's id, type and subject; with --json whole
events. A connection that breaks is made anew, and goes on after the last event written: none is left out.

      --topic <topic>     a message type, a pattern of them such as UN.CEFACT.*, or a topic's URL; all where left out
      --after <number>    go on after the event of this number; from now on where left out
      --count <number>    end after so many events
${nodeHelp}

Needs the role subscriptions or messages:read. Ends with 0 when done or told to stop, 3 when the node refused (also when it no
longer keeps what came after the event named), 4 when it is out of reach at the beginning.

Example: icl subscribe --topic "UN.CEFACT.*" --json`,
  options: {
    ...nodeOptions,
    topic: { type: "string" },
    after: { type: "string" },
    count: { type: "string" },
  },
  run: subscribe,
};
