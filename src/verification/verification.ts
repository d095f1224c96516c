import type { MessageId } from "../domain/message.ts";
import type { Multihash } from "../domain/multihash.ts";

/**
 * What a presented document is worth (PROTOCOL §5). Which word is said when is decided in `verdict.ts`.
 */
export type Verdict =
  "valid" | "used" | "revoked" | "expired" | "pending" | "duplicate" | "altered" | "unknown";

/** Where one certificate stands. `live`: issued, and neither used, revoked, expired nor a duplicate. */
export type CertificateStanding =
  "live" | "used" | "revoked" | "expired" | "pending" | "duplicate" | "unknown";

/** One of the three questions: is it what was issued, by somebody entitled, and does it still hold? And what was found of it as a credential, and of the seal on its paper. */
export interface Finding {
  readonly name: "integrity" | "issuer" | "status" | "credential" | "seal";
  readonly outcome: "pass" | "fail" | "unknown";
  /** A sentence for a person. */
  readonly detail: string;
  /** What it rests on; nothing that is not on a public ledger. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A moment in JSON: RFC 3339 in UTC. */
type Moment = string;

/** An issuing message that names the document, and what became of its certificate. */
export interface CertificateView {
  readonly id: MessageId;
  readonly issuer: string;
  /** Null where this node does not know the issuer on that channel. */
  readonly jurisdiction: string | null;
  readonly receiver: string;
  /** The receiver's: where a certificate that is used was used. Null where this node does not know it on that channel. */
  readonly receiverJurisdiction: string | null;
  /** The message type. */
  readonly predicate: string;
  readonly state: CertificateStanding;
  readonly channel: string;
  readonly channelType: "test" | "production";
  readonly issuedAt: Moment | null;
  readonly validUntil: Moment | null;
  /** The message by which the receiver acquitted it. */
  readonly acquittedBy: MessageId | null;
  readonly acquittedAt: Moment | null;
  readonly revokedAt: Moment | null;
}

/** The answer to "is this document good?". */
export interface Verification {
  /** The document's hash; null when only a message was named, and this node knows none like it. */
  readonly multihash: Multihash | null;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** In ledger order. */
  readonly certificates: readonly CertificateView[];
  /** More messages name the document than are listed. */
  readonly more: boolean;
}
