import { Router, type Request } from "express";

import { isJurisdiction } from "../domain/participant.ts";
import { parsePredicate } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";
import type { ChangePlace } from "../routing/change-log-repository.ts";
import type { Contender } from "../routing/preference.ts";
import {
  listChannels,
  readChanges,
  readChannel,
  type ChangePage,
  type ChannelRecord,
  type RegistryFilter,
  type RegistryOptions,
} from "../routing/registry.ts";

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;
const CHANGES_IN_LIST = 10;
const CHANGES_IN_RECORD = 100;

/** The public registry of the node's channels (PROTOCOL §5; openapi/registry.yaml). Open to everybody. */
export function registryRouter(options: RegistryOptions): Router {
  const router = Router();

  router.get("/channels", async (request, response) => {
    const limit = limitOf(request);
    const page = { limit: limit + 1, changes: CHANGES_IN_LIST };
    // One more than asked for tells whether there is a next page.
    const records = await listChannels(options, filterOf(request), channelAfter(request), page);
    const items = records.slice(0, limit);
    const last = items.at(-1);
    response.json({
      items: items.map(wire),
      next: records.length > limit && last !== undefined ? cursorOf(last) : null,
    });
  });

  router.get("/channels/:channelId", async (request, response) => {
    const record = await readChannel(options, request.params.channelId, CHANGES_IN_RECORD);
    if (record === null) throw absent();
    response.json(wire(record));
  });

  router.get("/channels/:channelId/changes", async (request, response) => {
    const { channelId } = request.params;
    if (!options.channels().some(({ id }) => id === channelId)) throw absent();
    const page = await readChanges(options.db, channelId, changeAfter(request), limitOf(request));
    response.json(wireChanges(page));
  });

  return router;
}

function absent(): Problem {
  return new Problem("not-found", "This node is on no such channel: see /channels for those it is on.");
}

function wire(record: ChannelRecord): unknown {
  return { ...record, changeLog: wireChanges(record.changeLog) };
}

function wireChanges({ items, next }: ChangePage): unknown {
  return { items, next: next === null ? null : encoded([next.height, next.index]) };
}

function filterOf(request: Request): RegistryFilter {
  const [country, predicate] = [queryOf(request, "country.eq"), queryOf(request, "predicate.eq")];
  if (country !== undefined && !isJurisdiction(country)) {
    throw new Problem("malformed-request", "country.eq is an ISO 3166-1 alpha-2 code, such as CN.");
  }
  return {
    ...(country === undefined ? {} : { country }),
    ...(predicate === undefined ? {} : { predicate: parsePredicate(predicate) }),
  };
}

function queryOf(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined) return undefined;
  // A validated number arrives as one.
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "") {
    throw new Problem("malformed-request", `Give ${name} once, and not empty.`);
  }
  return text;
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

/** The place of a channel in the list's order; it holds also when the channel's status changes between two pages. */
function cursorOf({ id, type, status, validity }: ChannelRecord): string {
  return encoded([status, type, validity.until, id]);
}

function channelAfter(request: Request): Contender | null {
  const parts = afterOf(request);
  if (parts === null) return null;
  const [status, type, until, id] = parts;
  const validUntil = typeof until === "string" ? Date.parse(until) / 1000 : null;
  const knownStatus = status === "active" || status === "deprecated" || status === "retired";
  const knownType = type === "test" || type === "production";
  if (!knownStatus || !knownType || typeof id !== "string" || Number.isNaN(validUntil)) throw strange();
  return { status, description: { id, type, validUntil } };
}

function changeAfter(request: Request): ChangePlace | null {
  const parts = afterOf(request);
  if (parts === null) return null;
  const [height, index] = parts;
  if (!isPlace(height) || !isPlace(index)) throw strange();
  return { height, index };
}

function isPlace(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function afterOf(request: Request): readonly unknown[] | null {
  const text = queryOf(request, "after");
  if (text === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (Array.isArray(parts)) return parts as readonly unknown[];
  } catch {
    // Not JSON: as strange as JSON of another form.
  }
  throw strange();
}

function strange(): Problem {
  return new Problem("malformed-request", "after is the next of the page before, unchanged.");
}

function encoded(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}
