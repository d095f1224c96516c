import type { UserCaller } from "../identity/caller.ts";
import type { MessageId } from "../domain/message-id.ts";
import type { Multihash } from "../domain/multihash.ts";

/**
 * How a certificate stood when its seal was made; `training` in place of the first two on a test channel, whose certificates
 * mean nothing: who has no network would else take one for a real one.
 */
export const sealedStatuses = ["issued", "pending", "used", "revoked", "expired", "training"] as const;
export type SealedStatus = (typeof sealedStatuses)[number];

/** What makes a paper one that can be checked: the texts of its two codes. */
export interface DocumentSeal {
  readonly multihash: Multihash;
  /** The message that issued the certificate. */
  readonly messageId: MessageId;
  /** For the first code: address of the issuer's verifier, with the access key in its fragment. */
  readonly link: string;
  /**
   * For the second code: key facts, hash and status, signed, to be checked without a network. Null where this node's agency has
   * no P-256 key to sign with: the paper then has the first code alone.
   */
  readonly offline: string | null;
  readonly status: SealedStatus;
  /** Milliseconds since 1970. */
  readonly statusAsOf: number;
}

/**
 * Seals a document that this participant issued, so that whoever holds its paper may see and check it.
 *
 * @param messageId which of the messages that issued it is meant; null for the only one
 * @throws Problem `not-found` or `document-erased` where the caller could not read it; `not-allowed`; `document-not-issued`
 *   where no message of ours that the caller may send issued it; `message-ambiguous`; `document-type-mismatch`
 *   where that message is of a type that does not issue what the document calls itself; `document-not-shareable` for another
 *   participant's document; `document-not-sealable` for one over 5 MiB; `unavailable` where the channel is not open
 */
export type SealDocument = (
  caller: UserCaller,
  multihash: Multihash,
  messageId: MessageId | null,
) => Promise<DocumentSeal>;
