import { Router, type Request, type Response } from "express";

import { nameOf } from "../documents/documents.ts";
import { Problem } from "../domain/problems.ts";
import { subjectsOf } from "../identity/caller.ts";
import { listDeadLetters, retryDeadLetter, type DeadLetter } from "../subscriptions/delivery-repository.ts";
import { askHub, type HubForm, type HubOptions } from "../subscriptions/hub.ts";
import { payloadOf } from "../subscriptions/notification.ts";
import {
  deleteSubscription,
  findSubscription,
  listSubscriptions,
} from "../subscriptions/subscription-repository.ts";
import { replayEvents } from "../subscriptions/replay.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import { requireUser } from "./caller.ts";
import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { cursorFrom, cursorOf, limitOf } from "./page.ts";

/** What the hub's calls work with. */
export interface SubscriptionsOptions extends HubOptions {
  /** Told that there may be something to deliver or to tell. */
  readonly onChange: () => void;
}

/** The WebSub hub, and what its users may see of their subscriptions (PROTOCOL §5; openapi/subscriptions.yaml). */
export function subscriptionsRouter(options: SubscriptionsOptions): Router {
  const { store, now, onChange } = options;
  const router = Router({ caseSensitive: true, strict: true });

  /** A subscription of the caller's own; another's and none are answered alike. */
  const owned = async (request: Request, response: Response): Promise<Subscription> => {
    const user = requireUser(response, "subscriptions");
    const id = String(request.params.id);
    const subscription = await findSubscription(store.db, nameOf(user), id);
    if (subscription === null) {
      throw new Problem("not-found", "You have no subscription with this id: see GET /subscriptions.");
    }
    return subscription;
  };

  router.post("/subscriptions", async (request, response) => {
    const user = requireUser(response, "subscriptions");
    await askHub(options, user, (request.body ?? {}) as HubForm);
    response.status(202).end();
  });

  router.get("/subscriptions", async (request, response) => {
    const user = requireUser(response, "subscriptions");
    const limit = limitOf(request);
    const rows = await listSubscriptions(store.db, nameOf(user), cursorFrom(request, "s") ?? 0, limit + 1);
    const shown = rows.slice(0, limit);
    response.json({ items: shown.map(toJson), next: nextOf(rows, shown.at(-1)?.seq, limit) });
  });

  router.get("/subscriptions/:id", async (request, response) => {
    response.json(toJson(await owned(request, response)));
  });

  router.delete("/subscriptions/:id", async (request, response) => {
    const user = requireUser(response, "subscriptions");
    const subscription = await owned(request, response);
    const at = now();
    await store.transact(async (db) => {
      await deleteSubscription(db, subscription, at);
      const act = { act: "subscription.ended", actor: actorOf(user), at, object: subscription.id } as const;
      await recordActs(db, [act]);
    });
    onChange();
    response.status(204).end();
  });

  router.get("/subscriptions/:id/dead-letters", async (request, response) => {
    const { id } = await owned(request, response);
    const subjects = subjectsOf(requireUser(response), "subscriptions");
    const [limit, after] = [limitOf(request), cursorFrom(request, "d") ?? 0];
    const letters = await listDeadLetters(store.db, id, after, limit + 1, false, subjects);
    const shown = letters.slice(0, limit);
    const last = shown.at(-1)?.notification.seq;
    response.json({
      items: shown.map(letterToJson),
      next: letters.length > limit && last !== undefined ? cursorOf("d", last) : null,
    });
  });

  router.post("/subscriptions/:id/dead-letters/:n/retry", async (request, response) => {
    const user = requireUser(response, "subscriptions");
    const { id, state } = await owned(request, response);
    if (state !== "active") {
      throw new Problem("subscription-over", "The subscription is not active: subscribe again, then retry.");
    }
    const n = Number(request.params.n);
    const at = now();
    const found = await store.transact(async (db) => {
      if (!(await retryDeadLetter(db, id, n, at, subjectsOf(user, "subscriptions")))) return false;
      const detail = { notification: n };
      await recordActs(db, [{ act: "dead-letter.retried", actor: actorOf(user), at, object: id, detail }]);
      return true;
    });
    if (!found) throw new Problem("not-found", "There is no dead letter with this number here.");
    onChange();
    response.status(202).end();
  });

  router.post("/subscriptions/:id/replay", async (request, response) => {
    const caller = requireUser(response);
    if (!caller.roles.has("subscriptions") && !caller.roles.has("admin")) {
      throw new Problem("not-allowed", "Replaying events needs the role subscriptions, or admin.");
    }
    const { after } = request.body as { readonly after: number };
    const { id } = request.params;
    await replayEvents(store, { caller, id, after, now: now() });
    onChange();
    response.status(202).json({ id, after });
  });

  return router;
}

function nextOf(rows: readonly unknown[], last: number | undefined, limit: number): string | null {
  return rows.length > limit && last !== undefined ? cursorOf("s", last) : null;
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function toJson(subscription: Subscription) {
  const { id, topic, callback, state, endedReason, signed, deadLetters, lastFailure } = subscription;
  const { createdAt, expiresAt, lastDeliveredAt, lastFailedAt } = subscription;
  return {
    ...{ id, topic, callback, state, signed, deadLetters },
    ...(endedReason === null ? {} : { endedReason }),
    createdAt: moment(createdAt),
    ...(expiresAt === null ? {} : { expiresAt: moment(expiresAt) }),
    ...(lastDeliveredAt === null ? {} : { lastDeliveredAt: moment(lastDeliveredAt) }),
    ...(lastFailedAt === null ? {} : { lastFailedAt: moment(lastFailedAt) }),
    ...(lastFailure === null ? {} : { lastFailure }),
  };
}

function letterToJson({ notification, failedAt, reason, again }: DeadLetter) {
  return {
    n: notification.seq,
    failedAt: moment(failedAt),
    reason,
    retrying: again,
    notification: payloadOf(notification),
  };
}
