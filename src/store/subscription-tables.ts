import type { Generated } from "kysely";

/** What happened to a message of this node's participant, for subscribers and streams. */
export interface NotificationTable {
  /** Grows in the order of commits, since whoever writes one has taken its turn. */
  seq: Generated<number>;
  type: string;
  at: number;
  message_id: string;
  channel_id: string;
  /** Of the message's other side, as its channel had it; null where the channel does not know that participant. */
  jurisdiction: string | null;
}

/** How far notifications were forgotten: one row, with `id` 1. */
export interface NotificationMarkTable {
  id: number;
  /** The highest `seq` that is no longer kept. */
  forgotten: number;
}

/** A WebSub subscription: one for each owner, topic and callback. */
export interface SubscriptionTable {
  /** Order of creation, for list cursors. */
  seq: Generated<number>;
  id: string;
  /** Issuer and subject of the caller who asked for it. */
  owner: string;
  /** The subjects that its owner was limited to when it was last asked for, as a JSON list; null for every subject. */
  subjects: string | null;
  topic_kind: string;
  topic_value: string;
  /** As it was given: a URL, or the alias. */
  topic: string;
  callback: string;
  /** Host and port of the callback. */
  host: string;
  /** Signs deliveries; never shown or logged. */
  secret: string | null;
  /** `pending`: not confirmed by its callback yet. `ended`: see `ended_reason`. */
  state: "pending" | "active" | "ended";
  ended_reason: string | null;
  created_at: number;
  /** Null until it is confirmed for the first time. */
  expires_at: number | null;
  /** `seq` of the last notification that is dealt with. */
  position: number;
  /** Failed deliveries in a row. */
  tries: number;
  due_at: number;
  /** Since when nothing has been delivered though something should have been; null while all is well. */
  failing_since: number | null;
  last_delivered_at: number | null;
  last_failed_at: number | null;
  last_failure: string | null;
  lease_owner: string | null;
  lease_epoch: number;
  lease_until: number;
}

/** What a callback is still to be asked or told: at most one thing for each subscription, the latest. */
export interface SubscriptionRequestTable {
  subscription_id: string;
  host: string;
  mode: "subscribe" | "unsubscribe" | "denied";
  topic: string;
  lease_seconds: number;
  secret: string | null;
  tries: number;
  due_at: number;
  lease_owner: string | null;
  /** Also grows when a later request takes this one's place. */
  lease_epoch: number;
  lease_until: number;
}

/** A notification that could not be delivered in the time allowed. */
export interface DeadLetterTable {
  subscription_id: string;
  /** The notification's `seq`. */
  seq: number;
  type: string;
  at: number;
  message_id: string;
  channel_id: string;
  failed_at: number;
  reason: string;
  /** 1 when its owner asked to have it delivered once more. */
  again: number;
}
