import { backoff } from "../messages/backoff.ts";
import { PollingLoop } from "../messages/polling-loop.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import { newestNotification } from "./notification-repository.ts";

/**
 * Knows the newest notification and tells those who wait for news, with one look at the database for all of them: other
 * replicas, and steps of this one that wake nobody, write notifications, too.
 */
export class NotificationWatch {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #pollMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #loop: PollingLoop;
  #newest = 0;
  #failures = 0;

  constructor(options: { readonly store: Store; readonly log: Logger; readonly pollMs: number }) {
    this.#store = options.store;
    this.#log = options.log;
    this.#pollMs = options.pollMs;
    this.#loop = new PollingLoop(() => this.#look());
  }

  /** Sequence number of the newest notification seen; 0 for none. */
  get newest(): number {
    return this.#newest;
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks at once. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** @returns ends the listening */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #look(): Promise<number> {
    try {
      const newest = await newestNotification(this.#store.db);
      this.#failures = 0;
      if (newest > this.#newest) {
        this.#newest = newest;
        for (const listener of this.#listeners) listener();
      }
      return this.#pollMs;
    } catch (error) {
      this.#failures += 1;
      this.#log.error("the notifications cannot be read", { error });
      return Math.max(this.#pollMs, backoff(this.#failures));
    }
  }
}
