import type { FetchPace } from "../../src/documents/fetch-options.ts";
import type { TrafficTiming } from "../../src/messages/channel-traffic.ts";
import type { SubscriptionOptions } from "../../src/node/node-subscriptions.ts";

/** Quick enough for tests; nothing but speed depends on it. */
export const quickTiming: TrafficTiming = {
  followerPoll: 50,
  followerLease: 1_500,
  outboxPoll: 50,
  outboxLease: 1_500,
  patience: 4_000,
};

/** The same for bringing documents. */
export const quickFetching: Partial<FetchPace> = {
  firstRetryMs: 100,
  longestRetryMs: 1_000,
  pollMs: 250,
  leaseMs: 1_500,
};

/** The same for telling subscribers. */
export const quickSubscriptions: SubscriptionOptions = {
  pollMs: 100,
  leaseMs: 1_500,
  firstRetryMs: 100,
  longestRetryMs: 500,
};
