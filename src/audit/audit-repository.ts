import type { Insertable, Kysely, Selectable } from "kysely";

import { currentRequestId } from "../request-context.ts";
import type { AuditTable } from "../store/audit-table.ts";
import type { Schema } from "../store/schema.ts";
import type { Act, ActName, Actor } from "./act.ts";

/** An act on record. */
export type AuditRow = Selectable<AuditTable>;

/** Which acts a list shows. All that are given must hold; moments are milliseconds since 1970. */
export interface AuditFilter {
  readonly act?: ActName;
  /** As on record: `<issuer> <subject>`, a participant's domain, or an address. */
  readonly actor?: string;
  readonly object?: string;
  readonly requestId?: string;
  /** From this moment on. */
  readonly since?: number;
  /** Before this moment. */
  readonly until?: number;
}

// A row has eight columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 1_000;

function nameOf(actor: Actor): { readonly actor: string; readonly account: string | null } {
  switch (actor.kind) {
    case "user":
      return { actor: `${actor.issuer} ${actor.subject}`, account: null };
    case "node":
      return { actor: actor.participant, account: actor.account };
    case "system":
      return { actor: actor.name, account: null };
    case "unknown":
      return { actor: actor.address, account: null };
  }
}

function toRow(act: Act): Insertable<AuditTable> {
  return {
    at: act.at,
    act: act.act,
    actor_kind: act.actor.kind,
    ...nameOf(act.actor),
    object: act.object,
    request_id: currentRequestId(),
    detail: act.detail === undefined ? null : JSON.stringify(act.detail),
  };
}

/**
 * Puts acts on record, with the request they were part of. The database keeps what is written: it can be neither changed
 * nor deleted. `AuditSealer` chains the rows afterwards, so that writers do not wait for one another.
 *
 * @param db the transaction of the act itself, so that there is no act without a record and no record without an act
 */
export async function recordActs(db: Kysely<Schema>, list: readonly Act[]): Promise<void> {
  for (let start = 0; start < list.length; start += ROWS_A_STATEMENT) {
    const rows = list.slice(start, start + ROWS_A_STATEMENT).map(toRow);
    await db.insertInto("audit").values(rows).execute();
  }
}

/**
 * Lists acts, the newest first.
 *
 * @param before `seq` of the last act already shown; null for none
 * @param limit how many at most
 */
export async function listActs(
  db: Kysely<Schema>,
  filter: AuditFilter,
  before: number | null,
  limit: number,
): Promise<readonly AuditRow[]> {
  let query = db.selectFrom("audit").selectAll();
  if (before !== null) query = query.where("seq", "<", before);
  if (filter.act !== undefined) query = query.where("act", "=", filter.act);
  if (filter.actor !== undefined) query = query.where("actor", "=", filter.actor);
  if (filter.object !== undefined) query = query.where("object", "=", filter.object);
  if (filter.requestId !== undefined) query = query.where("request_id", "=", filter.requestId);
  if (filter.since !== undefined) query = query.where("at", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("at", "<", filter.until);
  return query.orderBy("seq", "desc").limit(limit).execute();
}
