/** Does one thing again and again: every so often, and at once when woken. Never twice at a time. */
export class BackgroundLoop {
  readonly #work: () => Promise<void>;
  readonly #pauseMs: number;
  readonly #done: Promise<void>;
  #stopped = false;
  #woken = false;
  #endPause: () => void = () => undefined;

  /**
   * Starts at once.
   *
   * @param work must not throw
   */
  constructor(work: () => Promise<void>, pauseMs: number) {
    this.#work = work;
    this.#pauseMs = pauseMs;
    this.#done = this.#run();
  }

  /** Cuts the pause short; while at work, makes another round follow. */
  wake(): void {
    this.#woken = true;
    this.#endPause();
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause();
    await this.#done;
  }

  // A method, so that the compiler does not take the answer for settled across an await.
  #goesOn(): boolean {
    return !this.#stopped;
  }

  async #run(): Promise<void> {
    while (this.#goesOn()) {
      this.#woken = false;
      await this.#work();
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    if (this.#woken || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
