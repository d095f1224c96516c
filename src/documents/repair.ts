import type { Digest } from "../domain/multihash.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { queueRepair } from "./repair-repository.ts";

/** What is needed to make damage good. */
export interface RepairOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly countFault: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told that a document was put in line to be brought. */
  readonly onQueued: () => void;
}

/**
 * What a node does about a damaged document: the operator is told, and what came from another node is brought from there
 * again. What this node's own user brought, nobody else has: it is good again once it is stored again.
 *
 * @returns to be called with each damaged document that is come upon; never throws
 */
export function repairer(options: RepairOptions): (digest: Digest) => Promise<void> {
  const { store, log, countFault, now, onQueued } = options;
  return async (digest) => {
    countFault("documents_damaged");
    try {
      const queued = await queueRepair(store.db, digest, now());
      log.error("a stored document is damaged", { digest, isFetchedAgain: queued > 0 });
      if (queued > 0) onQueued();
    } catch (error) {
      log.error("a stored document is damaged, and could not be put in line to be fetched again", {
        ...{ digest, error },
      });
    }
  };
}
