import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { ended, openSession } from "../session.ts";
import { unreachable } from "../unreachable.ts";
import type { Notification } from "./node-records.ts";

/** Whether what is shown follows the node as things happen; `since` is when it last did, in milliseconds since 1970. */
export const live = signal<{ readonly on: boolean; readonly since: number }>({
  on: false,
  since: Date.now(),
});

type Listener = (told: Notification | null) => void;

const types = [
  ...["message.sent", "message.delivered", "message.failed", "message.received"],
  ...["document.available", "certificate.acquitted", "certificate.revoked"],
];
/** Between two looks while no stream tells anything, and while one does, for what no stream tells of. */
const POLL_MS = 5_000;
const BACKSTOP_MS = 30_000;
const REOPEN_MS = 5_000;
/** Each question without a session counts against this address at the node. */
const SIGNED_OUT_MS = 15_000;

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let reopening: ReturnType<typeof setTimeout> | undefined;
let polling: ReturnType<typeof setInterval> | undefined;

function tell(told: Notification | null): void {
  for (const listener of listeners) listener(told);
}

let pollingEvery = 0;

function pollEvery(milliseconds: number): void {
  // Begun anew at each of a stream's failures to come back, which come sooner, it would never come to look.
  if (pollingEvery === milliseconds) return;
  clearInterval(polling);
  pollingEvery = milliseconds;
  polling = setInterval(() => {
    if (!ended.value) tell(null);
  }, milliseconds);
}

function turn(on: boolean): void {
  if (live.value.on !== on) live.value = { on, since: Date.now() };
  pollEvery(on ? BACKSTOP_MS : POLL_MS);
}

/** One stream for the whole page: a browser opens few connections to one host, and a node few streams to one caller. */
function open(): void {
  source?.close();
  clearTimeout(reopening);
  const opened = new EventSource(new URL("events", document.baseURI));
  source = opened;
  opened.onopen = () => {
    turn(true);
    tell(null); // what happened while nobody listened
  };
  opened.onerror = () => {
    turn(false);
    // The browser comes again by itself, unless the node refused it: a stream does not say why, the session does.
    if (opened.readyState !== EventSource.CLOSED) return;
    openSession().catch(() => {
      unreachable.value = true;
    });
    clearTimeout(reopening);
    reopening = setTimeout(open, ended.value ? SIGNED_OUT_MS : REOPEN_MS);
  };
  for (const type of types) {
    opened.addEventListener(type, ({ data }: MessageEvent<string>) => {
      tell(JSON.parse(data) as Notification);
    });
  }
}

function close(): void {
  source?.close();
  source = null;
  clearTimeout(reopening);
  clearInterval(polling);
  pollingEvery = 0;
}

document.addEventListener("visibilitychange", () => {
  if (listeners.size === 0) return;
  // A tab that nobody looks at keeps no connection from those that somebody does.
  if (document.visibilityState === "hidden") close();
  else {
    pollEvery(POLL_MS);
    open();
  }
});

/**
 * Tells a component what happens at the node, without a reload: by its stream of events, or by looking every few seconds
 * where there is none.
 *
 * @param listener told of each event, and with null of the times to look by itself
 */
export function useLive(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const own: Listener = (told) => {
      latest.current(told);
    };
    listeners.add(own);
    if (listeners.size === 1) {
      pollEvery(POLL_MS);
      open();
    }
    return () => {
      listeners.delete(own);
      if (listeners.size === 0) close();
    };
  }, []);
}
