const AFTER_MISTAKE_MS = 5_000;

/**
 * Runs one step of work again and again: at once when woken, else after the delay that the step itself asks for. Steps
 * never overlap.
 */
export class PollingLoop {
  readonly #step: () => Promise<number>;
  #running: Promise<void> | null = null;
  #stopping = false;
  #woken = false;
  #cutSleep: (() => void) | null = null;

  /** @param step does some work, deals with its own errors, and answers in how many milliseconds to come back */
  constructor(step: () => Promise<number>) {
    this.#step = step;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Has the next step begin at once. */
  wake(): void {
    this.#woken = true;
    this.#cutSleep?.();
  }

  /** Lets the present step end and begins no other. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cutSleep?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const delay = await this.#tryStep();
      if (!this.#takeWake()) await this.#sleep(delay);
    }
  }

  /** A step that breaks off all the same, by a mistake in it, ends neither the loop nor the process. */
  async #tryStep(): Promise<number> {
    try {
      return await this.#step();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
      return AFTER_MISTAKE_MS;
    }
  }

  /** Whether somebody called for the next step while the last one ran, or before it. */
  #takeWake(): boolean {
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#cutSleep?.();
      }, milliseconds);
      this.#cutSleep = () => {
        clearTimeout(timer);
        this.#cutSleep = null;
        resolve();
      };
    });
  }
}
