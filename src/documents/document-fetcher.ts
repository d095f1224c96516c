import { randomUUID } from "node:crypto";

import type { Transaction } from "kysely";

import type { Reason } from "../domain/journal.ts";
import type { MessageId } from "../domain/message.ts";
import type { Domain } from "../domain/participant.ts";
import type { AddressGuard } from "../identity/address-guard.ts";
import type { Logger } from "../log.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { findDocument, recordDocument, wasFetchedFrom } from "./document-repository.ts";
import type { DocumentStore } from "./document-store.ts";
import {
  claimDueFetches,
  endFetch,
  nextFetchAt,
  postponeFetch,
  renewFetch,
  type ClaimedFetch,
} from "./fetch-repository.ts";
import { retrieve, type Retrieval, type RetrievalLimits } from "./retrieve.ts";

/** A step of a received message towards its document, to be written into its journal. */
export interface FetchStep {
  readonly messageId: MessageId;
  readonly status: "fetching" | "available" | "fetch-failed";
  readonly reason?: Reason;
}

/** How fetches are spread over time and peers. */
export interface FetchPace {
  /** At once, all in all. */
  readonly concurrency: number;
  /** At once from one participant's node, so that a slow one holds up nobody else. */
  readonly perSource: number;
  /** Wait after the first failure; doubled after each further one. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How long it is tried; PROTOCOL §3 asks for a day at least. */
  readonly giveUpAfterMs: number;
  /** How often the queue is looked at where nothing wakes the fetcher. */
  readonly pollMs: number;
  /** How long a fetch is kept from other replicas without a sign of life. */
  readonly leaseMs: number;
}

/** The pace of a node. */
export const fetchPace: FetchPace = {
  concurrency: 64,
  perSource: 4,
  firstRetryMs: 1_000,
  longestRetryMs: 10 * 60 * 1000,
  giveUpAfterMs: 3 * 24 * 60 * 60 * 1000,
  pollMs: 5_000,
  leaseMs: 60_000,
};

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  readonly guard: AddressGuard;
  /** Base URL of a participant's node by a channel's final state; null while it has announced none. */
  readonly endpointOf: (channelId: string, participant: Domain) => Promise<string | null>;
  /** The Authorization header of one request to another participant's node. */
  readonly authorize: (request: {
    readonly channelId: string;
    readonly audience: Domain;
    readonly method: string;
    readonly path: string;
  }) => Promise<string>;
  /** Writes a step into the message's journal, in the transaction that takes it. */
  readonly onFetch: (db: Transaction<Schema>, step: FetchStep) => Promise<void>;
  readonly limits: RetrievalLimits;
  readonly log: Logger;
  readonly pace?: FetchPace;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Brings the documents of received messages from their senders' nodes: the receiver's side of the flow. Any number of
 * replicas may run one on the same database. Does nothing until it is woken for the first time.
 */
export class DocumentFetcher {
  readonly #options: FetcherOptions;
  readonly #pace: FetchPace;
  readonly #now: () => number;
  readonly #owner = randomUUID();
  readonly #stopped = new AbortController();
  readonly #running = new Map<Promise<void>, Domain>();
  #timer: NodeJS.Timeout | undefined;
  #filling: Promise<void> | undefined;
  #wokenAgain = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#pace = options.pace ?? fetchPace;
    this.#now = options.now ?? Date.now;
  }

  /** Says that a document was put in line. Costs next to nothing, so better once too often. */
  wake(): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#filling !== undefined) {
      this.#wokenAgain = true;
      return;
    }
    this.#filling = this.#fill().finally(() => {
      this.#filling = undefined;
      if (!this.#wokenAgain) return;
      this.#wokenAgain = false;
      this.wake();
    });
  }

  /** Breaks off what is under way, gives it back, and resolves when nothing of this fetcher runs any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#filling;
    await Promise.all(this.#running.keys());
  }

  /** Starts what is due, as far as there are hands free, and sets the clock for what falls due next. */
  async #fill(): Promise<void> {
    clearTimeout(this.#timer);
    let wait = this.#pace.pollMs;
    try {
      let now: number;
      do {
        now = this.#now();
      } while (await this.#startSome(now));
      const next = await nextFetchAt(this.#options.store.db, now);
      // What was overdue then waits for a hand or for its source: whoever finishes looks again.
      if (next !== null && next > now) wait = Math.min(wait, next - now);
    } catch (error) {
      this.#options.log.error("the queue of documents cannot be read", { error });
    }
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.wake();
    }, wait);
  }

  async #startSome(now: number): Promise<boolean> {
    const limit = this.#pace.concurrency - this.#running.size;
    if (limit <= 0 || this.#stopped.signal.aborted) return false;
    const claimed = await claimDueFetches(this.#options.store.db, {
      owner: this.#owner,
      now,
      until: now + this.#pace.leaseMs,
      busy: this.#busySources(),
      limit,
    });
    for (const fetch of claimed) {
      const work = this.#work(fetch).finally(() => {
        this.#running.delete(work);
        this.wake();
      });
      this.#running.set(work, fetch.source);
    }
    return claimed.length > 0;
  }

  #busySources(): readonly Domain[] {
    const counts = new Map<Domain, number>();
    for (const source of this.#running.values()) counts.set(source, (counts.get(source) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= this.#pace.perSource).map(([source]) => source);
  }

  async #work(fetch: ClaimedFetch): Promise<void> {
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.#renew(fetch, lost), this.#pace.leaseMs / 3);
    try {
      await this.#bring(fetch, AbortSignal.any([lost.signal, this.#stopped.signal]));
    } catch (error) {
      // The lease runs out, and the fetch is tried again then.
      this.#options.log.error("a fetch broke off", {
        messageId: fetch.messageId,
        source: fetch.source,
        error,
      });
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #renew(fetch: ClaimedFetch, lost: AbortController): Promise<void> {
    try {
      const until = this.#now() + this.#pace.leaseMs;
      if (!(await renewFetch(this.#options.store.db, fetch, until))) lost.abort();
    } catch (error) {
      this.#options.log.warn("a fetch's lease was not renewed", { messageId: fetch.messageId, error });
    }
  }

  async #bring(fetch: ClaimedFetch, signal: AbortSignal): Promise<void> {
    const { store, onFetch } = this.#options;
    if (fetch.tries === 1) {
      await store.transact((db) => onFetch(db, { messageId: fetch.messageId, status: "fetching" }));
    }
    if (await this.#isHeld(fetch)) {
      await this.#succeed(fetch, null);
      return;
    }
    const retrieval = await this.#retrieve(fetch, signal);
    switch (retrieval.outcome) {
      case "stored":
        await this.#succeed(fetch, retrieval);
        return;
      case "not-yet":
        await this.#retryLater(fetch, null, 0);
        return;
      case "failed":
        this.#options.log.warn("a document was not fetched", {
          messageId: fetch.messageId,
          source: fetch.source,
          tries: fetch.tries,
          code: retrieval.reason.code,
          cause: retrieval.cause,
        });
        await this.#retryLater(fetch, retrieval.reason, retrieval.retryAfterMs);
        return;
      case "interrupted":
        await postponeFetch(store.db, fetch, { dueAt: this.#now(), lastError: fetch.lastError });
    }
  }

  /** Our own users' bytes, and those this very source has shown before, need not be brought again. */
  async #isHeld({ digest, source, channelId }: ClaimedFetch): Promise<boolean> {
    const { db } = this.#options.store;
    const document = await findDocument(db, digest);
    if (document === null) return false;
    return document.origin === "user" || (await wasFetchedFrom(db, { digest, source, channelId }));
  }

  async #retrieve(fetch: ClaimedFetch, signal: AbortSignal): Promise<Retrieval> {
    const { endpointOf, authorize, files, guard, limits } = this.#options;
    const { channelId, source, digest } = fetch;
    const endpoint = await endpointOf(channelId, source);
    if (endpoint === null) {
      const detail = "The sender has announced no endpoint on the ledger.";
      return {
        outcome: "failed",
        reason: { code: "endpoint-unknown", detail },
        retryAfterMs: 0,
        cause: null,
      };
    }
    return retrieve(
      { files, guard, limits },
      {
        digest,
        endpoint,
        signal,
        authorize: (path) => authorize({ channelId, audience: source, method: "GET", path }),
      },
    );
  }

  async #succeed(
    fetch: ClaimedFetch,
    retrieval: Extract<Retrieval, { outcome: "stored" }> | null,
  ): Promise<void> {
    const { store, onFetch } = this.#options;
    const { messageId, source } = fetch;
    await store.transact(async (db) => {
      if (!(await endFetch(db, fetch, "done", null))) return;
      if (retrieval !== null) {
        const { content, mediaType } = retrieval;
        await recordDocument(db, {
          ...content,
          mediaType,
          origin: "fetched",
          storedBy: source,
          at: this.#now(),
        });
      }
      await onFetch(db, { messageId, status: "available" });
    });
  }

  /** @param reason null where the sender's node does not show the document yet, which is no failure */
  async #retryLater(fetch: ClaimedFetch, reason: Reason | null, retryAfterMs: number): Promise<void> {
    const { store, onFetch } = this.#options;
    const { messageId } = fetch;
    const now = this.#now();
    const dueAt = now + Math.max(retryAfterMs, this.#backoff(fetch.tries));
    const givenUp = dueAt - fetch.firstTriedAt > this.#pace.giveUpAfterMs;
    const told = givenUp ? lastWord(reason) : reason;
    const lastError = told?.code ?? fetch.lastError;
    await store.transact(async (db) => {
      const moved = givenUp
        ? await endFetch(db, fetch, "failed", lastError)
        : await postponeFetch(db, fetch, { dueAt, lastError });
      if (!moved || told === null || (told.code === fetch.lastError && !givenUp)) return;
      // It had failed otherwise before: that it was tried again since belongs into the journal, too.
      if (fetch.lastError !== null) await onFetch(db, { messageId, status: "fetching" });
      await onFetch(db, { messageId, status: "fetch-failed", reason: told });
    });
  }

  #backoff(tries: number): number {
    const { firstRetryMs, longestRetryMs } = this.#pace;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(tries - 1, 30));
    return Math.round(longest * (0.75 + Math.random() / 4)); // not all at once after an outage
  }
}

function lastWord(reason: Reason | null): Reason {
  return reason === null
    ? {
        code: "not-offered",
        detail: "The sender's node never showed the document; it is not asked any more.",
      }
    : { code: reason.code, detail: `${reason.detail} It is not tried any more.` };
}
