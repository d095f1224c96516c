import { Router } from "express";

import type { Subjects } from "../semantics/subjects.ts";
import { requireUser } from "./caller.ts";

/** Private subjects for documents, for whoever sends (openapi/subjects.yaml). */
export function subjectsRouter(subjects: Subjects): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.post("/subjects/private", (request, response) => {
    requireUser(response, "messages:write");
    const { type, number } = request.body as { readonly type: string; readonly number: string };
    response.json(subjects.privateSubject(type, number));
  });

  return router;
}
