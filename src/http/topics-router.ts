import { Router } from "express";

import { Problem } from "../domain/problems.ts";
import { subjectsOf } from "../identity/caller.ts";
import { recordsOf } from "../messages/message-record.ts";
import type { Store } from "../store/store.ts";
import { listTopicMessages } from "../subscriptions/topic-messages-repository.ts";
import { topicLinks, topicOf } from "../subscriptions/topic.ts";
import { requireUser } from "./caller.ts";
import { cursorFrom, cursorOf, limitOf } from "./page.ts";

/** What topics are served from. */
export interface TopicsOptions {
  readonly store: Store;
  /** Of this node, without trailing slash. */
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The topics that can be subscribed to, where a subscriber discovers their hub (W3C WebSub §4). */
export function topicsRouter({ store, publicUrl, now }: TopicsOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  // Express answers HEAD by the same route.
  router.get("/topics/:kind/:value", async (request, response) => {
    const user = requireUser(response);
    const topic = topicOf(request.params.kind, request.params.value);
    if (topic === null) {
      throw new Problem(
        "not-found",
        "There is no such topic: see /openapi.json for the kinds there are, and what a value looks like.",
      );
    }
    response.set("Link", topicLinks(topic, publicUrl));
    const isHead = request.method === "HEAD";
    if (!user.roles.has("messages:read") && !(isHead && user.roles.has("subscriptions"))) {
      throw new Problem(
        "not-allowed",
        "Reading messages needs the role messages:read: ask your administrator to grant it.",
      );
    }
    if (isHead) {
      response.type("json").end();
      return;
    }
    const limit = limitOf(request);
    const subjects = subjectsOf(user, "messages:read");
    const rows = await listTopicMessages(store.db, topic, subjects, cursorFrom(request, "t"), limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1)?.seq;
    response.json({
      items: await recordsOf(store.db, shown, now()),
      next: rows.length > limit && last !== undefined ? cursorOf("t", last) : null,
    });
  });

  return router;
}
