import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Router, type Request } from "express";

import { actorOf as actorIn, acts, type ActName } from "../audit/act.ts";
import { exportedActs } from "../audit/audit-export.ts";
import { listActs, recordActs, type AuditFilter, type AuditRow } from "../audit/audit-repository.ts";
import { isMessageId } from "../domain/message.ts";
import { digestOf, multihashOf, parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { Store } from "../store/store.ts";
import { requireUser } from "./caller.ts";

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;
const LONGEST_FILTER = 600;

/**
 * `GET /audit` and `GET /audit/export`: who did or read what, for administrators (openapi/audit.yaml).
 *
 * @param now milliseconds since 1970
 */
export function auditRouter(store: Store, now: () => number = Date.now): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.get("/audit/export", async (request, response) => {
    const administrator = requireUser(response, "admin");
    if (request.method === "HEAD") throw new Problem("method-not-allowed", "Read the log with GET.");
    const act = { act: "audit.exported", actor: actorIn(administrator), at: now(), object: null } as const;
    await recordActs(store.db, [act]);
    response.status(200).setHeader("Content-Type", "application/x-ndjson");
    response.setHeader("Content-Disposition", 'attachment; filename="audit.ndjson"');
    response.setHeader("Cache-Control", "no-store");
    try {
      await pipeline(Readable.from(exportedActs(store.db), { objectMode: false }), response);
    } catch (error) {
      // Whoever hangs up halfway is owed no answer.
      if (!request.destroyed) throw error;
    }
  });

  router.get("/audit", async (request, response) => {
    requireUser(response, "admin");
    const limit = limitOf(request);
    // One more than asked for tells whether there is a next page.
    const rows = await listActs(store.db, filterOf(request), beforeOf(request), limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    response.json({
      items: shown.map(toJson),
      next: rows.length > limit && last !== undefined ? cursorOf(last.seq) : null,
    });
  });
  return router;
}

function toJson(row: AuditRow) {
  return {
    id: String(row.seq),
    at: new Date(row.at).toISOString(),
    act: row.act,
    actor: actorOf(row),
    ...objectOf(row),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    ...(row.detail === null ? {} : { detail: JSON.parse(row.detail) as unknown }),
    ...(row.position === null ? {} : { position: row.position, hash: row.hash }),
  };
}

function actorOf({ actor_kind: kind, actor, account }: AuditRow) {
  switch (kind) {
    case "user": {
      const space = actor.indexOf(" ");
      return { kind, issuer: actor.slice(0, Math.max(0, space)), subject: actor.slice(space + 1) };
    }
    case "node":
      return { kind, participant: actor, ...(account === null ? {} : { account }) };
    case "system":
      return { kind, name: actor };
    case "unknown":
      return { kind, address: actor };
  }
}

function objectOf({ act, object }: AuditRow) {
  if (object === null) return {};
  if (act.startsWith("document.") || act.startsWith("credential.")) return { document: multihashOf(object) };
  if (act.startsWith("message.") || act.startsWith("fetch.")) return { message: object };
  return { subscription: object };
}

function queryOf(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined) return undefined;
  // A validated number arrives as one.
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "" || text.length > LONGEST_FILTER) {
    throw new Problem("malformed-request", `Give ${name} once, with 1 to ${LONGEST_FILTER} characters.`);
  }
  return text;
}

function filterOf(request: Request): AuditFilter {
  const [act, actor, object] = [actIn(request), queryOf(request, "actor"), objectIn(request)];
  const requestId = queryOf(request, "requestId");
  const [since, until] = [momentIn(request, "since"), momentIn(request, "until")];
  return {
    ...(act === undefined ? {} : { act }),
    ...(actor === undefined ? {} : { actor }),
    ...(object === undefined ? {} : { object }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

function actIn(request: Request): ActName | undefined {
  const text = queryOf(request, "act");
  if (text === undefined) return undefined;
  const act = acts.find((each) => each === text);
  if (act === undefined) throw new Problem("malformed-request", `act is one of ${acts.join(", ")}.`);
  return act;
}

function objectIn(request: Request): string | undefined {
  const [document, message] = [queryOf(request, "document"), queryOf(request, "message")];
  const subscription = queryOf(request, "subscription");
  const given = [document, message, subscription].filter((each) => each !== undefined);
  if (given.length > 1) {
    throw new Problem("malformed-request", "Ask for one document, message or subscription at a time.");
  }
  if (document !== undefined) return digestOf(parseMultihash(document));
  if (message !== undefined && !isMessageId(message)) {
    throw new Problem("malformed-request", "message is a message's id: 0x and 64 hexadecimal digits.");
  }
  return message ?? subscription;
}

function momentIn(request: Request, name: "since" | "until"): number | undefined {
  const value: unknown = request.query[name];
  // A validated date-time arrives as one.
  const at = value instanceof Date ? value.getTime() : Date.parse(queryOf(request, name) ?? "");
  if (value === undefined) return undefined;
  if (Number.isNaN(at)) {
    throw new Problem("malformed-request", `${name} is an RFC 3339 date-time, such as 2027-06-03T00:00:00Z.`);
  }
  return at;
}

function limitOf(request: Request): number {
  const text = queryOf(request, "limit");
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LARGEST_LIMIT) {
    throw new Problem("malformed-request", `limit is a whole number from 1 to ${LARGEST_LIMIT}.`);
  }
  return limit;
}

function cursorOf(seq: number): string {
  return Buffer.from(`a${seq}`).toString("base64url");
}

function beforeOf(request: Request): number | null {
  const text = queryOf(request, "after");
  if (text === undefined) return null;
  const seq = /^a(\d{1,15})$/.exec(Buffer.from(text, "base64url").toString("latin1"))?.[1];
  if (seq === undefined) {
    throw new Problem("malformed-request", "after is the next of the page before, unchanged.");
  }
  return Number(seq);
}
