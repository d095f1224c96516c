import type { LogFields, Logger } from "../log.ts";
import { PollingLoop } from "../messages/polling-loop.ts";
import { LeaseLost } from "../store/lease.ts";

/** Work that is done in rounds. Durations are milliseconds. */
export interface RoundsOptions {
  readonly log: Logger;
  /** What the log says when a round breaks off, and with which fields besides the error. */
  readonly complaint: string;
  readonly fields?: LogFields;
  /** From one round to the next, where nobody calls for it and no round asks for another moment. */
  readonly poll: number;
  /** From a round that broke off to the next, by how many have done so in a row; `poll` where left out. */
  readonly retry?: (failures: number) => number;
  /**
   * One round. It may throw: what it was about is looked at again with the next.
   *
   * @returns in how many milliseconds the next shall come; undefined for `poll`
   */
  readonly round: () => Promise<number | undefined>;
}

/**
 * The frame of what a node does by and by: rounds that never overlap, at once when called for, else every so often. A round
 * that breaks off is told in the log and ends nothing; one that lost its lease is no matter for it, since another replica does
 * that work now. What a round does, and under which lease or claim, is its own business.
 */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #loop: PollingLoop;
  #failures = 0;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#loop = new PollingLoop(() => this.takeOne());
  }

  start(): void {
    this.#loop.start();
  }

  /** Has a round begin at once, or right after the one under way. */
  wake(): void {
    this.#loop.wake();
  }

  /** Lets the round under way end, and begins no other. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /**
   * Does a round outside of the line, for whoever has stopped it; never throws.
   *
   * @returns in how many milliseconds the next would come
   */
  async takeOne(): Promise<number> {
    const { log, complaint, fields, poll, retry, round } = this.#options;
    try {
      const next = await round();
      this.#failures = 0;
      return next ?? poll;
    } catch (error) {
      if (error instanceof LeaseLost) return poll;
      this.#failures += 1;
      log.error(complaint, { ...fields, error });
      return retry?.(this.#failures) ?? poll;
    }
  }
}
