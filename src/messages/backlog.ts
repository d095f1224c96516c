import { Problem } from "../domain/problems.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { countWaiting } from "./backlog-repository.ts";

/** What a backlog is watched by. */
export interface BacklogOptions {
  readonly store: Store;
  /** Messages in line for one channel beyond which no more are taken. */
  readonly most: number;
  /** Counts requests that were refused; nobody does where left out. */
  readonly countFault?: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is known of one channel's line. */
interface Line {
  /** When it was counted; milliseconds since 1970. */
  readonly countedAt: number;
  readonly counted: number;
  /** How many messages a second left it lately. */
  readonly drainRate: number;
  /** Taken by this process since it was counted. */
  taken: number;
}

const COUNT_EVERY_MS = 1_000;
/** How much the rate of the last second weighs against what was known before. */
const NEWEST_WEIGHT = 0.3;
const LONGEST_RETRY_SECONDS = 60;

/**
 * Refuses messages for a channel in whose line too many wait, before they fill the database: a ledger that is away for a
 * week stops what is for it, and nothing else. A line is counted at most once a second, and what this process takes is added
 * at once; each other replica may take as many more as it accepts in that second before it, too, sees that the line is full.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  readonly #lines = new Map<string, Line>();
  readonly #counting = new Map<string, Promise<Line>>();

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /**
   * Takes a place in a channel's line.
   *
   * @returns null, or Problem `ledger-behind` with the seconds until there may be room again
   */
  async take(channelId: string): Promise<Problem | null> {
    const { most, now, countFault } = this.#options;
    const known = this.#lines.get(channelId);
    const fresh = known !== undefined && now() - known.countedAt < COUNT_EVERY_MS;
    const line = fresh ? known : await this.#count(channelId);
    const waiting = line.counted + line.taken;
    if (waiting < most) {
      line.taken += 1;
      return null;
    }
    countFault?.("backlog_refusals", channelId);
    const wait = secondsFor(waiting - most + 1, line.drainRate);
    return new Problem(
      "ledger-behind",
      `As many messages as this node keeps wait for this channel's ledger: send this one again in ${wait} s; messages for other channels are taken.`,
      { retryAfterSeconds: wait },
    );
  }

  /** Counts once for all who ask at a time. */
  #count(channelId: string): Promise<Line> {
    const under = this.#counting.get(channelId);
    if (under !== undefined) return under;
    const counting = this.#countNow(channelId).finally(() => this.#counting.delete(channelId));
    this.#counting.set(channelId, counting);
    return counting;
  }

  async #countNow(channelId: string): Promise<Line> {
    const { store, most, now } = this.#options;
    const before = this.#lines.get(channelId);
    const taken = before?.taken ?? 0;
    // Beyond the bound only as far as tells whether the line grows shorter.
    const counted = await countWaiting(store.db, channelId, 2 * most);
    const countedAt = now();
    const line: Line = {
      countedAt,
      counted,
      drainRate: before === undefined ? 0 : rateOf(before, taken, counted, countedAt),
      // What was taken while it was counted may be in the count or not: rather counted twice for a second than not at all.
      taken: before === undefined ? 0 : before.taken - taken,
    };
    this.#lines.set(channelId, line);
    return line;
  }
}

function rateOf(before: Line, taken: number, counted: number, countedAt: number): number {
  const seconds = (countedAt - before.countedAt) / 1_000;
  if (seconds <= 0) return before.drainRate;
  const left = Math.max(0, before.counted + taken - counted) / seconds;
  return before.drainRate === 0 ? left : left * NEWEST_WEIGHT + before.drainRate * (1 - NEWEST_WEIGHT);
}

/** Until so many have left the line, going by how fast it moved lately. */
function secondsFor(many: number, drainRate: number): number {
  if (drainRate <= 0) return LONGEST_RETRY_SECONDS;
  return Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(many / drainRate)));
}
