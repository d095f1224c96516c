import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";
import {
  claimChecks,
  finishCheck,
  nextCheckAt,
  type ClaimedCheck,
  type RecordedCheck,
} from "./check-repository.ts";
import type { CredentialRule } from "./credentials-config.ts";
import { checkDocument, type DocumentCheckOptions } from "./document-check.ts";

/** How checks of received credentials are spread over time. Durations are milliseconds. */
export interface CheckPace {
  /** At once. */
  readonly concurrency: number;
  /** Wait after the first check that remained open; doubled after each further one. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How long what is open is looked at again. */
  readonly giveUpAfterMs: number;
  readonly pollMs: number;
  /** How long a check is kept from other replicas. */
  readonly leaseMs: number;
}

export const checkPace: CheckPace = {
  concurrency: 16,
  firstRetryMs: 5_000,
  longestRetryMs: 60 * 60 * 1000,
  giveUpAfterMs: 7 * 24 * 60 * 60 * 1000,
  pollMs: 5_000,
  leaseMs: 120_000,
};

/** What checking received credentials works with. */
export interface ReceivedChecksOptions extends Pick<
  DocumentCheckOptions,
  "store" | "files" | "check" | "messageTypes"
> {
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly pace?: Partial<CheckPace>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Checks the credentials of received messages once their documents are here, and writes down what it finds. A message is
 * marked by it, never dropped: what to do about a certificate that fails is for people. What cannot be said now is looked
 * at again for a week.
 */
export class ReceivedChecks {
  readonly #options: ReceivedChecksOptions;
  readonly #pace: CheckPace;
  readonly #rounds: Rounds;

  constructor(options: ReceivedChecksOptions) {
    this.#options = options;
    this.#pace = { ...checkPace, ...options.pace };
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: this.#pace.pollMs },
      complaint: "received credentials could not be checked now",
      round: () => this.#round(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Says that there is something in line. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  async #round(): Promise<number> {
    const { store, owner, now } = this.#options;
    const { concurrency, leaseMs, pollMs } = this.#pace;
    const at = now();
    const claimed = await claimChecks(store.db, { owner, now: at, until: at + leaseMs, most: concurrency });
    await Promise.all(claimed.map((each) => this.#check(each)));
    if (claimed.length > 0) return 0;
    const next = await nextCheckAt(store.db, now());
    return next === null ? pollMs : Math.max(0, Math.min(pollMs, next - now()));
  }

  async #check(claimed: ClaimedCheck): Promise<void> {
    const { store, now, log } = this.#options;
    let found: RecordedCheck | null = null;
    try {
      found = await this.#find(claimed);
    } catch (error) {
      // Not the credential's fault: the document or the database was not to be had.
      log.error("a received credential could not be checked", { messageId: claimed.messageId, error });
      await finishCheck(store.db, claimed, null, now() + this.#backoff(claimed.tries));
      return;
    }
    const isOpen = found?.outcome === "unknown" && now() - claimed.queuedAt < this.#pace.giveUpAfterMs;
    const next = isOpen ? now() + this.#backoff(claimed.tries) : null;
    const isWritten = await finishCheck(store.db, claimed, found, next);
    if (!isWritten || found?.outcome !== "fail") return;
    const codes = found.findings.filter(({ outcome }) => outcome === "fail").map(({ code }) => code);
    log.warn("a received credential fails its check", { messageId: claimed.messageId, codes });
  }

  /** What is found; null where the document is not looked at. */
  async #find(claimed: ClaimedCheck): Promise<RecordedCheck | null> {
    const rule: CredentialRule | undefined = this.#options.messageTypes.get(claimed.predicate);
    if (rule === undefined || rule.document === "off") return null;
    const check = await checkDocument(this.#options, claimed, rule);
    return check === null ? null : { ...check, checkedAt: this.#options.now() };
  }

  #backoff(tries: number): number {
    const { firstRetryMs, longestRetryMs } = this.#pace;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(tries - 1, 30));
    return Math.round(longest * (0.75 + Math.random() / 4)); // not all at once after an outage
  }
}
