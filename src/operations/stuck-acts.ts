import type { Transaction } from "kysely";

import { actorOf, type ActName } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { isMessageId } from "../domain/message.ts";
import { Problem } from "../domain/problems.ts";
import { actingUser, type UserCaller } from "../identity/caller.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { retryDeadLetter } from "../subscriptions/delivery-repository.ts";
import { makeSubscriptionDue } from "../subscriptions/replay-repository.ts";
import {
  giveUpFetch,
  giveUpMessage,
  makeFetchesDue,
  makeRowDue,
  statusOf,
  type FetchKey,
  type NotGivenUp,
} from "./stuck-acts-repository.ts";
import { parseStuckId, type StuckKind } from "./stuck.ts";

/** What an operator's acts on what is stuck work with. */
export interface StuckActsOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told that something is due at once. */
  readonly onDue: () => void;
}

interface Named {
  readonly kind: StuckKind;
  readonly key: string;
}

const WHY_NOT: Readonly<Record<NotGivenUp, string>> = {
  over: "The message is not in line: it has ended, or was never posted here.",
  signed: "A transaction is signed for it: it is carried until the ledger has its word.",
  bundled: "It goes in a bundle with others, which is carried until the ledger has its word.",
  carried: "The ledger carries the message: it is told as soon as this node has followed that far.",
};

/**
 * Makes what is stuck due at once: a message, bundle, fetch, subscription or dead letter. A fetch that was given up is in line
 * again.
 *
 * @param id as listed, or the bare id of a message
 * @throws Problem `not-found`, `not-retryable` for what goes on by itself, or is begun anew in another way
 */
export async function retryStuck(options: StuckActsOptions, caller: UserCaller, id: string): Promise<void> {
  const { store, now, onDue } = options;
  const at = now();
  const named = namedBy(id);
  await store.transact(async (db) => {
    const { done, act, object } = await retry(db, named, at);
    if (!done) throw await notRetryable(db, named);
    await recordActs(db, [{ act, actor: actorOf(caller), object, at, detail: { id } }]);
  });
  onDue();
}

interface Retried {
  readonly done: boolean;
  readonly act: ActName;
  /** Null for a bundle, which is no message. */
  readonly object: string | null;
}

async function retry(db: Transaction<Schema>, { kind, key }: Named, at: number): Promise<Retried> {
  switch (kind) {
    case "message":
    case "bundle": {
      if (await makeRowDue(db, key, at)) {
        return { done: true, act: "message.retried", object: kind === "message" ? key : null };
      }
      const fetches = await makeFetchesDue(db, { messageId: key, channelId: null }, at);
      return { done: fetches > 0, act: "fetch.retried", object: key };
    }
    case "fetch": {
      const fetch = fetchKey(key);
      const done = (await makeFetchesDue(db, fetch, at)) > 0;
      return { done, act: "fetch.retried", object: fetch.messageId };
    }
    case "subscription":
      return {
        ...{ done: await makeSubscriptionDue(db, key, at), act: "subscription.retried", object: key },
      };
    case "dead-letter": {
      const [subscription = "", seq = ""] = key.split(":");
      const known = /^\d{1,15}$/.test(seq);
      const done = known && (await retryDeadLetter(db, subscription, Number(seq), at));
      return { done, act: "dead-letter.retried", object: subscription };
    }
    case "channel":
    case "transaction":
    case "batch":
      return { done: false, act: "message.retried", object: key };
  }
}

async function notRetryable(db: Transaction<Schema>, { kind, key }: Named): Promise<Problem> {
  switch (kind) {
    case "channel":
      return new Problem(
        "not-retryable",
        "A stopped channel stays so until the node is started again: look at its ledger first.",
      );
    case "transaction":
      return new Problem(
        "not-retryable",
        "The node looks after its transactions, and raises their fees, by itself.",
      );
    case "batch":
      return new Problem(
        "not-retryable",
        "Retry the fetch of the batch's body; what is quarantined stays so.",
      );
    case "message": {
      const status = await statusOf(db, key);
      if (status === "failed" || status === "withdrawn") {
        return new Problem(
          "not-retryable",
          "The message has ended: post it again, which opens a new attempt.",
        );
      }
      if (status !== null) return new Problem("not-retryable", "The message is in no line by itself.");
      return unknown();
    }
    default:
      return unknown();
  }
}

/**
 * Gives up what is stuck, with the operator's reason in the journal: a message for which nothing is signed ends as failed, a
 * fetch as fetch-failed. Both can be begun again, by posting the message or retrying the fetch.
 *
 * @param id as listed, or the bare id of a message
 * @throws Problem `not-found`, or `not-given-up` where it can no longer be, or is nothing to give up
 */
export async function giveUpStuck(
  { store, now }: Omit<StuckActsOptions, "onDue">,
  caller: UserCaller,
  id: string,
  reason: string,
): Promise<void> {
  const at = now();
  const by = actingUser(caller);
  const { kind, key } = namedBy(id);
  // Not stricter than the database's own isolation: after its turn it must see what a follower just made final.
  await store.db.transaction().execute(async (db) => {
    const act = kind === "fetch" ? "fetch.given-up" : "message.given-up";
    const object = kind === "fetch" ? fetchKey(key).messageId : key;
    if (kind === "fetch") {
      if (!(await giveUpFetch(db, fetchKey(key), { reason, at, by }))) {
        throw new Problem(
          "not-given-up",
          "The document is not in line to be fetched: it is here, or was given up.",
        );
      }
    } else if (kind === "message") {
      const why = await giveUpMessage(db, key, { reason, at, by });
      if (why === "over" && (await statusOf(db, key)) === null) throw unknown();
      if (why !== null) throw new Problem("not-given-up", WHY_NOT[why]);
    } else {
      throw new Problem(
        "not-given-up",
        "Only a message or a fetch can be given up: see actions in GET /operations/stuck.",
      );
    }
    await recordActs(db, [{ act, actor: actorOf(caller), object, at, detail: { reason } }]);
  });
}

function namedBy(id: string): Named {
  if (isMessageId(id)) return { kind: "message", key: id };
  const named = parseStuckId(id);
  if (named === null) throw unknown();
  return named;
}

function fetchKey(key: string): FetchKey {
  const colon = key.indexOf(":");
  return colon < 0
    ? { messageId: key, channelId: null }
    : { messageId: key.slice(0, colon), channelId: key.slice(colon + 1) };
}

function unknown(): Problem {
  return new Problem("not-found", "There is nothing of this id: see GET /operations/stuck.");
}
