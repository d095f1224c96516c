import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { AuditRow } from "./audit-repository.ts";
import { ChainCheck, emptyHead, hashOf, type AuditHead, type ChainFault } from "./chain-check.ts";

/** What a check of the audit log found. */
export interface AuditCheck {
  readonly head: AuditHead;
  /** Acts on record that were not chained yet. */
  readonly unsealed: number;
  /** The first act that is not as it was chained; null where all are. */
  readonly fault: ChainFault | null;
}

const ROWS_A_PAGE = 1_000;

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
 * The acts that are chained, in the order of the chain, read a page at a time: the log may grow meanwhile.
 */
export async function* chainedActs(db: Kysely<Schema>): AsyncGenerator<AuditRow> {
  let position = 0;
  for (;;) {
    const rows = await db
      .selectFrom("audit")
      .selectAll()
      .where("position", ">", position)
      .orderBy("position")
      .limit(ROWS_A_PAGE)
      .execute();
    yield* rows;
    if (rows.length < ROWS_A_PAGE) return;
    position = rows.at(-1)?.position ?? position;
  }
}

/**
 * Checks the whole chain: whoever changed, took out or put in an act since it was chained shows. What was cut off at the
 * end shows by `expected` alone.
 *
 * @param expected a head written down earlier, elsewhere
 */
export async function checkAudit(db: Kysely<Schema>, expected: AuditHead | null = null): Promise<AuditCheck> {
  const { count } = await db
    .selectFrom("audit")
    .select((select) => select.fn.countAll<number | string>().as("count"))
    .where("position", "is", null)
    .executeTakeFirstOrThrow();
  const check = new ChainCheck(expected);
  let fault: ChainFault | null = null;
  for await (const row of chainedActs(db)) {
    fault = check.take(row);
    if (fault !== null) break;
  }
  return { head: check.head, unsealed: Number(count), fault: fault ?? check.end() };
}
