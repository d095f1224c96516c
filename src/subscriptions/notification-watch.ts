import type { Logger } from "../log.ts";
import { backoff } from "../messages/backoff.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";
import { newestNotification } from "./notification-repository.ts";

/**
 * Knows the newest notification and tells those who wait for news, with one look at the database for all of them: other
 * replicas, and steps of this one that wake nobody, write notifications, too.
 */
export class NotificationWatch {
  readonly #store: Store;
  readonly #listeners = new Set<() => void>();
  readonly #rounds: Rounds;
  #newest = 0;

  constructor(options: { readonly store: Store; readonly log: Logger; readonly pollMs: number }) {
    this.#store = options.store;
    const { log, pollMs: poll } = options;
    this.#rounds = new Rounds({
      ...{ log, poll, retry: (failures) => Math.max(poll, backoff(failures)) },
      complaint: "the notifications cannot be read",
      round: () => this.#look(),
    });
  }

  /** Sequence number of the newest notification seen; 0 for none. */
  get newest(): number {
    return this.#newest;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Looks at once. */
  wake(): void {
    this.#rounds.wake();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** @returns ends the listening */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #look(): Promise<undefined> {
    const newest = await newestNotification(this.#store.db);
    if (newest <= this.#newest) return;
    this.#newest = newest;
    for (const listener of this.#listeners) listener();
  }
}
