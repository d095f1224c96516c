import { createHash } from "node:crypto";

import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { AuditRow } from "./audit-repository.ts";

/** The end of the chain: how many acts it holds, and the hash of the last. Written down elsewhere, it pins all before it. */
export interface AuditHead {
  readonly position: number;
  readonly hash: string;
}

/** What a check of the audit log found. */
export interface AuditCheck {
  readonly head: AuditHead;
  /** Acts on record that were not chained yet. */
  readonly unsealed: number;
  /** The first act that is not as it was chained; null where all are. */
  readonly fault: { readonly position: number; readonly detail: string } | null;
}

const ROWS_A_PAGE = 1_000;

/** The head of a chain that holds nothing. */
export const emptyHead: AuditHead = { position: 0, hash: "0".repeat(64) };

function hashOf(row: AuditRow, position: number, previous: string): string {
  const { seq, at, act, actor_kind, actor, account, object, request_id, detail } = row;
  const content = [
    position,
    previous,
    ...[seq, at, act, actor_kind, actor],
    ...[account, object, request_id, detail],
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** The end of the chain as stored. */
export async function auditHead(db: Kysely<Schema>): Promise<AuditHead> {
  const row = await db
    .selectFrom("audit")
    .select(["position", "hash"])
    .where("position", "is not", null)
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.position === null || row.hash === null) return emptyHead;
  return { position: row.position, hash: row.hash };
}

/** Whether there are acts that are not chained yet. */
export async function hasUnsealed(db: Kysely<Schema>): Promise<boolean> {
  const row = await db
    .selectFrom("audit")
    .select("seq")
    .where("position", "is", null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Chains acts that are not chained yet: each gets its position and a hash over itself and the hash before it.
 *
 * @param db a transaction that alone does this at the time
 * @returns how many were chained; a full page says that there may be more
 */
export async function sealPage(
  db: Kysely<Schema>,
): Promise<{ readonly sealed: number; readonly full: boolean }> {
  const rows = await db
    .selectFrom("audit")
    .selectAll()
    .where("position", "is", null)
    .orderBy("seq")
    .limit(ROWS_A_PAGE)
    .execute();
  if (rows.length === 0) return { sealed: 0, full: false };
  let { position, hash } = await auditHead(db);
  const links = rows.map((row) => {
    position += 1;
    hash = hashOf(row, position, hash);
    return sql`(cast(${row.seq} as bigint), cast(${position} as bigint), ${hash})`;
  });
  await sql`
    with link (seq, position, hash) as (values ${sql.join(links)})
    update audit set position = link.position, hash = link.hash from link where audit.seq = link.seq
  `.execute(db);
  return { sealed: rows.length, full: rows.length === ROWS_A_PAGE };
}

/**
 * Checks the whole chain: whoever changed, took out or put in an act since it was chained shows. What was cut off at the
 * end shows by `expected` alone.
 *
 * @param expected a head written down earlier, elsewhere
 */
export async function checkAudit(db: Kysely<Schema>, expected: AuditHead | null = null): Promise<AuditCheck> {
  let head = emptyHead;
  const { count } = await db
    .selectFrom("audit")
    .select((select) => select.fn.countAll<number | string>().as("count"))
    .where("position", "is", null)
    .executeTakeFirstOrThrow();
  const found = (position: number, detail: string): AuditCheck => ({
    head,
    unsealed: Number(count),
    fault: { position, detail },
  });
  for (;;) {
    const rows = await db
      .selectFrom("audit")
      .selectAll()
      .where("position", ">", head.position)
      .orderBy("position")
      .limit(ROWS_A_PAGE)
      .execute();
    for (const row of rows) {
      const position = head.position + 1;
      if (row.position !== position) return found(position, "The act at this position is gone.");
      const hash = hashOf(row, position, head.hash);
      if (row.hash !== hash) return found(position, "This act, or one before it, is not as it was chained.");
      head = { position, hash };
      if (expected?.position === position && expected.hash !== hash) {
        return found(position, "Up to this position the log is another than the one that was written down.");
      }
    }
    if (rows.length < ROWS_A_PAGE) break;
  }
  if (expected !== null && expected.position > head.position) {
    return found(head.position + 1, "The log ends before the position that was written down.");
  }
  return { head, unsealed: Number(count), fault: null };
}
