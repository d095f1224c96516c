import { createHmac } from "node:crypto";

import type { AddressGuard } from "../identity/address-guard.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { callBack, CallbackFailed } from "./callback.ts";
import {
  advanceSubscription,
  buryNotification,
  claimSubscriptions,
  concludeRetry,
  endSubscription,
  listDeadLetters,
  nextDeliveryAt,
  postponeSubscription,
  releaseSubscription,
  renewSubscription,
  type ClaimedSubscription,
} from "./delivery-repository.ts";
import { LeasedWork, type WorkPace } from "./leased-work.ts";
import { newestNotification, readNotifications } from "./notification-repository.ts";
import { payloadOf, type Notification } from "./notification.ts";
import type { SubscriptionTiming } from "./subscription.ts";
import { topicLinks } from "./topic.ts";

/** What notifications are delivered with. */
export interface DelivererOptions {
  readonly store: Store;
  readonly guard: AddressGuard;
  /** Of this node, without trailing slash. */
  readonly publicUrl: string;
  readonly pace: WorkPace;
  readonly timing: Pick<
    SubscriptionTiming,
    "answerMs" | "firstRetryMs" | "longestRetryMs" | "deadLetterAfterMs" | "stoodStillMs"
  >;
  readonly log: Logger;
  /** Counts what went wrong; nobody does where left out. */
  readonly countFault?: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Notifications read at a time, and delivered before others get their turn. */
const A_PAGE = 20;
const PAGES_A_TURN = 5;
const LEAST_RETRY_AFTER_MS = 500;

/** How it has gone so far, as `ClaimedSubscription` has it at first. */
interface Course {
  tries: number;
  failingSince: number | null;
}

/** What became of one delivery. */
type Outcome =
  | { readonly result: "delivered" }
  | { readonly result: "gone" }
  | { readonly result: "failed"; readonly failure: string; readonly retryAfterMs: number | null };

/**
 * Delivers notifications to callbacks (PROTOCOL §5): at least once, to each subscription in the order in which things
 * happened, its position moving on with each answer of 2xx and never without. What fails is tried again for three days and
 * lies among the dead letters then. Any number of replicas may run one on the same database.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #work: LeasedWork<ClaimedSubscription>;

  constructor(options: DelivererOptions) {
    const { store, pace, timing, log, now } = options;
    this.#options = options;
    this.#work = new LeasedWork({
      ...{ name: "deliveries", pace, log, now },
      claim: async (claim) =>
        claimSubscriptions(store.db, claim, await newestNotification(store.db), timing.stoodStillMs),
      nextAt: (at) => nextDeliveryAt(store.db, at),
      hostOf: ({ host }) => host,
      renew: (subscription, until) => renewSubscription(store.db, subscription, until),
      work: (subscription, signal) => this.#serve(subscription, signal),
    });
  }

  /** Says that there is something to deliver. */
  wake(): void {
    this.#work.wake();
  }

  async stop(): Promise<void> {
    await this.#work.stop();
  }

  async #serve(subscription: ClaimedSubscription, signal: AbortSignal): Promise<void> {
    const { store, now } = this.#options;
    try {
      if (!(await this.#serveAgain(subscription, signal))) return;
      let { position } = subscription;
      const course = { tries: subscription.tries, failingSince: subscription.failingSince };
      for (let pages = 0; pages < PAGES_A_TURN; pages += 1) {
        const page = await readNotifications(store.db, subscription, position, A_PAGE);
        for (const notification of page.items) {
          if (!(await this.#serveOne(subscription, course, notification, signal))) return;
        }
        if (page.position > position && page.items.at(-1)?.seq !== page.position) {
          if (!(await advanceSubscription(store.db, subscription, page.position, null))) return;
        }
        position = page.position;
        if (!page.more || now() >= subscription.expiresAt) break;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    // Behind those that have waited longer.
    await releaseSubscription(store.db, subscription, now());
  }

  /** @returns whether to go on with the next */
  async #serveOne(
    subscription: ClaimedSubscription,
    course: Course,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { store, log, countFault, now } = this.#options;
    const outcome = await this.#deliver(subscription, notification, signal);
    const context = { subscriptionId: subscription.id, notification: notification.seq };
    if (outcome.result === "delivered") {
      Object.assign(course, { tries: 0, failingSince: null } satisfies Course);
      return advanceSubscription(store.db, subscription, notification.seq, now());
    }
    if (outcome.result === "gone") {
      await endSubscription(store.db, subscription, "gone");
      log.info("a subscription ended: its callback is gone", context);
      return false;
    }
    const { failure } = outcome;
    const at = now();
    countFault?.("delivery_failures", notification.channelId);
    if (this.#isTooOld(course, notification, subscription.claimedAt)) {
      log.warn("a notification could not be delivered in the time allowed", { ...context, failure });
      countFault?.("dead_letters_made", notification.channelId);
      return store.transact((db) =>
        buryNotification(db, subscription, notification, { failedAt: at, reason: failure }),
      );
    }
    const { claimedAt } = subscription;
    // Where the clock leapt meanwhile, whoever claims it next sees that it is late, and does not count that time.
    const from = at - claimedAt > this.#options.timing.stoodStillMs ? claimedAt : at;
    const dueAt = from + (outcome.retryAfterMs ?? this.#backoff(course.tries));
    await postponeSubscription(store.db, subscription, { dueAt, at, failure });
    log.info("a notification was not delivered", { ...context, failure, tries: course.tries + 1 });
    return false;
  }

  /**
   * Tries the dead letters that their owner wants tried once more.
   *
   * @returns whether to go on
   */
  async #serveAgain(subscription: ClaimedSubscription, signal: AbortSignal): Promise<boolean> {
    const { store, now } = this.#options;
    for (;;) {
      const letters = await listDeadLetters(store.db, subscription.id, 0, A_PAGE, true);
      for (const { notification } of letters) {
        const outcome = await this.#deliver(subscription, notification, signal);
        if (outcome.result === "gone") {
          await endSubscription(store.db, subscription, "gone");
          return false;
        }
        const failure = outcome.result === "failed" ? { at: now(), reason: outcome.failure } : null;
        await concludeRetry(store.db, subscription.id, notification.seq, failure);
      }
      if (letters.length < A_PAGE) return true;
    }
  }

  /**
   * Counted from when it was first held up: not while this node itself stood still, and not anew for what waited behind
   * another. Until it was claimed, not until now: the clock may have leapt while the callback was spoken to.
   */
  #isTooOld({ failingSince }: Course, { at }: Notification, now: number): boolean {
    return (
      failingSince !== null && now - Math.max(failingSince, at) >= this.#options.timing.deadLetterAfterMs
    );
  }

  #backoff(tries: number): number {
    const { firstRetryMs, longestRetryMs } = this.#options.timing;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(tries, 30));
    return Math.round(longest * (0.75 + Math.random() / 4)); // not all at once after an outage
  }

  async #deliver(
    { topic, callback, secret }: ClaimedSubscription,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { guard, publicUrl, timing, now } = this.#options;
    const body = JSON.stringify(payloadOf(notification));
    const headers = {
      "content-type": "application/json",
      link: topicLinks(topic, publicUrl),
      ...(secret === null ? {} : { "x-hub-signature": signatureOf(body, secret) }),
    };
    const call = {
      ...{ method: "POST" as const, url: new URL(callback), headers, body },
      ...{ withinMs: timing.answerMs, signal },
    };
    try {
      const { status, retryAfterMs } = await callBack(guard, call, now());
      if (status >= 200 && status < 300) return { result: "delivered" };
      if (status === 410) return { result: "gone" };
      const asked = status === 429 || status === 503 ? retryAfterMs : null;
      return {
        result: "failed",
        failure: `The callback answered ${status}.`,
        retryAfterMs: asked === null ? null : Math.max(asked, LEAST_RETRY_AFTER_MS),
      };
    } catch (error) {
      if (!(error instanceof CallbackFailed)) throw error;
      return { result: "failed", failure: error.message, retryAfterMs: null };
    }
  }
}

/** W3C WebSub §7.1. */
function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
