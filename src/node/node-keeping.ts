import type { Config } from "../config.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { DocumentSweeper } from "../documents/document-sweeper.ts";
import { NumberReader } from "../documents/number-reader.ts";
import type { Logger } from "../log.ts";
import { Pruner } from "../operations/pruner.ts";
import type { NumberOfDocument } from "../semantics/document-number.ts";
import type { Store } from "../store/store.ts";
import type { ClosingParts } from "./closing.ts";

/** What is done by and by, of which no request and no ledger waits: erasing, pruning, and reading what documents are called. */
export class NodeKeeping {
  readonly #parts: Readonly<Record<string, DocumentSweeper | Pruner | NumberReader>>;

  /** @param options `owner`: names this process among the replicas of a node; `now`: milliseconds since 1970 */
  constructor(options: {
    readonly config: Pick<Config, "retention">;
    readonly store: Store;
    readonly files: DocumentStore;
    readonly owner: string;
    readonly numberOf: NumberOfDocument;
    readonly isBelieved: () => boolean;
    readonly log: Logger;
    readonly now: () => number;
  }) {
    const { store, files, owner, numberOf, isBelieved, log, now } = options;
    const { days = null, journalDays = null, deliveriesDays = null } = options.config.retention ?? {};
    this.#parts = {
      "document erasure": new DocumentSweeper({ store, files, owner, log, now, isBelieved, days }),
      pruning: new Pruner({ store, owner, log, now, journalDays, deliveriesDays }),
      "documents' numbers": new NumberReader({ store, files, numberOf, log }),
    };
  }

  /** How each of them is stopped, by its name. */
  get parts(): ClosingParts {
    return Object.fromEntries(Object.entries(this.#parts).map(([name, part]) => [name, () => part.stop()]));
  }

  start(): void {
    for (const part of Object.values(this.#parts)) part.start();
  }
}
