import type { Request } from "express";

import { Problem } from "../domain/problems.ts";

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;

/**
 * How many items a page of a list has.
 *
 * @throws Problem `malformed-request`
 */
export function limitOf(request: Request): number {
  const value: unknown = request.query.limit;
  if (value === undefined) return DEFAULT_LIMIT;
  // A validated number arrives as one.
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
    throw new Problem("malformed-request", `limit is a whole number from 1 to ${LARGEST_LIMIT}.`);
  }
  return limit;
}

/**
 * An opaque cursor.
 *
 * @param list a letter that says of which list it is, so that one list's cursor is not taken for another's
 */
export function cursorOf(list: string, seq: number): string {
  return Buffer.from(`${list}${seq}`).toString("base64url");
}

/**
 * Where a page begins.
 *
 * @returns null for the first page
 * @throws Problem `malformed-request`
 */
export function cursorFrom(request: Request, list: string): number | null {
  const value: unknown = request.query.after;
  if (value === undefined) return null;
  const text = typeof value === "string" ? Buffer.from(value, "base64url").toString("latin1") : "";
  const seq = /^([a-z])(\d{1,15})$/.exec(text);
  if (seq?.[1] !== list) {
    throw new Problem("malformed-request", "after is the next of the page before, unchanged.");
  }
  return Number(seq[2]);
}
