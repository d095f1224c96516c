import type { Store } from "../store/store.ts";
import { makeDue } from "./outbox-repository.ts";

/** How long messages of a request wait for its end at most; milliseconds. */
const LONGEST_WAIT = 30_000;

/**
 * A request that brings many messages. They wait until it ends, so that they are bundled together and not by what happened
 * to have come; where its end is never seen, as after a crash, that is only a delay. One that takes longer goes in several
 * bundles.
 */
export class BulkRequest {
  /** Until when its messages wait; milliseconds since 1970. It also tells them from those of other requests. */
  readonly dueAt: number;
  readonly #channels = new Set<string>();

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.dueAt = now + LONGEST_WAIT;
  }

  /** Notes that messages of it wait for a channel. */
  waitsFor(channelId: string): void {
    this.#channels.add(channelId);
  }

  /**
   * Lets its messages go.
   *
   * @param now milliseconds since 1970
   * @returns the channels for which some wait
   */
  async end(store: Store, now: number): Promise<readonly string[]> {
    for (const channelId of this.#channels) await makeDue(store.db, channelId, this.dueAt, now);
    return [...this.#channels];
  }
}
