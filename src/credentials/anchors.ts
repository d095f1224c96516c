import { randomUUID } from "node:crypto";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import { liveAnchors, MOST_ANCHORS, recordAnchor } from "./anchor-repository.ts";
import { anchorCredential, isIdentity, type RegisteredIdentity } from "./identity-anchor.ts";
import { statusMember } from "./status-list.ts";
import type { StatusPublisher } from "./status-publisher.ts";
import { giveEntry, revokeEntry } from "./status-repository.ts";
import { signVcJwt } from "./vc-jwt.ts";

/** What vouching for issuers needs. */
export interface AnchorsOptions {
  readonly store: Store;
  readonly publisher: StatusPublisher;
  /** What the agency is called in what it signs. */
  readonly agencyName: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An anchor as it was issued. */
export interface IssuedAnchor {
  readonly id: string;
  readonly did: string;
  /** The compact JWS. */
  readonly credential: string;
}

/**
 * Vouches for an issuer: makes the agency's Digital Identity Anchor for its DID. That the DID is theirs, the agency has to
 * see for itself first.
 *
 * @param until milliseconds since 1970; null for no end
 * @throws Problem `malformed-request`, `credential-issuer-unknown` or `too-many-anchors`
 */
export async function issueAnchor(
  { store, publisher, agencyName, now }: AnchorsOptions,
  administrator: UserCaller,
  identity: RegisteredIdentity,
  until: number | null,
): Promise<IssuedAnchor> {
  const at = now();
  const { did } = identity;
  if (!isIdentity(identity) || identity.scopes.length === 0 || (until !== null && until <= at)) {
    throw new Problem(
      "malformed-request",
      "Give a DID, what the register says of it, one scope at least, and an end that lies ahead or none.",
    );
  }
  const key = publisher.agencyKey();
  const by = `${administrator.issuer} ${administrator.subject}`;
  // Entry first, then the signature, which is none of the database's business.
  const entry = await store.transact(async (db) => {
    if ((await liveAnchors(db, did, at)).length >= MOST_ANCHORS) {
      throw new Problem(
        "too-many-anchors",
        `There are ${MOST_ANCHORS} anchors of this DID: revoke one first.`,
      );
    }
    return giveEntry(db, { to: by, at });
  });
  const id = `urn:uuid:${randomUUID()}`;
  const status = statusMember({
    purpose: "revocation",
    index: entry.position,
    list: publisher.urlOf(entry.list),
  });
  const agency = { id: key.did, name: key.name ?? agencyName };
  const credential = await signVcJwt(
    anchorCredential(identity, { id, agency, from: at, until, status }),
    key,
  );
  await store.transact(async (db) => {
    const anchor = { id, did, credential, ...entry };
    await recordAnchor(db, { ...anchor, validUntil: until, issuedAt: at, issuedBy: by });
    const detail = { did, id, registeredId: identity.registeredId };
    await recordActs(db, [{ act: "anchor.issued", actor: actorOf(administrator), object: null, at, detail }]);
  });
  return { id, did, credential };
}

/**
 * Vouches for an issuer no longer: its anchors are revoked in the status list, and no longer shown.
 *
 * @returns how many were revoked
 * @throws Problem `not-found` where the DID has none that holds
 */
export async function revokeAnchors(
  { store, now }: AnchorsOptions,
  administrator: UserCaller,
  did: string,
  reason: string,
): Promise<number> {
  const at = now();
  const by = `${administrator.issuer} ${administrator.subject}`;
  return store.transact(async (db) => {
    const anchors = await liveAnchors(db, did, at);
    if (anchors.length === 0) throw new Problem("not-found", "There is no anchor of this DID that holds.");
    for (const anchor of anchors) await revokeEntry(db, anchor, { by, reason, at });
    const detail = { did, reason, anchors: anchors.length };
    await recordActs(db, [
      { act: "anchor.revoked", actor: actorOf(administrator), object: null, at, detail },
    ]);
    return anchors.length;
  });
}
