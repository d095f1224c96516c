import type { Router } from "express";

import type { Config } from "../config.ts";
import { eventsRouter } from "../http/events-router.ts";
import { subscriptionsRouter } from "../http/subscriptions-router.ts";
import { topicsRouter } from "../http/topics-router.ts";
import { AddressGuard } from "../identity/address-guard.ts";
import type { Logger } from "../log.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";
import { Deliverer } from "../subscriptions/deliverer.ts";
import { EventStreams, eventStreamLimits, type EventStreamLimits } from "../subscriptions/event-streams.ts";
import { Housekeeping } from "../subscriptions/housekeeping.ts";
import { IntentVerifier } from "../subscriptions/intent-verifier.ts";
import type { WorkPace } from "../subscriptions/leased-work.ts";
import { NotificationWatch } from "../subscriptions/notification-watch.ts";
import {
  subscriptionPace,
  subscriptionTiming,
  type SubscriptionTiming,
} from "../subscriptions/subscription.ts";

/** What may be otherwise than in service, for tests. */
export type SubscriptionOptions = Partial<WorkPace & SubscriptionTiming & EventStreamLimits>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** All that tells a node's users what happens: the hub, its deliveries, and the streams. */
export class NodeSubscriptions {
  readonly routers: readonly Router[];
  readonly #watch: NotificationWatch;
  readonly #verifier: IntentVerifier;
  readonly #deliverer: Deliverer;
  readonly #streams: EventStreams;
  readonly #housekeeping: Housekeeping;

  constructor(options: {
    readonly config: Pick<Config, "mode" | "publicUrl" | "subscriptions">;
    readonly store: Store;
    readonly log: Logger;
    /** Counts what went wrong; nobody does where left out. */
    readonly countFault?: CountFault;
    /** Milliseconds since 1970. */
    readonly now: () => number;
    /** Whether what cannot be undone may be done by the clock as it stands; always where left out. */
    readonly isBelieved?: () => boolean;
    /** Whether a session of the console is not over; always where left out. */
    readonly isSignedIn?: (sessionId: string) => Promise<boolean>;
    readonly otherwise: SubscriptionOptions;
  }) {
    const { config, store, log, countFault = uncounted, now, isBelieved = () => true, otherwise } = options;
    const { isSignedIn = () => Promise.resolve(true) } = options;
    const { publicUrl } = config;
    const development = config.mode === "development";
    // Not the rules for peers: their addresses stand on the ledger, a callback's is whatever a user wrote.
    const guard = new AddressGuard({ allowPrivateAddresses: development, allowHttp: development });
    const pace = { ...subscriptionPace, ...otherwise };
    const retentionMs = config.subscriptions.retentionDays * DAY_MS;
    const timing = { ...subscriptionTiming, retentionMs, ...otherwise };
    this.#watch = new NotificationWatch({ store, log, pollMs: Math.min(500, pace.pollMs) });
    this.#deliverer = new Deliverer({ store, guard, publicUrl, pace, timing, log, countFault, now });
    this.#verifier = new IntentVerifier({
      ...{ store, guard, pace, log, now, answerMs: timing.answerMs },
      onConfirmed: () => {
        this.#deliverer.wake();
      },
    });
    this.#streams = new EventStreams({
      ...{ store, log, now, isSignedIn, watch: this.#watch, ...eventStreamLimits, ...otherwise },
    });
    this.#housekeeping = new Housekeeping({ store, log, timing, now, isBelieved });
    this.#watch.onNews(() => {
      this.#deliverer.wake();
    });
    this.routers = [
      subscriptionsRouter({
        ...{ store, guard, publicUrl, now },
        onTaken: () => {
          this.#verifier.wake();
        },
        onChange: () => {
          this.#verifier.wake();
          this.#deliverer.wake();
        },
      }),
      topicsRouter({ store, publicUrl, now }),
      eventsRouter({ streams: this.#streams, publicUrl }),
    ];
  }

  start(): void {
    this.#watch.start();
    this.#housekeeping.start();
    this.#verifier.wake();
    this.#deliverer.wake();
  }

  /** Says that there is something to tell. */
  wake(): void {
    this.#watch.wake();
  }

  /** Says that a delivery may be due. */
  wakeDeliveries(): void {
    this.#deliverer.wake();
  }

  /** Ends the streams, whose connections a stopping server would wait for. */
  async endStreams(): Promise<void> {
    await this.#streams.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#watch.stop(),
      this.#housekeeping.stop(),
      this.#verifier.stop(),
      this.#deliverer.stop(),
      this.#streams.stop(),
    ]);
  }
}
