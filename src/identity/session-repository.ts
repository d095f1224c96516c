import type { Kysely, Selectable } from "kysely";

import type { ConsoleSessionTable } from "../store/console-session-table.ts";
import type { Schema } from "../store/schema.ts";

/** A session as the database has it. */
export type SessionRow = Selectable<ConsoleSessionTable>;

/** When sessions that were last used, or begun, before are over. Milliseconds since 1970. */
export interface SessionLimits {
  readonly now: number;
  /** Nobody was at the page since. */
  readonly idleSince: number;
}

/**
 * Begins a session, and ends the oldest of its owner beyond a number.
 *
 * @param most sessions of one owner
 */
export async function beginSession(
  db: Kysely<Schema>,
  session: Pick<SessionRow, "id" | "owner" | "sealed" | "created_at" | "ends_at">,
  most: number,
): Promise<void> {
  await db
    .insertInto("console_session")
    .values({ ...session, version: 1, renewing_until: 0, used_at: session.created_at })
    .execute();
  await db
    .deleteFrom("console_session")
    .where("owner", "=", session.owner)
    .where("id", "not in", (query) =>
      query
        .selectFrom("console_session")
        .select("id")
        .where("owner", "=", session.owner)
        .orderBy("created_at", "desc")
        .orderBy("id")
        .limit(most),
    )
    .execute();
}

/** A session that is not over; null where there is none. */
export async function openSession(
  db: Kysely<Schema>,
  id: string,
  { now, idleSince }: SessionLimits,
): Promise<SessionRow | null> {
  const row = await db
    .selectFrom("console_session")
    .selectAll()
    .where("id", "=", id)
    .where("ends_at", ">", now)
    .where("used_at", ">", idleSince)
    .executeTakeFirst();
  return row ?? null;
}

/** Notes that somebody is at the page. */
export async function touchSession(db: Kysely<Schema>, id: string, now: number): Promise<void> {
  await db
    .updateTable("console_session")
    .set({ used_at: now })
    .where("id", "=", id)
    .where("used_at", "<", now)
    .execute();
}

/**
 * Takes it on to renew a session's tokens.
 *
 * @param turn `version` of the tokens that are to be renewed; `until`: for as long
 * @returns whether nobody else is at it, or has done it
 */
export async function takeRenewal(
  db: Kysely<Schema>,
  id: string,
  turn: { readonly version: number; readonly now: number; readonly until: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("console_session")
    .set({ renewing_until: turn.until })
    .where("id", "=", id)
    .where("version", "=", turn.version)
    .where("renewing_until", "<=", turn.now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives back what `takeRenewal` took, with nothing done. */
export async function leaveRenewal(db: Kysely<Schema>, id: string, version: number): Promise<void> {
  await db
    .updateTable("console_session")
    .set({ renewing_until: 0 })
    .where("id", "=", id)
    .where("version", "=", version)
    .execute();
}

/** Keeps renewed tokens. @returns whether the session is still there to have them */
export async function storeRenewed(
  db: Kysely<Schema>,
  id: string,
  { version, sealed }: { readonly version: number; readonly sealed: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("console_session")
    .set({ sealed, version: version + 1, renewing_until: 0 })
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ends a session. @returns it as it was; null where there is none */
export async function endSession(db: Kysely<Schema>, id: string): Promise<SessionRow | null> {
  const row = await db.deleteFrom("console_session").where("id", "=", id).returningAll().executeTakeFirst();
  return row ?? null;
}

/** Forgets sessions that are over. @returns how many */
export async function sweepSessions(db: Kysely<Schema>, { now, idleSince }: SessionLimits): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("console_session")
    .where((where) => where.or([where("ends_at", "<=", now), where("used_at", "<=", idleSince)]))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
