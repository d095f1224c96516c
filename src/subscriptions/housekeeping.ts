import { PollingLoop } from "../messages/polling-loop.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import { forgetNotifications } from "./notification-repository.ts";
import { endExpired } from "./subscription-repository.ts";
import type { SubscriptionTiming } from "./subscription.ts";

/** Ends subscriptions whose lease is over, and forgets what has been kept long enough. */
export class Housekeeping {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #timing: Pick<SubscriptionTiming, "retentionMs" | "housekeepingMs">;
  readonly #now: () => number;
  readonly #isBelieved: () => boolean;
  readonly #loop = new PollingLoop(() => this.#step());

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
    this.#log = options.log;
    this.#timing = options.timing;
    this.#now = options.now;
    this.#isBelieved = options.isBelieved ?? (() => true);
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** @returns whether there is more to do at once */
  async runOnce(): Promise<boolean> {
    if (!this.#isBelieved()) return false;
    const now = this.#now();
    const before = now - this.#timing.retentionMs;
    await this.#store.transact((db) => endExpired(db, now, before));
    return this.#store.transact((db) => forgetNotifications(db, before));
  }

  async #step(): Promise<number> {
    try {
      return (await this.runOnce()) ? 0 : this.#timing.housekeepingMs;
    } catch (error) {
      this.#log.error("old notifications could not be cleared away", { error });
      return this.#timing.housekeepingMs;
    }
  }
}
