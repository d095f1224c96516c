import type { Topic } from "./topic.ts";

/** Why a subscription is over. */
export type EndedReason = "unverified" | "unsubscribed" | "gone" | "expired" | "deleted";

/** What a subscriber asked the hub for, checked (W3C WebSub §5.1). */
export interface HubRequest {
  readonly mode: "subscribe" | "unsubscribe";
  readonly topic: Topic;
  /** As it was given. */
  readonly topicText: string;
  readonly callback: URL;
  /** Granted, not asked for. */
  readonly leaseSeconds: number;
  readonly secret: string | null;
}

/** A subscription as its owner sees it; the secret stays out. Moments are milliseconds since 1970. */
export interface Subscription {
  readonly seq: number;
  readonly id: string;
  readonly topic: string;
  readonly callback: string;
  readonly state: "pending" | "active" | "ended";
  readonly endedReason: EndedReason | null;
  readonly signed: boolean;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastDeliveredAt: number | null;
  readonly lastFailedAt: number | null;
  readonly lastFailure: string | null;
  /** How many notifications could not be delivered to it. */
  readonly deadLetters: number;
}

/** How long subscriptions live and callbacks are tried, beside the pace of the work. */
export interface SubscriptionTiming {
  /** For one call of a callback, redirects included. */
  readonly answerMs: number;
  /** Wait after the first failed delivery at most; doubled after each further one. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How long a notification is tried. */
  readonly deadLetterAfterMs: number;
  /** Late by so much, this node stood still or its clock leapt: such time does not count as tried. */
  readonly stoodStillMs: number;
  /** How long notifications are kept for streams. */
  readonly retentionMs: number;
  /** How often what is over is looked for. */
  readonly housekeepingMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** PROTOCOL §5: from five seconds, for three days. */
export const subscriptionTiming: Omit<SubscriptionTiming, "retentionMs"> = {
  answerMs: 10_000,
  firstRetryMs: 5_000,
  longestRetryMs: 10 * 60 * 1000,
  deadLetterAfterMs: 3 * DAY_MS,
  stoodStillMs: 60 * 60 * 1000,
  housekeepingMs: 60_000,
};

/** The pace of a node's work on callbacks. */
export const subscriptionPace = { concurrency: 64, perHost: 8, pollMs: 1_000, leaseMs: 8_000 } as const;
