import { setTimeout as delay } from "node:timers/promises";

/** Parts that are closed at the same time, by the names that logs know them by. */
export type ClosingParts = Readonly<Record<string, () => Promise<void>>>;

interface Stage {
  readonly withinMs: number;
  readonly parts: ClosingParts;
}

/** Parts of a node did not come to rest: in time, or without an error. */
export class StopFailure extends Error {
  /** Names of those that still run. */
  readonly unfinished: readonly string[];

  constructor(unfinished: readonly string[], errors: readonly unknown[]) {
    super(
      unfinished.length > 0
        ? `The node did not stop in time: ${unfinished.join(", ")}.`
        : "The node did not stop cleanly.",
      errors.length === 0
        ? undefined
        : { cause: errors.length === 1 ? errors[0] : new AggregateError(errors) },
    );
    this.name = "StopFailure";
    this.unfinished = unfinished;
  }
}

/**
 * Closes what was opened, the last first, in stages: the parts of a stage at once, and each stage within a time of its own,
 * so that a ledger, peer or database that does not answer holds up nobody for longer than that.
 */
export class Closing {
  readonly #stages: Stage[] = [];
  #done: Promise<void> | null = null;

  /** Adds a stage, closed before those that were added earlier. */
  add(withinMs: number, parts: ClosingParts): void {
    this.#stages.push({ withinMs, parts });
  }

  /**
   * Closes everything. Safe to call twice.
   *
   * @throws StopFailure once all has been closed that could be
   */
  close(): Promise<void> {
    return (this.#done ??= this.#close());
  }

  async #close(): Promise<void> {
    const unfinished: string[] = [];
    const errors: unknown[] = [];
    for (const { withinMs, parts } of this.#stages.toReversed()) {
      const over = new AbortController();
      const late = delay(withinMs, "late" as const, { signal: over.signal }).catch(() => "over" as const);
      const ends = Object.entries(parts).map(async ([name, close]) => {
        const closed = close().then(
          () => "closed" as const,
          (error: unknown) => {
            errors.push(error);
            return "closed" as const;
          },
        );
        if ((await Promise.race([closed, late])) === "late") unfinished.push(name);
      });
      await Promise.all(ends);
      over.abort();
    }
    if (unfinished.length > 0 || errors.length > 0) throw new StopFailure(unfinished, errors);
  }
}
