import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { GivenEntry } from "./status-repository.ts";

/** An anchor on record. Moments are milliseconds since 1970. */
export interface AnchorRecord extends GivenEntry {
  readonly id: string;
  /** Whom it is about. */
  readonly did: string;
  /** The compact JWS. */
  readonly credential: string;
  readonly validUntil: number | null;
  readonly issuedAt: number;
  /** Issuer and subject of the administrator's token. */
  readonly issuedBy: string;
}

/** How many anchors one DID has at most: each is one register that knows it. */
export const MOST_ANCHORS = 20;

/** Puts an anchor on record. */
export async function recordAnchor(db: Kysely<Schema>, anchor: AnchorRecord): Promise<void> {
  const { id, did, credential, list, position, validUntil, issuedAt, issuedBy } = anchor;
  await db
    .insertInto("identity_anchor")
    .values({
      ...{ id, did, credential, list, position },
      ...{ valid_until: validUntil, issued_at: issuedAt, issued_by: issuedBy },
    })
    .execute();
}

/**
 * The anchors of a DID that are neither revoked nor past, the newest first.
 *
 * @param now milliseconds since 1970
 */
export async function liveAnchors(
  db: Kysely<Schema>,
  did: string,
  now: number,
): Promise<readonly AnchorRecord[]> {
  const rows = await db
    .selectFrom("identity_anchor")
    .innerJoin("status_entry", (join) =>
      join
        .onRef("status_entry.list", "=", "identity_anchor.list")
        .onRef("status_entry.position", "=", "identity_anchor.position"),
    )
    .selectAll("identity_anchor")
    .where("did", "=", did)
    .where("revoked_at", "is", null)
    .where((where) => where.or([where("valid_until", "is", null), where("valid_until", ">", now)]))
    .orderBy("issued_at", "desc")
    .orderBy("id")
    .limit(MOST_ANCHORS)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    did: row.did,
    credential: row.credential,
    list: row.list,
    position: row.position,
    validUntil: row.valid_until,
    issuedAt: row.issued_at,
    issuedBy: row.issued_by,
  }));
}
