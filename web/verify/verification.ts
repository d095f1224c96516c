/** What the node answers to `POST /verify`, by its OpenAPI document, as far as the page reads it. */
export interface Verification {
  /** Null when only a message was named, and none is known. */
  readonly multihash: string | null;
  readonly verdict:
    "valid" | "used" | "revoked" | "expired" | "pending" | "duplicate" | "altered" | "unknown";
  readonly findings: readonly Finding[];
  /** In ledger order. */
  readonly certificates: readonly Certificate[];
  /** There are more than are listed. */
  readonly more: boolean;
}

export interface Finding {
  readonly name: "integrity" | "issuer" | "status" | "credential" | "seal";
  readonly outcome: "pass" | "fail" | "unknown";
  readonly detail: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** One message that issued a certificate for the document. Moments are RFC 3339 in UTC. */
export interface Certificate {
  readonly id: string;
  readonly issuer: string;
  readonly jurisdiction: string | null;
  readonly receiver: string;
  readonly receiverJurisdiction: string | null;
  readonly predicate: string;
  readonly state: "live" | "used" | "revoked" | "expired" | "pending" | "duplicate" | "unknown";
  readonly channel: string;
  readonly channelType: "test" | "production";
  readonly issuedAt: string | null;
  readonly validUntil: string | null;
  readonly acquittedBy: string | null;
  readonly acquittedAt: string | null;
  readonly revokedAt: string | null;
}
