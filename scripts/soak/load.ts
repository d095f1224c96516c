import { setTimeout as delay } from "node:timers/promises";

import type { Draft, Officer } from "../../test/e2e/officer.ts";
import type { Field } from "../bench/field.ts";

const SINGLE_WORKERS = 8;
const LINES = 200;
/** Where an answer says 429 or 503 and not when to come back. */
const DEFAULT_PAUSE_MS = 1_000;

/** What a load has come to so far. */
export interface LoadCounts {
  /** Ids of what was accepted singly. */
  readonly singles: readonly string[];
  /** Ids of what was accepted in batches. */
  readonly batched: readonly string[];
  /** Answers that said to come back later. */
  readonly pushedBack: number;
}

/**
 * Users who never tire: each sends the next as soon as the last is answered, and comes back when told to. Some send
 * messages singly, one sends batches.
 */
export class Load {
  readonly #field: Field;
  readonly #officer: Officer;
  readonly #counts = { singles: [] as string[], batched: [] as string[], pushedBack: 0 };
  readonly #over = new AbortController();
  readonly #working: Promise<unknown>;

  /** Starts at once. */
  constructor(field: Field) {
    this.#field = field;
    this.#officer = field.officer;
    const singles = Array.from({ length: SINGLE_WORKERS }, (_, worker) => this.#sendSingles(worker));
    this.#working = Promise.all([...singles, this.#sendBatches()]);
    this.#working.catch(() => undefined); // told by `stop`
  }

  get counts(): LoadCounts {
    return this.#counts;
  }

  /** Sends nothing more. @throws what went wrong while it sent */
  async stop(): Promise<LoadCounts> {
    this.#over.abort();
    await this.#working;
    return this.#counts;
  }

  async #sendSingles(worker: number): Promise<void> {
    for (let group = 0; !this.#over.signal.aborted; group += 1) {
      for (const draft of await this.#field.drafts("single", `soak-${worker}-${group}`, 100)) {
        const text = await this.#post("/messages", "application/json", JSON.stringify(draft));
        const id = text === null ? null : (JSON.parse(text) as { id?: string }).id;
        if (id !== null && id !== undefined) this.#counts.singles.push(id);
      }
    }
  }

  async #sendBatches(): Promise<void> {
    for (let number = 0; !this.#over.signal.aborted; number += 1) {
      const drafts = await this.#field.drafts("batch", `soak-batch-${number}`, LINES);
      const lines = drafts.map((draft: Draft) => JSON.stringify(draft)).join("\n");
      const text = await this.#post("/messages/batch", "application/x-ndjson", lines);
      for (const line of text?.trimEnd().split("\n") ?? []) {
        const { id, status } = JSON.parse(line) as { id?: string; status: number };
        if (status === 202 && id !== undefined) this.#counts.batched.push(id);
        else if (status === 429 || status === 503) this.#counts.pushedBack += 1;
        else throw new Error(`A line was refused: ${line}`);
      }
      await this.#pause(500);
    }
  }

  /** Posts until it is taken. @returns the answer; null when it is over first */
  async #post(path: string, mediaType: string, body: string): Promise<string | null> {
    while (!this.#over.signal.aborted) {
      const response = await this.#officer.request(path, {
        method: "POST",
        headers: { "content-type": mediaType },
        body,
      });
      const text = await response.text();
      if (response.ok) return text;
      if (response.status !== 429 && response.status !== 503) {
        throw new Error(`${path} was answered ${response.status}: ${text}`);
      }
      this.#counts.pushedBack += 1;
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      await this.#pause(Number.isFinite(seconds) ? seconds * 1_000 : DEFAULT_PAUSE_MS);
    }
    return null;
  }

  /** Waits, but not beyond the end. */
  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }
}
