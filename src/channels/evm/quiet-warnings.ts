import type { ChannelWarning } from "./evm-options.ts";

/** The same warning is not given again for so long. */
const QUIET_MS = 600_000;
const MOST_KNOWN = 1_000;

/** Gives a channel's warnings, each of them once in ten minutes. */
export class QuietWarnings {
  readonly #channelId: string;
  readonly #warn: (warning: ChannelWarning) => void;
  readonly #now: () => number;
  readonly #given = new Map<string, number>();

  /** @param now milliseconds since 1970 */
  constructor(channelId: string, warn: (warning: ChannelWarning) => void, now: () => number) {
    this.#channelId = channelId;
    this.#warn = warn;
    this.#now = now;
  }

  /** @param about tells warnings of one code apart */
  warn(warning: Omit<ChannelWarning, "channelId">, about: string): void {
    const key = `${warning.code} ${about}`;
    const now = this.#now();
    if ((this.#given.get(key) ?? -Infinity) + QUIET_MS > now) return;
    if (this.#given.size >= MOST_KNOWN) this.#given.clear();
    this.#given.set(key, now);
    this.#warn({ channelId: this.#channelId, ...warning });
  }
}
