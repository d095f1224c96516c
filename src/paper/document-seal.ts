import type { UserCaller } from "../identity/caller.ts";
import type { MessageId } from "../domain/message-id.ts";
import type { Multihash } from "../domain/multihash.ts";

/** How a certificate stood when its seal was made. */
export const sealedStatuses = ["issued", "pending", "used", "revoked", "expired"] as const;
export type SealedStatus = (typeof sealedStatuses)[number];

/** What makes a paper one that can be checked: the texts of its two codes. */
export interface DocumentSeal {
  readonly multihash: Multihash;
  /** The message that issued the certificate. */
  readonly messageId: MessageId;
  /** For the first code: address of the issuer's verifier, with the access key in its fragment. */
  readonly link: string;
  /** For the second code: key facts, hash and status, signed, to be checked without a network. */
  readonly offline: string;
  readonly status: SealedStatus;
  /** Milliseconds since 1970. */
  readonly statusAsOf: number;
}

/**
 * Seals a document that this participant issued, so that whoever holds its paper may see and check it.
 *
 * @param messageId which of the messages that issued it is meant; null for the only one
 * @throws Problem where the caller may not, the document is not here, or no message of ours issued it
 */
export type SealDocument = (
  caller: UserCaller,
  multihash: Multihash,
  messageId: MessageId | null,
) => Promise<DocumentSeal>;
