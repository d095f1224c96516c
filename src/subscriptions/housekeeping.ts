import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";
import { forgetNotifications } from "./notification-repository.ts";
import { endExpired } from "./subscription-repository.ts";
import type { SubscriptionTiming } from "./subscription.ts";

/** Ends subscriptions whose lease is over, and forgets what has been kept long enough. */
export class Housekeeping {
  readonly #store: Store;
  readonly #retentionMs: number;
  readonly #now: () => number;
  readonly #isBelieved: () => boolean;
  readonly #rounds: Rounds;

  constructor(options: {
    readonly store: Store;
    readonly log: Logger;
    readonly timing: Pick<SubscriptionTiming, "retentionMs" | "housekeepingMs">;
    /** Milliseconds since 1970. */
    readonly now: () => number;
    /** Whether what cannot be undone may be done by the clock as it stands; always where left out. */
    readonly isBelieved?: () => boolean;
  }) {
    this.#store = options.store;
    this.#retentionMs = options.timing.retentionMs;
    this.#now = options.now;
    this.#isBelieved = options.isBelieved ?? (() => true);
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.timing.housekeepingMs },
      complaint: "old notifications could not be cleared away",
      round: async () => ((await this.runOnce()) ? 0 : undefined),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** @returns whether there is more to do at once */
  async runOnce(): Promise<boolean> {
    if (!this.#isBelieved()) return false;
    const now = this.#now();
    const before = now - this.#retentionMs;
    await this.#store.transact((db) => endExpired(db, now, before));
    return this.#store.transact((db) => forgetNotifications(db, before));
  }
}
