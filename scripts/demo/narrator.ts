/** Tells a demonstration step by step, and stops it where something that should hold does not. */
export class Narrator {
  readonly #print: (line: string) => void;
  #step = 0;
  #held = 0;

  /** @param print writes one line */
  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** How many statements were checked and held. */
  get held(): number {
    return this.#held;
  }

  /** Begins a step. */
  step(title: string): void {
    this.#step += 1;
    this.#print("");
    this.#print(`${String(this.#step).padStart(2)}. ${title}`);
  }

  /** Tells a detail of the step. */
  say(detail: string): void {
    this.#print(`      ${detail}`);
  }

  /**
   * States what should hold.
   *
   * @throws Error with the statement when it does not
   */
  holds(statement: string, condition: boolean): void {
    if (!condition) {
      this.#print(`    ✗ ${statement}`);
      throw new Error(`This does not hold: ${statement}`);
    }
    this.#held += 1;
    this.#print(`    ✓ ${statement}`);
  }
}
