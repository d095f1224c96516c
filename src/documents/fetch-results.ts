import type { Transaction } from "kysely";

import type { Reason } from "../domain/journal.ts";
import { takeTurn } from "../messages/message-repository.ts";
import type { Schema } from "../store/schema.ts";
import { recordDocument } from "./document-repository.ts";
import type { FetcherOptions, FetchPace } from "./fetch-options.ts";
import { dropNeedless, endFetches, postponeFetches, type ClaimedFetch } from "./fetch-repository.ts";
import type { Retrieval } from "./retrieve.ts";

/**
 * What became of a fetch. `needless`: its document is here already. `withheld`: it is not asked for, because its sender is
 * not bound to its domain; it stays in line however long that takes.
 */
export type FetchResult =
  Retrieval | { readonly outcome: "needless" } | { readonly outcome: "withheld"; readonly reason: Reason };

interface Taken {
  readonly fetches: readonly ClaimedFetch[];
  readonly result: FetchResult;
}

/** What a crash would have brought again, and what one transaction holds up others for. */
const MOST_KEPT = 100;
/** How long a document that is here may wait for others of its group. */
const LONGEST_KEPT_MS = 500;

/**
 * Writes down what became of fetches, many at a time: the fetch, the document and the journal of its message together.
 */
export class FetchResults {
  readonly #options: FetcherOptions;
  readonly #pace: FetchPace;
  readonly #now: () => number;
  #taken: Taken[] = [];
  #since = 0;

  constructor(options: FetcherOptions, pace: FetchPace, now: () => number) {
    this.#options = options;
    this.#pace = pace;
    this.#now = now;
  }

  /** Takes what became of the fetches of one document. It is written down at the latest by `flush`. */
  async take(fetches: readonly ClaimedFetch[], result: FetchResult): Promise<void> {
    if (this.#taken.length === 0) this.#since = performance.now();
    this.#taken.push({ fetches, result });
    const old = performance.now() - this.#since > LONGEST_KEPT_MS;
    if (old || this.#taken.length >= MOST_KEPT) await this.flush();
  }

  /** Writes down all that was taken. */
  async flush(): Promise<void> {
    const taken = this.#taken;
    this.#taken = [];
    for (const [, alike] of Map.groupBy(taken, ({ result }) => kindOf(result))) {
      const fetches = alike.flatMap((each) => each.fetches);
      const result = alike[0]?.result;
      switch (result?.outcome) {
        case "stored":
        case "needless":
          await this.#succeed(fetches, alike);
          break;
        case "not-yet":
          await this.#retryLater(fetches, null, 0);
          break;
        case "failed":
          this.#warn(fetches, result.reason.code, result.cause);
          for (const { channelId } of fetches) this.#options.countFault?.("fetch_failures", channelId);
          await this.#retryLater(fetches, result.reason, result.retryAfterMs);
          break;
        case "withheld":
          await this.#withhold(fetches, result.reason);
          break;
        case "interrupted":
          await postponeFetches(this.#options.store.db, fetches, { dueAt: this.#now() });
          break;
        case undefined:
      }
    }
  }

  async #succeed(fetches: readonly ClaimedFetch[], taken: readonly Taken[]): Promise<void> {
    const { onFetch, onBody } = this.#options;
    await this.#transact(async (db) => {
      const ended = await endFetches(db, fetches, "done", null);
      const held = new Set(ended);
      for (const { fetches: same, result } of taken) {
        const fetch = same.find((each) => held.has(each));
        if (fetch === undefined || result.outcome !== "stored") continue;
        const { content, mediaType } = result;
        const origin = { origin: "fetched", storedBy: fetch.source } as const;
        await recordDocument(db, { ...content, mediaType, ...origin, at: this.#now() });
      }
      await dropNeedless(db, ended);
      await onFetch(db, { messageIds: ended.map(({ messageId }) => messageId), status: "available" });
    });
    if (fetches.some(({ maxBytes }) => maxBytes !== null)) onBody?.();
  }

  #warn(fetches: readonly ClaimedFetch[], code: string, cause: unknown): void {
    const [first] = fetches;
    this.#options.log.warn("documents were not fetched", {
      messageId: first?.messageId,
      source: first?.source,
      documents: fetches.length,
      tries: first?.tries,
      ...{ code, cause },
    });
  }

  /** @param reason null where the sender's node does not show the documents yet, which is no failure */
  async #retryLater(
    fetches: readonly ClaimedFetch[],
    reason: Reason | null,
    retryAfterMs: number,
  ): Promise<void> {
    for (const [, alike] of Map.groupBy(fetches, (fetch) => `${fetch.tries} ${fetch.lastError ?? ""}`)) {
      const [first] = alike;
      if (first === undefined) continue;
      const wait = Math.max(retryAfterMs, this.#backoff(first.tries));
      const now = this.#now();
      // Where the clock leapt meanwhile, whoever claims it next sees that it is late, and does not count that time.
      const dueAt = (now - first.claimedAt > this.#pace.stoodStillMs ? first.claimedAt : now) + wait;
      // Counted from when it was claimed, not from now: the clock may have leapt while the other node was spoken to.
      const tooLong = ({ claimedAt, firstTriedAt }: ClaimedFetch) =>
        claimedAt + wait - firstTriedAt > this.#pace.giveUpAfterMs;
      const over = alike.filter(tooLong);
      const going = alike.filter((fetch) => !tooLong(fetch));
      if (going.length > 0) await this.#putBack(going, first.lastError, reason, dueAt);
      if (over.length > 0) await this.#giveUp(over, first.lastError, lastWord(reason));
    }
  }

  async #putBack(
    fetches: readonly ClaimedFetch[],
    before: string | null,
    reason: Reason | null,
    dueAt: number,
  ): Promise<void> {
    const lastError = reason?.code ?? before;
    await this.#transact(async (db) => {
      const held = await postponeFetches(db, fetches, { dueAt, lastError });
      if (reason === null || reason.code === before) return;
      await this.#tell(db, held, before, reason);
    });
  }

  async #withhold(fetches: readonly ClaimedFetch[], reason: Reason): Promise<void> {
    const dueAt = this.#now() + this.#pace.longestRetryMs;
    await this.#transact(async (db) => {
      // Time in which nobody was asked does not count as tried.
      const held = await postponeFetches(db, fetches, { dueAt, lastError: reason.code, afresh: true });
      const fresh = held.filter(({ lastError }) => lastError !== reason.code);
      const messageIds = fresh.map(({ messageId }) => messageId);
      if (messageIds.length > 0) {
        await this.#options.onFetch(db, { messageIds, status: "fetch-failed", reason });
      }
    });
  }

  async #giveUp(fetches: readonly ClaimedFetch[], before: string | null, reason: Reason): Promise<void> {
    await this.#transact(async (db) => {
      await this.#tell(db, await endFetches(db, fetches, "failed", reason.code), before, reason);
    });
  }

  /**
   * In its turn, and not stricter than the database's own isolation: each step changes only what is still this holder's, and
   * a stricter one would have long transactions begin again for every short one.
   */
  async #transact(work: (db: Transaction<Schema>) => Promise<void>): Promise<void> {
    await this.#options.store.db.transaction().execute(async (db) => {
      await takeTurn(db);
      await work(db);
    });
  }

  async #tell(
    db: Parameters<FetcherOptions["onFetch"]>[0],
    fetches: readonly ClaimedFetch[],
    before: string | null,
    reason: Reason,
  ): Promise<void> {
    const { onFetch } = this.#options;
    const messageIds = fetches.map(({ messageId }) => messageId);
    // It had failed otherwise before: that it was tried again since belongs into the journal, too.
    if (before !== null) await onFetch(db, { messageIds, status: "fetching" });
    await onFetch(db, { messageIds, status: "fetch-failed", reason });
  }

  #backoff(tries: number): number {
    const { firstRetryMs, longestRetryMs } = this.#pace;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(tries - 1, 30));
    return Math.round(longest * (0.75 + Math.random() / 4)); // not all at once after an outage
  }
}

/** What is written down alike. */
function kindOf(result: FetchResult): string {
  switch (result.outcome) {
    case "stored":
    case "needless":
      return "here";
    case "withheld":
      return `withheld ${result.reason.code}`;
    case "failed":
      return `failed ${result.reason.code} ${result.retryAfterMs}`;
    default:
      return result.outcome;
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
