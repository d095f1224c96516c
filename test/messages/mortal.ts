import type { KyselyPlugin } from "kysely";

import type { Channel } from "../../src/channels/channel.ts";
import type { Store } from "../../src/store/store.ts";
import { transactOn } from "../../src/store/transact.ts";

/** What everything answers once the process is dead. */
export class Killed extends Error {
  constructor() {
    super("The process was killed.");
    this.name = "Killed";
  }
}

/** A process that dies at a step: from then on no statement, commit or call to the ledger happens any more. */
export class Mortal {
  readonly #last: number;
  #steps = 0;

  /** @param last number of steps that still happen */
  constructor(last: number) {
    this.#last = last;
  }

  get dead(): boolean {
    return this.#steps > this.#last;
  }

  /** The store as this process sees it: each statement is a step, and so is each commit. */
  store(store: Store): Store {
    const step = () => {
      this.#step();
    };
    const plugin: KyselyPlugin = {
      transformQuery({ node }) {
        step();
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
    const db = store.db.withPlugin(plugin);
    const transact = transactOn(db, store.dialect);
    return {
      ...store,
      db,
      transact: async (work) => {
        const result = await transact(async (transaction) => {
          const done = await work(transaction);
          step(); // dead here, the transaction is not committed
          return done;
        });
        step(); // dead here, it is, and nobody has heard of it
        return result;
      },
    };
  }

  /** The channel as this process sees it: it may die before a call, and after it without having heard the answer. */
  channel<T extends Channel>(channel: T): T {
    return new Proxy(channel, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...parameters: unknown[]) => {
          this.#step();
          const answer: unknown = await Reflect.apply(member, target, parameters);
          this.#step();
          return answer;
        };
      },
    });
  }

  #step(): void {
    this.#steps += 1;
    if (this.dead) throw new Killed();
  }
}
