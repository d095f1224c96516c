import { setTimeout as delay } from "node:timers/promises";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { nameOf } from "../documents/documents.ts";
import { Problem } from "../domain/problems.ts";
import { AddressRefused, type AddressGuard } from "../identity/address-guard.ts";
import { subjectsOf, type UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import { newestNotification } from "./notification-repository.ts";
import { takeRequest } from "./subscription-repository.ts";
import type { HubRequest } from "./subscription.ts";
import { parseTopic } from "./topic.ts";

/** Seconds that a subscription lasts where its subscriber does not say, and at most. */
const DEFAULT_LEASE_SECONDS = 7 * 24 * 60 * 60;
const LONGEST_LEASE_SECONDS = 30 * 24 * 60 * 60;
const LONGEST_CALLBACK = 2_000;
/** W3C WebSub §5.1: less than 200. */
const SECRET_BYTES = 199;
const RESOLVING_MS = 3_000;

/** What the hub works with. */
export interface HubOptions {
  readonly store: Store;
  readonly guard: AddressGuard;
  /** Of this node, without trailing slash. */
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told that a callback is to be asked. */
  readonly onTaken: () => void;
}

/** The members of a form that was sent to the hub; one that was sent twice is a list. */
export type HubForm = Readonly<Record<string, unknown>>;

/**
 * Takes a request to subscribe or unsubscribe (W3C WebSub §5.1). It is on record when this returns, and carried out once
 * the callback has confirmed it.
 *
 * @param user who asks, and who owns the subscription
 * @throws Problem `malformed-subscription`, `topic-unknown`, `callback-refused`, `too-many-subscriptions`, `not-found`
 */
export async function askHub(options: HubOptions, user: UserCaller, form: HubForm): Promise<void> {
  const { store, guard, now, onTaken } = options;
  const request = readHubRequest(form, options.publicUrl);
  await vetCallback(guard, request.callback);
  // Before the transaction: whatever happens from here on, the subscriber is told of.
  const position = await newestNotification(store.db);
  const at = now();
  await store.transact(async (db) => {
    const id = await takeRequest(db, request, {
      ...{ owner: nameOf(user), now: at, position },
      subjects: subjectsOf(user, "subscriptions"),
    });
    const act = request.mode === "subscribe" ? "subscription.made" : "subscription.ended";
    // Of its address the host only: the rest may hold what only its owner is to know.
    const detail = { topic: request.topicText, host: request.callback.host };
    await recordActs(db, [{ act, actor: actorOf(user), at, object: id, detail }]);
  });
  onTaken();
}

/**
 * Checks a form that was sent to the hub. Members it does not know are passed over, as WebSub asks.
 *
 * @throws Problem `malformed-subscription` or `topic-unknown`
 */
export function readHubRequest(form: HubForm, publicUrl: string): HubRequest {
  const mode = memberOf(form, "hub.mode");
  if (mode !== "subscribe" && mode !== "unsubscribe")
    throw malformed("hub.mode is subscribe or unsubscribe.");
  const topicText = memberOf(form, "hub.topic") ?? "";
  const topic = parseTopic(topicText, publicUrl);
  if (topic === null) {
    throw new Problem(
      "topic-unknown",
      `hub.topic is ${publicUrl}/topics/<kind>/<value>, where kind is predicates, jurisdictions, subjects or messages, or a bare predicate such as UN.CEFACT.*`,
    );
  }
  return {
    ...{ mode, topic, topicText },
    callback: readCallback(memberOf(form, "hub.callback") ?? ""),
    leaseSeconds: readLease(memberOf(form, "hub.lease_seconds")),
    secret: readSecret(memberOf(form, "hub.secret")),
  };
}

function memberOf(form: HubForm, name: string): string | undefined {
  const value = Object.hasOwn(form, name) ? form[name] : undefined;
  if (value === undefined || typeof value === "string") return value;
  throw malformed(`Give ${name} once.`);
}

function malformed(detail: string): Problem {
  return new Problem("malformed-subscription", detail);
}

function readCallback(text: string): URL {
  const url = text.length > LONGEST_CALLBACK ? null : URL.parse(text);
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.hash !== "" ||
    url.username + url.password !== ""
  ) {
    throw malformed(
      `hub.callback is an absolute URL of ${LONGEST_CALLBACK} characters at most, without user name and fragment.`,
    );
  }
  return url;
}

function readLease(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LEASE_SECONDS;
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (seconds < 1) throw malformed("hub.lease_seconds is a whole number of seconds, from 1 on.");
  return Math.min(seconds, LONGEST_LEASE_SECONDS);
}

function readSecret(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text === "" || Buffer.byteLength(text) > SECRET_BYTES) {
    throw malformed(`hub.secret has 1 to ${SECRET_BYTES} bytes.`);
  }
  return text;
}

/** Says at once what can be known at once; the address is vetted again each time the callback is called. */
async function vetCallback(guard: AddressGuard, callback: URL): Promise<void> {
  const vetting = guard.vet(callback).catch((cause: unknown) => {
    // A name that stands for nothing just now may stand for something when it is called.
    if (!(cause instanceof AddressRefused)) return;
    throw new Problem(
      "callback-refused",
      `hub.callback: ${cause.message} Give an address that this node may call.`,
      {
        cause,
      },
    );
  });
  await Promise.race([vetting, delay(RESOLVING_MS, undefined, { ref: false })]);
}
