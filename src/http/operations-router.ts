import { Router, type Request } from "express";

import { Problem } from "../domain/problems.ts";
import { giveUpStuck, retryStuck, type StuckActsOptions } from "../operations/stuck-acts.ts";
import { listStuck, type Stuck } from "../operations/stuck.ts";
import { requireUser } from "./caller.ts";
import { limitOf } from "./page.ts";

const LATE_MINUTES = 10;
const MOST_MINUTES = 525_600;
const LONGEST_REASON = 500;
const LONGEST_CURSOR = 1_000;

/** What is stuck and what may be done about it, for administrators (openapi/operations.yaml). */
export function operationsRouter(options: StuckActsOptions): Router {
  const { store, now } = options;
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/operations/stuck", async (request, response) => {
    requireUser(response, "admin");
    const before = now() - minutesOf(request) * 60_000;
    const page = await listStuck(store.db, { before, limit: limitOf(request) }, afterOf(request));
    response.json({ items: page.items.map(toJson), next: page.next });
  });

  router.post("/operations/stuck/:id/retry", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const { id } = request.params;
    await retryStuck(options, administrator, id);
    response.status(202).json({ id });
  });

  router.post("/operations/stuck/:id/give-up", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const { id } = request.params;
    const { reason } = (request.body ?? {}) as { readonly reason?: unknown };
    await giveUpStuck(options, administrator, id, reasonOf(reason));
    response.json({ id });
  });

  return router;
}

function minutesOf(request: Request): number {
  const value: unknown = request.query.minutes;
  if (value === undefined) return LATE_MINUTES;
  const minutes = Number(value);
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MOST_MINUTES) {
    throw new Problem("malformed-request", `minutes is a whole number from 0 to ${MOST_MINUTES}.`);
  }
  return minutes;
}

function afterOf(request: Request): string | null {
  const value: unknown = request.query.after;
  if (value === undefined) return null;
  if (typeof value === "string" && value.length <= LONGEST_CURSOR) return value;
  throw new Problem("malformed-request", "after is the next of the page before, unchanged.");
}

function reasonOf(reason: unknown): string {
  const text = typeof reason === "string" ? reason.trim() : "";
  if (text === "" || text.length > LONGEST_REASON) {
    throw new Problem("malformed-request", `Give a reason of 1 to ${LONGEST_REASON} characters.`);
  }
  return text;
}

function toJson({ kind, id, since, code, detail, channelId, actions }: Stuck) {
  return { kind, id, since: new Date(since).toISOString(), code, detail, channel: channelId, actions };
}
