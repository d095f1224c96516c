import type { Logger } from "../log.ts";
import { pullBack } from "../operations/clock-repository.ts";
import type { CountFault } from "../operations/fault.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";

/** What the clock is watched with. */
export interface ClockKeeperOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly countFault: CountFault;
  /** Milliseconds since 1970, by the clock that is watched. */
  readonly now: () => number;
  /** Milliseconds since any moment, by a clock that nobody sets; the process's own where left out. */
  readonly steady?: () => number;
  /** Milliseconds from one look to the next. */
  readonly poll?: number;
}

const POLL_MS = 5_000;
/** A clock that is put right by less does no harm. */
const LEAP_MS = 30_000;
/** After so long a leap forward is believed: nobody has set the clock back. */
const BELIEVED_AFTER_MS = 60 * 60 * 1000;

/**
 * Watches the clock by which everything here is due, kept and over, against one that nobody sets. When it leaps, what was
 * written by a clock that was ahead is pulled back, so that nothing lies still until that moment comes; and what cannot be
 * undone, such as forgetting what was kept long enough, is left for as long as the clock may be set back again.
 */
export class ClockKeeper {
  readonly #options: ClockKeeperOptions;
  readonly #steady: () => number;
  readonly #rounds: Rounds;
  #wallAt: number;
  #steadyAt: number;
  /** How far ahead the clock has leapt. */
  #ahead = 0;
  #leaptAt = 0;
  #wasSetBack = false;

  constructor(options: ClockKeeperOptions) {
    this.#options = options;
    this.#steady = options.steady ?? (() => performance.now());
    this.#wallAt = options.now();
    this.#steadyAt = this.#steady();
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS },
      complaint: "what is due cannot be looked at",
      round: () => this.#round(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing is being looked at any more. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Whether what cannot be undone may be done by the clock as it stands. */
  readonly isBelieved = (): boolean => {
    this.#look();
    if (this.#ahead <= LEAP_MS) return true;
    if (this.#steadyAt - this.#leaptAt < BELIEVED_AFTER_MS) return false;
    this.#ahead = 0;
    return true;
  };

  #look(): void {
    const [wall, steady] = [this.#options.now(), this.#steady()];
    const leap = wall - this.#wallAt - (steady - this.#steadyAt);
    [this.#wallAt, this.#steadyAt] = [wall, steady];
    if (Math.abs(leap) <= LEAP_MS) return;
    this.#ahead = Math.max(0, this.#ahead + leap);
    this.#leaptAt = steady;
    if (leap < 0) this.#wasSetBack = true;
    this.#options.countFault("clock_leaps");
    this.#options.log.warn("the clock leapt", { seconds: Math.round(leap / 1000) });
  }

  async #round(): Promise<undefined> {
    const { store, log, now } = this.#options;
    this.#look();
    const rows = await pullBack(store.db, now(), this.#wasSetBack);
    this.#wasSetBack = false;
    if (rows > 0) log.warn("what a clock that was ahead had put off is due now", { rows });
  }
}
