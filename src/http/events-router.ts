import { Router } from "express";

import { nameOf } from "../documents/documents.ts";
import { Problem } from "../domain/problems.ts";
import { subjectsOf } from "../identity/caller.ts";
import type { EventStreams } from "../subscriptions/event-streams.ts";
import { parseTopic, type Topic } from "../subscriptions/topic.ts";
import { requireUser } from "./caller.ts";

/** `GET /events`: server-sent events (PROTOCOL §5; openapi/subscriptions.yaml). */
export function eventsRouter(options: {
  readonly streams: EventStreams;
  /** Of this node, without trailing slash. */
  readonly publicUrl: string;
}): Router {
  const { streams, publicUrl } = options;
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/events", async (request, response) => {
    const user = requireUser(response);
    if (!user.roles.has("subscriptions") && !user.roles.has("messages:read")) {
      throw new Problem(
        "not-allowed",
        "Events need the role subscriptions or messages:read: ask your administrator to grant one.",
      );
    }
    if (request.method === "HEAD") throw new Problem("method-not-allowed", "Open the stream with GET.");
    const run = await streams.open({
      owner: nameOf(user),
      expiresAt: user.expiresAt ?? Infinity,
      ...(user.sessionId === undefined ? {} : { sessionId: user.sessionId }),
      subjects: subjectsOf(user, "subscriptions", "messages:read"),
      topic: topicIn(request.query.topic, publicUrl),
      lastEventId: request.get("last-event-id"),
    });
    // Not response.type(): it would name a character set, and this media type has but one.
    response.status(200).setHeader("Content-Type", "text/event-stream");
    // A proxy that gathers an answer before it passes it on would keep the events.
    response.setHeader("X-Accel-Buffering", "no");
    response.flushHeaders();
    await run(response);
  });
  return router;
}

function topicIn(value: unknown, publicUrl: string): Topic | null {
  if (value === undefined) return null;
  const topic = typeof value === "string" ? parseTopic(value, publicUrl) : null;
  if (topic === null) {
    throw new Problem(
      "topic-unknown",
      `topic is ${publicUrl}/topics/<kind>/<value>, where kind is predicates, jurisdictions, subjects or messages, or a bare predicate such as UN.CEFACT.*`,
    );
  }
  return topic;
}
