import { Router } from "express";

import { parseSubject } from "../domain/subject.ts";
import { subjectGraph, type SubjectGraphOptions } from "../graph/subject-graph.ts";
import type { Subjects } from "../semantics/subjects.ts";
import { requireUser } from "./caller.ts";
import { cursorFrom, cursorOf, limitOf } from "./page.ts";

const JSON_LD = "application/ld+json";
/** A cursor of the list of messages, of which this is a part. */
const MESSAGES = "m";

/** Private subjects for documents, for whoever sends; and what is known about a subject (openapi/subjects.yaml). */
export function subjectsRouter(subjects: Subjects, graphs: SubjectGraphOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.post("/subjects/private", (request, response) => {
    requireUser(response, "messages:write");
    const { type, number } = request.body as { readonly type: string; readonly number: string };
    response.json(subjects.privateSubject(type, number));
  });

  router.get("/subjects/:subject", async (request, response) => {
    const user = requireUser(response, "messages:read");
    const subject = parseSubject(request.params.subject);
    const page = { after: cursorFrom(request, MESSAGES) ?? 0, limit: limitOf(request) };
    const { graph, next } = await subjectGraph(graphs, user, subject, page);
    const mediaType = request.accepts([JSON_LD, "application/json"]);
    response
      .vary("Accept")
      .type(mediaType === false ? JSON_LD : mediaType)
      .json({ ...graph, next: next === null ? null : cursorOf(MESSAGES, next) });
  });

  return router;
}
