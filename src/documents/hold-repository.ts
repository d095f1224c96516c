import type { Kysely } from "kysely";

import { userNamed, type Actor } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Schema } from "../store/schema.ts";

/** Why a document may not be erased. Moments are milliseconds since 1970. */
export interface Hold {
  readonly digest: Digest;
  readonly reason: string;
  /** Issuer and subject of the administrator's token. */
  readonly heldBy: string;
  readonly heldAt: number;
}

/** The hold a document is under; null for none. */
export async function findHold(db: Kysely<Schema>, digest: Digest): Promise<Hold | null> {
  const row = await db
    .selectFrom("document_hold")
    .selectAll()
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row === undefined ? null : { digest, reason: row.reason, heldBy: row.held_by, heldAt: row.held_at };
}

/**
 * Puts a document under hold, on record. One that is under hold gets the new reason.
 *
 * @param db a transaction in which the document was found to be held by this node
 */
export async function placeHold(db: Kysely<Schema>, hold: Hold): Promise<void> {
  const { digest, reason, heldBy, heldAt } = hold;
  const row = { reason, held_by: heldBy, held_at: heldAt };
  await db
    .insertInto("document_hold")
    .values({ digest, ...row })
    .onConflict((conflict) => conflict.column("digest").doUpdateSet(row))
    .execute();
  const actor = userNamed(heldBy);
  await recordActs(db, [{ act: "document.held", actor, object: digest, at: heldAt, detail: { reason } }]);
}

/**
 * Takes a document's hold away, on record.
 *
 * @param db a transaction
 * @param at milliseconds since 1970
 * @returns false where it was under none
 */
export async function liftHold(
  db: Kysely<Schema>,
  digest: Digest,
  actor: Actor,
  at: number,
): Promise<boolean> {
  const lifted = await db
    .deleteFrom("document_hold")
    .where("digest", "=", digest)
    .returning("reason")
    .executeTakeFirst();
  if (lifted === undefined) return false;
  const detail = { reason: lifted.reason };
  await recordActs(db, [{ act: "document.released", actor, object: digest, at, detail }]);
  return true;
}
