import { once } from "node:events";
import type { Writable } from "node:stream";

import { Problem } from "../domain/problems.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import {
  forgottenUntil,
  newestNotification,
  readNotifications,
  type Wanted,
} from "./notification-repository.ts";
import type { NotificationWatch } from "./notification-watch.ts";
import { payloadOf, type Notification } from "./notification.ts";
import type { Topic } from "./topic.ts";

/** What streams are made of. */
export interface EventStreamsOptions extends EventStreamLimits {
  readonly store: Store;
  readonly watch: NotificationWatch;
  readonly log: Logger;
  /** Whether a session of the console is not over: asked at each sign of life. Always where left out. */
  readonly isSignedIn?: (sessionId: string) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What streams may cost a replica. */
export interface EventStreamLimits {
  /** Milliseconds between signs of life; PROTOCOL §5 asks for 15 seconds. */
  readonly heartbeatMs: number;
  /** Streams of one caller. */
  readonly perCaller: number;
  /** Streams of all callers. */
  readonly inAll: number;
}

export const eventStreamLimits: EventStreamLimits = { heartbeatMs: 15_000, perCaller: 10, inAll: 500 };

/** One stream that was asked for. */
export interface StreamRequest {
  /** Issuer and subject of the caller's token. */
  readonly owner: string;
  /** When the caller's token ends; milliseconds since 1970. */
  readonly expiresAt: number;
  /** Session of the console by which the caller is known; left out for a token. */
  readonly sessionId?: string;
  /** Null for everything. */
  readonly topic: Topic | null;
  /** The subjects that the caller is limited to. */
  readonly subjects: SubjectScope;
  /** The Last-Event-ID header: what came after it is sent first. */
  readonly lastEventId: string | undefined;
}

const A_PAGE = 100;

/**
 * Server-sent events (HTML standard, §9.2): each stream reads on in the table of notifications from where its reader is,
 * no faster than its reader takes them, so that a slow one costs no memory.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #owners = new Map<string, number>();
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /**
   * Takes a place for a stream and finds where it begins.
   *
   * @returns runs the stream: writes events until its reader goes, the caller's token or session ends or the node stops
   * @throws Problem `too-many-requests`, `malformed-request` for a Last-Event-ID that is none of this node's,
   *   `events-forgotten` for one before what is kept
   */
  async open(request: StreamRequest): Promise<(output: Writable) => Promise<void>> {
    const leave = this.#enter(request.owner);
    try {
      const position = await this.#beginning(request.lastEventId);
      return async (output) => {
        const work = this.#run(request, position, output).finally(leave);
        this.#running.add(work);
        await work.finally(() => this.#running.delete(work));
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Ends all streams; their readers come again, here or at another replica. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#running);
  }

  #enter(owner: string): () => void {
    const { perCaller, inAll } = this.#options;
    const mine = this.#owners.get(owner) ?? 0;
    const all = [...this.#owners.values()].reduce((sum, each) => sum + each, 0);
    if (this.#stopped.signal.aborted) {
      throw new Problem("unavailable", "The node is stopping: open the stream again in a moment.", {
        retryAfterSeconds: 1,
      });
    }
    if (mine >= perCaller || all >= inAll) {
      const what = mine >= perCaller ? `You have ${perCaller} streams open` : "The node has no stream left";
      throw new Problem("too-many-requests", `${what}: close one, or try again later.`, {
        retryAfterSeconds: 30,
      });
    }
    this.#owners.set(owner, mine + 1);
    return () => {
      const left = (this.#owners.get(owner) ?? 1) - 1;
      if (left === 0) this.#owners.delete(owner);
      else this.#owners.set(owner, left);
    };
  }

  async #beginning(lastEventId: string | undefined): Promise<number> {
    const { db } = this.#options.store;
    const newest = await newestNotification(db);
    if (lastEventId === undefined || lastEventId === "") return newest;
    const position = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Infinity;
    if (position > newest) {
      throw new Problem("malformed-request", "Last-Event-ID is the id of an event of this node, unchanged.");
    }
    if (position < (await forgottenUntil(db))) {
      throw new Problem(
        "events-forgotten",
        "What came after this Last-Event-ID is no longer kept: read GET /messages for what you missed, then open a stream without it.",
      );
    }
    return position;
  }

  async #run(request: StreamRequest, from: number, output: Writable): Promise<void> {
    const { watch, heartbeatMs, now, log } = this.#options;
    const over = new AbortController();
    const news = new News();
    const end = () => {
      over.abort();
      news.ring();
    };
    const expiry = setTimeout(end, Math.min(Math.max(0, request.expiresAt - now()), 2 ** 31 - 1));
    const heartbeat = setInterval(() => {
      this.#isOver(request).then((isOver) => {
        if (isOver) end();
      }, end);
      // A reader that takes nothing gets no more to take.
      if (!output.writableNeedDrain) output.write(":\n\n");
    }, heartbeatMs);
    output.once("close", end);
    this.#stopped.signal.addEventListener("abort", end, { once: true });
    if (output.destroyed || this.#stopped.signal.aborted) end();
    const unlisten = watch.onNews(() => {
      news.ring();
    });
    try {
      // Where it begins, so that a reader whose stream breaks before the first event comes again from here.
      output.write(`retry: 2000\nid: ${from}\n\n`);
      await this.#pump(request, from, output, news, over.signal);
    } catch (error) {
      // The reader comes again with the last id it got, so that nothing is lost to it.
      if (!over.signal.aborted) log.warn("an event stream broke off", { error });
    } finally {
      unlisten();
      clearTimeout(expiry);
      clearInterval(heartbeat);
      output.off("close", end);
      this.#stopped.signal.removeEventListener("abort", end);
      output.end();
    }
  }

  /** Whether the caller has signed out, here or at another replica. */
  async #isOver({ sessionId }: StreamRequest): Promise<boolean> {
    const { isSignedIn } = this.#options;
    return sessionId !== undefined && isSignedIn !== undefined && !(await isSignedIn(sessionId));
  }

  async #pump(
    wanted: Wanted,
    from: number,
    output: Writable,
    news: News,
    signal: AbortSignal,
  ): Promise<void> {
    const isOver = () => signal.aborted;
    let position = from;
    while (!isOver()) {
      const page = await readNotifications(this.#options.store.db, wanted, position, A_PAGE);
      for (const notification of page.items) {
        if (isOver()) return;
        if (!output.write(eventOf(notification))) await once(output, "drain", { signal });
      }
      position = page.position;
      if (!page.more) await news.heard();
    }
  }
}

/** Remembers that there is news until somebody has heard it. */
class News {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when there has been news since the last time. */
  async heard(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = null;
    this.#rung = false;
  }
}

function eventOf(notification: Notification): string {
  const data = JSON.stringify(payloadOf(notification));
  return `id: ${notification.seq}\nevent: ${notification.type}\ndata: ${data}\n\n`;
}
