import { Router } from "express";

import { parseSubject } from "../domain/subject.ts";
import { subjectGraph, type SubjectGraphOptions } from "../graph/subject-graph.ts";
import { requireUser } from "./caller.ts";
import { cursorFrom, cursorOf, limitOf } from "./page.ts";

const JSON_LD = "application/ld+json";
/** Of the list of messages, of which a page is a part. */
const MESSAGES = "m";

/** Everything about a subject, as linked data (openapi/subjects.yaml). */
export function subjectGraphRouter(options: SubjectGraphOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/subjects/:subject", async (request, response) => {
    const user = requireUser(response, "messages:read");
    const subject = parseSubject(request.params.subject);
    const page = { after: cursorFrom(request, MESSAGES) ?? 0, limit: limitOf(request) };
    const { graph, next } = await subjectGraph(options, user, subject, page);
    const mediaType = request.accepts([JSON_LD, "application/json"]);
    response
      .vary("Accept")
      .type(mediaType === false ? JSON_LD : mediaType)
      .json({ ...graph, next: next === null ? null : cursorOf(MESSAGES, next) });
  });

  return router;
}
