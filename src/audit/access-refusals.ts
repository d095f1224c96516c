import type { Caller } from "../identity/caller.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import { actorOf } from "./act.ts";
import { recordActs } from "./audit-repository.ts";

/** A request that was refused for who made it. */
export interface Refusal {
  /** Null where nobody was identified. */
  readonly caller: Caller | null;
  readonly address: string;
  readonly code: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
}

/** Refusals on record a minute. Strangers cause them, so they may not fill the database; the rest is counted. */
const MOST_A_MINUTE = 120;
/** Those of the minute before may still be under way. */
const MOST_WAITING = 2 * MOST_A_MINUTE;
const MINUTE_MS = 60_000;
const LONGEST_PATH = 300;

/** Puts refused attempts (401 and 403) on record, a bounded number of them a minute; what is left out is counted. */
export class AccessRefusals {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<void>>();
  #minute = 0;
  #recorded = 0;
  #leftOut = 0;

  /** @param now milliseconds since 1970 */
  constructor(store: Store, log: Logger, now: () => number) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
  }

  /** Puts a refusal on record without holding up its answer: nothing was done that a record would have to go with. */
  record(refusal: Refusal): void {
    const at = this.#now();
    const minute = Math.floor(at / MINUTE_MS);
    if (minute !== this.#minute) [this.#minute, this.#recorded] = [minute, 0];
    // A database that hangs takes none of them: what waits for it may not grow with every minute.
    if (this.#recorded >= MOST_A_MINUTE || this.#underWay.size >= MOST_WAITING) {
      this.#leftOut += 1;
      return;
    }
    this.#recorded += 1;
    const { caller, address, code, method, path } = refusal;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    const work = recordActs(this.#store.db, [
      {
        act: "access.refused",
        actor: caller === null ? { kind: "unknown", address } : actorOf(caller),
        at,
        object: null,
        detail: {
          ...{ code, method, path: path.slice(0, LONGEST_PATH), address },
          ...(leftOut === 0 ? {} : { leftOutBefore: leftOut }),
        },
      },
    ])
      .catch((error: unknown) => {
        this.#log.error("a refused attempt could not be put on record", { error });
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Resolves when what was refused so far is on record. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
